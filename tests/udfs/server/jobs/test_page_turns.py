"""What comes late to the page /berakna, or is asked for twice, does not show one sheet's result under another's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.udfs.officejs.browsing import Watched, browser, opened  # noqa: F401  # fixtures
from tests.udfs.server.jobs.recalculating import Sheets

SHEET: Final = "Avresa;Hemkomst;Land\n2024-03-04 07:00;2024-03-06 20:00;Sverige\n"

HELD_TOKEN: Final = """
globalThis.msal = {createNestablePublicClientApplication: async () => ({
  getActiveAccount: () => ({username: "eva"}),
  acquireTokenSilent: () => new Promise((resolve) => {
    const give = () => resolve({accessToken: "t", account: {username: "eva"}});
    if (globalThis.hold) (globalThis.held ??= []).push(give);
    else give();
  }),
})};"""
"""In place of MSAL: tokens are given at once, or when the test says so."""

HELD_ANSWER: Final = """
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (form) {
  const answered = this.onload;
  this.onload = (event) => { globalThis.release = () => answered(event); };
  send.call(this, form);
};"""
"""The answer to what is sent is kept from the page until the test says so."""


@pytest.fixture
def watched(browser: Browser, sheets: Sheets) -> Iterator[Watched]:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 1280, 900) as found:
        yield found


def choose(page: Page, name: str) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": SHEET.encode()}
    page.get_by_label("Fil med resor").set_input_files(file)  # type: ignore[arg-type]


def press(page: Page) -> None:
    page.get_by_role("button", name="Räkna", exact=True).click()


def shown(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=2, name=re.compile("^Resultat för "))).to_have_text(f"Resultat för {name}")
    expect(page.locator("#progress")).to_be_hidden()


def computed(page: Page, name: str) -> str:
    """The id of a job."""
    choose(page, name)
    press(page)
    shown(page, name)
    return str(page.evaluate("location.hash.slice(1)"))


def held(page: Page, address: str) -> list[Route]:
    """Requests to an address, kept from the server."""
    found: list[Route] = []
    page.route(address, lambda route: found.append(route))
    return found


def until(page: Page, come: list[Any]) -> None:
    for _ in range(600):
        if come:
            return
        page.wait_for_timeout(50)
    pytest.fail("nothing came")


def test_a_report_that_comes_late_is_not_shown_for_another_job(watched: Watched) -> None:
    page = watched.page
    first, second = computed(page, "a.csv"), computed(page, "b.csv")
    reports = held(page, f"**/recalc/{first}/report")
    page.get_by_role("button", name="Visa a.csv").click()
    until(page, reports)
    page.get_by_role("button", name="Visa b.csv").click()
    shown(page, "b.csv")
    reports[0].continue_()
    page.wait_for_timeout(500)
    shown(page, "b.csv")
    with page.expect_request(lambda request: request.url.endswith("/again")) as asked:
        page.get_by_role("button", name="Räkna om med kolumnerna").click()
    assert f"/recalc/{second}/again" in asked.value.url
    shown(page, "b.csv")


def test_a_job_that_is_removed_while_its_report_is_fetched_stays_removed(watched: Watched) -> None:
    page = watched.page
    job = computed(page, "a.csv")
    reports = held(page, f"**/recalc/{job}/report")
    page.get_by_role("button", name="Visa a.csv").click()
    until(page, reports)
    page.get_by_role("button", name="Avbryt och ta bort").click()
    expect(page.get_by_text("a.csv är borttagen från servern.")).to_be_visible()
    reports[0].fulfill(status=200, json={})
    page.wait_for_timeout(500)
    expect(page.locator("#result")).to_be_hidden()
    expect(page.locator("#form-status")).to_have_text("a.csv är borttagen från servern.")
    expect(page.get_by_label("Fil med resor")).to_be_focused()


@pytest.fixture
def entra(browser: Browser, sheets: Sheets) -> Iterator[Watched]:  # noqa: F811
    """The page of a server with Entra ID, to which tokens come when the test lets them."""
    with opened(browser, "about:blank", 1280, 900) as found:
        how = {"method": "entra", "clientId": "c", "tenant": "t", "scopes": ["s"], "redirectUri": "r"}
        found.page.route("**/signin.json", lambda route: route.fulfill(json=how))
        script = "text/javascript"
        found.page.route("**/msal-browser.min.js", lambda route: route.fulfill(body=HELD_TOKEN, content_type=script))
        found.goto(f"{sheets.server.url}/berakna")
        expect(found.page.get_by_text("Du är inloggad.")).to_be_visible()
        yield found


def test_what_is_cancelled_before_the_token_has_come_is_not_sent(entra: Watched) -> None:
    page = entra.page
    choose(page, "a.csv")
    page.evaluate("globalThis.hold = true")
    press(page)
    page.wait_for_function("globalThis.held?.length")
    page.get_by_role("button", name="Avbryt och ta bort").click()
    expect(page.locator("#progress")).to_be_hidden()
    page.evaluate("globalThis.held.forEach((give) => give())")
    page.wait_for_timeout(500)
    expect(page.locator("#progress")).to_be_hidden()
    assert [one for one in entra.asked("/recalc") if one.method == "POST"] == []


def test_a_button_pressed_twice_sends_a_file_once(entra: Watched) -> None:
    page = entra.page
    choose(page, "a.csv")
    page.evaluate("globalThis.hold = true")
    page.evaluate("document.querySelector('#send').click(); document.querySelector('#send').click()")
    page.wait_for_function("globalThis.held?.length")
    page.evaluate("globalThis.hold = false; globalThis.held.forEach((give) => give())")
    shown(page, "a.csv")
    assert len([one for one in entra.asked("/recalc") if one.method == "POST"]) == 1
    expect(page.get_by_role("button", name="Räkna", exact=True)).to_be_enabled()


def test_a_file_that_has_arrived_when_it_is_cancelled_is_removed(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    with opened(browser, "about:blank", 1280, 900) as watched:
        page = watched.page
        page.add_init_script(HELD_ANSWER)
        watched.goto(f"{sheets.server.url}/berakna")
        choose(page, "a.csv")
        with page.expect_response(lambda answer: answer.request.method == "POST") as made:
            press(page)
        job = json.loads(made.value.body())["id"]
        page.wait_for_function("Boolean(globalThis.release)")
        page.get_by_role("button", name="Avbryt och ta bort").click()
        expect(page.locator("#progress")).to_be_hidden()
        with page.expect_response(lambda answer: answer.request.method == "DELETE"):
            page.evaluate("globalThis.release()")
        assert sheets.http.get(f"/recalc/{job}").status_code == 404


def test_another_job_is_shown_while_a_file_is_sent(watched: Watched) -> None:
    page = watched.page
    computed(page, "b.csv")
    sent = held(page, "**/recalc")
    choose(page, "a.csv")
    press(page)
    until(page, sent)
    page.get_by_role("button", name="Visa b.csv").click()
    expect(page.get_by_role("alert").filter(has_text="a.csv skickades inte klart")).to_be_visible()
    shown(page, "b.csv")
    expect(page.get_by_role("button", name="Räkna", exact=True)).to_be_enabled()
    assert len(sent) == 1
