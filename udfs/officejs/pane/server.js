/** Questions to the calculation server, and the state of the connection. */

import { authorization, signInRefused } from "./signin.js";

const BASE = new URL(".", document.baseURI);
const LONGEST_WAIT = 35_000; // milliseconds; the server's own limit is 30 seconds by default

const SENTENCES = {
  403: "Du har inte rätt att använda den här servern.",
  404: "Servern känner inte till det som rutan frågar efter. Ladda om rutan.",
  413: "Formeln hänvisar till för många celler.",
  429: "Servern har för mycket att göra. Försök igen om en stund.",
  503: "Servern har för mycket att göra. Försök igen om en stund.",
};

/** The server did not answer as it should; the message is for the user. */
export class ServerError extends Error {
  constructor(message, status = 0) {
    super(message);
    this.status = status;
  }
}

const listeners = new Set();

/** Call `changed(true | false)` whenever the server has answered or failed to. */
export function onConnection(changed) {
  listeners.add(changed);
}

function connected(state) {
  for (const listener of listeners) listener(state);
}

/** The server's JSON answer to GET `path`, or to POST `path` with `body`. Throws ServerError. */
export async function ask(path, body = undefined) {
  const signIn = await authorization();
  const answer = await request(path, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(signIn ? { Authorization: signIn } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const content = await answer.json().catch(() => null);
  if (answer.status === 401) {
    signInRefused();
    const reason = signIn ? "godtar inte inloggningen. Logga in på nytt" : "kräver inloggning. Logga in";
    throw new ServerError(`Servern ${reason} under Inställningar.`, 401);
  }
  if (answer.ok && content !== null) return content;
  const sentence = content?.error?.message || SENTENCES[answer.status];
  throw new ServerError(sentence || `Servern svarade med felet ${answer.status}.`, answer.status);
}

/** True when the server answers at all. */
export async function isAlive() {
  try {
    return (await request("health", {})).ok;
  } catch {
    return false;
  }
}

async function request(path, options) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), LONGEST_WAIT);
  try {
    const answer = await fetch(new URL(path, BASE), { ...options, signal: patience.signal });
    connected(answer.status < 500);
    return answer;
  } catch {
    connected(false);
    throw new ServerError("Servern svarar inte. Försök igen om en stund.");
  } finally {
    clearTimeout(timer);
  }
}
