/** The task pane: tabs, the state of the connection, and what happens when settings change. */

import { showFunctions, startFunctions } from "./browser.js";
import { byId } from "./dom.js";
import { startExplain } from "./explain.js";
import { forgetFigures, showFigures, startFigures } from "./figures.js";
import { showPreferences, startPreferences } from "./preferences.js";
import { isAlive, onConnection } from "./server.js";
import { onRefused } from "./signin.js";
import { excelReady } from "./workbook.js";

const BETWEEN_CHECKS = 60_000; // milliseconds

const SHOW = { "tab-figures": showFigures };
const tabs = [...document.querySelectorAll('[role="tab"]')];

function choose(tab, focus = true) {
  for (const one of tabs) {
    const chosen = one === tab;
    one.setAttribute("aria-selected", String(chosen));
    one.tabIndex = chosen ? 0 : -1;
    byId(one.getAttribute("aria-controls")).hidden = !chosen;
  }
  if (focus) tab.focus();
  SHOW[tab.id]?.();
}

function moved(event) {
  const place = tabs.indexOf(event.target);
  const next = {
    ArrowRight: (place + 1) % tabs.length,
    ArrowLeft: (place - 1 + tabs.length) % tabs.length,
    Home: 0,
    End: tabs.length - 1,
  }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  choose(tabs[next]);
}

function showConnection(connected) {
  const place = byId("connection");
  const text = connected ? "Ansluten" : "Servern svarar inte";
  if (place.textContent !== text) place.textContent = text;
  place.classList.toggle("down", !connected);
}

/** Show everything anew under the settings and the sign-in that hold now. */
async function refresh() {
  byId("sign-in-notice").hidden = true;
  forgetFigures();
  await Promise.all([showFunctions(), byId("panel-figures").hidden ? null : showFigures()]);
}

async function start() {
  for (const tab of tabs) tab.addEventListener("click", () => choose(tab));
  byId("tab-functions").parentElement.addEventListener("keydown", moved);
  byId("go-to-sign-in").addEventListener("click", () => {
    choose(byId("tab-settings"));
    byId("sign-in").scrollIntoView();
    byId("sign-in").querySelector("input, button")?.focus();
  });
  onConnection(showConnection);
  onRefused(() => { byId("sign-in-notice").hidden = false; });
  startFunctions();
  startFigures();
  startPreferences(async () => {
    await refresh();
    await showPreferences();
  });
  await excelReady();
  await Promise.all([showFunctions(), showPreferences(), startExplain()]);
  setInterval(() => document.visibilityState === "visible" && isAlive(), BETWEEN_CHECKS);
}

start();
