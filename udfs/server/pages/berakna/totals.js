/** Totals by department and by mode: a table, and a chart of one of its columns. */

import { barChart } from "./chart.js";
import { element, fill } from "./dom.js";
import { longGrid, whole } from "./tables.js";

const MOST_BARS = 25;

/** Two tables with a chart each; the column of the charts is chosen once for both. */
export function totals(report) {
  const measures = [
    ...report.sums.map(({ name, title }) => ({ title, of: (row) => row.sums[name] ?? 0 })),
    { title: "Km", of: (row) => row.km },
    { title: "Resor", of: (row) => row.trips },
  ];
  const charts = element("div", { class: "charts" });
  const choice = element(
    "select",
    { id: "measure", onchange: () => draw() },
    measures.map(({ title }, place) => element("option", { value: place }, title)),
  );

  function draw() {
    const { title, of } = measures[Number(choice.value)];
    fill(charts, chart(`${title} per avdelning`, report.departments, of), chart(`${title} per färdmedel`, report.modes, of));
  }

  draw();
  return element(
    "section",
    { "aria-labelledby": "totals-heading" },
    element("h3", { id: "totals-heading" }, "Summor"),
    table("Avdelning", report.departments, report),
    table("Färdmedel", report.modes, report),
    Object.keys(report.total.left_out ?? {}).length
      ? element("p", { class: "hint" }, "(n): så många resor är inte med i summan, eftersom just den uppgiften har fel.")
      : null,
    element("p", {}, element("label", { for: "measure" }, "Visa i diagrammen"), choice),
    charts,
  );
}

/** A chart of the largest. */
function chart(title, groups, of) {
  const rows = groups.map((row) => ({ name: row.name, value: of(row) })).sort((a, b) => b.value - a.value);
  const cut = rows.length > MOST_BARS ? `, de ${MOST_BARS} största av ${whole(rows.length)}` : "";
  return barChart(title + cut, rows.slice(0, MOST_BARS), whole);
}

function table(title, groups, report) {
  const headings = [title, "Resor", "Med fel", "Km", ...report.sums.map((sum) => sum.title)];
  const sum = (row, name, value) => (lacking(report.total, name) ? { number: value, lacks: lacking(row, name) } : value);
  const cells = (row) => [
    row.trips,
    row.wrong,
    sum(row, "km", row.km),
    ...report.sums.map(({ name }) => sum(row, name, row.sums[name])),
  ];
  const rows = groups.map((row) => [row.name, ...cells(row)]);
  return longGrid(headings, rows, {
    label: `Summor per ${title.toLowerCase()}`,
    last: ["Alla", ...cells(report.total)],
    rest: "Alla står i resultatet, på bladet Sammanställning.",
  });
}

/** How many trips a sum lacks, since just that figure of theirs is in error. */
export const lacking = (row, name) => row.left_out?.[name] ?? 0;
