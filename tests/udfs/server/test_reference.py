"""The function reference: complete, its examples right, its links whole, and its call of the server true."""

from __future__ import annotations

import dataclasses
import json
import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from lxml import html
from playwright.sync_api import Browser, Page

from core.engine import CellError
from tests.udfs.officejs.browsing import browser  # noqa: F401  # a fixture
from tests.udfs.server.running import Server, running_server
from udfs import functions  # noqa: F401  # registers the functions
from udfs.registry import CATEGORIES, FUNCTIONS
from udfs.server.examples import cell, computed, errors, example, rules_of
from udfs.server.keys import new_key
from udfs.server.reference import reference_page
from udfs.server.settings import Settings


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as started:
        yield started


def fetch(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False, timeout=60)


@pytest.fixture(scope="module")
def page(server: Server) -> html.HtmlElement:
    answered = fetch(f"{server.url}/docs")
    assert answered.status_code == 200
    return html.document_fromstring(answered.text)


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def words(command: str) -> list[str]:
    """A command for a shell as the words that the shell would make of it."""
    return shlex.split(command.replace("\\\n", ""))


def rows(table: html.HtmlElement) -> list[list[str]]:
    return [[text(each) for each in row.iter("td", "th")] for row in table.iter("tr")]


# Examples


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        # Three whole days of 290 kr, the amount of 2024: left before 12, home after 19.
        ("TRAKTAMENTE", "870"),
        # The whole domestic amount of 2024 and the foreign one of France, as Skatteverket published them.
        ("SATS", "290"),
        ("NORMALBELOPP", "935"),
        # 90 per cent of 290 for all three meals.
        ("MALTIDSAVDRAG", "261"),
        # 120 km: 12 mil of 25 kr tax-free and 4 kr above it.
        ("BILERSATTNING", "348"),
        # 33 000 kr / 165.
        ("TIMLON", "200"),
        # 05:30 to 08:00, when working hours begin.
        ("FARDTID", "2,5"),
        # 48 km less 17.5.
        ("MERSTRACKA", "30,5"),
        # 30 trips of 250 kr less the card of 4 900.
        ("PERIODKORT", "2\N{NO-BREAK SPACE}600"),
        # Half of 3 000 kr.
        ("KLIMATPASLAG", "1\N{NO-BREAK SPACE}500"),
        ("GODKANNARE", "behörig chef"),
    ],
)
def test_the_example_s_answer_is_the_known_one(page: html.HtmlElement, name: str, answer: str) -> None:
    (shown,) = page.get_element_by_id(name).find_class("answer")
    assert " ".join(shown.text_content().split(None, 1)[1].strip().split("\n")) == answer


def test_a_table_is_shown_with_its_headings(page: html.HtmlElement) -> None:
    """A day of 290 kr less 35 % for dinner (102 kr), all meals (261 kr), breakfast and lunch 55 % (160 kr)."""
    (table,) = page.get_element_by_id("TRAKTAMENTEDAGAR").xpath("./div[@class='wide']/table")
    headings, *days = rows(table)
    assert headings[:6] == ["Datum", "Land", "Dygn", "Belopp", "Måltidsavdrag", "Traktamente"]
    assert [day[:6] for day in days] == [
        ["2024-03-04", "Sverige", "hel", "290", "102", "188"],
        ["2024-03-05", "Sverige", "hel", "290", "261", "29"],
        ["2024-03-06", "Sverige", "hel", "290", "160", "130"],
    ]


def test_a_range_is_shown_as_it_stands_in_a_sheet(page: html.HtmlElement) -> None:
    article = page.get_element_by_id("RESEKONTROLL")
    assert text(article.find_class("call")[0]) == "=RESEKONTROLL(A1:D2)"
    sheet = article.xpath("./div[@class='wide']/table")[0]
    assert rows(sheet) == [
        ["", "A", "B", "C", "D"],
        ["1", "Avresa", "Hemkomst", "Färdmedel", "Skäl"],
        ["2", "2024-03-04 07:00", "2024-03-04 17:00", "taxi", ""],
    ]


