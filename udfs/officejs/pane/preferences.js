/** The tab Inställningar: policy and date of calculation, sign-in, and what server this is. */

import { byId, element, fill, say } from "./dom.js";
import { ask } from "./server.js";
import { forgetKey, method, saveKey, savedKey, signInWithWindow, signedInAs } from "./signin.js";
import { excelReady, recalculate, saveSettings, settings, today } from "./workbook.js";

let policies = null;
let afterChange = () => {};

/** Prepare the tab; `changed()` is called when other settings or another sign-in hold. */
export function startPreferences(changed) {
  afterChange = changed;
  byId("settings-form").addEventListener("submit", (event) => save(event));
  byId("policy").addEventListener("change", () => showNote());
  for (const id of ["date-today", "date-fixed"]) byId(id).addEventListener("change", () => showDate());
}

/** Fill the tab with what holds now, and the line that says so on all tabs. */
export async function showPreferences() {
  await showSignIn();
  const { policy, date } = settings();
  byId(date ? "date-fixed" : "date-today").checked = true;
  byId("date").value = date || today();
  showDate();
  try {
    policies = await ask("pane/policies");
  } catch (problem) {
    policies = null;
    byId("settings-form").hidden = problem.status === 401; // there is nothing to choose before the sign-in
    say(byId("settings-message"), problem.message, "error");
    return;
  }
  byId("settings-form").hidden = false;
  byId("about").hidden = false;
  if (byId("settings-message").classList.contains("error")) say(byId("settings-message"), "");
  showPolicies(policy);
  showInForce(policy, date);
  showServer();
}

function showPolicies(policy) {
  const options = policies.policies.map(({ name, title }) => element("option", { value: name },
    name === policies.default ? `${title} (förval)` : title));
  const absent = policy && !policies.policies.some(({ name }) => name === policy);
  if (absent) options.unshift(element("option", { value: policy, disabled: true }, `${policy} (finns inte på servern)`));
  fill(byId("policy"), options);
  byId("policy").value = policy || policies.default;
  showNote();
  if (absent) say(byId("settings-message"), `Arbetsboken är inställd på policyn ${policy}, som servern inte har. Välj en annan.`, "error");
}

function showNote() {
  const chosen = policies?.policies.find(({ name }) => name === byId("policy").value);
  byId("policy-note").textContent = chosen ? [chosen.source, chosen.note].filter(Boolean).join(". ") : "";
}

function showDate() {
  byId("date").hidden = !byId("date-fixed").checked;
}

function showInForce(policy, date) {
  const name = policy || policies.default;
  const title = policies.policies.find((one) => one.name === name)?.title ?? name;
  byId("in-force").textContent = `Räknar med ${title}, ${date ? date : "dagens datum"}`;
}

/** The policy to keep: none where it is the server's own choice, and the one before where there was no choice. */
function chosenPolicy() {
  if (!policies) return settings().policy;
  const chosen = byId("policy").value;
  return chosen === policies.default ? null : chosen;
}

async function save(event) {
  event.preventDefault();
  const message = byId("settings-message");
  const date = byId("date-fixed").checked ? byId("date").value : null;
  if (byId("date-fixed").checked && !byId("date").checkValidity() || date === "") {
    say(message, "Ange ett datum mellan 2010-01-01 och 2100-12-31.", "error");
    byId("date").focus();
    return;
  }
  try {
    await saveSettings({ policy: chosenPolicy(), date });
    globalThis.fardkost.settingsChanged?.();
    const inExcel = await excelReady();
    if (inExcel) await recalculate();
    say(message, inExcel ? "Sparat i arbetsboken. Formlerna räknas om." : "Valet gäller tills rutan stängs, eftersom den inte är öppnad i Excel.", "done");
  } catch (problem) {
    say(message, problem.message, "error");
    return;
  }
  await afterChange();
}

function showServer() {
  const facts = [["Färdkost", policies.product], ["Regelversion", policies.version]];
  fill(byId("about-server"), facts.flatMap(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]));
}

// Sign-in

async function showSignIn() {
  const how = await method();
  const target = byId("sign-in");
  if (how.method === "key") fill(target, ...await keyForm());
  else if (how.method === "entra") fill(target, ...await entraForm());
  else fill(target);
}

async function signedIn() {
  globalThis.fardkost.settingsChanged?.();
  await afterChange();
  if (await excelReady()) await recalculate();
}

async function keyForm() {
  const message = element("p", { class: "count", role: "status" });
  if (await savedKey()) {
    const forget = async () => {
      await forgetKey();
      await showSignIn();
      afterChange();
    };
    return [
      element("h2", {}, "Inloggning"),
      element("p", {}, "En nyckel är sparad på den här datorn."),
      element("div", { class: "buttons" }, element("button", { type: "button", onclick: forget }, "Glöm nyckeln")),
      message,
    ];
  }
  const input = element("input", { type: "password", id: "key", autocomplete: "off", spellcheck: "false" });
  const keep = async (event) => {
    event.preventDefault();
    const key = input.value.trim();
    if (!key) {
      say(message, "Klistra in nyckeln först.", "error");
      input.focus();
      return;
    }
    await saveKey(key);
    try {
      await ask("pane/policies");
    } catch (problem) {
      if (problem.status === 401 || problem.status === 429) await forgetKey();
      say(message, problem.status === 401 ? "Servern godtar inte nyckeln." : problem.message, "error");
      return;
    }
    await showSignIn();
    await signedIn();
  };
  return [
    element("h2", {}, "Inloggning"),
    element("form", { onsubmit: keep },
      element("label", { for: "key" }, "Nyckel från din it-avdelning"),
      input,
      element("div", { class: "buttons" }, element("button", { type: "submit" }, "Spara nyckeln")),
      message),
  ];
}

async function entraForm() {
  const message = element("p", { class: "count", role: "status" });
  const name = await signedInAs();
  const heading = element("h2", {}, "Inloggning");
  if (name !== null) return [heading, element("p", {}, name ? `Inloggad som ${name}.` : "Du är inloggad.")];
  const signIn = async () => {
    try {
      await signInWithWindow();
    } catch {
      say(message, "Inloggningen avbröts eller misslyckades. Försök igen.", "error");
      return;
    }
    await showSignIn();
    await signedIn();
  };
  return [
    heading,
    element("p", {}, "Servern använder kommunens inloggning."),
    element("div", { class: "buttons" }, element("button", { type: "button", onclick: signIn }, "Logga in")),
    message,
  ];
}
