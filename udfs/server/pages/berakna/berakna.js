/** The page: choose a file, follow its computation, see what came of it. */

import { dropFiles } from "./dropping.js";
import * as api from "./api.js";
import { byId, element, fill, say } from "./dom.js";
import { sections } from "./report.js";
import { signIn } from "./signing.js";
import { whole } from "./tables.js";

const form = byId("form");
const PHASES = { reading: "Läser bladet", computing: "Räknar", writing: "Skriver resultatet" };

let job = null; // the one that is shown
let stop = () => {}; // ends what the page is busy with

// Choosing

const options = () => ({
  policy: byId("policy").value,
  days: byId("days").checked,
  sheet: byId("sheet").value.trim() || null,
});

function chosenFile() {
  const [file] = byId("file").files;
  if (!file) return "Välj en fil.";
  const kinds = form.dataset.kinds.split(", ");
  if (!kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) {
    return `${file.name} kan inte läsas. Läsbara är ${form.dataset.kinds}.`;
  }
  return file.size > Number(form.dataset.most) ? `${file.name} är större än ${form.dataset.mostWritten}.` : "";
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const wrong = chosenFile();
  byId("file").setAttribute("aria-invalid", Boolean(wrong));
  say(byId("form-status"), wrong, "error");
  if (wrong) return byId("file").focus();
  const [file] = byId("file").files;
  const { policy, days, sheet } = options();
  const fields = new FormData();
  // The fields first: the server has them when the file begins.
  for (const [name, value] of Object.entries({ policy, days: days ? "ja" : "nej", sheet: sheet ?? "", saved: file.lastModified / 1000 })) {
    fields.append(name, value);
  }
  fields.append("file", file);
  await send(file, fields);
});

async function send(file, fields) {
  stop();
  job = null;
  showProgress(file.name);
  working("Skickar filen");
  const sending = api.submit(fields, (share) => amount(share, `${whole(share * 100)} %`));
  stop = sending.stop;
  try {
    const made = await sending.job;
    await api.remember(made.id);
    await open(made);
  } catch (problem) {
    backToForm(problem);
  }
}

async function computeAgain(mapping) {
  try {
    await open(await api.again(job, { ...options(), mapping }));
  } catch (problem) {
    say(byId("form-status"), problem.message, "error");
    byId("form-status").scrollIntoView({ block: "center" });
  }
}

byId("again").addEventListener("click", () => computeAgain(job.mapping));

dropFiles(byId("drop"), byId("file"));

// Following

/** Show a job until its end, and then what came of it. */
async function open(opened) {
  stop();
  const ending = new AbortController();
  stop = () => ending.abort();
  job = opened;
  history.replaceState(null, "", `#${job.id}`);
  byId("policy").value = job.policy;
  byId("days").checked = job.days;
  byId("sheet").value = job.sheet ?? "";
  showProgress(job.file);
  show(job);
  try {
    const ended = await api.follow(job.id, show, (away) => away && working("Servern svarar inte. Försöker igen."), ending.signal);
    if (ended === null) backToForm(new Error("Beräkningen finns inte längre."));
    else if (ended.state === "failed") backToForm(new Error(ended.message));
    else await showResult(ended);
  } catch (problem) {
    if (problem.name !== "AbortError") backToForm(problem);
  }
  await listJobs();
}

function show(changed) {
  job = changed;
  if (job.state === "queued") {
    amount(null, "");
    working(job.place > 1 ? `I kö, plats ${job.place}` : "I kö, står näst på tur");
  } else if (job.state === "running") {
    working(PHASES[job.phase] ?? "Startar");
    const rows = job.rows_done ? `${whole(job.rows_done)} ${job.rows ? `av ${whole(job.rows)} ` : ""}rader` : "";
    amount(job.rows ? job.rows_done / job.rows : null, rows);
  }
}

function showProgress(name) {
  byId("result").hidden = true;
  fill(byId("result"));
  byId("again").hidden = true;
  byId("progress").hidden = false;
  byId("progress").querySelector(".file-name").textContent = name;
  say(byId("form-status"), "");
  amount(null, "");
  byId("progress-heading").focus();
}

/** What is being done, read aloud when it changes. */
function working(text) {
  const status = byId("progress-status");
  if (status.textContent !== text) status.textContent = text;
}

/** How much of it is done, from 0 to 1, null where nobody knows; and in words, which are not read aloud. */
function amount(share, words) {
  const bar = byId("progress").querySelector("progress");
  if (share === null) bar.removeAttribute("value");
  else bar.value = share;
  byId("amount").textContent = words;
}

function backToForm(problem) {
  byId("progress").hidden = true;
  byId("again").hidden = !job?.urls.again;
  if (problem.name === "AbortError") return;
  say(byId("form-status"), problem.message, "error");
  byId("form-status").scrollIntoView({ block: "center" });
}

byId("cancel").addEventListener("click", async () => {
  stop();
  if (job) await discard(job);
  backToForm(new DOMException("", "AbortError"));
  byId("file").focus();
});

// The result

async function showResult(done) {
  const report = await api.report(done);
  byId("progress").hidden = true;
  byId("again").hidden = false;
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
    sections(done, report, computeAgain),
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
    if (problem.status !== 404) return say(byId("form-status"), problem.message, "error");
  }
  if (job?.id === one.id) {
    job = null;
    history.replaceState(null, "", location.pathname);
    byId("result").hidden = true;
    fill(byId("result"));
    byId("again").hidden = true;
    say(byId("form-status"), `${one.file} är borttagen från servern.`, "done");
    byId("file").focus();
  }
  await listJobs();
}

// The user's jobs

const STATES = { queued: "i kö", running: "räknas", done: "klar", failed: "misslyckades" };
const TIME = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" });

let listing = 0;

async function listJobs() {
  const turn = (listing += 1);
  const jobs = await api.ownJobs().catch(() => []);
  // What was asked for earlier may be answered later, and would show what has been removed since.
  if (turn !== listing) return;
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

signIn(async () => {
  byId("choose").hidden = false;
  const id = location.hash.slice(1);
  if (id && !job) {
    const found = await api.state(id).catch(() => null);
    if (found) return open(found);
  }
  return listJobs();
});
