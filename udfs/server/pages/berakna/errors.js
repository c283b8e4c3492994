/** The list of errors, which can be searched. */

import { element, fill, folded, whenStill } from "./dom.js";
import { grid, whole } from "./tables.js";

const SHOWN_AT_ONCE = 100;

/** The rows with errors: where, and what was expected. */
export function errorList(report) {
  const errors = report.errors.map((error) => ({ ...error, text_folded: folded(`${error.row} ${error.trip} ${error.text}`) }));
  const field = element("input", { id: "error-search", type: "search", autocomplete: "off", spellcheck: "false" });
  const count = element("p", { class: "hint", role: "status" });
  const list = element("div");
  const more = element("button", { type: "button", onclick: () => draw(shown + SHOWN_AT_ONCE) }, "Visa fler");
  let shown = SHOWN_AT_ONCE;

  function draw(most) {
    shown = most;
    const words = folded(field.value).split(" ").filter(Boolean);
    const found = errors.filter((error) => words.every((word) => error.text_folded.includes(word)));
    const rows = found.slice(0, shown).map(({ row, trip, text }) => [String(row), trip, text]);
    fill(list, rows.length ? grid(["Rad", "Resa", "Fel"], rows, { label: "Rader med fel", wide: [2] }) : null);
    count.textContent = words.length ? `${whole(found.length)} av ${whole(errors.length)} rader` : `${whole(errors.length)} rader`;
    more.hidden = found.length <= shown;
  }

  field.addEventListener("input", whenStill(() => draw(SHOWN_AT_ONCE)));
  draw(SHOWN_AT_ONCE);
  return element(
    "section",
    { "aria-labelledby": "errors-heading" },
    element("h3", { id: "errors-heading" }, "Rader med fel"),
    element("p", {}, "Ett fel stoppar bara sitt eget resultat. Rätta i filen, välj den igen och tryck på Räkna."),
    element("label", { for: "error-search" }, "Sök bland felen"),
    field,
    count,
    list,
    more,
    report.errors_left_out
      ? element("p", { class: "hint" }, `${whole(report.errors_left_out)} rader till har fel. De står i resultatet, i kolumnen Fel.`)
      : null,
  );
}
