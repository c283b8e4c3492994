"""The task pane for everybody: names, contrast, keyboard, narrow panes, the user's own colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.udfs.officejs.browsing import PANE_WIDTH, browser, office_js, opened  # noqa: F401  # fixtures
from tests.udfs.server.running import Server, running_server

NAMED_ROLES: Final = frozenset(
    {
        *("button", "link", "tab", "tabpanel", "tablist", "textbox", "searchbox", "combobox", "listbox", "checkbox"),
        *("radio", "radiogroup", "group", "Date", "option", "heading", "DisclosureTriangle"),
    }
)

LOW_CONTRAST: Final = """() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => channels(colour).slice(0, 3)
    .map((part) => part / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const background = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const { backgroundColor } = getComputedStyle(one);
      const [, , , alpha = 1] = channels(backgroundColor);
      if (alpha === 1) return backgroundColor;
      if (alpha !== 0) throw new Error("half transparent");
    }
    return "rgb(255, 255, 255)";
  };
  const contrast = (one, two) => {
    const [high, low] = [light(one), light(two)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  const found = [];
  const check = (element, colour, ground, least, what) => {
    const ratio = contrast(colour, ground);
    if (ratio < least) found.push(`${what} ${ratio.toFixed(2)}: ${element.tagName} ${element.className}`);
  };
  let checked = 0;
  for (const element of document.body.querySelectorAll("*")) {
    if (!element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    if ([...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) {
      checked += 1;
      check(element, style.color, background(element), 4.5, "text");
    }
    if (!element.matches("input, select")) continue;
    check(element, style.borderColor, background(element.parentElement), 3, "edge");
    const hint = getComputedStyle(element, "::placeholder").color;
    if (element.placeholder) check(element, hint, background(element), 4.5, "hint");
  }
  if (!checked) found.push("no text was checked");
  return found;
}"""


@pytest.fixture(scope="module")
def server(office_js: str) -> Iterator[Server]:  # noqa: F811
    with running_server("--office-js", office_js) as running:
        yield running


@pytest.fixture
def page(browser: Browser, server: Server) -> Iterator[Page]:  # noqa: F811
    with opened(browser, f"{server.url}/taskpane") as watched:
        expect(watched.page.locator(".function").first).to_be_visible()
        expect(watched.page.locator("#in-force")).not_to_be_empty()
        yield watched.page


def choose(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).click()


def functions(page: Page) -> None:
    """The list, as it is when the pane opens."""


def nothing_found(page: Page) -> None:
    page.fill("#search", "zebra")
    expect(page.locator("#search-count")).not_to_be_empty()


def form(page: Page) -> None:
    """A form with a field that is wrong and a cell that would be written over."""
    page.evaluate("stub.put('Blad1!A1', [['x']])")
    page.locator('.function[data-name="BILERSATTNING"]').click()
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("innehåller redan något")).to_be_visible()


def faulty_form(page: Page) -> None:
    page.locator('.function[data-name="MERSTRACKA"]').click()
    page.locator("#function-detail input").last.fill("5")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Ange km.")).to_be_visible()


def explanation(page: Page) -> None:
    formula = '=KLIMATPASLAG("flyg",3000,1200,"ekonomi","Europa","2024-05-02")+TIMLON("x")'
    page.evaluate("formula => { stub.put('Blad1!A1', [[formula]]); stub.select('Blad1!A1'); }", formula)
    choose(page, "Förklara")
    page.get_by_role("button", name="Förklara cellen").click()
    page.locator(".rule").first.click()
    expect(page.locator(".unsure").first).to_be_visible()


def no_explanation(page: Page) -> None:
    choose(page, "Förklara")
    page.get_by_role("button", name="Förklara cellen").click()
    expect(page.locator("#explain-message")).to_contain_text("har ingen formel")


def figures(page: Page) -> None:
    choose(page, "Satser")
    expect(page.locator(".figure").first).to_be_visible()
    page.locator("summary").first.click()
    expect(page.locator("details .values").first).to_be_visible()


def preferences(page: Page) -> None:
    choose(page, "Inställningar")
    page.get_by_label("Ett visst datum").check()
    page.get_by_role("button", name="Spara i arbetsboken").click()
    expect(page.locator("#settings-message")).to_contain_text("Sparat")


def disconnected(page: Page) -> None:
    page.route("**/pane/figures*", lambda route: route.abort())
    choose(page, "Satser")
    expect(page.locator("#connection")).to_have_text("Servern svarar inte")


def signed_out(page: Page) -> None:
    page.route("**/pane/figures*", lambda route: route.fulfill(status=401, json={"error": {"message": "Logga in."}}))
    choose(page, "Satser")
    expect(page.locator("#sign-in-notice")).to_be_visible()


STATES: Final[list[Callable[[Page], None]]] = [
    functions,
    nothing_found,
    form,
    faulty_form,
    explanation,
    no_explanation,
    figures,
    preferences,
    disconnected,
    signed_out,
]


def tree(page: Page) -> list[dict[str, Any]]:
    """What a screen reader is told, as {role, name}."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "").strip()}
        for node in nodes
        if not node["ignored"]
    ]


@pytest.mark.parametrize("state", STATES, ids=lambda state: str(state.__name__))
def test_in_every_state_of_the_pane(page: Page, state: Callable[[Page], None]) -> None:
    state(page)
    every_control_has_a_name(page)
    assert page.evaluate(LOW_CONTRAST) == []
    nothing_is_wider_than_the_pane(page)
    whatever_has_the_focus_is_seen_to_have_it(page)


def every_control_has_a_name(page: Page) -> None:
    listed = [node for node in tree(page) if node["role"] in NAMED_ROLES]
    assert {"tab", "tabpanel", "tablist", "link"} <= {node["role"] for node in listed}
    assert [node["role"] for node in listed if not node["name"]] == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


def nothing_is_wider_than_the_pane(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PANE_WIDTH
    cut = """() => [...document.querySelectorAll('main *, .tabs *, footer *')]
      .filter((one) => one.checkVisibility() && !one.matches('.hidden-text, option'))
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
      .map((one) => one.outerHTML.slice(0, 80))"""
    assert page.evaluate(cut) == []


def whatever_has_the_focus_is_seen_to_have_it(page: Page) -> None:
    page.locator('[aria-selected="true"]').focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        seen = page.evaluate("""() => {
          const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
          return document.activeElement === document.body || (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2);
        }""")
        assert seen, focused(page)


def test_the_page_is_swedish_and_has_a_heading(page: Page) -> None:
    assert page.locator("html").get_attribute("lang") == "sv"
    assert page.locator("h1").inner_text() == "Färdkost"


def focused(page: Page) -> str:
    """What has the focus, by id or name."""
    found = page.evaluate("""() => {
      const one = document.activeElement;
      return one.id || one.dataset.name || one.getAttribute("aria-label") || one.textContent.trim();
    }""")
    return str(found)


def test_the_tabs_are_walked_with_arrow_keys(page: Page) -> None:
    page.locator("#tab-functions").focus()
    for key, tab in (
        *(("ArrowRight", "explain"), ("ArrowRight", "figures"), ("End", "settings"), ("ArrowRight", "functions")),
        *(("ArrowLeft", "settings"), ("Home", "functions")),
    ):
        page.keyboard.press(key)
        assert focused(page) == f"tab-{tab}"
        expect(page.locator(f"#panel-{tab}")).to_be_visible()
        expect(page.locator('[role="tabpanel"]:visible')).to_have_count(1)
        expect(page.locator('[aria-selected="true"]')).to_have_id(f"tab-{tab}")


def test_tab_goes_through_the_pane_in_the_order_that_it_is_read(page: Page) -> None:
    page.locator("#tab-functions").focus()
    walked = []
    for _ in range(4):
        page.keyboard.press("Tab")
        walked.append(focused(page))
    assert walked == ["search", "TRAKTAMENTE", "TRAKTAMENTEDAGAR", "UTRIKESTRAKTAMENTE"]
    page.keyboard.press("Enter")
    expect(page.locator("#function-detail h2")).to_be_focused()
    walked = []
    while walked[-1:] != ["docs"] and len(walked) < 20:
        page.keyboard.press("Tab")
        walked.append(page.evaluate("document.activeElement.labels?.[0]?.firstChild.data") or focused(page))
    assert walked == [
        "resväg",
        "Hämta markerade celler till resväg",
        "måltider",
        "Hämta markerade celler till måltider",
        "policy",
        "Hämta markerade celler till policy",
        "Infoga formel",
        "Mer om UTRIKESTRAKTAMENTE i handboken",
        "docs",
    ]


def test_with_the_users_own_colours_the_chosen_tab_is_still_told_apart(
    browser: Browser,  # noqa: F811
    server: Server,
) -> None:
    with opened(browser, f"{server.url}/taskpane", forced_colors="active", color_scheme="dark") as watched:
        page = watched.page
        expect(page.locator(".function").first).to_be_visible()
        edge = "one => getComputedStyle(one).borderBottomColor"
        chosen = page.locator("#tab-functions").evaluate(edge)
        assert chosen != page.locator("#tab-explain").evaluate(edge)
        assert watched.faults == []
