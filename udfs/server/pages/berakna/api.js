/** Questions to the server about sheets, with the user's sign-in. */

import { unread } from "./chosen.js";
import { authorization, method, signInRefused } from "./signin.js";

const SENTENCES = {
  401: "Servern kräver inloggning.",
  403: "Du har inte rätt att använda den här servern.",
  413: "Filen är för stor.",
  429: "Servern har för mycket att göra. Försök igen om en stund.",
  503: "Servern har för mycket att göra. Försök igen om en stund.",
};
const SILENT = "Servern svarar inte. Försök igen om en stund.";
const UNSENT = "Filen kunde inte skickas. Kontrollera nätet och försök igen.";

/** The server did not do as asked; the message is for the user. Status 0 is no answer at all. */
export class ServerError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

/** The answer to a request; one that says no is thrown as a ServerError. */
async function call(path, options = {}) {
  const signIn = await authorization();
  const headers = { ...options.headers, ...(signIn ? { Authorization: signIn } : {}) };
  let answer;
  try {
    answer = await fetch(path, { ...options, headers });
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new ServerError(SILENT);
  }
  if (answer.ok) return answer;
  throw refusal(answer.status, await answer.text().catch(() => ""));
}

function refusal(status, text) {
  if (status === 401) signInRefused();
  let sentence = "";
  try {
    sentence = JSON.parse(text).error.message;
  } catch {
    // Something between here and the server has answered.
  }
  // What a program is told about headers says nothing to a person.
  const own = status === 401 || !sentence ? SENTENCES[status] : sentence;
  return new ServerError(own || `Servern svarade med felet ${status}.`, status);
}

const json = async (path, options) => (await call(path, options)).json();

export const state = (id) => json(`/recalc/${id}`);
export const report = (job, signal) => json(job.urls.report, { signal });

export async function remove(id) {
  keep(remembered().filter((one) => one !== id));
  await call(`/recalc/${id}`, { method: "DELETE" });
}

/** Compute a sheet again with other options. */
export function again(job, options) {
  return json(job.urls.again, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(options),
  });
}

/**
 * Hand in a form with the file `file`; `sent(share)` is called as it is sent. Gives the job. Once the signal has come,
 * no job is left of it.
 */
export function submit(form, sent, signal) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let arrived = false;
    request.upload.onprogress = (event) => event.lengthComputable && !signal.aborted && sent(event.loaded / event.total);
    request.upload.onload = () => (arrived = true);
    request.onload = () => {
      if (request.status !== 202) return reject(refusal(request.status, request.responseText));
      const job = JSON.parse(request.responseText);
      if (signal.aborted) remove(job.id).catch(() => {});
      else resolve(job);
    };
    request.onerror = async () => reject(new ServerError((await unread(form.get("file"))) || UNSENT));
    signal.addEventListener("abort", () => {
      reject(signal.reason);
      // Of a file that has arrived the server makes a job, whether its answer is waited for or not.
      if (!arrived) request.abort();
    });
    authorization().then((signIn) => {
      if (signal.aborted) return;
      request.open("POST", "/recalc");
      if (signIn) request.setRequestHeader("Authorization", signIn);
      request.send(form);
    }).catch(reject);
  });
}

/** The result as a file of the browser. */
export async function download(job) {
  const answer = await call(job.urls.result);
  return { name: fileName(answer.headers.get("Content-Disposition")) || job.file, content: await answer.blob() };
}

function fileName(disposition) {
  const found = /filename\*=utf-8''([^;]+)/i.exec(disposition || "") || /filename="([^"]+)"/.exec(disposition || "");
  return found ? decodeURIComponent(found[1]) : "";
}

/**
 * Follow a job to its end: `changed(job)` at every change, `waiting(true | false)` while the server is out of reach.
 * Ends with the job, or with null when it is there no more.
 */
export async function follow(id, changed, waiting, signal) {
  for (let wait = 300; ; ) {
    try {
      const answer = await call(`/recalc/${id}/events`, { signal, headers: { Accept: "text/event-stream" } });
      let ended; // the stream is read to its end all the same
      for await (const event of events(answer.body)) {
        waiting(false);
        wait = 300;
        if (event.name === "gone") ended = null;
        else changed(event.data);
        if (event.data.state === "done" || event.data.state === "failed") ended = event.data;
      }
      if (ended !== undefined) return ended;
    } catch (problem) {
      if (signal.aborted) throw problem;
      if (problem.status === 404) return null;
      if (problem.status === 401 || problem.status === 403) throw problem;
      waiting(true);
      wait = Math.min(wait * 2, 5000);
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The events of a stream: {name, data}. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let text = ""; ; ) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (text + value).split("\n\n");
    text = parts.pop();
    for (const part of parts) {
      const fields = Object.fromEntries(part.split("\n").map((line) => line.split(/: (.*)/s, 2)));
      if (fields.event) yield { name: fields.event, data: JSON.parse(fields.data) };
    }
  }
}

/** Where nobody signs in, the server has no list of a user's own jobs: this browser remembers them. */
const REMEMBERED = "fardkost.jobs";

let unstored = []; // what is remembered where the browser stores nothing, until the page is left

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(REMEMBERED) || "[]");
  } catch {
    return unstored;
  }
}

function keep(ids) {
  unstored = ids;
  try {
    localStorage.setItem(REMEMBERED, JSON.stringify(ids));
  } catch {
    // The user or the employer has forbidden it.
  }
}

export async function remember(id) {
  if ((await method()).method === "none") keep([id, ...remembered().filter((one) => one !== id)].slice(0, 50));
}

/** The user's jobs, the latest first. */
export async function ownJobs() {
  if ((await method()).method !== "none") return (await json("/recalc")).jobs;
  const ids = remembered();
  const found = await Promise.all(ids.map((id) => state(id).catch((problem) => problem)));
  const gone = ids.filter((_, place) => found[place] instanceof ServerError && found[place].status === 404);
  if (gone.length) keep(remembered().filter((id) => !gone.includes(id)));
  return found.filter((one) => !(one instanceof Error));
}
