/**
 * Stands in for office.js and Excel in tests: a workbook of cells, names and tables, the workbook's settings, and the
 * calling of custom functions. As strict as Excel where code goes wrong: a property that was not loaded and synced
 * cannot be read, an object that was not found has no methods.
 *
 * Tests drive it by `globalThis.stub`.
 */
(function () {
"use strict";

const COLUMNS = 16384;
const ROWS = 1048576;

// ---- The workbook ---------------------------------------------------------------------------------------------------

const sheets = new Map([["Blad1", new Map()]]); // of cells by "row,column": {value, formula, spill, parent}
const names = new Map(); // of {type, value}, by the name or "blad1!name" in lower case
const tables = new Map(); // of {sheet, row, column, rows, columns, totals}
let selected = { sheet: "Blad1", row: 0, column: 0, rows: 1, columns: 1 };
const listeners = [];

function place(address) {
  const cut = address.lastIndexOf("!");
  const sheet = cut < 0 ? "Blad1" : address.slice(0, cut).replace(/^'|'$/g, "").replace(/''/g, "'");
  return { sheet, ...corners(address.slice(cut + 1)) };
}

function corners(area) {
  const ends = area.replace(/\$/g, "").split(":");
  const [from, to] = [ends[0], ends[1] || ends[0]].map((end) => /^([A-Z]*)(\d*)$/.exec(end));
  const top = from[2] ? Number(from[2]) - 1 : 0;
  const left = from[1] ? columnNumber(from[1]) : 0;
  const bottom = to[2] ? Number(to[2]) - 1 : ROWS - 1;
  const right = to[1] ? columnNumber(to[1]) : COLUMNS - 1;
  return { row: top, column: left, rows: bottom - top + 1, columns: right - left + 1 };
}

const columnNumber = (letters) => [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;

function columnLetters(number) {
  return number < 0 ? "" : columnLetters(Math.floor(number / 26) - 1) + String.fromCharCode(65 + (number % 26));
}

function addressOf({ sheet, row, column, rows, columns }) {
  const name = /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(sheet) ? sheet : `'${sheet.replace(/'/g, "''")}'`;
  const first = `${columnLetters(column)}${row + 1}`;
  const last = `${columnLetters(column + columns - 1)}${row + rows}`;
  return `${name}!${first === last ? first : `${first}:${last}`}`;
}

const cellAt = (sheet, row, column) => sheets.get(sheet).get(`${row},${column}`);

function putCell(sheet, row, column, cell) {
  sheets.get(sheet).set(`${row},${column}`, cell);
}

/** All values of a rectangle, row by row. */
function grid({ sheet, row, column, rows, columns }, of) {
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => of(cellAt(sheet, row + r, column + c))));
}

const isError = (value) => typeof value === "string" && /^#[A-Z/0]+[!?]?$/.test(value);

function typeOf(cell) {
  if (!cell || cell.value === "") return "Empty";
  if (isError(cell.value)) return "Error";
  return { number: "Double", boolean: "Boolean", string: "String" }[typeof cell.value];
}

// ---- Objects that are loaded and synced -----------------------------------------------------------------------------

class Loaded {
  constructor(context, missing = false) {
    this.context = context;
    this.missing = missing;
    this.asked = new Set();
    this.there = new Map();
    context.objects.push(this);
  }

  load(properties) {
    for (const name of properties.split(",")) this.asked.add(name.trim());
    return this;
  }

  get isNullObject() {
    return this.read("isNullObject");
  }

  read(name) {
    if (!this.there.has(name)) throw new Error(`PropertyNotLoaded: ${this.constructor.name}.${name}`);
    return this.there.get(name);
  }

  /** The object itself, for its methods: there are none without it. */
  get found() {
    if (this.missing) throw new Error(`ItemNotFound: ${this.constructor.name}`);
    return this;
  }

  commit() {
    this.there.set("isNullObject", this.missing);
    if (!this.missing) for (const name of this.asked) this.there.set(name, this.state(name));
  }
}

function properties(type, ...listed) {
  for (const name of listed) {
    Object.defineProperty(type.prototype, name, { configurable: true, get() { return this.read(name); } });
  }
}

const shownText = (value) => (typeof value === "number" ? String(value).replace(".", ",") : String(value));

/** A formula as Swedes see it. */
const local = (formula) => formula && formula.replace(/("[^"]*")|,/g, (_, text) => text || ";");

class Range extends Loaded {
  constructor(context, area) {
    super(context, area === null);
    this.area = area;
  }

  state(name) {
    const { row, column, rows, columns } = this.area;
    switch (name) {
      case "address": return addressOf(this.area);
      case "cellCount": return rows * columns;
      case "rowIndex": return row;
      case "columnIndex": return column;
      case "rowCount": return rows;
      case "columnCount": return columns;
      case "values": return grid(this.area, (cell) => (cell ? cell.value : ""));
      case "valueTypes": return grid(this.area, typeOf);
      case "text": return grid(this.area, (cell) => shownText(cell ? cell.value : ""));
      case "formulasLocal": return grid(this.area, (cell) => (cell ? local(cell.formula) || cell.value : ""));
      case "formulas": return grid(this.area, (cell) => (cell ? cell.formula || cell.value : ""));
      default: throw new Error(`Range has no ${name}`);
    }
  }

  set formulas(written) {
    const { sheet, row, column } = this.found.area;
    this.context.actions.push(() => written.forEach((line, r) => line.forEach((formula, c) => {
      putCell(sheet, row + r, column + c, { value: "", formula });
      stub.written.push({ address: addressOf({ sheet, row: row + r, column: column + c, rows: 1, columns: 1 }), formula });
      compute([[sheet, row + r, column + c]]);
    })));
  }

  get formulas() { return this.read("formulas"); }
  get worksheet() { return new Worksheet(this.context, this.found.area.sheet); }

  getEntireRow() {
    return new Range(this.context, { ...this.found.area, column: 0, columns: COLUMNS });
  }

  getIntersectionOrNullObject(other) {
    const [one, two] = [this.found.area, other.found.area];
    const row = Math.max(one.row, two.row);
    const column = Math.max(one.column, two.column);
    const rows = Math.min(one.row + one.rows, two.row + two.rows) - row;
    const columns = Math.min(one.column + one.columns, two.column + two.columns) - column;
    const meet = one.sheet === two.sheet && rows > 0 && columns > 0;
    return new Range(this.context, meet ? { sheet: one.sheet, row, column, rows, columns } : null);
  }

  getBoundingRect(other) {
    const [one, two] = [this.found.area, other.found.area];
    const row = Math.min(one.row, two.row);
    const column = Math.min(one.column, two.column);
    const rows = Math.max(one.row + one.rows, two.row + two.rows) - row;
    const columns = Math.max(one.column + one.columns, two.column + two.columns) - column;
    return new Range(this.context, { sheet: one.sheet, row, column, rows, columns });
  }

  getSpillParentOrNullObject() {
    const { sheet, row, column } = this.found.area;
    const cell = cellAt(sheet, row, column);
    const parent = cell && (cell.parent || (cell.spill ? { row, column } : null));
    return new Range(this.context, parent ? { sheet, ...parent, rows: 1, columns: 1 } : null);
  }

  getSpillingToRangeOrNullObject() {
    const { sheet, row, column } = this.found.area;
    const cell = cellAt(sheet, row, column);
    return new Range(this.context, cell && cell.spill ? { sheet, row, column, ...cell.spill } : null);
  }

  getTables() {
    const { sheet, row, column } = this.found.area;
    const inside = [...tables].find(([, one]) => one.sheet === sheet && row >= one.row && row < one.row + one.rows
      && column >= one.column && column < one.column + one.columns);
    return { getFirstOrNullObject: () => new Table(this.context, inside ? inside[0] : null) };
  }
}
properties(Range, "address", "cellCount", "rowIndex", "columnIndex", "rowCount", "columnCount", "values", "valueTypes", "text", "formulasLocal");

class Worksheet extends Loaded {
  constructor(context, name) {
    super(context, !sheets.has(name));
    this.own = name;
  }

  state() { return this.own; }

  getRange(address) {
    return new Range(this.context, { sheet: this.found.own, ...corners(address) });
  }

  getUsedRange() {
    const places = [...sheets.get(this.found.own).keys()].map((key) => key.split(",").map(Number));
    const [bottom, right] = [0, 1].map((part) => Math.max(0, ...places.map((one) => one[part])));
    return new Range(this.context, { sheet: this.own, row: 0, column: 0, rows: bottom + 1, columns: right + 1 });
  }

  get names() {
    const { own } = this.found;
    return { getItemOrNullObject: (name) => new NamedItem(this.context, names.get(`${own}!${name}`.toLowerCase())) };
  }
}
properties(Worksheet, "name");

class NamedItem extends Loaded {
  constructor(context, item) {
    super(context, item === undefined);
    this.item = item;
  }

  state(name) { return this.item[name]; }

  getRangeOrNullObject() {
    return new Range(this.context, this.found.item.type === "Range" ? place(this.item.value) : null);
  }
}
properties(NamedItem, "type", "value");

/** A table, or a column of it: a rectangle with headings and perhaps totals. */
class TablePart extends Loaded {
  part(from, rows) {
    const { area } = this.found;
    return new Range(this.context, { ...area, row: area.row + from, rows });
  }

  getRange() { return this.part(0, this.found.area.rows); }
  getHeaderRowRange() { return this.part(0, 1); }
  getDataBodyRange() { return this.part(1, this.found.area.rows - 1 - (this.area.totals ? 1 : 0)); }

  getTotalRowRange() {
    if (!this.found.area.totals) throw new Error("ItemNotFound: totals");
    return this.part(this.area.rows - 1, 1);
  }
}

class Table extends TablePart {
  constructor(context, name) {
    super(context, !tables.has(name));
    this.own = name;
    this.area = tables.get(name);
  }

  state() { return this.own; }

  get columns() {
    const { area } = this.found;
    const at = (name) => Array.from({ length: area.columns }, (_, c) => c)
      .find((c) => String(cellAt(area.sheet, area.row, area.column + c)?.value) === name);
    return {
      getItem: (name) => new TableColumn(this.context, area, at(name), name).found,
      getItemOrNullObject: (name) => new TableColumn(this.context, area, at(name), name),
    };
  }
}
properties(Table, "name");

class TableColumn extends TablePart {
  constructor(context, area, number, name) {
    super(context, number === undefined);
    this.own = name;
    this.area = { ...area, column: area.column + number, columns: 1 };
  }

  state() { return this.own; }
}
properties(TableColumn, "name");

class Context {
  constructor() {
    this.objects = [];
    this.actions = [];
    this.workbook = {
      application: { calculate: () => this.actions.push(() => stub.recalculate()) },
      getActiveCell: () => new Range(this, { ...selected, rows: 1, columns: 1 }),
      getSelectedRange: () => new Range(this, selected),
      names: { getItemOrNullObject: (name) => new NamedItem(this, names.get(name.toLowerCase())) },
      tables: { getItemOrNullObject: (name) => new Table(this, name) },
      worksheets: { getItemOrNullObject: (name) => new Worksheet(this, name) },
      onSelectionChanged: { add: (listener) => this.actions.push(() => listeners.push(listener)) },
    };
  }

  async sync() {
    await new Promise((resume) => setTimeout(resume, 0));
    stub.syncs += 1;
    for (const action of this.actions.splice(0)) action();
    for (const object of this.objects) object.commit();
  }
}

// ---- Custom functions -----------------------------------------------------------------------------------------------

const associated = new Map();
let pending = [];

class CustomFunctionsError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Call a function as Excel does: every parameter filled, the invocation last. Gives the promise of its matrix. */
function call(name, given) {
  const count = stub.parameters.get(name);
  const filled = Array.from({ length: count }, (_, number) => given[number]);
  return associated.get(name)(...filled, { onCanceled() {} });
}

/** Compute cells that hold one call of a custom function and nothing else, all in one turn. */
function compute(places) {
  for (const [sheet, row, column] of places) {
    const cell = cellAt(sheet, row, column);
    const match = /^=@?(?:_xldudf_)?(\w+)\(((?:"[^"]*"|[^()"])*)\)$/.exec(cell.formula || "");
    if (!match || !associated.has(match[1])) continue;
    const given = split(match[2]).map((text) => argument(text, sheet));
    const done = call(match[1], given).then(
      (matrix) => spread(sheet, row, column, matrix),
      (problem) => { cell.value = problem.code; cell.message = problem.message; },
    );
    pending.push(done);
  }
}

