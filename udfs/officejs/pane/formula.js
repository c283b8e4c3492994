/**
 * Excel formulas as a tree, in Excel's English form (commas, decimal points, A1 references).
 *
 * Nodes have `kind`, `start` and `end` (places in the text) and:
 *   number, text, logical: value · error: code · blank
 *   reference: prefix (workbook and sheet, as written, or ""), address, spill (A2#)
 *   name: prefix, name · column: table (or ""), inner (what stands in the brackets)
 *   call: name, arguments · array: rows (of nodes)
 *   operation: operator (between two values; or minus, plus, percent, @ for one), operands
 */

const COLUMN = "\\$?[A-Z]{1,3}";
const ROW = "\\$?[1-9]\\d{0,6}";
const WORD = "[\\p{L}_\\\\][\\p{L}\\p{N}_.\\\\?]*";
const AFTER = "(?![\\p{L}\\p{N}_.(!\\[])";

const TOKEN = new RegExp(
  [
    "(?<space>\\s+)",
    '(?<text>"(?:[^"]|"")*")',
    "(?<error>#(?:N/A|DIV/0!|[A-Z_]+[!?]))",
    "(?<prefix>(?:'(?:[^']|'')+'|(?:\\[[^\\]]+\\])?[\\p{L}\\p{N}_.]+(?::[\\p{L}\\p{N}_.]+)?)!)",
    `(?<area>${COLUMN}${ROW}(?::${COLUMN}${ROW})?${AFTER}#?|${COLUMN}:${COLUMN}${AFTER}|${ROW}:${ROW}${AFTER})`,
    "(?<number>(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)",
    `(?<word>${WORD})`,
    "(?<mark><=|>=|<>|[-+*/^&=<>%(),;{}@\\[:])",
  ].join("|"),
  "iuy",
);

