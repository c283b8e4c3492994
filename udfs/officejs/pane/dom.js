/** Small helpers for building the page. */

/**
 * An element with attributes and children. Attributes that are functions are event listeners (`onclick`);
 * true stands for an attribute without a value, false, null and undefined leave it out.
 * Children are nodes, texts or lists of them; null and undefined are left out.
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...present(children));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** Replace what an element holds. */
export function fill(target, ...children) {
  target.replaceChildren(...present(children));
}

const present = (children) => children.flat(Infinity).filter((child) => child !== null && child !== undefined);

/** A text of a kind (`error`, `warning`, `done`) where the user looks, read aloud since the place is a status. */
export function say(target, message, kind = "") {
  target.className = `count ${kind}`.trim();
  target.textContent = message;
}

/** Text as it is compared in a search: lower case, å ä ö é as a a o e. */
export function folded(text) {
  return text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replace(/[\s ]+/g, " ").trim();
}

const NUMBERS = new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 10 });
const MONEY = new Intl.NumberFormat("sv-SE", { minimumFractionDigits: 2, maximumFractionDigits: 10 });

/** A value as Swedes write it: 1 234,50; JA and NEJ as Excel shows them; amounts in whole kronor or with öre. */
export function swedish(value, unit = "") {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? "ja" : "nej";
  if (typeof value !== "number") return String(value);
  const money = unit.startsWith("kr") && !Number.isInteger(value);
  return (money ? MONEY : NUMBERS).format(value);
}

/** A value with its unit. Clock times say what they are by themselves. */
export function withUnit(value, unit) {
  const shown = swedish(value, unit);
  if (unit === "procent") return `${shown} %`;
  return unit && unit !== "klockslag" && unit !== "antal" ? `${shown} ${unit}` : shown;
}

export const capitalised = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Run `action` once the calls have paused for `milliseconds`. */
export function whenStill(action, milliseconds = 120) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...args), milliseconds);
  };
}
