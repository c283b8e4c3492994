/**
 * Färdkost's worksheet functions in Excel.
 *
 * Excel calls the function of each cell by itself. Here the calls of some milliseconds are gathered, equal ones are
 * asked once, and the rest go to the calculation server as columns: a sheet of thousands of rows is a few requests.
 * Nothing is computed here; values, errors and messages are the server's.
 *
 * The files of this folder are served as one, `functions.js`, after a line that makes `HEAD`: the functions, the limits
 * of a request and the version of the rules.
 *
 * A page may put `authorization()` and `settings()` on `globalThis.fardkost`, and calls `settingsChanged()` there.
 */

const shared = (globalThis.fardkost = globalThis.fardkost || {});

shared.settingsChanged = () => cache.clear();

const QUEUE_TIME = 15; // milliseconds: Excel hands over a whole message of cells in one turn

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
    const text = JSON.stringify(call.cells);
    if (call.cells.some(isRange)) {
      ranges.push({ key: null, name: call.name, cells: call.cells, size: text.length, range: true, calls: [call] });
      continue;
    }
    const key = `${context.key}${call.name}${text}`;
    const known = cache.get(key);
    const asked = underway.get(key);
    if (known !== null) settle(call, known);
    else if (asked !== undefined) asked.calls.push(call);
    else {
      const question = { key, name: call.name, cells: call.cells, size: text.length, range: false, calls: [call] };
      underway.set(key, question);
      singles.push(question);
    }
  }
  for (const part of parts(singles).concat(parts(ranges))) send(part, context);
}

/** Policy and date for calls that state none. "Today" is the user's own date, also in the key of the cache. */
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

/** The questions in parts that each fit in a request, by characters; the bytes are measured when it is written. */
function parts(questions) {
  const found = [];
  let part = [];
  let size = 0;
  for (const question of questions) {
    if (part.length && size + question.size > HEAD.bytes) {
      found.push(part);
      part = [];
      size = 0;
    }
    part.push(question);
    size += question.size;
  }
  return part.length ? found.concat([part]) : found;
}

if (typeof CustomFunctions !== "undefined") {
  for (const info of HEAD.functions) {
    CustomFunctions.associate(info.id, (...given) => enqueue(info, given));
  }
}
