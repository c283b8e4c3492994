/** Questions as requests of several operations, and the answers handed out to the calls that asked. */

const PARALLEL_REQUESTS = 4;
const TOO_SLOW = "tidsgrans"; // the server's code for a calculation that took too long: not to be asked again as it is
const SPLIT_TIME = 2 * 60 * 1000; // milliseconds

const toSend = [];
let sending = 0;

function send(questions, context) {
  toSend.push([questions, context]);
  sendNext();
}

function sendNext() {
  while (sending < PARALLEL_REQUESTS && toSend.length) {
    const [questions, context] = toSend.shift();
    sending += 1;
    ask(questions, context)
      .catch((problem) => fail(questions, problem))
      .then(() => {
        sending -= 1;
        sendNext();
      });
  }
}

/** Ask the server and hand out the answers; in halves where all is too much. Throws a Refusal of them all. */
async function ask(questions, context) {
  const wanted = questions.filter((question) => !isAbandoned(question));
  if (!wanted.length) return;
  const { body, groups } = encode(wanted, context);
  let reply;
  try {
    if (body.length > HEAD.bytes) throw new Refusal(413);
    reply = await post(body);
  } catch (problem) {
    if (wanted.length === 1 || !isTooMuch(problem, context)) throw problem;
    const half = Math.ceil(wanted.length / 2);
    send(wanted.slice(0, half), context);
    send(wanted.slice(half), context);
    return;
  }
  cache.notice(reply.version);
  groups.forEach((group, index) => handOut(group, reply.answers[index]));
}

function isTooMuch(refused, context) {
  return refused.status === 413 || (refused.reason === TOO_SLOW && Date.now() - context.since < SPLIT_TIME);
}

function isAbandoned(question) {
  if (!question.calls.every((call) => call.cancelled)) return false;
  underway.delete(question.key);
  return true;
}

/** The request's bytes, and the questions of each of its operations in order. */
function encode(questions, context) {
  const groups = new Map();
  questions.forEach((question, index) => {
    const name = question.range ? index : `${question.name} ${question.cells.length}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [question]);
    else group.push(question);
  });
  const lists = Array.from(groups.values());
  const request = { date: context.date, ops: lists.map(operation) };
  if (context.policy !== null) request.policy = context.policy;
  return { body: new TextEncoder().encode(JSON.stringify(request)), groups: lists };
}

/** Questions of one function with equally many arguments as columns; a range is a call of its own. */
function operation(group) {
  const { name, cells, range } = group[0];
  if (range) return { function: name, arguments: cells };
  const columns = cells.map((_, place) => shortened(group.map((question) => question.cells[place])));
  return { function: name, calls: group.length, columns };
}

/** A column with the same value in every call is written once. */
function shortened(column) {
  const first = column[0];
  const same = (cell) => cell === first || (isError(cell) && isError(first) && cell.error === first.error);
  return column.every(same) ? [first] : column;
}

const isError = (cell) => cell !== null && typeof cell === "object";

/** Settle the calls of an operation by its answer. */
function handOut(group, answer) {
  if (group[0].range || !answer || answer.error) {
    const outcome = outcomeOf(answer || undefined);
    for (const question of group) finish(question, outcome);
    return;
  }
  const failed = new Map();
  for (const { items, code, message } of answer.errors || []) {
    for (const item of items) failed.set(item, { error: { code, message } });
  }
  const values = answer.values || [];
  group.forEach((question, item) => finish(question, failed.get(item) || outcomeOf(values[item])));
}

function finish(question, outcome) {
  if (question.key !== null) {
    underway.delete(question.key);
    cache.put(question.key, outcome);
  }
  for (const call of question.calls) settle(call, outcome);
}

/** The questions could not be asked: nothing is remembered, a recalculation asks again. */
function fail(questions, problem) {
  const refused = problem instanceof Refusal ? problem : new Refusal("unreadable");
  for (const question of questions) {
    underway.delete(question.key);
    for (const call of question.calls) call.reject(excelError(refused.code, refused.message));
  }
}
