/** The tab Förklara: every step behind the active cell's formula. */

import { allFunctions } from "./browser.js";
import { byId, capitalised, element, fill, say, withUnit } from "./dom.js";
import { FormulaProblem, callsIn, parseFormula, plainName } from "./formula.js";
import { ask } from "./server.js";
import { isRange, valuesOf } from "./values.js";
import { activeCell, excelReady, onSelection, settingsNow } from "./workbook.js";

const LONGEST_BESIDE = 40; // characters of a value that stands on the line of its step

let shown = null; // the explanation on the page, for copying

/** Prepare the tab. */
export async function startExplain() {
  byId("explain").addEventListener("click", () => explainActiveCell());
  byId("copy-explanation").addEventListener("click", () => copy());
  if (await excelReady()) {
    await showActiveCell();
    await onSelection(() => showActiveCell());
  }
}

async function showActiveCell() {
  const { address, shown: formula } = await activeCell(async (cell) => cell).catch(() => ({}));
  const place = byId("active-cell");
  if (!address) return;
  fill(place, "Markerad cell: ", element("strong", {}, address), formula ? element("code", {}, formula) : null);
}

/** Explain the call of the active cell; with several calls in its formula, that number `which`. */
async function explainActiveCell(which = 0) {
  const message = byId("explain-message");
  fill(byId("explanation"));
  byId("copy-explanation").hidden = true;
  shown = null;
  say(message, "Räknar …");
  if (!(await excelReady())) {
    say(message, "Rutan är inte öppnad i Excel, så det finns ingen cell att förklara.", "error");
    return;
  }
  try {
    const question = await activeCell((cell, context) => read(cell, context, which));
    const answer = await ask("explain", question.request);
    shown = { ...question, ...answer };
    say(message, "");
    show(shown);
  } catch (problem) {
    say(message, problem.message, "error");
  }
}

/** The question to the server for the formula of a cell. */
async function read(cell, context, which) {
  const { address, formula } = cell;
  if (!formula) throw new FormulaProblem(`${address} har ingen formel.`);
  const names = new Set((await allFunctions()).functions.map((one) => one.name));
  const tree = parseFormula(formula);
  const calls = callsIn(tree, (name) => names.has(name));
  if (!calls.length) throw new FormulaProblem(`Formeln i ${address} använder ingen av Färdkosts funktioner.`);
  const call = calls[which];
  const host = { known: (name) => names.has(name), compute };
  let values = await valuesOf(call.arguments, context, cell.origin, host);
  let name = plainName(call.name);
  if (name === "FORKLARA") [name, ...values] = values;
  const { functions } = await allFunctions();
  const one = functions.find((candidate) => candidate.name === String(name).toUpperCase());
  return {
    address, which, name: one?.name ?? name, text: cell.text,
    // what the cell shows of this call, where the call is all of its formula and gives one value
    value: tree.start === call.start && tree.end === call.end && one && !one.gives_table ? cell.value : undefined,
    calls: calls.map(({ start, end }) => formula.slice(start, end)),
    request: { ...settingsNow(), function: name, arguments: one ? onRow(values, one, cell.offset) : values },
  };
}

/** Of a formula that spills over several cells, the arguments of the one that is explained. */
function onRow(values, one, offset) {
  if (!offset || one.gives_table) return values;
  return values.map((value, place) => {
    const parameter = one.parameters[Math.min(place, one.parameters.length - 1)];
    if (!isRange(value) || parameter.shape !== "kolumn") return value;
    if (value.columns === 1 && value.rows === offset.rows) return value.values[offset.row];
    if (value.rows === 1 && value.columns === offset.columns) return value.values[offset.column];
    return value;
  });
}

/** The answer of one of our own functions that stands inside another's arguments. */
async function compute(name, values) {
  const given = values.map((value) => (isRange(value) ? value : { rows: 1, columns: 1, values: [value] }));
  const { answers: [answer] } = await ask("batch", { ...settingsNow(), ops: [{ function: name, arguments: given }] });
  if (answer.error) return { error: answer.error.code };
  const cells = [...answer.values];
  for (const { items, code } of answer.errors) for (const item of items) cells[item] = { error: code };
  return cells.length === 1 ? cells[0] : { rows: answer.rows, columns: answer.columns, values: cells };
}

// The page

function show({ address, which, name, text, value, calls, steps, error, rules, policy, date }) {
  byId("copy-explanation").hidden = !steps.length;
  const last = steps.at(-1)?.value;
  const outdated = typeof value === "number" && typeof last === "number" && Math.abs(value - last) > 0.005;
  fill(byId("explanation"),
    calls.length > 1 ? choice(calls, which) : null,
    element("div", { class: "answer" },
      element("p", { class: "answer-name" }, `${name} i ${address}`),
      calls.length === 1 && text ? element("p", { class: text.length > LONGEST_BESIDE ? null : "answer-value" }, text) : null,
      element("p", { class: "hint" }, `${policy.title}, ${date}`),
      error ? element("p", { class: "problem" }, `${error.code} ${error.message}`) : null),
    outdated ? element("div", { class: "notice warning" }, element("p", {},
      `Cellen visar ett annat värde än stegen, som ger ${withUnit(last, steps.at(-1).unit)}. ` +
      "Den är räknad med andra inställningar eller äldre satser. Räkna om arket med Ctrl+Alt+F9.")) : null,
    steps.length ? stepList(telling(steps), rules) : null);
}

