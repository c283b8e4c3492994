/** What the references of a formula hold: cells on any sheet, names, tables, spilled ranges. */

import { FormulaProblem, tableParts } from "./formula.js";

const MOST_CELLS = 100_000;
const CONSTANTS = ["String", "Double", "Integer", "Boolean"];

/**
 * By node, {value, row, column}: the value as the server takes it and the place of its first cell.
 * `cell` is the range of the formula's own cell. Throws FormulaProblem for what cannot be found or read.
 */
export async function loadReferences(nodes, context, cell) {
  const asked = nodes.map((node) => ({ node }));
  cell.load("rowIndex, columnIndex");
  for (const one of asked) findPlace(one, context, cell);
  await context.sync();
  for (const one of asked) findInPlace(one, context);
  await context.sync();
  for (const one of asked) {
    one.range = rangeOf(one, cell);
    one.range?.load("cellCount");
  }
  await context.sync();
  for (const one of asked) loadCells(one);
  await context.sync();
  return new Map(asked.map(({ node, range, constant }) => [
    node,
    range ? { value: cellsOf(range), row: range.rowIndex, column: range.columnIndex } : { value: constant },
  ]));
}

/** First the sheet that is named, and the table. */
function findPlace(one, context, cell) {
  const { node } = one;
  one.sheet = cell.worksheet;
  if (node.prefix && /\[|^[^']*:/.test(node.prefix)) {
    throw new FormulaProblem(`${written(node)} ligger i en annan arbetsbok eller på flera blad. Det kan rutan inte läsa.`);
  }
  if (node.prefix) {
    const name = node.prefix.replace(/^'|'$/g, "").replaceAll("''", "'");
    one.sheet = context.workbook.worksheets.getItemOrNullObject(name);
    one.sheet.load("name");
  }
  if (node.kind === "column" && !node.table) one.table = cell.getTables(false).getFirstOrNullObject();
  else if (node.kind !== "reference") one.table = context.workbook.tables.getItemOrNullObject(node.table ?? node.name);
  one.table?.load("name");
}

/** Then names on the sheet or of the workbook, and the table's columns. */
function findInPlace(one, context) {
  const { node, table } = one;
  if (node.prefix && one.sheet.isNullObject) throw new FormulaProblem(`Bladet ${node.prefix} finns inte.`);
  if (node.kind === "name") {
    one.names = [one.sheet, context.workbook].map((place) => place.names.getItemOrNullObject(node.name));
    for (const name of one.names) name.load("type, value");
  }
  if (node.kind === "column") {
    if (table.isNullObject) {
      throw new FormulaProblem(node.table ? `Tabellen ${node.table} finns inte.` : "Cellen ligger inte i någon tabell.");
    }
    one.parts = tableParts(node.inner);
    one.columns = one.parts.columns.map((name) => table.columns.getItemOrNullObject(name));
    for (const column of one.columns) column.load("name");
  }
}

/** The range of a reference; null when it is a name for a constant, which then stands in `one.constant`. */
function rangeOf(one, cell) {
  const { node, sheet } = one;
  if (node.kind === "column") return tableRange(one, cell);
  if (node.kind === "name") return namedRange(one);
  const range = sheet.getRange(node.address.replaceAll("$", ""));
  if (node.spill) return range.getSpillingToRangeOrNullObject();
  const wholeColumns = !/[A-Z]\$?\d/i.test(node.address);
  return wholeColumns ? range.getIntersectionOrNullObject(sheet.getUsedRange()) : range;
}

function namedRange(one) {
  const name = one.names.find((found) => !found.isNullObject);
  if (name?.type === "Range") return name.getRangeOrNullObject();
  if (CONSTANTS.includes(name?.type)) {
    one.constant = name.value;
    return null;
  }
  if (!name && !one.table.isNullObject) return one.table.getDataBodyRange();
  throw new FormulaProblem(`Namnet ${one.node.name} ${name ? "är ingen hänvisning till celler" : "finns inte i arbetsboken"}.`);
}

function tableRange({ table, columns, parts }, cell) {
  const absent = columns.findIndex((column) => column.isNullObject);
  if (absent >= 0) throw new FormulaProblem(`Tabellen ${table.name} har ingen kolumn ”${parts.columns[absent]}”.`);
  const ranges = (columns.length ? columns : [table]).map((source) => rowsOf(source, parts.items));
  const range = around(ranges);
  return parts.thisRow ? range.getIntersectionOrNullObject(cell.getEntireRow()) : range;
}

/** The rows of a table or of one of its columns that the items (#All, #Headers, #Totals, #Data) name. */
function rowsOf(source, items) {
  if (!items.length) return source.getDataBodyRange();
  return around(items.map((item) => {
    switch (item) {
      case "#all": return source.getRange();
      case "#headers": return source.getHeaderRowRange();
      case "#totals": return source.getTotalRowRange();
      case "#data": return source.getDataBodyRange();
      default: throw new FormulaProblem(`${item} i en tabellhänvisning kan rutan inte läsa.`);
    }
  }));
}

const around = (ranges) => ranges.reduce((all, one) => all.getBoundingRect(one));

function loadCells({ node, range }) {
  if (!range) return;
  if (range.isNullObject) throw new FormulaProblem(`${written(node)} har inga celler att läsa på den här raden.`);
  if (range.cellCount < 0 || range.cellCount > MOST_CELLS) {
    throw new FormulaProblem(`${written(node)} är för stort. Högst ${MOST_CELLS.toLocaleString("sv-SE")} celler kan förklaras.`);
  }
  range.load("values, valueTypes, rowCount, columnCount, rowIndex, columnIndex");
}

function cellsOf(range) {
  const cells = range.values.flatMap((row, r) => row.map((value, c) => cellOf(value, range.valueTypes[r][c])));
  return cells.length === 1 ? cells[0] : { rows: range.rowCount, columns: range.columnCount, values: cells };
}

/** One cell as the server takes it. */
export function cellOf(value, type) {
  if (type === "Empty" || value === null) return null;
  return type === "Error" ? { error: String(value) } : value;
}

/** A reference as it stands in the formula, for a message. */
function written(node) {
  if (node.kind === "column") return `${node.table}[${node.inner}]`;
  return (node.prefix ? `${node.prefix}!` : "") + (node.address ?? node.name);
}
