/** One request to the calculation server, asked again while the server is away. */

const ANSWER_TIME = 45 * 1000; // milliseconds: above the server's own time limit
const RETRY_TIME = 60 * 1000; // milliseconds: a restart of the server fits well within
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 5000;
const PASSING_STATUS = [0, 502, 503]; // 0 is a connection that failed

const MESSAGES = {
  0: "Färdkosts server svarar inte. Kontrollera anslutningen och räkna om.",
  401: "Färdkosts server kräver inloggning. Öppna Färdkost på fliken Start och logga in.",
  403: "Du har inte rätt att använda Färdkosts server.",
  413: "Området är för stort för att skickas på en gång. Dela upp det i mindre delar.",
  429: "Färdkosts server har för mycket att göra. Räkna om om en stund.",
  502: "Färdkosts server svarar inte. Räkna om om en stund.",
  503: "Färdkosts server har för mycket att göra. Räkna om om en stund.",
  unreadable: "Svaret från Färdkosts server kunde inte läsas.",
  cancelled: "Beräkningen avbröts.",
  settings: "Arbetsbokens policy och datum kunde inte läsas. Öppna Färdkost på fliken Start.",
  signIn: "Inloggningen misslyckades. Öppna Färdkost på fliken Start och logga in.",
};

/** Why the server did not answer a request; `status` is HTTP's, 0 without a connection, or a name of MESSAGES. */
class Refusal extends Error {
  constructor(status, fault = {}) {
    super(fault.message || MESSAGES[status] || `Färdkosts server svarade med fel ${status}.`);
    this.status = status;
    this.reason = fault.code;
    this.code = [400, 413, 415, 422].includes(status) ? "#VALUE!" : "#N/A";
  }
}

/** The server's answer to a request, asked again while the server is away. Throws Refusal. */
async function post(body) {
  const deadline = Date.now() + RETRY_TIME;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
    const reply = await tryOnce(body);
    if (reply.status === 200) return readAnswer(reply.text);
    const fault = faultIn(reply.text);
    const wait = Math.max(pause * (0.75 + Math.random() / 2), reply.retryAfter);
    const passing = PASSING_STATUS.includes(reply.status) && fault.code !== TOO_SLOW;
    if (!passing || Date.now() + wait > deadline) throw new Refusal(reply.status, fault);
    await new Promise((resume) => setTimeout(resume, wait));
  }
}

/** One try: {status, text, retryAfter in milliseconds}; status 0 when no whole answer came. */
async function tryOnce(body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const signIn = await authorization();
  if (signIn) headers.Authorization = signIn;
  const patience = new AbortController();
  const alarm = setTimeout(() => patience.abort(), ANSWER_TIME);
  try {
    const options = { method: "POST", headers, body, credentials: "omit", cache: "no-store", signal: patience.signal };
    const response = await fetch(`${serverRoot()}batch`, options);
    const text = await response.text();
    return { status: response.status, text, retryAfter: milliseconds(response.headers.get("Retry-After")) };
  } catch (problem) {
    return { status: 0, text: "", retryAfter: 0 };
  } finally {
    clearTimeout(alarm);
  }
}

async function authorization() {
  if (typeof shared.authorization !== "function") return "";
  try {
    return await shared.authorization();
  } catch (problem) {
    throw new Refusal("signIn");
  }
}

/** A Retry-After header, in seconds or as a date, in milliseconds. */
function milliseconds(retryAfter) {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  const wait = Number.isNaN(seconds) ? Date.parse(retryAfter) - Date.now() : 1000 * seconds;
  return wait > 0 ? wait : 0;
}

function readAnswer(text) {
  try {
    const { version, answers } = JSON.parse(text);
    if (Array.isArray(answers)) return { version, answers };
  } catch (problem) {
    throw new Refusal("unreadable");
  }
  throw new Refusal("unreadable");
}

/** The server's own {code, message} in the body of an error; nothing in the page of a proxy. */
function faultIn(text) {
  try {
    return JSON.parse(text).error || {};
  } catch (problem) {
    return {};
  }
}

/** The server's address with a slash at its end: where this script was loaded from, whatever stands before it. */
const SCRIPT_ADDRESS = typeof document === "object" && document.currentScript ? document.currentScript.src : "";

function serverRoot() {
  const match = /^(.*?\/)(?:static\/[^/]+\/)?functions\.js(?:[?#].*)?$/.exec(SCRIPT_ADDRESS);
  return match === null ? `${HEAD.server}/` : match[1];
}
