/** The part of the page where the user signs in, shown where the server asks for it. */

import { byId, say } from "./dom.js";
import { forgetKey, method, onRefused, saveKey, savedKey, signInWithWindow, signedInAs } from "./signin.js";

/**
 * Ask the user to sign in where that is needed; `ready()` is called each time the user is signed in, `signedOut()` when
 * the server no longer takes the sign-in.
 */
export async function signIn(ready, signedOut = () => {}) {
  const how = await method();
  if (how.method === "none") return ready();
  byId("signin").hidden = false;
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    enter(async () => saveKey(byId("key").value.trim()), ready);
  });
  byId("entra").addEventListener("click", () => enter(signInWithWindow, ready));
  byId("forget").addEventListener("click", async () => {
    await forgetKey();
    location.reload();
  });
  onRefused(() => {
    signedOut();
    show(how, false);
    byId(how.method === "key" ? "key" : "entra").focus();
    say(byId("signin-status"), how.method === "key" ? "Nyckeln godtas inte. Skriv in den på nytt." : "Logga in på nytt.", "error");
  });
  const known = how.method === "key" ? Boolean(await savedKey()) : (await signedInAs()) !== null;
  show(how, known);
  return known ? ready() : undefined;
}

async function enter(action, ready) {
  say(byId("signin-status"), "");
  try {
    await action();
  } catch {
    say(byId("signin-status"), "Inloggningen lyckades inte. Försök igen.", "error");
    return;
  }
  byId("key").value = "";
  show(await method(), true);
  byId("file").focus();
  await ready();
}

function show(how, known) {
  byId("choose").hidden = !known;
  byId("key-form").hidden = known || how.method !== "key";
  byId("entra-form").hidden = known || how.method !== "entra";
  byId("forget").hidden = !known || how.method !== "key";
  if (known) say(byId("signin-status"), "Du är inloggad.");
}
