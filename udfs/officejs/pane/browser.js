/** The tab Funktioner: search, description and a form that writes a formula into the active cell. */

import { byId, element, fill, folded, say, whenStill } from "./dom.js";
import { insertionForm } from "./insertion.js";
import { ask } from "./server.js";

let asked = null;

/** All functions, as the server describes them: {categories, functions}. Asked for once. */
export function allFunctions() {
  asked ??= ask("pane/functions").catch((problem) => {
    asked = null;
    throw problem;
  });
  return asked;
}

/** Prepare the tab; `showFunctions` fills it. */
export function startFunctions() {
  byId("search").addEventListener("input", whenStill(() => showFunctions()));
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") byId("functions-found").querySelector("button")?.focus();
  });
}

/** Show the functions that match the search. */
export async function showFunctions() {
  const found = byId("functions-found");
  try {
    const { categories, functions } = await allFunctions();
    const query = folded(byId("search").value);
    if (query) {
      const matching = search(functions, query);
      say(byId("search-count"), matching.length ? counted(matching.length) : "Ingen funktion passar. Pröva ett annat ord.");
      fill(found, matching.length ? list(matching) : null);
    } else {
      say(byId("search-count"), "");
      fill(found, categories.map((category) => [
        element("h2", {}, category),
        list(functions.filter((one) => one.category === category)),
      ]));
    }
  } catch (problem) {
    fill(found);
    say(byId("search-count"), problem.message, "error");
  }
}

const counted = (number) => (number === 1 ? "1 funktion" : `${number} funktioner`);

/** Functions that have every word of the query in them; those with it in the name first. */
export function search(functions, query) {
  const words = query.split(" ");
  const scored = functions.map((one) => {
    const name = folded(one.name);
    const rest = folded([
      one.summary, one.description, one.category,
      ...one.parameters.flatMap((parameter) => [parameter.title, parameter.description, ...parameter.choices]),
    ].join(" "));
    if (!words.every((word) => name.includes(word) || rest.includes(word))) return { one, score: -1 };
    return { one, score: words.reduce((sum, word) => sum + scoreOf(word, name, folded(one.summary)), 0) };
  });
  return scored.filter(({ score }) => score >= 0).sort((a, b) => b.score - a.score).map(({ one }) => one);
}

function scoreOf(word, name, summary) {
  if (name.startsWith(word)) return 4;
  if (name.includes(word)) return 3;
  return summary.includes(word) ? 1 : 0;
}

function list(functions) {
  return element("ul", { class: "functions" }, functions.map((one) => element("li", {},
    element("button", { type: "button", class: "function", "data-name": one.name, onclick: () => showFunction(one) },
      element("span", { class: "name" }, one.name),
      element("span", { class: "summary" }, one.summary)))));
}

function showFunction(one) {
  const detail = byId("function-detail");
  const heading = element("h2", { class: "name", tabindex: "-1" }, one.name);
  fill(detail,
    element("button", { type: "button", class: "plain back", onclick: () => backToList(one.name) }, "‹ Alla funktioner"),
    heading,
    element("p", { class: "signature" }, signature(one)),
    element("p", {}, one.summary, one.description ? ` ${one.description}` : ""),
    insertionForm(one),
    element("h3", {}, "Exempel"),
    element("p", { class: "signature" }, one.example),
    element("p", {}, element("a", { href: `docs#${one.name}`, target: "_blank", rel: "noopener" },
      `Mer om ${one.name} i handboken`)));
  byId("function-list").hidden = true;
  detail.hidden = false;
  window.scrollTo(0, 0);
  heading.focus();
}

/** As it is typed, with the arguments' Swedish names, optional ones in brackets. */
function signature({ name, parameters }) {
  const shown = parameters.map(({ title, required, repeated }) => {
    const whole = repeated ? `${title} …` : title;
    return required ? whole : `[${whole}]`;
  });
  return `${name}(${shown.join("; ")})`;
}

function backToList(name) {
  byId("function-detail").hidden = true;
  byId("function-list").hidden = false;
  byId("functions-found").querySelector(`[data-name="${name}"]`)?.focus();
}
