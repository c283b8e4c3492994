/** How far a computation has come, as the page shows it. */

import { byId } from "./dom.js";
import { whole } from "./tables.js";

const PHASES = { reading: "Läser bladet", computing: "Räknar", writing: "Skriver resultatet" };

/** Show how far a job has come that has not ended. */
export function progressOf(job) {
  if (job.state === "queued") {
    amount(null, "");
    working(job.place > 1 ? `I kö, plats ${job.place}` : "I kö, står näst på tur");
  } else if (job.state === "running") {
    working(PHASES[job.phase] ?? "Startar");
    const rows = job.rows_done ? `${whole(job.rows_done)} ${job.rows ? `av ${whole(job.rows)} ` : ""}rader` : "";
    amount(job.rows ? job.rows_done / job.rows : null, rows);
  }
}

/** What is being done, read aloud when it changes. */
export function working(text) {
  const status = byId("progress-status");
  if (status.textContent !== text) status.textContent = text;
}

/** How much of it is done, from 0 to 1, null where nobody knows; and in words, which are not read aloud. */
export function amount(share, words) {
  const bar = byId("progress").querySelector("progress");
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  byId("amount").textContent = words;
}
