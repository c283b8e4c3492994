/** Sign-in: none, a key that the user has been given, or the account that Office is signed in with. */

const KEY = "fardkost.key";
const BASE = new URL(".", document.baseURI);
const MSAL = new URL("msal-browser.min.js", import.meta.url);

let asked = null;
let application = null;
let account = null;
const listeners = new Set();

/** How users sign in: {method: "none" | "key" | "entra", clientId, tenant, scopes, redirectUri}. Asked for once. */
export function method() {
  asked ??= fetch(new URL("signin.json", BASE))
    .then((answer) => (answer.ok ? answer.json() : { method: "none" }))
    .catch(() => {
      asked = null; // the server did not answer: ask again next time
      return { method: "none" };
    });
  return asked;
}

/** The value of the Authorization header, or "" where there is none to send. Never opens a window. */
export async function authorization() {
  const how = await method();
  if (how.method === "key") {
    const key = await savedKey();
    return key ? `Bearer ${key}` : "";
  }
  if (how.method === "entra") {
    const token = await silentToken(how).catch(() => null);
    return token ? `Bearer ${token}` : "";
  }
  return "";
}

/** Call `refused()` when the server has turned a request away for its sign-in. */
export function onRefused(refused) {
  listeners.add(refused);
}

export function signInRefused() {
  for (const listener of listeners) listener();
}

// A key is kept on this computer for this add-in: in the storage of Office, or of the browser where that is missing.

const officeStorage = () => globalThis.OfficeRuntime?.storage ?? null;

export async function savedKey() {
  const found = officeStorage() ? await officeStorage().getItem(KEY) : localStorage.getItem(KEY);
  return found || null;
}

export async function saveKey(key) {
  if (officeStorage()) await officeStorage().setItem(KEY, key);
  else localStorage.setItem(KEY, key);
}

export async function forgetKey() {
  if (officeStorage()) await officeStorage().removeItem(KEY);
  else localStorage.removeItem(KEY);
}

// Microsoft Entra ID, by the account of Office itself (nested app authentication).

/** Sign in with a window, when the silent way asked for one. Gives the user's name. Throws what MSAL throws. */
export async function signInWithWindow() {
  const how = await method();
  const result = await (await entra(how)).acquireTokenPopup({ scopes: how.scopes });
  account = result.account;
  return account?.username || "";
}

/** The user's name when signed in without a window, else null. */
export async function signedInAs() {
  const token = await silentToken(await method()).catch(() => null);
  return token ? account?.username || "" : null;
}

async function silentToken(how) {
  const client = await entra(how);
  const known = account ?? client.getActiveAccount() ?? undefined;
  const result = await client.acquireTokenSilent({ scopes: how.scopes, account: known });
  account = result.account;
  return result.accessToken;
}

function entra(how) {
  application ??= script(MSAL)
    .then(() => globalThis.msal.createNestablePublicClientApplication({
      auth: {
        clientId: how.clientId,
        authority: `https://login.microsoftonline.com/${how.tenant}`,
        redirectUri: how.redirectUri,
      },
      cache: { cacheLocation: "localStorage" },
    }))
    .catch((problem) => {
      application = null;
      throw problem;
    });
  return application;
}

function script(address) {
  return new Promise((resolve, reject) => {
    const made = document.createElement("script");
    made.src = address;
    made.onload = resolve;
    made.onerror = () => reject(new Error("Inloggningens program kunde inte hämtas från servern."));
    document.head.append(made);
  });
}
