/** Which columns were read as what, and the user's own say in it. */

import { byId, element } from "./dom.js";
import { grid } from "./tables.js";

/** The columns that were found. `remap(mapping)` is called with the user's own choices. */
export function columnList(job, report, remap) {
  const rows = report.columns.map(({ column, written, title, scale }) => [column, written, title, scale === 1 ? "" : `× ${scale}`]);
  return element(
    "section",
    { "aria-labelledby": "columns-heading" },
    element("h3", { id: "columns-heading" }, "Kolumner"),
    element(
      "details",
      {},
      element("summary", {}, `${rows.length} kolumner används`),
      grid(["Kolumn", "Rubrik", "Läses som", "Enhet"], rows, { label: "Kolumner som används" }),
    ),
    report.mappable ? chooser(job, report, remap) : unused(report.unknown),
  );
}

const unused = (unknown) => (unknown.length ? element("p", {}, `Används inte: ${unknown.join(", ")}.`) : null);

/** A choice for each column that is not understood by itself, and for those that the user has chosen before. */
function chooser(job, report, remap) {
  const proposed = new Map(report.proposals.map((one) => [one.written, one.title]));
  const written = [...new Set([...Object.keys(job.mapping), ...proposed.keys(), ...report.unknown])];
  if (!written.length) return null;
  const titles = [...byId("headings").options].map((option) => option.value);
  const choices = written.map((heading, place) => ({ heading, ...choice(heading, place, job, proposed, titles) }));
  const chosen = () => Object.fromEntries(choices.filter(({ select }) => select.value).map(({ heading, select }) => [heading, select.value]));
  return element(
    "form",
    {
      class: "mapping",
      onsubmit: (event) => {
        event.preventDefault();
        remap(chosen());
      },
    },
    element("h4", {}, proposed.size ? "Bekräfta kolumnerna" : "Kolumner som inte används"),
    element("p", {}, "Välj vad kolumnen betyder, och räkna om. Det som inte valts används inte."),
    choices.map(({ row }) => row),
    element("div", { class: "buttons" }, element("button", { type: "submit", class: "primary" }, "Räkna om med kolumnerna")),
  );
}

function choice(heading, place, job, proposed, titles) {
  const value = job.mapping[heading] ?? proposed.get(heading) ?? "";
  const select = element(
    "select",
    { id: `mapping-${place}` },
    element("option", { value: "" }, "Används inte"),
    titles.map((title) => element("option", { value: title, selected: title === value }, title)),
  );
  const unsure = proposed.has(heading) && !job.mapping[heading];
  const row = element(
    "p",
    { class: "pair" },
    element("label", { for: select.id }, heading, unsure ? element("span", { class: "optional" }, " (förslag)") : null),
    select,
  );
  return { select, row };
}
