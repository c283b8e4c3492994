/**
 * Färdkost's worksheet functions in Excel.
 *
 * Excel calls the function of each cell by itself. Here the calls of some milliseconds are gathered, equal ones are
 * asked once, and the rest go to the calculation server as columns: a sheet of thousands of rows is a few requests.
 * Nothing is computed here; values, errors and messages are the server's.
 *
 * `HEAD` stands before this text in the file that is served: the functions, the limits and the version of the rules.
 * A page may put `authorization()` and `settings()` on `globalThis.fardkost`, and calls `settingsChanged()` there.
 */

const QUEUE_TIME = 15; // milliseconds: Excel hands over a whole message of cells in one turn
const PARALLEL_REQUESTS = 4;
const CACHED_CELLS = 50000;
const CACHE_TIME = 10 * 60 * 1000; // milliseconds: a server with new rules is noticed at the latest then
const ANSWER_TIME = 45 * 1000; // milliseconds: above the server's own time limit
const RETRY_TIME = 60 * 1000; // milliseconds: a restart of the server fits well within
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const PASSING_STATUS = [0, 502, 503]; // 0 is a connection that failed
const TOO_SLOW = "tidsgrans"; // the server's code for a calculation that took too long: not to be asked again as it is
const SPLIT_TIME = 2 * 60 * 1000; // milliseconds

const ERROR_CODES = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"];
/** The codes that a custom function may answer with. Excel shows our message with the first two only. */
const ANSWER_CODES = {
  "#VALUE!": "invalidValue",
  "#N/A": "notAvailable",
  "#NUM!": "invalidNumber",
  "#DIV/0!": "divisionByZero",
  "#NULL!": "nullReference",
};

const MESSAGES = {
  0: "Färdkosts server svarar inte. Kontrollera anslutningen och räkna om.",
  401: "Färdkosts server kräver inloggning. Öppna Färdkost på fliken Start och logga in.",
  403: "Du har inte rätt att använda Färdkosts server.",
  413: "Området är för stort för att skickas på en gång. Dela upp det i mindre delar.",
  429: "Färdkosts server har för mycket att göra. Räkna om om en stund.",
  502: "Färdkosts server svarar inte. Räkna om om en stund.",
  503: "Färdkosts server har för mycket att göra. Räkna om om en stund.",
  unreadable: "Svaret från Färdkosts server kunde inte läsas.",
  cancelled: "Beräkningen avbröts.",
  settings: "Arbetsbokens policy och datum kunde inte läsas. Öppna Färdkost på fliken Start.",
  signIn: "Inloggningen misslyckades. Öppna Färdkost på fliken Start och logga in.",
};

const shared = (globalThis.fardkost = globalThis.fardkost || {});

// ---- Cells: from Excel to the server --------------------------------------------------------------------------------

/**
 * A cell as the server reads it: null, true or false, number, text or {error: code}.
 * @param {*} cell what Excel hands over; a blank is null, undefined, "" or (on desktop) 0
 */
function wireCell(cell) {
  switch (typeof cell) {
    case "number":
      return Number.isFinite(cell) ? cell : { error: "#NUM!" };
    case "boolean":
      return cell;
    case "string":
      return cell === "" ? null : wellFormed(cell);
    case "object":
      return cell === null ? null : wireObject(cell);
    default:
      return null;
  }
}

/** An error object, or a value with a format, of which the value is taken. */
function wireObject(cell) {
  const basic = cell.basicValue;
  if (cell.type !== "Error" && basic !== undefined && typeof basic !== "object") return wireCell(basic);
  const code = ERROR_CODES.find((known) => known === cell.code || known === basic);
  return { error: code || "#VALUE!" };
}

/** The text without halves of surrogate pairs, which cannot be written as UTF-8. */
function wellFormed(text) {
  return text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : "\ufffd"));
}

/**
 * An argument as a cell, or as {rows, columns, values} when it is a range of several cells.
 * @param {*} argument a matrix, or one value
 */
function wireArgument(argument) {
  if (!Array.isArray(argument)) return wireCell(argument);
  const rows = Array.isArray(argument[0]) ? argument : [argument];
  const columns = rows[0].length;
  if (rows.length * columns <= 1) return wireCell(rows[0][0]);
  const values = [];
  for (const row of rows) for (const cell of row) values.push(wireCell(cell));
  return { rows: rows.length, columns, values };
}

/** The arguments in order; those of a repeated parameter come from Excel as a list in one place. */
function wireArguments(info, given) {
  let taken = given.slice(0, info.parameters);
  if (info.repeated) {
    const repeated = taken.pop();
    if (repeated !== null && repeated !== undefined) taken = taken.concat(repeated);
  }
  const cells = taken.map(wireArgument);
  while (cells.length > info.required && cells[cells.length - 1] === null) cells.pop();
  return cells;
}

const isRange = (cell) => cell !== null && typeof cell === "object" && cell.values !== undefined;

// ---- Answers: from the server to Excel ------------------------------------------------------------------------------

