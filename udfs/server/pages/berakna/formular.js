/** The page for forms: choose a filled-in form, see what it says, fetch it recalculated. */

import { fault, unread } from "./chosen.js";
import { byId, element, fill, say, swedish } from "./dom.js";
import { dropFiles } from "./dropping.js";
import { authorization, signInRefused } from "./signin.js";
import { signIn } from "./signing.js";
import { grid } from "./tables.js";

const form = byId("form");
const SILENT = "Servern svarar inte. Försök igen om en stund.";
const NAMES = {
  reserakning: "Reseräkning",
  resebudget: "Resebudget",
  uppfoljning: "Uppföljning",
  import: "Importblad",
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [file] = byId("file").files;
  const wrong = await fault(file, form.dataset, "Välj ett formulär.");
  byId("file").setAttribute("aria-invalid", Boolean(wrong));
  say(byId("form-status"), wrong, "error");
  if (wrong) return byId("file").focus();
  byId("result").hidden = true;
  byId("send").disabled = true;
  say(byId("working"), byId("pdf").checked ? "Räknar och gör en PDF" : "Räknar");
  try {
    show(file.name, await computed(file));
  } catch (problem) {
    say(byId("form-status"), problem.message, "error");
  } finally {
    byId("send").disabled = false;
    say(byId("working"), "");
  }
});

/** What the server says of a form. Throws an Error with a sentence for the user. */
async function computed(file) {
  const fields = new FormData();
  // The fields first: the server has them when the file begins.
  fields.append("policy", byId("policy").value);
  fields.append("pdf", byId("pdf").checked ? "ja" : "nej");
  fields.append("file", file);
  const key = await authorization();
  let answer;
  try {
    answer = await fetch("/form", { method: "POST", headers: key ? { Authorization: key } : {}, body: fields });
  } catch {
    throw new Error((await unread(file)) || SILENT);
  }
  if (answer.status === 401) signInRefused();
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.error?.message ?? `Servern svarade med felet ${answer.status}.`);
  return said;
}

function show(name, { form: made, file, pdf, pdf_problem: noPdf }) {
  const about = [NAMES[made.kind], made.policy && `policy ${made.policy}`, `regler ${made.rules}`];
  fill(
    byId("result"),
    element("h2", { id: "result-heading", tabindex: -1 }, `Resultat för ${name}`),
    element("p", { class: "hint" }, about.filter(Boolean).join(", ")),
    element("div", { class: "buttons" }, download(file, "Hämta formuläret"), pdf && download(pdf, "Hämta PDF:en")),
    noPdf ? element("p", { class: "notice" }, noPdf) : null,
    table("Att rätta", ["Plats", "Vad"], made.mistakes.map((one) => [one.place || "Arbetsboken", one.text])),
    table("Summor", ["Summa", "Värde"], made.totals.map((one) => [one.label, amount(one)])),
    table("Anmärkningar", ["Rad", "Regel", "Grad", "Anmärkning"], made.remarks.map((one) => [one.row, one.rule, one.grade, one.text])),
    table("Lagade formler", ["Cell", "Formel"], made.repaired.map((one) => [one.place, one.after])),
    table("Celler med sparade värden", ["Cell", "Varför"], made.kept.map((one) => [one.place, one.text])),
    made.own || made.kind ? null : element("p", { class: "notice" }, "Arbetsboken har inga formler med Färdkosts funktioner."),
  );
  byId("result").hidden = false;
  byId("result-heading").focus();
}

const table = (title, headings, rows) =>
  rows.length ? [element("h3", {}, title), grid(headings, rows, { label: title, wide: [headings.length - 1] })] : null;

/** A sum as it is read: 1 234,50 kr. */
function amount({ value, unit }) {
  if (value === null) return "";
  if (unit === "%") return `${swedish(Math.round(value * 1000) / 10)} %`;
  return [swedish(value, unit), unit].filter(Boolean).join(" ");
}

/** A button that saves a file of an answer. */
function download({ name, type, content }, text) {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  const save = () => {
    const address = URL.createObjectURL(new Blob([bytes], { type }));
    element("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  };
  return element("button", { type: "button", onclick: save }, text);
}

dropFiles(byId("drop"), byId("file"), (sentence) => say(byId("form-status"), sentence, "error"));

signIn(() => {
  byId("choose").hidden = false;
});
