/** Totals by department and by mode: a table, and a chart of one of its columns. */

import { barChart } from "./chart.js";
import { element, fill } from "./dom.js";
import { grid, whole } from "./tables.js";

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
    const rows = (groups) => groups.map((row) => ({ name: row.name, value: of(row) })).sort((a, b) => b.value - a.value);
    fill(
      charts,
      barChart(`${title} per avdelning`, rows(report.departments), whole),
      barChart(`${title} per färdmedel`, rows(report.modes), whole),
    );
  }

  draw();
  return element(
    "section",
    { "aria-labelledby": "totals-heading" },
    element("h3", { id: "totals-heading" }, "Summor"),
    table("Avdelning", report.departments, report),
    table("Färdmedel", report.modes, report),
    element("p", {}, element("label", { for: "measure" }, "Visa i diagrammen"), choice),
    charts,
  );
}

function table(title, groups, report) {
  const headings = [title, "Resor", "Med fel", "Km", ...report.sums.map((sum) => sum.title)];
  const cells = (row) => [row.trips, row.wrong, row.km, ...report.sums.map(({ name }) => row.sums[name] ?? null)];
  const rows = groups.map((row) => [row.name, ...cells(row)]);
  return grid(headings, rows, { label: `Summor per ${title.toLowerCase()}`, last: ["Alla", ...cells(report.total)] });
}