function excelError(code, message) {
  const name = ANSWER_CODES[code] || "invalidValue";
  return new CustomFunctions.Error(CustomFunctions.ErrorCode[name], message);
}

/** A value or a table of the server as the matrix that Excel shows; a blank is an empty text. */
function matrixOf(answer) {
  if (answer === null || typeof answer !== "object") return [[answer === null ? "" : answer]];
  const flat = answer.values.map((value) => (value === null ? "" : value));
  for (const { items, code, message } of answer.errors || []) {
    for (const item of items) flat[item] = excelError(code, message);
  }
  const matrix = [];
  for (let start = 0; start < flat.length; start += answer.columns) matrix.push(flat.slice(start, start + answer.columns));
  return matrix;
}

/**
 * What became of one question: {value} or {error: {code, message}}.
 * A table of a single cell that failed is an error as a whole, so that Excel shows the message.
 */
function outcomeOf(answer) {
  if (answer === undefined) return unreadable();
  if (answer !== null && typeof answer === "object") {
    if (answer.error) return { error: answer.error };
    if (!Array.isArray(answer.values)) return unreadable();
    if (answer.values.length === 1 && answer.errors && answer.errors.length) return { error: answer.errors[0] };
  }
  return { value: answer };
}

const unreadable = () => ({ error: { code: "#N/A", message: MESSAGES.unreadable } });

function settle(call, outcome) {
  if (outcome.error) call.reject(excelError(outcome.error.code, outcome.error.message));
  else call.resolve(matrixOf(outcome.value));
}

// ---- Answers that are remembered ------------------------------------------------------------------------------------

/** The least recently used ones are forgotten; a table weighs as many as its cells. */
const cache = {
  entries: new Map(),
  cells: 0,
  version: HEAD.version,

  get(key) {
    const entry = this.entries.get(key);
    if (entry === undefined) return null;
    this.remove(key, entry);
    if (Date.now() - entry.since > CACHE_TIME) return null;
    this.keep(key, entry);
    return entry.outcome;
  },

  put(key, outcome) {
    const old = this.entries.get(key);
    if (old !== undefined) this.remove(key, old);
    const table = outcome.value !== null && typeof outcome.value === "object" ? outcome.value.values.length : 1;
    this.keep(key, { outcome, weight: table, since: Date.now() });
    for (const [oldest, entry] of this.entries) {
      if (this.cells <= CACHED_CELLS) break;
      this.remove(oldest, entry);
    }
  },

  keep(key, entry) {
    this.entries.set(key, entry);
    this.cells += entry.weight;
  },

  remove(key, entry) {
    this.entries.delete(key);
    this.cells -= entry.weight;
  },

  clear() {
    this.entries.clear();
    this.cells = 0;
  },

  /** Answers of other rules or figures are not to be shown beside new ones. */
  notice(version) {
    if (version === this.version) return;
    this.clear();
    this.version = version;
  },
};

shared.settingsChanged = () => cache.clear();

// ---- The queue ------------------------------------------------------------------------------------------------------

let waiting = [];
let timer = null;

/** Questions that are on their way, by key: an equal call waits for the same answer. */
const underway = new Map();

/** One cell's call of a function; `given` are Excel's arguments. Gives a promise of a matrix. */
function enqueue(info, given) {
  return new Promise((resolve, reject) => {
    const invocation = isInvocation(given[given.length - 1]) ? given.pop() : null;
    const call = { name: info.id, cells: wireArguments(info, given), cancelled: false, resolve, reject };
    if (invocation !== null) invocation.onCanceled = () => cancel(call);
    waiting.push(call);
    if (waiting.length >= HEAD.calls) flush();
    else if (timer === null) timer = setTimeout(flush, QUEUE_TIME);
  });
}

/** Excel's own last argument, by which it tells that a call is cancelled. */
function isInvocation(last) {
  const isObject = last !== null && typeof last === "object" && !Array.isArray(last);
  return isObject && last.code === undefined && last.type === undefined;
}

function cancel(call) {
  call.cancelled = true;
  call.reject(excelError("#N/A", MESSAGES.cancelled));
}

function flush() {
  clearTimeout(timer);
  timer = null;
  const calls = waiting;
  waiting = [];
  dispatch(calls);
}

/** Answer what is known, join what is on its way, and send the rest. Ranges are sent apart from the single cells. */
async function dispatch(calls) {
  let context;
  try {
    context = await currentContext();
  } catch (problem) {
    for (const call of calls) call.reject(excelError("#N/A", MESSAGES.settings));
    return;
  }
  const singles = [];
  const ranges = [];
  for (const call of calls) {
    if (call.cancelled) continue;
    const text = JSON.stringify(call.cells);
    if (call.cells.some(isRange)) {
      ranges.push({ key: null, name: call.name, cells: call.cells, size: sizeOf(text), range: true, calls: [call] });
      continue;
    }
    const key = `${context.key}${call.name}${text}`;
    const known = cache.get(key);
    const asked = underway.get(key);
    if (known !== null) settle(call, known);
    else if (asked !== undefined) asked.calls.push(call);
    else {
      const question = { key, name: call.name, cells: call.cells, size: sizeOf(text), range: false, calls: [call] };
      underway.set(key, question);
      singles.push(question);
    }
  }
  for (const part of parts(singles).concat(parts(ranges))) send(part, context);
}

