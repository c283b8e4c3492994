/** What a computation found: facts, totals, errors, controls, figures and columns. */

import { columnList } from "./columns.js";
import { element } from "./dom.js";
import { errorList } from "./errors.js";
import { grid, whole } from "./tables.js";
import { lacking, totals } from "./totals.js";

const NUMBER = new Intl.NumberFormat("sv-SE", { maximumFractionDigits: 5 });

/** The sections of a report, in order. */
export function sections(job, report, remap) {
  const columns = columnList(job, report, remap);
  const toConfirm = report.proposals.length > 0;
  return [
    summary(report),
    toConfirm ? columns : null,
    remarks(report),
    totals(report),
    report.errors.length ? errorList(report) : null,
    report.controls.length ? controls(report) : null,
    report.figures.length ? figures(report) : null,
    toConfirm ? null : columns,
  ];
}

function summary(report) {
  const { trips, wrong } = report;
  const cards = [
    ["Lästa resor", trips],
    ["Utan fel", trips - wrong],
    ["Med fel", wrong],
    ...report.sums.map(({ name, title }) => [title, report.total.sums[name], lacking(report.total, name)]),
  ];
  return element("dl", { class: "cards" }, cards.map(([title, value, lacks]) =>
    element(
      "div",
      { class: title === "Med fel" && value ? "bad" : null },
      element("dt", {}, title),
      element("dd", {}, whole(value)),
      lacks ? element("dd", { class: "lacking" }, `${whole(lacks)} ${lacks === 1 ? "resa" : "resor"} ej med`) : null,
    ),
  ));
}

function remarks(report) {
  const list = (items) => element("ul", {}, items.map((item) => element("li", {}, item)));
  return [
    report.problems.length
      ? element("div", { class: "notice" }, element("h3", {}, "Att rätta i bladet"), list(report.problems))
      : null,
    report.notes.length ? element("div", {}, element("h3", {}, "Att känna till"), list(report.notes)) : null,
    element(
      "details",
      {},
      element("summary", {}, "Fil, policy och version"),
      element("dl", { class: "facts" }, report.facts.filter(({ value }) => value !== 0).map(({ title, value }) =>
        element("div", {}, element("dt", {}, title), element("dd", {}, typeof value === "number" ? whole(value) : value)),
      )),
    ),
  ];
}

function controls(report) {
  const rows = report.controls.map((one) => [
    one.grade,
    one.rule,
    one.title,
    one.text,
    one.trips,
    `${one.rows.join(", ")}${one.trips > one.rows.length ? " …" : ""}`,
  ]);
  return element(
    "section",
    { "aria-labelledby": "controls-heading" },
    element("h3", { id: "controls-heading" }, "Kontroller per regel"),
    grid(["Grad", "Regel", "Kontroll", "Anmärkning", "Resor", "Rader"], rows, { label: "Kontroller per regel", wide: [3] }),
    report.unchecked.length
      ? element("details", {}, element("summary", {}, "Kontroller som inte gjordes"), element("ul", {}, report.unchecked.map((text) => element("li", {}, text))))
      : null,
  );
}

function figures(report) {
  const rows = report.figures.map((one) => [
    one.title,
    typeof one.value === "number" ? NUMBER.format(one.value) : one.value,
    one.unit,
    one.from,
    one.status,
    one.source,
  ]);
  return element(
    "section",
    { "aria-labelledby": "figures-heading" },
    element("h3", { id: "figures-heading" }, "Satser att bekräfta"),
    element("p", {}, "Beloppen vilar på de här satserna, som ingen säker källa har bekräftat."),
    grid(["Sats", "Värde", "Enhet", "Gäller från", "Status", "Källa"], rows, { label: "Satser att bekräfta", wide: [0, 5] }),
  );
}