@pytest.mark.parametrize(
    ("name", "formula"),
    [
        ("MERSTRACKA", "=MERSTRACKA(48;17,5)"),
        ("RESTRACKA", '=RESTRACKA(42;31;"JA")'),
        ("BILAVTAL", '=BILAVTAL("NEJ";130;300;0)'),
        ("RESEJAMFORELSE", "=RESEJAMFORELSE(A1:I3)"),
    ],
)
def test_a_formula_is_written_as_excel_takes_it_in_swedish(name: str, formula: str) -> None:
    assert computed(FUNCTIONS[name]).formula == formula


def test_two_ranges_stand_below_each_other_and_a_blank_argument_is_nothing() -> None:
    made = example(FUNCTIONS["MERSTRACKA"], [[[48], [12]], [[17.5], [2]]])
    assert made.formula == "=MERSTRACKA(A1:A2;A4:A5)"
    assert made.table is not None
    assert [[each.text for each in row] for row in made.table.rows] == [["30,5"], ["10"]]
    assert example(FUNCTIONS["BILERSATTNING"], [100, None, 'f"']).formula == '=BILERSATTNING(100;;"f""")'


@pytest.mark.parametrize(
    ("value", "shown", "kind"),
    [
        (1234.5, "1\N{NO-BREAK SPACE}234,5", "tal"),
        (0, "0", "tal"),
        (True, "ja", ""),
        ("hel", "hel", ""),
        ("x" * 40, "x" * 40, "lang"),
        (CellError("#N/A", "Saknas."), "#N/A Saknas.", "fel"),
    ],
)
def test_cells_are_written_as_swedes_read_them(value: object, shown: str, kind: str) -> None:
    assert (cell(value).text, cell(value).kind) == (shown, kind)


def test_like_errors_of_several_arguments_are_one() -> None:
    found = errors(FUNCTIONS["TRAKTAMENTE"])
    assert [(one.arguments, one.code) for one in found if one.message == "Avresa saknas."] == [("avresa", "#VALUE!")]
    unreadable = [one for one in found if one.arguments == "avresa, hemkomst" and one.written == "abc"]
    assert len(unreadable) == 1
    assert 'Tidpunkten "abc" kan inte läsas' in unreadable[0].message


def test_the_rules_of_a_function_are_those_that_the_catalogue_says_it_carries_out() -> None:
    assert [rule.id for rule in rules_of(FUNCTIONS["MERSTRACKA"])] == ["L-7.1-1", "L-7.1-2"]


# The page


def test_every_function_is_there_with_all_its_arguments(page: html.HtmlElement) -> None:
    articles = {article.get("id"): article for article in page.find_class("function")}
    assert set(articles) == set(FUNCTIONS)
    for name, function in FUNCTIONS.items():
        article = articles[name]
        assert function.summary in text(article)
        described = article.xpath("./dl[@class='arguments']/div")
        assert [text(one.find("dt")).rstrip("…") for one in described] == [
            p.argument.title for p in function.parameters
        ]
        for parameter, one in zip(function.parameters, described, strict=True):
            assert ("Krävs" if parameter.required else "Kan utelämnas") in text(one)
            assert all(choice in text(one) for choice in parameter.argument.choices)
        (called,) = article.find_class("call")
        assert text(called).startswith(f"={name}(")
        assert not article.xpath(".//p[@class='answer']/span[@class='fel']"), f"{name}: the example is an error"


def test_the_functions_are_grouped_in_the_order_of_the_categories(page: html.HtmlElement) -> None:
    groups = page.find_class("category")
    assert [text(group.find("h2")) for group in groups] == list(CATEGORIES)
    for group in groups:
        for article in group.find_class("function"):
            assert FUNCTIONS[article.get("id")].category == text(group.find("h2"))


