/** The form that writes a call of a function into the active cell, one field per argument. */

import { element, fill, say } from "./dom.js";
import { excelReady, insertFormula, selectedAddress } from "./workbook.js";
import { ENGLISH, SWEDISH, readArgument, writeFormula } from "./writing.js";

let forms = 0;

/** A form for one function of the server's list. */
export function insertionForm(one) {
  return new InsertionForm(one).form;
}

class InsertionForm {
  constructor(one) {
    this.one = one;
    this.id = `argument-${(forms += 1)}`;
    this.fields = [];
    this.sheet = ""; // where cells were last fetched from, for the preview
    this.message = element("p", { class: "count", role: "status" });
    this.preview = element("output", { class: "signature preview", "aria-label": "Formeln som infogas" });
    this.places = element("div", { class: "arguments" });
    this.replacing = element("div", { class: "notice warning", role: "alert", hidden: true });
    for (const parameter of one.parameters) this.addField(parameter);
    this.form = element("form", { novalidate: true, onsubmit: (event) => this.submitted(event), oninput: () => this.changed() },
      element("h3", {}, "Argument"),
      this.places,
      this.moreButton(),
      element("p", { class: "hint" }, one.gives_table
        ? "Svaret är en tabell. Den behöver tomma celler under och till höger."
        : "Skriv ett värde eller hämta de celler som är markerade. Utan värden infogas exemplet."),
      this.preview,
      this.replacing,
      element("div", { class: "buttons" }, element("button", { type: "submit", class: "primary" }, "Infoga formel")),
      this.message);
    this.changed();
  }

  /** A field for one argument, with its description and a button that fetches what is selected. */
  addField(parameter) {
    const number = this.fields.length;
    const id = `${this.id}-${number}`;
    const title = parameter.repeated ? `${parameter.title} ${number}` : parameter.title;
    const example = this.one.example_arguments[number];
    const words = parameter.choices.length ? `${id}-choices` : null;
    const input = element("input", {
      type: "text", id, autocomplete: "off", spellcheck: "false", list: words,
      "aria-describedby": `${id}-about ${id}-problem`, "aria-required": parameter.required ? "true" : null,
      placeholder: example === undefined || example === null || Array.isArray(example) ? null : shownExample(example),
    });
    const problem = element("p", { class: "problem", id: `${id}-problem` });
    this.fields.push({ input, problem, parameter, title });
    this.places.append(element("div", { class: "argument" },
      element("label", { for: id }, title, parameter.required ? null : element("span", { class: "optional" }, " (kan utelämnas)")),
      element("div", { class: "with-button" },
        input,
        element("button", {
          type: "button", class: "pick", title: "Hämta markerade celler",
          "aria-label": `Hämta markerade celler till ${title}`, onclick: () => this.pick(input),
        }, cellIcon())),
      words ? element("datalist", { id: words }, parameter.choices.map((word) => element("option", { value: word }))) : null,
      element("p", { class: "hint", id: `${id}-about` }, parameter.description),
      problem));
  }

  moreButton() {
    const repeated = this.one.parameters.find((parameter) => parameter.repeated);
    if (!repeated) return null;
    const more = () => {
      this.addField(repeated);
      this.fields.at(-1).input.focus();
    };
    return element("button", { type: "button", class: "plain", onclick: more }, "+ Ett argument till");
  }

  /** The arguments as typed; with nothing typed, those of the example. Gives null when a field is wrong. */
  read() {
    let wrong = null;
    for (const field of this.fields) field.problem.textContent = "";
    const fail = (field, text) => {
      field.problem.textContent = text;
      field.input.setAttribute("aria-invalid", "true");
      wrong ??= field;
    };
    const found = this.fields.map((field) => {
      field.input.removeAttribute("aria-invalid");
      try {
        const argument = readArgument(field.input.value);
        if (argument.kind === "value") writeFormula("", [argument]);
        return argument;
      } catch (problem) {
        fail(field, problem.message);
        return { kind: "blank" };
      }
    });
    if (wrong === null && found.every((argument) => argument.kind === "blank")) {
      return { arguments: this.one.example_arguments.map((value) => (value === null ? { kind: "blank" } : { kind: "value", value })) };
    }
    const missing = this.fields.filter((field, place) => field.parameter.required && found[place].kind === "blank" && field !== wrong);
    return { arguments: found, wrong, missing, fail };
  }

  /** Show the formula as the user will see it in Excel. */
  changed() {
    this.replacing.hidden = true;
    const { arguments: found, wrong } = this.read();
    fill(this.preview, wrong ? "…" : writeFormula(this.one.name, found, SWEDISH, this.sheet));
  }

  async pick(input) {
    try {
      if (!(await excelReady())) throw new Error("Rutan är inte öppnad i Excel.");
      input.value = await selectedAddress();
      this.sheet = input.value.slice(0, input.value.lastIndexOf("!"));
      this.changed();
      input.focus();
    } catch (problem) {
      say(this.message, problem.message, "error");
    }
  }

  async submitted(event) {
    event.preventDefault();
    const { arguments: found, wrong, missing = [], fail } = this.read();
    for (const field of missing) fail(field, `Ange ${field.title}.`);
    const first = wrong ?? missing[0];
    if (first) first.input.focus();
    else await this.insert(found, false);
  }

  async insert(found, replace) {
    this.replacing.hidden = true;
    try {
      if (!(await excelReady())) throw new Error("Rutan är inte öppnad i Excel, så formeln kan inte infogas.");
      const { address, occupied } = await insertFormula((sheet) => writeFormula(this.one.name, found, ENGLISH, sheet), replace);
      if (occupied) this.askToReplace(found, address);
      else say(this.message, `Formeln är infogad i ${address}.`, "done");
    } catch (problem) {
      say(this.message, problem.message, "error");
    }
  }

  askToReplace(found, address) {
    say(this.message, "");
    const yes = element("button", { type: "button", onclick: () => this.insert(found, true) }, "Skriv över");
    const no = element("button", { type: "button", class: "plain", onclick: () => { this.replacing.hidden = true; } }, "Avbryt");
    fill(this.replacing, element("p", {}, `${address} innehåller redan något.`), element("div", { class: "buttons" }, yes, no));
    this.replacing.hidden = false;
    yes.focus();
  }
}

const shownExample = (value) => (typeof value === "boolean" ? (value ? "JA" : "NEJ") : String(value).replace(".", typeof value === "number" ? "," : "."));

function cellIcon() {
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  icon.setAttribute("class", "icon");
  icon.setAttribute("aria-hidden", "true");
  use.setAttribute("href", "#icon-cell");
  icon.append(use);
  return icon;
}
