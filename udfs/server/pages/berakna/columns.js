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
    chooser(job, report, remap),
  );
}

/** A choice for each column: first those that are not understood by themselves, then those that are used. */
function chooser(job, report, remap) {
  const titles = [...byId("headings").options].map((option) => option.value);
  const proposed = new Map(report.proposals.map((one) => [one.written, one.title]));
  const used = new Map(report.columns.map((one) => [one.written, one.chosen]));
  const unread = [...report.unknown, ...(report.unused ?? [])];
  const open = new Set([...proposed.keys(), ...unread, ...Object.keys(job.mapping).filter((one) => !used.has(one))]);
  const choices = [...open, ...[...used.keys()].filter((one) => !open.has(one))].map((heading, place) => {
    const value = job.mapping[heading] ?? proposed.get(heading) ?? used.get(heading) ?? "";
    return choice({ heading, place, value, titles, proposal: proposed.has(heading) && !(heading in job.mapping) });
  });
  const others = element(
    "details",
    {},
    element("summary", {}, "Ändra hur de andra kolumnerna läses"),
    choices.slice(open.size).map(({ row }) => row),
  );
  const status = element("p", { class: "hint", role: "status" });
  for (const one of choices) {
    one.select.addEventListener("change", () => {
      const rival = choices.find((other) => other !== one && meaning(other) && meaning(other) === meaning(one));
      if (rival) {
        rival.select.value = "";
        others.open ||= others.contains(rival.select);
      }
      status.textContent = rival ? `"${rival.heading}" används då inte: bara en kolumn kan vara ${meaning(one)}.` : "";
    });
  }
  // All that is used is said, also what a shipped mapping has found: it gives way to what the user says.
  const said = ({ heading, select }) =>
    select.value || used.has(heading) || proposed.has(heading) || heading in job.mapping;
  return element(
    "form",
    {
      class: "mapping",
      onsubmit: (event) => {
        event.preventDefault();
        remap(Object.fromEntries(choices.filter(said).map(({ heading, select }) => [heading, select.value])));
      },
    },
    open.size ? element("h4", {}, proposed.size ? "Bekräfta kolumnerna" : "Kolumner som inte används") : null,
    open.size ? element("p", {}, "Välj vad kolumnen betyder, och räkna om. Ett förslag används först när det är bekräftat.") : null,
    choices.slice(0, open.size).map(({ row }) => row),
    others,
    status,
    element("div", { class: "buttons" }, element("button", { type: "submit" }, "Räkna om med kolumnerna")),
  );
}

/** What a column is chosen to be, whatever its unit. */
const meaning = ({ select }) => select.value.replace(/ \((mil|tkr|ton)\)$/, "");

function choice({ heading, place, value, titles, proposal }) {
  const offered = !value || titles.includes(value) ? titles : [value, ...titles];
  const select = element(
    "select",
    { id: `mapping-${place}` },
    element("option", { value: "" }, "Används inte"),
    offered.map((title) => element("option", { value: title, selected: title === value }, title)),
  );
  const row = element(
    "p",
    { class: "pair" },
    element("label", { for: select.id }, heading, proposal ? element("span", { class: "optional" }, " (förslag)") : null),
    select,
  );
  return { heading, select, row };
}