const PRECEDENCE = { "=": 1, "<>": 1, "<": 1, ">": 1, "<=": 1, ">=": 1, "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5 };
const SIGNS = { "-": "minus", "+": "plus", "@": "@" };

/** What a formula holds that cannot be read; the message is for the user. */
export class FormulaProblem extends Error {}

/** The tree of a formula such as `=TRAKTAMENTE(A2,B2)`. Throws FormulaProblem. */
export function parseFormula(text) {
  const reader = new Reader(text.replace(/^\s*=/, (start) => " ".repeat(start.length)));
  const tree = reader.expression(0);
  if (reader.token) throw reader.problem();
  return tree;
}

/** A function's name without what Excel puts before the names of custom functions in a file. */
export const plainName = (name) => name.toUpperCase().replace(/^_XLDUDF_/, "").replace(/^_XLL\./, "");

/** All calls in a tree that `wanted(name)` accepts, the outer before the inner. */
export function callsIn(tree, wanted) {
  const inside = childrenOf(tree).flatMap((child) => callsIn(child, wanted));
  return tree.kind === "call" && wanted(plainName(tree.name)) ? [tree, ...inside] : inside;
}

/** The nodes directly below a node. */
export const childrenOf = (node) => node.arguments ?? node.operands ?? node.rows?.flat() ?? [];

class Reader {
  constructor(text) {
    this.text = text;
    this.place = 0;
    this.advance();
  }

  /** Go to the next token; `token` is null at the end. */
  advance() {
    this.end = this.token ? this.token.end : 0;
    TOKEN.lastIndex = this.place;
    if (this.place >= this.text.length) {
      this.token = null;
      return;
    }
    const match = TOKEN.exec(this.text);
    if (!match) throw this.problem();
    const [kind, written] = Object.entries(match.groups).find(([, value]) => value !== undefined);
    this.place = TOKEN.lastIndex;
    if (kind === "space") return this.advance();
    this.token = { kind, written, start: match.index, end: this.place };
    if (kind === "mark" && written === "[") this.token = this.brackets(match.index);
    return undefined;
  }

  /** A reference into a table from its opening bracket on: brackets nest, and ' makes the next sign a plain one. */
  brackets(open) {
    let depth = 0;
    for (let at = open; at < this.text.length; at += 1) {
      if (this.text[at] === "'") at += 1;
      else if (this.text[at] === "[") depth += 1;
      else if (this.text[at] === "]" && --depth === 0) {
        this.place = at + 1;
        return { kind: "column", inner: this.text.slice(open + 1, at), start: open, end: at + 1 };
      }
    }
    throw new FormulaProblem("En hakparentes i formeln saknar sitt slut.");
  }

  is(mark) {
    return this.token?.kind === "mark" && this.token.written === mark;
  }

  expect(mark) {
    if (!this.is(mark)) throw this.problem();
    this.advance();
  }

  problem() {
    const rest = this.text.slice(this.token ? this.token.start : this.place).trim();
    return new FormulaProblem(rest ? `Formeln kan inte läsas från ”${rest}”.` : "Formeln tar slut för tidigt.");
  }

  expression(least) {
    let left = this.signed();
    while (this.token?.kind === "mark" && PRECEDENCE[this.token.written] > least) {
      const operator = this.token.written;
      this.advance();
      left = this.operation(operator, [left, this.expression(PRECEDENCE[operator])], left.start);
    }
    return left;
  }

  operation(operator, operands, start) {
    return { kind: "operation", operator, operands, start, end: this.end };
  }

  /** A value with its signs before and after, which bind tighter than what stands between values: -2^2 is 4. */
  signed() {
    const sign = SIGNS[this.token?.kind === "mark" ? this.token.written : ""];
    if (sign) {
      const { start } = this.token;
      this.advance();
      return this.operation(sign, [this.signed()], start);
    }
    let value = this.single();
    while (this.is("%")) {
      this.advance();
      value = this.operation("percent", [value], value.start);
    }
    return value;
  }

  single() {
    const { token } = this;
    if (!token) throw this.problem();
    const { kind, written, start } = token;
    if (this.is("(")) {
      this.advance();
      const inside = this.expression(0);
      this.expect(")");
      return inside;
    }
    if (this.is("{")) return this.array();
    this.advance();
    const node = (fields) => ({ ...fields, start, end: this.end });
    switch (kind) {
      case "number": return node({ kind, value: Number(written) });
      case "text": return node({ kind, value: written.slice(1, -1).replaceAll('""', '"') });
      case "error": return node({ kind, code: written });
      case "area": return node(area(written, ""));
      case "column": return node({ kind, table: "", inner: token.inner });
      case "prefix": return this.prefixedReference(written, start);
      case "word": return this.word(written, start, "");
      default: throw new FormulaProblem(`”${written}” väntades inte i formeln.`);
    }
  }

  prefixedReference(prefix, start) {
    const { token } = this;
    if (token?.kind !== "area" && token?.kind !== "word") throw this.problem();
    this.advance();
    if (token.kind === "word") return this.word(token.written, start, prefix.slice(0, -1));
    return { ...area(token.written, prefix.slice(0, -1)), start, end: this.end };
  }

  word(written, start, prefix) {
    if (this.is("(")) return this.call(written, start);
    if (this.token?.kind === "column" && this.token.start === this.end) {
      const { inner } = this.token;
      this.advance();
      return { kind: "column", table: written, inner, start, end: this.end };
    }
    const logical = { TRUE: true, FALSE: false }[written.toUpperCase()];
    const fields = logical === undefined ? { kind: "name", prefix, name: written } : { kind: "logical", value: logical };
    return { ...fields, start, end: this.end };
  }

  call(name, start) {
    this.expect("(");
    const found = [];
    while (!this.is(")") || found.length) {
      const blank = this.is(",") || this.is(")");
      found.push(blank ? { kind: "blank", start: this.end, end: this.end } : this.expression(0));
      if (this.is(")")) break;
      this.expect(",");
    }
    this.expect(")");
    return { kind: "call", name, arguments: found, start, end: this.end };
  }

  array() {
    const { start } = this.token;
    const rows = [[]];
    do {
      this.advance();
      rows.at(-1).push(this.signed());
      if (this.is(";")) rows.push([]);
    } while (this.is(",") || this.is(";"));
    this.expect("}");
    return { kind: "array", rows, start, end: this.end };
  }
}

function area(written, prefix) {
  const spill = written.endsWith("#");
  return { kind: "reference", prefix, address: spill ? written.slice(0, -1) : written, spill };
}

/** The parts of what stands in the brackets of a table reference: {items, columns, thisRow}.
 * `[@Avresa]`, `[[#This Row],[Avresa]]`, `[[Avresa]:[Hemkomst]]`, `[#Headers]`. */
export function tableParts(inner) {
  const parts = { items: [], columns: [], thisRow: false };
  let rest = inner.trim();
  if (rest.startsWith("@")) {
    parts.thisRow = true;
    rest = rest.slice(1).trim();
  }
  const bracketed = [...rest.matchAll(/\[((?:'.|[^'\]])*)\]/gsu)].map((match) => match[1]);
  for (const part of rest.startsWith("[") ? bracketed : [rest]) {
    const item = part.trim().toLowerCase();
    if (item === "#this row") parts.thisRow = true;
    else if (item.startsWith("#")) parts.items.push(item);
    else if (part.trim()) parts.columns.push(part.trim().replace(/'(.)/gsu, "$1"));
  }
  return parts;
}

/** Whether a text is a plain reference to cells, such as A2, $A$2:B9 or 'Mitt blad'!C1. */
export function isReference(text) {
  try {
    return parseFormula(text).kind === "reference";
  } catch {
    return false;
  }
}
