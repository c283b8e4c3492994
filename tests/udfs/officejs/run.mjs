// Plays Excel for functions.js: loads the served script in a context of its own, calls its functions as Excel does
// (all calls of a step in one turn) and writes what became of each as JSON. The steps come as JSON on standard input:
//   {calls: [[id, arguments], …], cancel: [index, …]}   call, and cancel some before the turn is over
//   {policy, date}                                      what the workbook states from now on
//   {settingsChanged: true}, {authorization: text}      as the task pane does
//   {now: "2026-11-22T23:59:50"}                        what the clock shows, in local time
//   {holdTimers: true}                                  no timer that is set from now on rings
// Arguments: {"$": "undefined"}, {"$": "error", code} and {"$": "object", …} stand for what JSON has no way to write.

import vm from "node:vm";
import { text } from "node:stream/consumers";

class ExcelError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

const ErrorCode = {
  invalidValue: "#VALUE!",
  notAvailable: "#N/A",
  divisionByZero: "#DIV/0!",
  invalidNumber: "#NUM!",
  nullReference: "#NULL!",
  invalidName: "#NAME?",
  invalidReference: "#REF!",
};

function excelOf(url) {
  const functions = new Map();
  const office = {
    isReady: false,
    async onReady() {
      await new Promise((resume) => setTimeout(resume, office.isReady ? 0 : 100));
      office.isReady = true;
    },
  };
  const timers = { held: false };
  const clock = { shift: 0 };
  class Clock extends Date {
    constructor(...given) {
      if (given.length) super(...given);
      else super(Date.now() + clock.shift);
    }
    static now() {
      return Date.now() + clock.shift;
    }
  }
  const context = vm.createContext({
    CustomFunctions: { Error: ExcelError, ErrorCode, associate: (id, body) => functions.set(id, body) },
    document: { currentScript: { src: url } },
    Office: office,
    Date: Clock,
    setTimeout: (body, wait) => (timers.held ? null : setTimeout(body, wait)),
    AbortController, TextEncoder, clearTimeout, console, fetch,
  });
  return { context, functions, clock, timers };
}

function argumentOf(written) {
  if (Array.isArray(written)) return written.map(argumentOf);
  if (written === null || typeof written !== "object") return written;
  const { $: kind, ...rest } = written;
  if (kind === "undefined") return undefined;
  return kind === "error" ? new ExcelError(rest.code, "") : rest;
}

const cellOf = (cell) => (cell instanceof ExcelError ? { error: cell.code, message: cell.message } : cell);

const problemOf = (problem) =>
  problem instanceof ExcelError ? { error: problem.code, message: problem.message } : { broken: String(problem.stack) };

async function outcomeOf(promise) {
  try {
    return { value: (await promise).map((row) => row.map(cellOf)) };
  } catch (problem) {
    return problemOf(problem);
  }
}

// Excel gives null for what the user left out, and the invocation last.
function callAll(excel, { calls, cancel = [] }) {
  const invocations = calls.map(() => ({}));
  const promises = calls.map(([id, given], index) => {
    const padded = given.map(argumentOf);
    while (padded.length < excel.parameters.get(id)) padded.push(null);
    return outcomeOf(excel.functions.get(id)(...padded, invocations[index]));
  });
  for (const index of cancel) invocations[index].onCanceled();
  return Promise.all(promises);
}

const { url, steps } = JSON.parse(await text(process.stdin));
const excel = excelOf(url);
vm.runInContext(await (await fetch(url)).text(), excel.context, { filename: "functions.js" });
const metadata = await (await fetch(url.replace(/\.js$/, ".json"))).json();
excel.parameters = new Map(metadata.functions.map(({ id, parameters }) => [id, parameters.length]));
const { fardkost } = excel.context;
let stated = {};
fardkost.settings = () => {
  if (!excel.context.Office.isReady) throw new Error("the workbook's settings are not there yet");
  return stated;
};

const results = [];
for (const step of steps) {
  if (step.calls) results.push(await callAll(excel, step));
  if ("policy" in step || "date" in step) stated = { policy: step.policy, date: step.date };
  if ("authorization" in step) fardkost.authorization = async () => step.authorization;
  if (step.settingsChanged) fardkost.settingsChanged();
  if (step.now) excel.clock.shift = new Date(step.now) - Date.now();
  if (step.holdTimers) excel.timers.held = true;
}
process.stdout.write(JSON.stringify({ ids: [...excel.functions.keys()], results }));
process.exitCode = 0;
