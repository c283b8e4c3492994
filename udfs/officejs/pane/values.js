/**
 * The values of a formula's arguments, as the server takes them: a cell is null, true or false, a number, a text
 * or {error}; a range is {rows, columns, values} row by row.
 */

import { FormulaProblem, childrenOf, plainName } from "./formula.js";
import { loadReferences } from "./references.js";

/**
 * The values of nodes of a formula that stands in `cell` (a range of one cell). `known(name)` tells which functions
 * are Färdkost's own; `compute(name, values)` gives the answer of one of them.
 */
export async function valuesOf(nodes, context, cell, { known, compute }) {
  nodes.forEach((node) => refuseUnknown(node, known));
  const references = await loadReferences(nodes.flatMap(referencesIn), context, cell);

  async function value(node) {
    switch (node.kind) {
      case "number":
      case "text":
      case "logical": return node.value;
      case "error": return { error: node.code };
      case "blank": return null;
      case "array": return arrayOf(node, await Promise.all(childrenOf(node).map(value)));
      case "call": return compute(plainName(node.name), await Promise.all(node.arguments.map(value)));
      case "operation": {
        const operands = await Promise.all(node.operands.map(value));
        if (node.operator === "@") return onFormulasRow(operands[0], references.get(node.operands[0]), cell);
        return operate(node.operator, operands);
      }
      default: return references.get(node).value;
    }
  }

  return Promise.all(nodes.map(value));
}

export const isRange = (value) => value !== null && typeof value === "object" && "rows" in value;

function refuseUnknown(node, known) {
  if (node.kind === "call" && !known(plainName(node.name))) {
    throw new FormulaProblem(
      `Formeln räknar med funktionen ${plainName(node.name)}, som rutan inte kan räkna ut. ` +
      "Lägg den delen i en egen cell och hänvisa till cellen.",
    );
  }
  childrenOf(node).forEach((child) => refuseUnknown(child, known));
}

function referencesIn(node) {
  return ["reference", "name", "column"].includes(node.kind) ? [node] : childrenOf(node).flatMap(referencesIn);
}

function arrayOf(node, cells) {
  return cells.length === 1 ? cells[0] : { rows: node.rows.length, columns: node.rows[0].length, values: cells };
}

/** `@`: of a column the cell on the formula's row, of a row the cell in the formula's column. */
function onFormulasRow(value, place, cell) {
  if (!isRange(value) || !place) return value;
  const offset = value.columns === 1 ? cell.rowIndex - place.row : cell.columnIndex - place.column;
  const oneLine = value.columns === 1 || value.rows === 1;
  return oneLine && offset >= 0 && offset < value.values.length ? value.values[offset] : { error: "#VALUE!" };
}

// Arithmetic, since many keep date and time in two cells and add them

function operate(operator, operands) {
  if (operands.some(isRange)) {
    throw new FormulaProblem("Formeln räknar med hela områden. Lägg den delen i egna celler och hänvisa till dem.");
  }
  const failed = operands.find((value) => value?.error);
  if (failed) return failed;
  if (operator === "&") return operands.map(asText).join("");
  if (/[=<>]/.test(operator)) {
    throw new FormulaProblem("Formeln jämför värden. Lägg den delen i en egen cell och hänvisa till cellen.");
  }
  const [left, right] = operands.map(asNumber);
  switch (operator) {
    case "+": return left + right;
    case "-": return left - right;
    case "*": return left * right;
    case "/": return right === 0 ? { error: "#DIV/0!" } : left / right;
    case "^": return left ** right;
    case "percent": return left / 100;
    case "minus": return -left;
    default: return left;
  }
}

function asText(value) {
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return value === null ? "" : String(value);
}

function asNumber(value) {
  if (typeof value === "string") {
    throw new FormulaProblem(`Formeln räknar med texten ”${value}”. Lägg den delen i en egen cell och hänvisa till cellen.`);
  }
  return Number(value ?? 0);
}
