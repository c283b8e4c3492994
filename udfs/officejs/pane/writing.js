/** What a user types for an argument, as it stands in a formula. */

import { isReference, parseFormula } from "./formula.js";

const LONGEST_TEXT = 255; // Excel's limit for a text inside a formula

/** Excel's form that programs write, and the one that Swedish users read. */
export const ENGLISH = { separator: ",", column: ",", decimal: ".", yes: "TRUE", no: "FALSE" };
export const SWEDISH = { separator: ";", column: "\\", decimal: ",", yes: "SANT", no: "FALSKT" };

/** The typed text cannot stand in a formula; the message is for the user. */
export class ArgumentProblem extends Error {}

/**
 * What was typed as an argument: {kind: "blank" | "value" | "code", value | text}.
 * Numbers and ja/nej are values, A2 and =A2+B2 are code, what stands in quotes and all else is text.
 */
export function readArgument(typed) {
  const text = typed.trim();
  if (!text) return { kind: "blank" };
  if (text.startsWith("=")) return { kind: "code", text: readCode(text) };
  if (isReference(text)) return { kind: "code", text: upperAddress(text) };
  if (/^"(?:[^"]|"")*"$/.test(text)) return { kind: "value", value: text.slice(1, -1).replaceAll('""', '"') };
  const bare = text.replace(/(\d)[\s\u00a0](?=\d{3}(?!\d))/g, "$1").replace("\u2212", "-");
  if (/^-?\d+([.,]\d+)?$/.test(bare)) return { kind: "value", value: Number(bare.replace(",", ".")) };
  if (/^(ja|sant|true)$/i.test(text)) return { kind: "value", value: true };
  if (/^(nej|falskt|false)$/i.test(text)) return { kind: "value", value: false };
  return { kind: "value", value: text };
}

function readCode(text) {
  try {
    parseFormula(text);
  } catch (problem) {
    throw new ArgumentProblem(`${problem.message} Räkna ut värdet i en egen cell och hänvisa till den.`);
  }
  return text.slice(1).trim();
}

/** A reference with its cells in capitals, the sheet as it was typed. */
function upperAddress(text) {
  const cut = text.lastIndexOf("!") + 1;
  return text.slice(0, cut) + text.slice(cut).toUpperCase();
}

/** The formula of a call. `sheet` is the name, as it is written before `!`, of the sheet that the formula stands on. */
export function writeFormula(name, readArguments, form = ENGLISH, sheet = "") {
  const written = readArguments.map((argument) => writeArgument(argument, form, sheet));
  while (written.length && written.at(-1) === "") written.pop();
  return `=${name}(${written.join(form.separator)})`;
}

function writeArgument(argument, form, sheet) {
  if (argument.kind === "blank") return "";
  if (argument.kind === "value") return writeValue(argument.value, form);
  return sheet && argument.text.startsWith(`${sheet}!`) ? argument.text.slice(sheet.length + 1) : argument.text;
}

/** A value or rows of values as they are written in a formula. */
export function writeValue(value, form = ENGLISH) {
  if (Array.isArray(value)) {
    const rows = value.map((row) => row.map((cell) => writeValue(cell ?? "", form)).join(form.column));
    return `{${rows.join(";")}}`;
  }
  if (value === null) return "";
  if (typeof value === "boolean") return value ? form.yes : form.no;
  if (typeof value === "number") return String(value).replace(".", form.decimal);
  if (value.length > LONGEST_TEXT) {
    throw new ArgumentProblem(`Texten är längre än ${LONGEST_TEXT} tecken. Skriv den i en egen cell och hänvisa till den.`);
  }
  return `"${value.replaceAll('"', '""')}"`;
}
