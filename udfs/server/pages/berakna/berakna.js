/** The page: choose a file, follow its computation, see what came of it. */

import * as api from "./api.js";
import { fault } from "./chosen.js";
import { byId, element, fill, say } from "./dom.js";
import { dropFiles } from "./dropping.js";
import { hideJobs, listJobs } from "./jobs.js";
import { amount, progressOf, working } from "./progress.js";
import { sections } from "./report.js";
import { signIn } from "./signing.js";
import { whole } from "./tables.js";

const form = byId("form");

let job = null; // the one that is shown
let sending = ""; // the file that is being sent
let task = new AbortController(); // what the page is busy with

/** Begin something else: what was under way ends, and shows nothing more. Gives the signal of its own end. */
function begin() {
  task.abort();
  task = new AbortController();
  return task.signal;
}

const list = () => listJobs(open, discard);
const complain = (sentence) => say(byId("form-status"), sentence, "error");

// Choosing

const options = () => ({
  policy: byId("policy").value,
  days: byId("days").checked,
  sheet: byId("sheet").value.trim() || null,
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  byId("send").disabled = true; // until the file has been sent: pressed twice, it is sent once
  let made;
  try {
    made = await send();
  } finally {
    byId("send").disabled = false;
  }
  if (made) await open(made);
});

/** Send the chosen file. Gives the job, or null when there is none to follow. */
async function send() {
  const [file] = byId("file").files;
  const wrong = await fault(file, form.dataset, "Välj en fil.");
  byId("file").setAttribute("aria-invalid", Boolean(wrong));
  complain(wrong);
  if (wrong) {
    byId("file").focus();
    return null;
  }
  const { policy, days, sheet } = options();
  const fields = new FormData();
  // The fields first: the server has them when the file begins.
  for (const [name, value] of Object.entries({ policy, days: days ? "ja" : "nej", sheet: sheet ?? "", saved: file.lastModified / 1000 })) {
    fields.append(name, value);
  }
  fields.append("file", file);
  const signal = begin();
  job = null;
  sending = file.name;
  showProgress(file.name);
  working("Skickar filen");
  try {
    const made = await api.submit(fields, (share) => amount(share, `${whole(share * 100)} %`), signal);
    await api.remember(made.id);
    return signal.aborted ? null : made;
  } catch (problem) {
    if (!signal.aborted) backToForm(problem.message);
    return null;
  } finally {
    if (!signal.aborted) sending = "";
  }
}

let asking = false; // for a file to be computed again

async function computeAgain(one, mapping) {
  if (asking) return;
  asking = true;
  const signal = begin();
  let made;
  try {
    made = await api.again(one, { ...options(), mapping });
  } catch (problem) {
    if (signal.aborted) return;
    complain(problem.message);
    byId("form-status").scrollIntoView({ block: "center" });
    return;
  } finally {
    asking = false;
  }
  await (signal.aborted ? list() : open(made));
}

byId("again").addEventListener("click", () => computeAgain(job, job.mapping));

dropFiles(byId("drop"), byId("file"), complain);

// Following

/** Show a job until its end, and then what came of it. */
async function open(opened) {
  const signal = begin();
  const unsent = sending;
  sending = "";
  job = opened;
  history.replaceState(null, "", `#${job.id}`);
  byId("policy").value = job.policy;
  byId("days").checked = job.days;
  byId("sheet").value = job.sheet ?? "";
  showProgress(job.file);
  if (unsent) complain(`${unsent} skickades inte klart, eftersom en annan beräkning valdes. Tryck på Räkna för att skicka filen igen.`);
  const show = (changed) => {
    if (signal.aborted) return;
    job = changed;
    progressOf(job);
  };
  show(job);
  const away = (gone) => gone && working("Servern svarar inte. Försöker igen.");
  try {
    const ended = await api.follow(job.id, show, away, signal);
    if (ended === null) backToForm("Beräkningen finns inte längre.");
    else if (ended.state === "failed") backToForm(ended.message);
    else await showResult(ended, signal);
  } catch (problem) {
    if (!signal.aborted) backToForm(problem.message);
  }
  await list();
}

function showProgress(name) {
  hideResult();
  offerAgain(false);
  byId("progress").hidden = false;
  byId("progress").querySelector(".file-name").textContent = name;
  say(byId("form-status"), "");
  amount(null, "");
  byId("progress-heading").focus();
}

function hideResult() {
  byId("result").hidden = true;
  fill(byId("result"));
}

function offerAgain(offered) {
  byId("again").hidden = byId("again-hint").hidden = !offered;
}

/** Nothing more comes of what was under way; `why` says why, where the user did not end it. */
function backToForm(why = "") {
  // Focus does not stay on what is hidden.
  if (byId("progress").contains(document.activeElement)) byId("file").focus({ preventScroll: true });
  byId("progress").hidden = true;
  offerAgain(job?.urls.again);
  if (!why) return;
  complain(why);
  byId("form-status").scrollIntoView({ block: "center" });
}

byId("cancel").addEventListener("click", async () => {
  const signal = begin();
  sending = "";
  if (job) await discard(job);
  // It is removed, or another is shown since.
  if (!signal.aborted) backToForm();
});

// The result

async function showResult(done, signal) {
  const report = await api.report(done, signal);
  byId("progress").hidden = true;
  offerAgain(true);
  const heading = element("h2", { id: "result-heading", tabindex: -1 }, `Resultat för ${done.file}`);
  const status = element("p", { class: "count", role: "status" });
  fill(
    byId("result"),
    heading,
    element(
      "div",
      { class: "buttons" },
      element("button", { type: "button", class: "primary", id: "download", onclick: () => download(done, status) }, "Hämta resultatet"),
      element("button", { type: "button", id: "remove", onclick: () => discard(done) }, "Ta bort från servern"),
    ),
    status,
    sections(done, report, (mapping) => computeAgain(done, mapping)),
  );
  byId("result").hidden = false;
  heading.focus();
}

async function download(done, status) {
  say(status, "Hämtar …");
  try {
    const { name, content } = await api.download(done);
    const link = element("a", { href: URL.createObjectURL(content), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(status, `${name} är hämtad.`, "done");
  } catch (problem) {
    say(status, problem.message, "error");
  }
}

async function discard(one) {
  try {
    await api.remove(one.id);
  } catch (problem) {
    if (problem.status !== 404) return complain(problem.message);
  }
  if (job?.id === one.id) {
    clear();
    history.replaceState(null, "", location.pathname);
    say(byId("form-status"), `${one.file} är borttagen från servern.`, "done");
    byId("file").focus();
  }
  await list();
}

/** Show no job. */
function clear() {
  begin();
  job = null;
  sending = "";
  hideResult();
  backToForm();
}

/** What one user was shown is not for the next; the address says what to show when the same one is back. */
function signedOut() {
  clear();
  say(byId("form-status"), "");
  hideJobs();
}

signIn(async () => {
  byId("choose").hidden = false;
  complain("");
  const [, id] = /^#([\w-]{20,})$/.exec(location.hash) ?? []; // other addresses are of places on the page
  if (!id || job) return list();
  try {
    return await open(await api.state(id));
  } catch (problem) {
    if (problem.status === 401) return undefined;
    complain(problem.status === 404 ? "Beräkningen i adressen finns inte längre, eller är någon annans." : problem.message);
    if (problem.status === 404) history.replaceState(null, "", location.pathname);
  }
  return list();
}, signedOut);
