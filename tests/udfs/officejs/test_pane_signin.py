"""Sign-in from the task pane: a key that is kept on the computer, or the account of Office by Microsoft's library."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.udfs.officejs.browsing import Watched, browser, office_js, opened  # noqa: F401  # fixtures
from tests.udfs.server.issuing import CLIENT, TENANT, claims, jwks, token
from tests.udfs.server.running import Server, running_server
from udfs.server.keys import new_key, remove_key

MSAL: Final = """globalThis.msal = {
  createNestablePublicClientApplication: async (config) => {
    globalThis.configured = config;
    const account = { username: "anna@lilleby.se" };
    return {
      getActiveAccount: () => null,
      acquireTokenSilent: async ({ scopes }) => {
        if (!globalThis.hasSignedIn) throw new Error("interaction_required");
        return { accessToken: TOKEN, account, scopes };
      },
      acquireTokenPopup: async ({ scopes }) => {
        if (globalThis.closesWindow) throw new Error("user_cancelled");
        globalThis.hasSignedIn = true;
        return { accessToken: TOKEN, account, scopes };
      },
    };
  },
};"""
"""What the pane needs of Microsoft's library, without Microsoft: silent only after a window."""


def amount(page: Page) -> Any:
    """What a cell shows: 10 km more than usual, or an error's message."""
    return page.evaluate("stub.call('MERSTRACKA', [[[22]], [[12]]]).then((matrix) => matrix[0][0], (e) => e.message)")


def unexpected(watched: Watched) -> list[str]:
    """What went wrong apart from refused sign-ins."""
    return [fault for fault in watched.faults if "401" not in fault]


@pytest.fixture
def keyed(office_js: str, tmp_path: Path) -> Iterator[tuple[Server, str]]:  # noqa: F811
    """A server that asks for a key, and a key."""
    secret = new_key(tmp_path / "nycklar", "ekonomi")
    with running_server("--office-js", office_js, "--api-keys", str(tmp_path / "nycklar")) as server:
        yield server, secret


def test_a_key_is_asked_for_kept_and_forgotten(browser: Browser, keyed: tuple[Server, str]) -> None:  # noqa: F811
    server, secret = keyed
    with opened(browser, f"{server.url}/taskpane") as watched:
        page = watched.page
        notice = page.locator("#sign-in-notice")
        expect(notice).to_contain_text("Servern kräver inloggning.")
        assert "inloggning" in amount(page)
        expect(page.locator("#search-count")).to_have_text("Servern kräver inloggning. Logga in under Inställningar.")
        notice.get_by_role("button", name="Logga in").click()
        expect(page.get_by_label("Nyckel från din it-avdelning")).to_be_focused()
        expect(page.locator("#settings-form")).to_be_hidden()

        page.get_by_role("button", name="Spara nyckeln").click()
        expect(page.get_by_text("Klistra in nyckeln först.")).to_be_visible()
        page.get_by_label("Nyckel från din it-avdelning").fill("fk_" + "x" * 43)
        page.get_by_role("button", name="Spara nyckeln").click()
        expect(page.get_by_text("Servern godtar inte nyckeln.")).to_be_visible()
        assert page.evaluate("OfficeRuntime.storage.getItem('fardkost.key')") is None

        page.get_by_label("Nyckel från din it-avdelning").fill(f" {secret} ")
        page.keyboard.press("Enter")
        expect(page.get_by_text("En nyckel är sparad på den här datorn.")).to_be_visible()
        expect(notice).to_be_hidden()
        expect(page.locator("#settings-form")).to_be_visible()
        expect(page.locator("#policy")).to_have_value("linkoping")
        assert page.evaluate("OfficeRuntime.storage.getItem('fardkost.key')") == secret
        assert page.evaluate("localStorage.getItem('fardkost.key')") is None
        assert amount(page) == 10

        watched.reload()
        expect(page.locator(".function").first).to_be_visible()
        expect(notice).to_be_hidden()
        assert amount(page) == 10

        page.get_by_role("tab", name="Inställningar").click()
        page.get_by_role("button", name="Glöm nyckeln").click()
        expect(notice).to_be_visible()
        expect(page.get_by_label("Nyckel från din it-avdelning")).to_be_visible()
        assert page.evaluate("OfficeRuntime.storage.getItem('fardkost.key')") is None
        assert unexpected(watched) == []


