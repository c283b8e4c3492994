/** Tables of texts and numbers. */

import { element, fill } from "./dom.js";

const WHOLE = new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 0 });

/** A number without decimals as Swedes write it. */
export const whole = (value) => WHOLE.format(value);

/**
 * A table that scrolls by itself where it is too wide. Numbers are shown whole; the first cell of a row is its heading.
 * `last`: a row of sums. `wide`: places of columns with long texts. A cell {number, lacks} is a sum and how many things
 * it lacks.
 */
export function grid(headings, rows, { label, last = null, wide = [] }) {
  const line = (cells) => element("tr", {}, cells.map((cell, place) => shown(cell, place, wide.includes(place))));
  const head = headings.map((text, place) => {
    const numbers = rows.some((row) => isNumber(row[place]));
    return element("th", { scope: "col", class: numbers ? "tal" : null }, text);
  });
  return element(
    "div",
    { class: "wide", tabindex: 0, role: "region", "aria-label": label },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, head)),
      element("tbody", {}, rows.map(line)),
      last ? element("tfoot", {}, line(last)) : null,
    ),
  );
}

const SHOWN_AT_ONCE = 100;

/** A table of the first rows, and of more when the user asks; `rest` tells where all of them are. */
export function longGrid(headings, rows, { rest, ...options }) {
  if (rows.length <= SHOWN_AT_ONCE) return grid(headings, rows, options);
  const place = element("div");
  const count = element("p", { class: "hint", role: "status" });
  const ask = () => draw(shown + SHOWN_AT_ONCE);
  const more = element("button", { type: "button", "aria-label": `Visa fler: ${options.label}`, onclick: ask }, "Visa fler");
  let shown = 0;

  function draw(most) {
    shown = Math.min(most, rows.length);
    fill(place, grid(headings, rows.slice(0, shown), options));
    count.textContent = `${whole(shown)} av ${whole(rows.length)} rader visas. ${rest}`;
    more.hidden = shown === rows.length;
  }

  draw(SHOWN_AT_ONCE);
  return [place, count, more];
}

const isNumber = (cell) => typeof cell === "number" || typeof cell?.number === "number";

function shown(cell, place, wide) {
  const number = isNumber(cell);
  const text = typeof cell === "number" ? whole(cell) : number ? sum(cell) : cell ?? "";
  if (place === 0) return element("th", { scope: "row", class: wide ? "lang" : null }, text);
  return element("td", { class: number ? "tal" : wide ? "lang" : null }, text);
}

const sum = ({ number, lacks }) => [
  `${whole(number)}\u00a0`,
  element("span", { class: "lacks" }, lacks ? `(${whole(lacks)})` : "–"),
];
