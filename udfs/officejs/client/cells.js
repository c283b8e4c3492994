/** Cells on their way from Excel to the server, and answers on their way back. */

const ERROR_CODES = ["#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"];

/** The codes that a custom function may answer with. Excel shows our message with the first two only. */
const ANSWER_CODES = {
  "#VALUE!": "invalidValue",
  "#N/A": "notAvailable",
  "#NUM!": "invalidNumber",
  "#DIV/0!": "divisionByZero",
  "#NULL!": "nullReference",
};

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
  const pairsAndHalves = /[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g;
  return text.replace(pairsAndHalves, (found) => (found.length === 2 ? found : "\ufffd"));
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

/** The arguments in order, blank last ones left out; those of a repeated parameter come as a list in one place. */
function wireArguments(info, given) {
  let taken = given.slice(0, info.parameters);
  if (info.repeated) {
    const repeated = taken.pop();
    if (repeated !== null && repeated !== undefined) taken = taken.concat(repeated);
  }
  const cells = taken.map(wireArgument);
  while (cells.length && cells[cells.length - 1] === null) cells.pop();
  return cells;
}

const isRange = (cell) => cell !== null && typeof cell === "object" && cell.values !== undefined;

// Answers

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
  while (matrix.length < answer.rows) {
    const start = matrix.length * answer.columns;
    matrix.push(flat.slice(start, start + answer.columns));
  }
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