def test_no_two_places_have_one_name_and_headings_skip_no_level(page: html.HtmlElement) -> None:
    names = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(names) == len(set(names))
    levels = [int(heading.tag[1]) for heading in page.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(lower <= upper + 1 for upper, lower in pairwise(levels))
    assert page.get("lang") == "sv"


@pytest.mark.parametrize("path", ["/docs", "/"])
def test_every_link_leads_somewhere_on_this_server(server: Server, path: str) -> None:
    start = html.document_fromstring(fetch(server.url + path).text)
    links = {link for element, _, link, _ in start.iterlinks() if element.tag in ("a", "img", "link", "script")}
    assert links
    for link in links:
        address = urljoin(server.url + path, link)
        assert address.startswith(f"{server.url}/"), f"{link} leads to another server"
        answered = fetch(address)
        assert answered.status_code == 200, link
        fragment = urlsplit(address).fragment
        if fragment:
            assert html.document_fromstring(answered.text).get_element_by_id(fragment, None) is not None, link


def test_the_codes_are_explained_by_errors_that_have_them(page: html.HtmlElement) -> None:
    (table,) = [each for each in page.iter("table") if rows(each)[0] == ["Fel", "Betyder", "Till exempel"]]
    shown = rows(table)[1:]
    assert [code for code, _, _ in shown] == ["#VALUE!", "#NUM!", "#N/A"]
    for code, _, made in shown:
        assert f"){code} " in made
    assert "Hemkomst saknas." in shown[0][2]
    assert "Hemkomsten ligger före avresan." in shown[1][2]


def test_the_policies_that_may_be_named_are_listed(page: html.HtmlElement) -> None:
    listed = [text(item) for item in page.find_class("columns")[0].iter("li")]
    assert "linkoping Linköpings kommun" in listed
    assert "lagen Lagen och de centrala avtalen" in listed


def test_the_page_follows_the_server_s_settings(tmp_path: Path) -> None:
    """Where few policies are offered, limits are low and callers sign in, the page says so and is still whole."""
    (tmp_path / "trasig.yaml").write_text("namn: [", "utf-8")
    key = tmp_path / "nycklar.txt"
    new_key(key, "lön")
    settings = Settings(
        public_url="https://fardkost.kommunen.se",
        policy="lagen",
        policies=("lagen", "trasig"),
        policy_folder=tmp_path,
        api_keys=key,
        max_calls=1,
        max_cells=1,
        time_limit=2.5,
    )
    shown = html.document_fromstring(reference_page(settings, "1", date(2026, 6, 1)))
    assert text(shown.get_element_by_id("curl")).startswith(
        "curl -s https://fardkost.kommunen.se/batch \\ -H 'Content-Type: application/json' \\ "
        "-H 'Authorization: Bearer "
    )
    listed = [text(item) for item in shown.find_class("columns")[0].iter("li")]
    assert listed[0] == "lagen Lagen och de centrala avtalen"
    assert listed[1].startswith("trasig kan inte användas: ")
    assert len(listed) == 2
    assert "högst 1 anrop" in text(shown)
    assert "högst 2,5 sekunder" in text(shown)
    assert "Okänd policy" in text(shown.get_element_by_id("KLIMATPASLAG").find_class("answer")[0])


def test_what_settings_say_is_escaped() -> None:
    settings = Settings(public_url="https://x.se/<b>'&", open_access=True)
    shown = reference_page(settings, "1", date(2026, 6, 1))
    assert "<b>&" not in shown
    document = html.document_fromstring(shown)
    command = words(document.get_element_by_id("curl").text_content())
    assert command[2] == "https://x.se/<b>'&/batch"


def test_examples_are_new_the_day_after() -> None:
    settings = Settings()
    assert reference_page(settings, "1", date(2026, 6, 1)) is reference_page(
        dataclasses.replace(settings), "1", date(2026, 6, 1)
    )
    assert "den 2026-06-02" in reference_page(settings, "1", date(2026, 6, 2))


# Calling the server


def test_the_documented_call_is_answered_as_documented(server: Server, page: html.HtmlElement) -> None:
    """290 kr × 3 whole days; half of 290 for a day begun after 12 and half for one ended before 19; 48 and 12 km less
    17.5, never below 0. The third trip ends before it begins."""
    command = page.get_element_by_id("curl").text_content()
    documented = json.loads(page.get_element_by_id("answer").text_content())
    if shutil.which("curl"):
        direct = {**os.environ, "no_proxy": "*"}
        run = subprocess.run(["sh", "-c", command], env=direct, capture_output=True, check=True, timeout=60)
        answered = json.loads(run.stdout)
    else:
        body = words(command)[-1].encode()
        answered = server.post("/batch", None, content=body, headers={"Content-Type": "application/json"}).json()
    assert answered == documented
    trips, kilometres = documented["answers"]
    assert trips["values"] == [870, 290, None]
    assert trips["errors"] == [{"items": [2], "code": "#NUM!", "message": "Hemkomsten ligger före avresan."}]
    assert (kilometres["rows"], kilometres["columns"], kilometres["values"]) == (2, 1, [30.5, 0])
    assert documented["version"] == fetch(f"{server.url}/version").json()["rules"]


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/page.css", "/docs/reference.js", "/manifest.xml", "/icons/fardkost-32.png"]
)
def test_the_pages_are_read_without_signing_in(signed_in_server: Server, path: str) -> None:
    assert fetch(signed_in_server.url + path).status_code == 200
    assert fetch(f"{signed_in_server.url}/jobs").status_code == 401