/** Policy and date that hold for calls that state none. "Today" is the user's own date, also in the key of the cache. */
async function currentContext() {
  if (typeof Office !== "undefined" && typeof Office.onReady === "function") await Office.onReady();
  const stated = (typeof shared.settings === "function" && (await shared.settings())) || {};
  const policy = stated.policy || null;
  const date = stated.date || localDate(new Date());
  return { policy, date, key: JSON.stringify([policy, date]), since: Date.now() };
}

function localDate(now) {
  const two = (number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** At most the bytes of a JSON text in UTF-8: three for each character beyond ASCII. */
function sizeOf(text) {
  const wide = text.match(/[^\x00-\x7f]/g);
  return text.length + (wide === null ? 0 : 2 * wide.length);
}

/** The questions in parts that each fit in a request. */
function parts(questions) {
  const found = [];
  let part = [];
  let bytes = 0;
  for (const question of questions) {
    if (part.length && (part.length >= HEAD.calls || bytes + question.size > HEAD.bytes)) {
      found.push(part);
      part = [];
      bytes = 0;
    }
    part.push(question);
    bytes += question.size;
  }
  return part.length ? found.concat([part]) : found;
}

// ---- Requests -------------------------------------------------------------------------------------------------------

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

/** Ask the server and hand out the answers; in halves where all is too much. Throws a Refusal that concerns them all. */
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

/** Why the server did not answer a request; `status` is HTTP's, 0 without a connection, or a name of MESSAGES. */
class Refusal extends Error {
  constructor(status, fault = {}) {
    super(fault.message || MESSAGES[status] || `Färdkosts server svarade med fel ${status}.`);
    this.status = status;
    this.reason = fault.code;
    this.code = [400, 413, 415, 422].includes(status) ? "#VALUE!" : "#N/A";
  }
}

/** The server's answer to a request, asked again while the server is away. Throws Refusal. */
async function post(body) {
  const deadline = Date.now() + RETRY_TIME;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const reply = await tryOnce(body);
    if (reply.status === 200) return readAnswer(reply.text);
    const fault = faultIn(reply.text);
    const wait = Math.max(pause * (0.75 + Math.random() / 2), reply.retryAfter);
    const passing = PASSING_STATUS.includes(reply.status) && fault.code !== TOO_SLOW;
    if (!passing || Date.now() + wait > deadline) throw new Refusal(reply.status, fault);
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

/** One try: {status, text, retryAfter in milliseconds}; status 0 when no whole answer came. */
async function tryOnce(body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const signIn = await authorization();
  if (signIn) headers.Authorization = signIn;
  const patience = new AbortController();
  const alarm = setTimeout(() => patience.abort(), ANSWER_TIME);
  try {
    const options = { method: "POST", headers, body, credentials: "omit", cache: "no-store", signal: patience.signal };
    const response = await fetch(`${serverRoot()}batch`, options);
    const text = await response.text();
    return { status: response.status, text, retryAfter: milliseconds(response.headers.get("Retry-After")) };
  } catch (problem) {
    return { status: 0, text: "", retryAfter: 0 };
  } finally {
    clearTimeout(alarm);
  }
}

async function authorization() {
  if (typeof shared.authorization !== "function") return "";
  try {
    return await shared.authorization();
  } catch (problem) {
    throw new Refusal("signIn");
  }
}

/** A Retry-After header, in seconds or as a date, in milliseconds. */
function milliseconds(retryAfter) {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  const wait = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : 1000 * seconds;
  return wait > 0 ? wait : 0;
}

function readAnswer(text) {
  try {
    const { version, answers } = JSON.parse(text);
    if (Array.isArray(answers)) return { version, answers };
  } catch (problem) {
    throw new Refusal("unreadable");
  }
  throw new Refusal("unreadable");
}

/** The server's own {code, message} in the body of an error; nothing in the page of a proxy. */
function faultIn(text) {
  try {
    return JSON.parse(text).error || {};
  } catch (problem) {
    return {};
  }
}

/** The server's address with a slash at its end: where this script was loaded from, whatever stands before it. */
const SCRIPT_ADDRESS = typeof document === "object" && document.currentScript ? document.currentScript.src : "";

function serverRoot() {
  const match = /^(.*?\/)(?:static\/[^/]+\/)?functions\.js(?:[?#].*)?$/.exec(SCRIPT_ADDRESS);
  return match === null ? `${HEAD.server}/` : match[1];
}

// ---- The functions --------------------------------------------------------------------------------------------------

if (typeof CustomFunctions !== "undefined") {
  for (const info of HEAD.functions) {
    CustomFunctions.associate(info.id, (...given) => enqueue(info, given));
  }
}