function spread(sheet, row, column, matrix) {
  const spill = { rows: matrix.length, columns: matrix[0].length };
  matrix.forEach((line, r) => line.forEach((value, c) => {
    if (r || c) putCell(sheet, row + r, column + c, { value, parent: { row, column } });
    else Object.assign(cellAt(sheet, row, column), { value, message: undefined, spill: spill.rows * spill.columns > 1 ? spill : null });
  }));
}

/** Arguments as written, at the commas outside texts and arrays. */
function split(text) {
  const parts = [""];
  for (const [piece] of text.matchAll(/"[^"]*"|\{(?:"[^"]*"|[^"}])*\}|[^]/g)) {
    if (piece === ",") parts.push("");
    else parts[parts.length - 1] += piece;
  }
  return text === "" ? [] : parts;
}

function argument(text, sheet) {
  if (text === "") return undefined;
  if (text.startsWith('"')) return [[text.slice(1, -1).replace(/""/g, '"')]];
  if (/^-?[\d.]+$/.test(text)) return [[Number(text)]];
  if (/^(TRUE|FALSE)$/.test(text)) return [[text === "TRUE"]];
  if (text.startsWith("{")) return text.slice(1, -1).split(";").map((row) => split(row).map((one) => argument(one, sheet)[0][0]));
  return grid(place(text.includes("!") ? text : `${sheet}!${text}`), (cell) => (cell ? cell.value : 0));
}

// ---- What a page sees -----------------------------------------------------------------------------------------------

const saved = JSON.parse(sessionStorage.getItem("stub-settings") || "{}");
const current = { ...saved };

globalThis.Office = {
  onReady: async (then) => {
    await stub.ready;
    const info = { host: "Excel", platform: "PC" };
    if (then) then(info);
    return info;
  },
  context: {
    document: {
      settings: {
        get: (name) => (name in current ? current[name] : null),
        set: (name, value) => { current[name] = value; },
        remove: (name) => { delete current[name]; },
        saveAsync: (done) => setTimeout(() => {
          if (stub.saveFails) return done({ status: "failed", error: { message: "Arbetsboken är skrivskyddad." } });
          sessionStorage.setItem("stub-settings", JSON.stringify(current));
          return done({ status: "succeeded" });
        }, 0),
      },
    },
    requirements: { isSetSupported: () => true },
  },
};

globalThis.OfficeRuntime = {
  storage: {
    getItem: async (name) => localStorage.getItem(`office:${name}`),
    setItem: async (name, value) => localStorage.setItem(`office:${name}`, value),
    removeItem: async (name) => localStorage.removeItem(`office:${name}`),
  },
};

globalThis.CustomFunctions = {
  associate: (id, implementation) => associated.set(id, implementation),
  Error: CustomFunctionsError,
  ErrorCode: {
    invalidValue: "#VALUE!", notAvailable: "#N/A", divisionByZero: "#DIV/0!", invalidNumber: "#NUM!",
    nullReference: "#NULL!", invalidName: "#NAME?", invalidReference: "#REF!",
  },
};

globalThis.Excel = {
  CalculationType: { recalculate: "Recalculate", full: "Full", fullRebuild: "FullRebuild" },
  run: async (batch) => {
    const context = new Context();
    const result = await batch(context);
    await context.sync();
    return result;
  },
};

const stub = (globalThis.stub = {
  associated, call, syncs: 0, written: [], saveFails: false, parameters: new Map(),

  /** Excel reads the functions' descriptions before it calls any. */
  ready: fetch("functions.json").then((answer) => answer.json()).then(({ functions }) => {
    for (const { id, parameters: listed } of functions) stub.parameters.set(id, listed.length);
  }),

  addSheet: (name) => sheets.set(name, new Map()),
  addName: (name, type, value) => names.set(name.toLowerCase(), { type, value }),
  addTable: (name, address, totals = false) => tables.set(name, { ...place(address), totals }),

  /** Put rows of values from an address on; texts that start with = are formulas, which are not computed. */
  put(address, rows) {
    const { sheet, row, column } = place(address);
    rows.forEach((line, r) => line.forEach((value, c) => {
      const formula = typeof value === "string" && value.startsWith("=");
      putCell(sheet, row + r, column + c, formula ? { value: "", formula: value } : { value });
    }));
  },

  /** What a cell with a formula shows, without computing it. */
  show(address, value) {
    const { sheet, row, column } = place(address);
    cellAt(sheet, row, column).value = value;
  },

  select(address) {
    selected = place(address);
    for (const listener of listeners) listener();
  },

  /** What a cell shows: {value, formula, message}. */
  cell(address) {
    const { sheet, row, column } = place(address);
    return { ...cellAt(sheet, row, column) };
  },

  /** Compute all formulas anew, in one turn as Excel hands them over. */
  recalculate() {
    compute([...sheets].flatMap(([sheet, cells]) => [...cells.keys()].map((key) => [sheet, ...key.split(",").map(Number)])));
  },

  /** When all computed cells have their answers. */
  async idle() {
    while (pending.length) await Promise.all(pending.splice(0));
  },
});
})();
