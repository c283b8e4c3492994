/** Tables of texts and numbers. */

import { element } from "./dom.js";

const WHOLE = new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 0 });

/** A number without decimals as Swedes write it. */
export const whole = (value) => WHOLE.format(value);

/**
 * A table that scrolls by itself where it is too wide. Numbers are shown whole; the first cell of a row is its heading.
 * `last`: a row of sums. `wide`: places of columns with long texts.
 */
export function grid(headings, rows, { label, last = null, wide = [] }) {
  const line = (cells) => element("tr", {}, cells.map((cell, place) => shown(cell, place, wide.includes(place))));
  const head = headings.map((text, place) => {
    const numbers = rows.some((row) => typeof row[place] === "number");
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

function shown(cell, place, wide) {
  const number = typeof cell === "number";
  const text = number ? whole(cell) : cell ?? "";
  if (place === 0) return element("th", { scope: "row", class: wide ? "lang" : null }, text);
  return element("td", { class: number ? "tal" : wide ? "lang" : null }, text);
}