@pytest.fixture(scope="module")
def signed_in_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    keys = tmp_path_factory.mktemp("nycklar") / "nycklar.txt"
    new_key(keys, "lön")
    with running_server("--api-keys", str(keys)) as started:
        yield started


# In a browser


@pytest.fixture(scope="module")
def browsing(browser: Browser) -> Iterator[Page]:  # noqa: F811
    page = browser.new_page(viewport={"width": 320, "height": 800})
    yield page
    page.close()


@pytest.fixture
def opened(browsing: Page, server: Server) -> Iterator[Page]:
    complaints: list[str] = []
    browsing.on("console", lambda message: complaints.append(message.text))
    browsing.on("pageerror", lambda error: complaints.append(str(error)))
    browsing.goto("about:blank")
    browsing.goto(f"{server.url}/docs", wait_until="networkidle")
    yield browsing
    assert complaints == []


def visible(page: Page) -> list[str]:
    return [str(article.get_attribute("id")) for article in page.locator(".function").all() if article.is_visible()]


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_sticks_out_of_the_page(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width
    opened.set_viewport_size({"width": 320, "height": 800})


def test_the_search_finds_words_of_names_and_descriptions_whatever_their_accents(opened: Page) -> None:
    opened.fill("#search", "bilersättning")
    assert visible(opened) == ["BILERSATTNING", "BILERSATTNINGDELAR"]
    assert opened.inner_text("#found") == f"2 av {len(FUNCTIONS)} funktioner"
    assert not opened.locator("#server").is_visible()
    opened.fill("#search", "finns inte alls")
    assert visible(opened) == []
    opened.fill("#search", "")
    assert visible(opened) == list(FUNCTIONS)
    assert opened.inner_text("#found") == ""


def test_a_link_to_what_the_search_has_hidden_ends_the_search(opened: Page) -> None:
    for _ in ("the address changes", "it is already that of the link"):
        opened.fill("#search", "bilersättning")
        opened.locator("#BILERSATTNING .arguments a").click()
        assert opened.input_value("#search") == ""
        assert opened.locator("#policy").is_visible()


def test_all_is_unfolded_in_print(opened: Page) -> None:
    assert opened.locator("details[open]").count() == 0
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("details:not([open])").count() == 0
    assert opened.locator("details[open]").count() > len(FUNCTIONS)
