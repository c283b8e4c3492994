/** Bar charts without a library: text keeps its size at any width, since only the bars follow it. */

import { element } from "./dom.js";

const ROW = 44; // pixels: a line of text with its bar below
const BAR = 14;

/** A chart of {name, value} with values shown by `written(value)`. `title` says what it shows. */
export function barChart(title, rows, written) {
  const largest = Math.max(...rows.map((row) => row.value), 0);
  const chart = svg("svg", {
    class: "chart",
    width: "100%",
    height: rows.length * ROW,
    role: "img",
    "aria-label": `${title}. ${rows.map((row) => `${row.name}: ${written(row.value)}`).join("; ")}.`,
  });
  rows.forEach((row, place) => {
    const top = place * ROW;
    const share = largest > 0 ? Math.max(0, row.value) / largest : 0;
    chart.append(
      svg("text", { x: 0, y: top + 15 }, shortened(row.name)),
      svg("text", { x: "100%", y: top + 15, "text-anchor": "end", class: "value" }, written(row.value)),
      svg("rect", { x: 0, y: top + 21, width: "100%", height: BAR, class: "track" }),
      svg("rect", { x: 0, y: top + 21, width: `${(share * 100).toFixed(2)}%`, height: BAR, class: "bar" }),
    );
  });
  return element("figure", {}, element("figcaption", {}, title), chart);
}

function svg(tag, attributes, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  return made;
}

const LONGEST = 30; // characters beside an amount at 320 pixels
const shortened = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name);