function choice(calls, which) {
  const select = element("select", { id: "call", onchange: (event) => explainActiveCell(event.target.selectedIndex) },
    calls.map((call, place) => element("option", { selected: place === which }, call)));
  return element("div", {}, element("label", { for: "call" }, "Formeln har flera funktioner. Visa"), select);
}

/** The steps without those that only repeat the date in their own heading. */
const telling = (steps) => steps.filter((step) => !(step.title.startsWith(`${step.value}: `) && !step.rules.length && !step.source));

/** The steps as a list. Of those that failed for one and the same reason only the first and the last stand there. */
function stepList(steps, rules) {
  const failures = new Set();
  const shown = [];
  let left = 0;
  steps.forEach((step, place) => {
    const failed = hasFailed(step);
    const repeated = failed && failures.has(step.value);
    if (repeated && place < steps.length - 1) {
      left += 1;
      return;
    }
    if (left && place === steps.length - 1) {
      shown.push(element("li", { class: "step hint" }, `${left} steg till kunde inte räknas av samma skäl.`));
    }
    shown.push(stepItem(step, rules, failed, repeated));
    if (failed) failures.add(step.value);
  });
  return element("ol", { class: "steps" }, shown);
}

const hasFailed = ({ value }) => typeof value === "string" && /^#[A-Z/0]+[!?]? /.test(value);

function stepItem(step, rules, failed, repeated) {
  const value = withUnit(step.value, step.unit);
  const beside = !failed && value.length <= LONGEST_BESIDE;
  return element("li", { class: "step" },
    element("div", { class: "step-line" },
      element("span", { class: "step-title" }, step.title),
      beside ? element("span", { class: "step-value" }, value) : null),
    failed ? element("p", { class: "problem" }, repeated ? `${value.split(" ", 1)[0]} av samma skäl som ovan` : value) : null,
    failed || beside ? null : element("p", { class: "step-text" }, value),
    sourceLine(step),
    step.rules.length ? ruleButtons(step.rules, rules) : null);
}

/** How sure a figure is, since when it holds and where it comes from. */
export function sourceLine({ source, from, status }) {
  if (!source && !status) return null;
  return element("p", { class: "source" }, statusMark(status), " ",
    from ? `Gäller från ${from}. ` : null, source ? `Källa: ${source}` : null);
}

/** A status in words; those that are not sure stand out. */
export function statusMark(status) {
  if (!status) return null;
  return UNSURE.has(status)
    ? element("span", { class: "unsure" }, capitalised(status))
    : element("span", {}, `${capitalised(status)}.`);
}

/** Statuses of figures that nobody has confirmed. */
export const UNSURE = new Set(["obekräftad", "förslag"]);

function ruleButtons(ids, rules) {
  const texts = element("div", { class: "rule-texts" });
  const buttons = ids.map((id) => {
    const button = element("button", { type: "button", class: "rule", "aria-expanded": "false" }, id);
    const rule = rules[id];
    const text = element("p", { class: "rule-text", hidden: true },
      element("strong", {}, id), rule ? ` ${rule.text} ` : " Regelns text saknas.", rule ? element("span", { class: "hint" }, rule.source) : null);
    button.addEventListener("click", () => {
      text.hidden = !text.hidden;
      button.setAttribute("aria-expanded", String(!text.hidden));
    });
    texts.append(text);
    return button;
  });
  return element("div", { class: "rules" }, element("span", { class: "hidden-text" }, "Regler:"), buttons, texts);
}

/** The explanation as text with tabs, which pastes as columns in a sheet. */
export function asText({ address, name, steps, policy, date }) {
  const lines = steps.map((step) => [
    step.title, withUnit(step.value, step.unit), step.rules.join(", "), step.source, step.from, step.status,
  ].join("\t"));
  const heading = ["Steg", "Värde", "Regel", "Källa", "Gäller från", "Status"].join("\t");
  return [`${name} i ${address}. ${policy.title}, ${date}`, heading, ...lines].join("\n");
}

async function copy() {
  const text = asText(shown);
  const done = await navigator.clipboard?.writeText(text).then(() => true, () => false) || copyBySelection(text);
  say(byId("explain-message"), done ? "Förklaringen är kopierad." : "Förklaringen kunde inte kopieras.", done ? "done" : "error");
}

/** Excel on the web does not let its frames use the clipboard; copying a selection is allowed. */
function copyBySelection(text) {
  const field = element("textarea", { class: "hidden-text", "aria-hidden": "true", tabindex: "-1" });
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  byId("copy-explanation").focus();
  return done;
}
