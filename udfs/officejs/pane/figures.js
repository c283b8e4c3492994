/** The tab Satser: the figures in force under the workbook's policy on its date. */

import { byId, element, fill, folded, say, swedish, whenStill, withUnit } from "./dom.js";
import { UNSURE, sourceLine } from "./explain.js";
import { ask } from "./server.js";
import { settingsNow } from "./workbook.js";

const MOST_VALUES = 12; // of one figure, before the rest is folded away

let loaded = null;
let loadedFor = null;

/** Prepare the tab; `showFigures` fills it. */
export function startFigures() {
  byId("figure-filter").addEventListener("input", whenStill(() => showFigures()));
  byId("unsure-only").addEventListener("change", () => showFigures());
}

/** Fetch the figures again the next time that they are shown. */
export function forgetFigures() {
  loadedFor = null;
}

/** Show the figures that pass the filter. */
export async function showFigures() {
  const target = byId("figures");
  try {
    const figures = filtered(await current(), folded(byId("figure-filter").value), byId("unsure-only").checked);
    const values = figures.reduce((sum, one) => sum + Math.max(one.values.length, 1), 0);
    say(byId("figure-count"), values ? `${swedish(values)} ${values === 1 ? "värde" : "värden"}` : "Ingen sats passar.");
    fill(target, figures.length ? element("ul", { class: "figures" }, figures.map(figureItem)) : null);
  } catch (problem) {
    fill(target);
    say(byId("figure-count"), problem.message, "error");
  }
}

async function current() {
  const query = new URLSearchParams(Object.entries(settingsNow()).filter(([, value]) => value)).toString();
  if (loadedFor !== query) {
    loaded = (await ask(`pane/figures?${query}`)).figures.sort((one, two) => one.title.localeCompare(two.title, "sv"));
    loadedFor = query;
  }
  return loaded;
}

/** The figures with the values that pass: all of them when the figure itself has the words, else those that do. */
export function filtered(figures, query, unsureOnly) {
  const words = query.split(" ").filter(Boolean);
  const has = (text, word) => folded(text).includes(word);
  return figures.flatMap((one) => {
    const about = `${one.name} ${one.title} ${one.unit} ${one.rules.join(" ")}`;
    const left = words.filter((word) => !has(about, word));
    const values = one.values.filter((value) => (!unsureOnly || UNSURE.has(value.status))
      && left.every((word) => has(`${value.title} ${value.key} ${value.source} ${value.status}`, word)));
    const asMissing = !one.values.length && !unsureOnly && !left.length;
    return values.length || asMissing ? [{ ...one, values, narrowed: left.length > 0 }] : [];
  });
}

function figureItem(one) {
  const single = one.values.length === 1 && !one.values[0].title;
  return element("li", { class: "figure", "data-name": one.name },
    element("div", { class: "step-line" },
      element("span", { class: "step-title" }, one.title),
      single ? element("span", { class: "step-value" }, withUnit(one.values[0].value, one.unit)) : null),
    single ? sourceLine(one.values[0]) : null,
    one.missing ? element("p", { class: "problem" }, one.missing) : null,
    single || !one.values.length ? null : keyedValues(one),
    element("p", { class: "hint figure-name" }, [one.name, ...one.rules].join(" · ")));
}

function keyedValues(one) {
  if (one.values.length <= MOST_VALUES || one.narrowed) return valueList(one);
  const unsure = one.values.filter(({ status }) => UNSURE.has(status)).length;
  const details = element("details", { "aria-label": one.title }, element("summary", {}, `Visa ${one.values.length} värden`));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) details.append(valueList(one));
  });
  return [unsure ? element("p", { class: "source" }, element("span", { class: "unsure" }, `${unsure} obekräftade`)) : null, details];
}

/** The values by key. Source, first day and status stand once where they are the same for all. */
function valueList(one) {
  const [first] = one.values;
  const same = one.values.every((value) => value.source === first.source && value.from === first.from && value.status === first.status);
  const rows = one.values.map((value) => element("li", {},
    element("div", { class: "step-line" },
      element("span", {}, value.title),
      element("span", { class: "step-value" }, withUnit(value.value, one.unit))),
    same ? null : sourceLine(value)));
  return element("div", {}, element("ul", { class: "values" }, rows), same ? sourceLine(first) : null);
}
