/** The list of the user's computations. */

import { ownJobs } from "./api.js";
import { byId, element, fill } from "./dom.js";

const STATES = { queued: "i kö", running: "räknas", done: "klar", failed: "misslyckades" };
const TIME = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });

let turn = 0;

/** Show them; `open(job)` and `discard(job)` are what the buttons do. */
export async function listJobs(open, discard) {
  const own = (turn += 1);
  const jobs = await ownJobs().catch(() => []);
  // What was asked for earlier may be answered later, and would show what has been removed since.
  if (own !== turn) return;
  byId("jobs").hidden = jobs.length === 0;
  fill(byId("jobs").querySelector("ul"), jobs.map((one) =>
    element(
      "li",
      {},
      element("span", {}, element("b", {}, one.file), `, ${TIME.format(new Date(one.created))}, ${STATES[one.state]}`),
      element(
        "span",
        { class: "buttons" },
        element("button", { type: "button", "aria-label": `Visa ${one.file}`, onclick: () => open(one) }, "Visa"),
        element("button", { type: "button", "aria-label": `Ta bort ${one.file}`, onclick: () => discard(one) }, "Ta bort"),
      ),
    ),
  ));
}

/** Show none, and not those that have been asked for either. */
export function hideJobs() {
  turn += 1;
  byId("jobs").hidden = true;
  fill(byId("jobs").querySelector("ul"));
}
