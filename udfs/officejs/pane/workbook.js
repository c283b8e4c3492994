/** What the pane asks of Excel: the workbook's settings, the active cell, insertion, recalculation. */

const POLICY = "fardkost.policy";
const DATE = "fardkost.date";
const UNSAVED = new Map(); // where there is no workbook: the page opened in a browser

let ready = null;

const stored = () => globalThis.Office?.context?.document?.settings ?? null;

/** Resolves to true in Excel and to false elsewhere, also when office.js could not be loaded. */
export function excelReady() {
  ready ??= typeof globalThis.Office?.onReady === "function"
    ? globalThis.Office.onReady().then((info) => info?.host === "Excel")
    : Promise.resolve(false);
  return ready;
}

/** The policy and the date of calculation that the workbook states; null is the server's policy and today. */
export function settings() {
  const source = stored();
  const get = (name) => (source ? source.get(name) : UNSAVED.get(name)) || null;
  return { policy: get(POLICY), date: get(DATE) };
}

/** The same with today's date, by the user's own calendar, where the workbook states none: for a question to the server. */
export function settingsNow() {
  const { policy, date } = settings();
  return { policy, date: date || today() };
}

export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

/** Keep policy and date (null for the default) in the workbook. */
export function saveSettings({ policy, date }) {
  const target = stored();
  for (const [name, value] of [[POLICY, policy], [DATE, date]]) {
    if (!target) UNSAVED.set(name, value);
    else if (value) target.set(name, value);
    else target.remove(name);
  }
  if (!target) return Promise.resolve();
  return new Promise((resolve, reject) => {
    target.saveAsync((result) => {
      if (result.status === "succeeded") resolve();
      else reject(new Error(result.error?.message || "Excel sparade inte inställningarna."));
    });
  });
}

/** Let Excel compute all formulas anew, ours with the settings that hold now. */
export function recalculate() {
  return Excel.run(async (context) => {
    context.workbook.application.calculate(Excel.CalculationType.fullRebuild);
    await context.sync();
  });
}

/** Write a formula into the active cell and give the cell's address. `formulaOn(sheet)` makes the formula, in English
 * form (commas, decimal points), for a sheet as it is written before `!`. A cell that holds something is only written
 * over with `replace`; else the answer says `occupied`. */
export function insertFormula(formulaOn, replace = false) {
  return Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.load("address, formulas");
    await context.sync();
    const address = cell.address;
    if (!replace && cell.formulas[0][0] !== "") return { address, occupied: true };
    cell.formulas = [[formulaOn(address.slice(0, address.lastIndexOf("!")))]];
    await context.sync();
    return { address, occupied: false };
  });
}

/** The address of what is selected, with its sheet. */
export function selectedAddress() {
  return Excel.run(async (context) => {
    const selected = context.workbook.getSelectedRange();
    selected.load("address");
    await context.sync();
    return selected.address;
  });
}

/** Call `changed` whenever the user selects something else. */
export function onSelection(changed) {
  return Excel.run(async (context) => {
    context.workbook.onSelectionChanged.add(async () => changed());
    await context.sync();
  });
}

/**
 * Run `action(cell, context)` with the active cell: {address, formula, shown, value, text, origin, offset}. `formula`
 * is "" without one, `shown` the formula in the user's own language; `origin` is the range of the formula's own cell, and for a cell of a spilled answer `offset` is its place
 * {row, column} in the answer of {rows, columns}.
 */
export function activeCell(action) {
  return Excel.run(async (context) => {
    const cell = context.workbook.getActiveCell();
    cell.load("address, formulas, formulasLocal, values, text, rowIndex, columnIndex");
    const spills = globalThis.Office.context.requirements.isSetSupported("ExcelApi", "1.12");
    const parent = spills ? cell.getSpillParentOrNullObject() : null;
    parent?.load("address, formulas, formulasLocal, rowIndex, columnIndex");
    await context.sync();
    const found = {
      address: cell.address, formula: formulaIn(cell), shown: formulaIn(cell) && cell.formulasLocal[0][0],
      value: cell.values[0][0], text: cell.text[0][0], origin: cell, offset: null,
    };
    if (parent && !parent.isNullObject) {
      const answer = parent.getSpillingToRangeOrNullObject();
      answer.load("rowCount, columnCount");
      await context.sync();
      found.formula = formulaIn(parent);
      found.shown = parent.formulasLocal[0][0];
      found.origin = parent;
      found.offset = {
        row: cell.rowIndex - parent.rowIndex, column: cell.columnIndex - parent.columnIndex,
        rows: answer.rowCount, columns: answer.columnCount,
      };
    }
    return action(found, context);
  });
}

function formulaIn(cell) {
  const content = cell.formulas[0][0];
  return typeof content === "string" && content.startsWith("=") ? content : "";
}