def test_a_key_that_is_withdrawn_says_so(
    browser: Browser,  # noqa: F811
    keyed: tuple[Server, str],
    tmp_path: Path,
) -> None:
    server, secret = keyed
    with opened(browser, f"{server.url}/taskpane") as watched:
        page = watched.page
        page.evaluate("key => OfficeRuntime.storage.setItem('fardkost.key', key)", secret)
        watched.reload()
        expect(page.locator(".function").first).to_be_visible()
        remove_key(tmp_path / "nycklar", "ekonomi")
        page.get_by_role("tab", name="Satser").click()
        expect(page.locator("#sign-in-notice")).to_be_visible()
        expect(page.locator("#figure-count")).to_contain_text(
            "Servern godtar inte inloggningen. Logga in på nytt under Inställningar."
        )


def test_without_the_storage_of_office_the_browser_s_is_used(
    browser: Browser,  # noqa: F811
    keyed: tuple[Server, str],
) -> None:
    server, secret = keyed
    with opened(browser, "about:blank") as watched:
        page = watched.page
        page.route("**/office.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        watched.goto(f"{server.url}/taskpane")
        page.get_by_role("button", name="Logga in").click()
        page.get_by_label("Nyckel från din it-avdelning").fill(secret)
        page.get_by_role("button", name="Spara nyckeln").click()
        expect(page.get_by_text("En nyckel är sparad")).to_be_visible()
        assert page.evaluate("localStorage.getItem('fardkost.key')") == secret


@pytest.fixture(scope="module")
def entra(office_js: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:  # noqa: F811
    """A server that takes tokens of an organisation of our own."""
    published = tmp_path_factory.mktemp("entra") / "jwks.json"
    published.write_text(json.dumps(jwks("first")))
    flags = ("--tenant", TENANT, "--client-id", CLIENT, "--jwks", str(published), "--office-js", office_js)
    with running_server(*flags) as server:
        yield server


def test_the_account_of_office_signs_in_by_a_window_and_then_silently(browser: Browser, entra: Server) -> None:  # noqa: F811
    with opened(browser, "about:blank") as watched:
        page = watched.page
        library = MSAL.replace("TOKEN", json.dumps(token(claims())))
        page.route("**/msal-browser.min.js", lambda route: route.fulfill(body=library, content_type="text/javascript"))
        watched.goto(f"{entra.url}/taskpane")
        expect(page.locator("#sign-in-notice")).to_be_visible()
        assert "inloggning" in amount(page)
        page.get_by_role("tab", name="Inställningar").click()

        page.evaluate("globalThis.closesWindow = true")
        page.locator("#sign-in").get_by_role("button", name="Logga in").click()
        expect(page.get_by_text("Inloggningen avbröts eller misslyckades.")).to_be_visible()
        page.evaluate("globalThis.closesWindow = false")
        page.locator("#sign-in").get_by_role("button", name="Logga in").click()
        expect(page.get_by_text("Inloggad som anna@lilleby.se.")).to_be_visible()
        expect(page.locator("#sign-in-notice")).to_be_hidden()
        assert amount(page) == 10
        auth = page.evaluate("globalThis.configured.auth")
        assert auth["clientId"] == CLIENT
        assert auth["authority"] == f"https://login.microsoftonline.com/{TENANT}"
        assert unexpected(watched) == []


def test_microsoft_s_own_library_loads_only_where_it_is_used(
    browser: Browser,  # noqa: F811
    entra: Server,
    keyed: tuple[Server, str],
) -> None:
    with opened(browser, f"{entra.url}/taskpane") as watched:
        expect(watched.page.locator("#sign-in button")).to_have_text("Logga in")
        kind = "typeof msal.createNestablePublicClientApplication"
        assert watched.page.evaluate(kind) == "function"
        assert unexpected(watched) == []
    with opened(browser, f"{keyed[0].url}/taskpane") as watched:
        expect(watched.page.locator("#sign-in-notice")).to_be_visible()
        assert watched.page.evaluate("typeof msal") == "undefined"
