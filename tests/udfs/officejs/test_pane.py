"""The task pane in a real browser against a real server, with a stand-in for Excel: functions, figures, settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.udfs.officejs.browsing import Watched, browser, office_js, opened  # noqa: F401  # fixtures
from tests.udfs.server.running import Server, running_server

TRIP: Final = [["Avresa", "Hemkomst", "Traktamente"], [45355.291666666664, 45357.833333333336, ""]]
"""From 4 March 2024 at 07:00 to 6 March at 20:00 as Excel's serial numbers: three whole days of 290 kr, 870 kr."""

CHARGE: Final = '=KLIMATPASLAG("flyg",1200,500,"ekonomi","Europa","2024-05-02")'
"""Under Stockholm's policy half of what the flight costs: 600 kr."""


@pytest.fixture(scope="module")
def server(office_js: str) -> Iterator[Server]:  # noqa: F811
    with running_server("--office-js", office_js) as running:
        yield running


@pytest.fixture
def pane(browser: Browser, server: Server) -> Iterator[Watched]:  # noqa: F811
    """The pane with its functions shown. Whatever went wrong on the page fails the test."""
    with opened(browser, f"{server.url}/taskpane") as watched:
        expect(watched.page.locator(".function").first).to_be_visible()
        yield watched
        assert watched.faults == []


def recalculated(page: Page, cell: str) -> Any:
    """What a cell shows once Excel has computed."""
    return page.evaluate("async (cell) => { await stub.idle(); return stub.cell(cell).value; }", cell)


def open_function(page: Page, name: str) -> None:
    page.fill("#search", name)
    page.locator(f'.function[data-name="{name}"]').click()
    expect(page.locator("#function-detail h2")).to_have_text(name)


def field(page: Page, title: str) -> Locator:
    """The field of an argument."""
    return page.locator("#function-detail").get_by_label(re.compile(rf"^{title}( \(kan utelämnas\))?$"))


def choose(page: Page, tab: str) -> None:
    page.get_by_role("tab", name=tab).click()


# Loading


def test_the_page_loads_with_nothing_from_elsewhere_but_office_js(pane: Watched, server: Server) -> None:
    expect(pane.page.locator("#connection")).to_have_text("Ansluten")
    expect(pane.page.locator("#in-force")).to_have_text("Räknar med Linköpings kommun, dagens datum")
    elsewhere = {request.url for request in pane.requests if not request.url.startswith(server.url)}
    assert {url.rpartition("/")[2] for url in elsewhere} == {"office.js"}
    assert pane.page.evaluate("stub.associated.size") == pane.page.evaluate("stub.parameters.size") >= 30


def test_the_files_come_from_the_cache_the_second_time(pane: Watched) -> None:
    pane.settle()
    pane.requests.clear()
    pane.reload()
    expect(pane.page.locator(".function").first).to_be_visible()
    pane.page.wait_for_load_state("networkidle")
    versioned = [request for request in pane.requests if re.search(r"/taskpane/[0-9a-f]{12}/", request.url)]
    assert len(versioned) >= 10
    for request in versioned:
        answer = request.response()
        assert answer is not None
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    fetched = pane.page.evaluate(
        "performance.getEntriesByType('resource').filter((one) => one.transferSize > 0).map((one) => one.name)"
    )
    assert [url for url in fetched if re.search(r"/taskpane/[0-9a-f]{12}/", url)] == []


def test_five_thousand_cells_in_one_turn_are_a_few_requests(pane: Watched) -> None:
    """By hand: km less 10, never below 0, and 2.90 kr per km. Every tenth is a text that is no number."""
    answers = pane.page.evaluate(
        """async () => {
          const cells = [];
          for (let i = 0; i < 5000; i += 1) {
            const km = i % 10 === 3 ? "långt" : i;
            const [name, second] = i % 2 ? ["MERSTRACKA", 10] : ["BILERSATTNING", "2024-05-02"];
            cells.push(stub.call(name, [[[km]], [[second]]]));
          }
          return Promise.all(cells.map((cell) => cell.then((matrix) => matrix[0][0], (error) => error.code)));
        }"""
    )
    assert len(answers) == 5000
    for i, value in enumerate(answers):
        expected: Any = max(i - 10, 0) if i % 2 else i * 290 / 100
        assert value == ("#VALUE!" if i % 10 == 3 else pytest.approx(expected)), i
    assert 1 <= len(pane.asked("/batch")) <= 5


# The function browser


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("måltidsavdrag", "MALTIDSAVDRAG"),
        ("MALTIDSAV", "MALTIDSAVDRAG"),
        ("färdtid", "FARDTID"),
        ("fardtidsers", "FARDTIDSERSATTNING"),
        ("bilpool", "BILAVTAL"),
        ("flygplatskod", "AVSTAND"),
    ],
)
def test_search_by_name_summary_and_argument_whatever_the_spelling(pane: Watched, query: str, first: str) -> None:
    pane.page.fill("#search", query)
    expect(pane.page.locator("#search-count")).to_have_text(re.compile(r"^\d+ funktion(er)?$"))
    assert pane.page.locator(".function").first.get_attribute("data-name") == first


def test_search_without_result_and_back(pane: Watched) -> None:
    page = pane.page
    categories = page.locator("#functions-found h2").all_text_contents()
    assert categories == ["Traktamente", "Resetillägg och färdtid", "Bil", "Klimat", "Val av färdmedel", "Insyn"]
    page.fill("#search", "zebra")
    expect(page.locator("#search-count")).to_have_text("Ingen funktion passar. Pröva ett annat ord.")
    expect(page.locator(".function")).to_have_count(0)
    page.fill("#search", "")
    expect(page.locator("#functions-found h2")).to_have_count(6)


def test_a_function_says_what_it_takes(pane: Watched) -> None:
    open_function(pane.page, "BILERSATTNING")
    detail = pane.page.locator("#function-detail")
    expect(detail.locator(".signature").first).to_have_text("BILERSATTNING(km; [datum]; [bil]; [bilavtal]; [policy])")
    expect(detail).to_contain_text("Sträcka i kilometer")
    kinds = [option.get_attribute("value") for option in detail.locator("datalist").first.locator("option").all()]
    assert {"egen", "förmånsbil"} <= set(kinds)
    assert detail.get_by_role("link").get_attribute("href") == "docs#BILERSATTNING"
    detail.get_by_role("button", name="Alla funktioner").click()
    expect(pane.page.locator('.function[data-name="BILERSATTNING"]')).to_be_focused()


# Inserting formulas


def test_cells_of_the_sheet_become_a_formula_that_excel_computes(pane: Watched) -> None:
    page = pane.page
    page.evaluate("rows => stub.put('Blad1!A1', rows)", TRIP)
    open_function(page, "TRAKTAMENTE")
    for title, cell in (("avresa", "A2"), ("hemkomst", "B2")):
        page.evaluate("cell => stub.select(cell)", f"Blad1!{cell}")
        page.get_by_role("button", name=f"Hämta markerade celler till {title}").click()
        expect(field(page, title)).to_have_value(f"Blad1!{cell}")
    expect(page.locator(".preview")).to_have_text("=TRAKTAMENTE(A2;B2)")
    page.evaluate("stub.select('Blad1!C2')")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Formeln är infogad i Blad1!C2.")).to_be_visible()
    assert page.evaluate("stub.written") == [{"address": "Blad1!C2", "formula": "=TRAKTAMENTE(A2,B2)"}]
    assert recalculated(page, "Blad1!C2") == 870


def test_on_another_sheet_the_references_name_theirs(pane: Watched) -> None:
    page = pane.page
    page.evaluate("rows => { stub.addSheet('Min resa'); stub.put(\"'Min resa'!A1\", rows); }", TRIP)
    open_function(page, "MERSTRACKA")
    page.evaluate("stub.select(\"'Min resa'!A2\")")
    page.get_by_role("button", name="Hämta markerade celler till km").click()
    expect(field(page, "km")).to_have_value("'Min resa'!A2")
    field(page, "normal km").fill("b2")
    page.evaluate("stub.select('Blad1!D7')")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Formeln är infogad i Blad1!D7.")).to_be_visible()
    assert page.evaluate("stub.written")[0]["formula"] == "=MERSTRACKA('Min resa'!A2,B2)"


def test_values_are_written_in_excels_own_form_and_shown_in_the_users(pane: Watched) -> None:
    page = pane.page
    open_function(page, "FARDTIDSERSATTNING")
    field(page, "timmar").fill("7,5")
    field(page, "månadslön").fill("33 000")
    field(page, "datum").fill("2024-03-04")
    expect(page.locator(".preview")).to_have_text('=FARDTIDSERSATTNING(7,5;33000;;"2024-03-04")')
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Formeln är infogad i Blad1!A1.")).to_be_visible()
    assert page.evaluate("stub.written")[0]["formula"] == '=FARDTIDSERSATTNING(7.5,33000,,"2024-03-04")'


def test_without_values_the_example_is_inserted(pane: Watched) -> None:
    page = pane.page
    open_function(page, "RESTRACKA")
    expect(page.locator(".preview")).to_have_text("=RESTRACKA(42;31;SANT)")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Formeln är infogad i Blad1!A1.")).to_be_visible()
    assert page.evaluate("stub.written")[0]["formula"] == "=RESTRACKA(42,31,TRUE)"
    assert recalculated(page, "Blad1!A1") == 31


def test_a_range_in_an_example_is_an_array_in_the_formula(pane: Watched) -> None:
    page = pane.page
    open_function(page, "RESEKONTROLL")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Formeln är infogad i Blad1!A1.")).to_be_visible()
    formula = page.evaluate("stub.written")[0]["formula"]
    assert formula.startswith('=RESEKONTROLL({"Avresa","Hemkomst","Färdmedel","Skäl";"2024-03-04 07:00",')
    assert recalculated(page, "Blad1!A1") == "Rad"


def test_a_missing_argument_is_asked_for_and_nothing_is_written(pane: Watched) -> None:
    page = pane.page
    open_function(page, "MERSTRACKA")
    field(page, "normal km").fill("12")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Ange km.")).to_be_visible()
    expect(field(page, "km")).to_be_focused()
    expect(field(page, "km")).to_have_attribute("aria-invalid", "true")
    field(page, "km").fill("=A1+")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Formeln tar slut för tidigt.")).to_be_visible()
    assert page.evaluate("stub.written") == []


def test_a_cell_that_holds_something_is_only_written_over_when_the_user_says_so(pane: Watched) -> None:
    page = pane.page
    page.evaluate("stub.put('Blad1!A1', [['viktigt']])")
    open_function(page, "TIMLON")
    page.get_by_role("button", name="Infoga formel").click()
    expect(page.get_by_text("Blad1!A1 innehåller redan något.")).to_be_visible()
    page.get_by_role("button", name="Avbryt").click()
    assert page.evaluate("stub.cell('Blad1!A1')") == {"value": "viktigt"}
    page.get_by_role("button", name="Infoga formel").click()
    page.get_by_role("button", name="Skriv över").click()
    expect(page.get_by_text("Formeln är infogad i Blad1!A1.")).to_be_visible()
    assert recalculated(page, "Blad1!A1") == 200  # 33 000 / 165


# Settings


def test_the_policy_is_saved_in_the_workbook_and_the_sheet_is_computed_anew(pane: Watched) -> None:
    page = pane.page
    page.evaluate("formula => { stub.put('Blad1!A1', [[formula]]); stub.recalculate(); }", CHARGE)
    before = recalculated(page, "Blad1!A1")
    choose(page, "Inställningar")
    page.select_option("#policy", "stockholm")
    page.get_by_role("button", name="Spara i arbetsboken").click()
    expect(page.locator("#settings-message")).to_have_text("Sparat i arbetsboken. Formlerna räknas om.")
    expect(page.locator("#in-force")).to_have_text("Räknar med Stockholms stad, dagens datum")
    assert before != recalculated(page, "Blad1!A1") == 600
    pane.reload()  # the workbook is opened again
    expect(page.locator("#in-force")).to_have_text("Räknar med Stockholms stad, dagens datum")
    expect(page.locator("#policy")).to_have_value("stockholm")
    page.evaluate("formula => { stub.put('Blad1!A1', [[formula]]); stub.recalculate(); }", CHARGE)
    assert recalculated(page, "Blad1!A1") == 600


def test_the_date_of_calculation_is_what_today_means(pane: Watched) -> None:
    """0.5 % of prisbasbeloppet to the nearest ten: 52 500 in 2023 gives 260 kr, 57 300 in 2024 gives 290 kr."""
    page = pane.page
    page.evaluate("stub.put('Blad1!A1', [['=NORMALBELOPP(\"Sverige\")']])")
    choose(page, "Inställningar")
    page.get_by_label("Ett visst datum").check()
    for day, amount in (("2023-05-02", 260), ("2024-05-02", 290)):
        page.get_by_label("Datum", exact=True).fill(day)
        page.get_by_role("button", name="Spara i arbetsboken").click()
        expect(page.locator("#in-force")).to_have_text(f"Räknar med Linköpings kommun, {day}")
        assert recalculated(page, "Blad1!A1") == amount
    page.get_by_label("I dag").check()
    page.get_by_role("button", name="Spara i arbetsboken").click()
    expect(page.locator("#in-force")).to_have_text("Räknar med Linköpings kommun, dagens datum")
    assert page.evaluate("sessionStorage.getItem('stub-settings')") == "{}"


def test_a_date_that_is_none_and_a_workbook_that_cannot_be_saved(pane: Watched) -> None:
    page = pane.page
    choose(page, "Inställningar")
    page.get_by_label("Ett visst datum").check()
    page.get_by_label("Datum", exact=True).fill("")
    page.get_by_role("button", name="Spara i arbetsboken").click()
    expect(page.locator("#settings-message")).to_have_text("Ange ett datum mellan 2010-01-01 och 2100-12-31.")
    page.get_by_label("I dag").check()
    page.evaluate("stub.saveFails = true")
    page.get_by_role("button", name="Spara i arbetsboken").click()
    expect(page.locator("#settings-message")).to_have_text("Arbetsboken är skrivskyddad.")


def test_a_workbook_with_a_policy_that_the_server_has_not(pane: Watched) -> None:
    page = pane.page
    page.evaluate("sessionStorage.setItem('stub-settings', JSON.stringify({'fardkost.policy': 'lilleby'}))")
    pane.reload()
    choose(page, "Inställningar")
    expect(page.locator("#settings-message")).to_contain_text("policyn lilleby, som servern inte har")
    choose(page, "Satser")
    expect(page.locator("#figure-count")).to_contain_text('Okänd policy "lilleby"')
    assert [fault for fault in pane.faults if "422" not in fault] == []
    pane.faults.clear()


def test_the_server_says_its_versions(pane: Watched, server: Server) -> None:
    choose(pane.page, "Inställningar")
    rules = pane.page.request.get(f"{server.url}/version").json()["rules"]
    expect(pane.page.locator("#about-server")).to_contain_text(rules)
    assert pane.page.request.get(f"{server.url}/docs").ok
    expect(pane.page.locator("#docs")).to_have_attribute("href", "docs")


# Figures


def test_figures_follow_policy_and_date_and_say_how_sure_they_are(pane: Watched) -> None:
    page = pane.page
    choose(page, "Inställningar")
    page.get_by_label("Ett visst datum").check()
    page.get_by_label("Datum", exact=True).fill("2024-05-02")
    page.get_by_role("button", name="Spara i arbetsboken").click()
    expect(page.locator("#in-force")).to_contain_text("2024-05-02")
    choose(page, "Satser")
    amount = page.locator('.figure[data-name="maximibelopp"]')
    expect(amount.locator(".step-value")).to_have_text("290 kr")
    expect(amount).to_contain_text("Bekräftad. Gäller från 2024-01-01.")
    expect(amount).to_contain_text("SFS 2023:532")
    own = page.locator('.figure[data-name="bia_ersattning"]')
    expect(own.locator(".step-value").first).to_have_text("2,90 kr per km")
    expect(own.locator(".unsure")).to_have_text("Obekräftad")


def test_figures_are_filtered_by_words_and_by_status(pane: Watched) -> None:
    page = pane.page
    choose(page, "Satser")
    expect(page.locator("#figure-count")).to_have_text(re.compile(r"^\d{3} värden$"))
    page.fill("#figure-filter", "frankrike")
    expect(page.locator("#figure-count")).to_have_text("1 värde")
    expect(page.locator(".figure")).to_have_attribute("data-name", "normalbelopp")
    expect(page.locator(".figure .values li")).to_have_count(1)
    page.fill("#figure-filter", "")
    page.get_by_label("Visa bara obekräftade").check()
    expect(page.locator('.figure[data-name="maximibelopp"]')).to_have_count(0)
    shown = page.locator(".figure").count()
    assert shown > 3
    assert page.locator(".figure .unsure").count() >= shown
    page.fill("#figure-filter", "zebra")
    expect(page.locator("#figure-count")).to_have_text("Ingen sats passar.")


def test_a_long_list_of_values_is_folded_until_asked_for(pane: Watched) -> None:
    page = pane.page
    choose(page, "Satser")
    countries = page.locator('.figure[data-name="normalbelopp"]')
    expect(countries.locator("summary")).to_have_text(re.compile(r"^Visa \d{3} värden$"))
    expect(countries.locator(".values")).to_have_count(0)
    countries.locator("summary").click()
    expect(countries.get_by_text("Frankrike")).to_be_visible()


# When something is amiss


def test_without_the_policies_of_the_server_the_workbook_keeps_its_own(pane: Watched) -> None:
    page = pane.page
    page.evaluate("sessionStorage.setItem('stub-settings', JSON.stringify({'fardkost.policy': 'stockholm'}))")
    page.route("**/pane/policies", lambda route: route.abort())
    pane.reload()
    choose(page, "Inställningar")
    expect(page.locator("#settings-message")).to_have_text("Servern svarar inte. Försök igen om en stund.")
    page.get_by_label("Ett visst datum").check()
    page.get_by_label("Datum", exact=True).fill("2024-05-02")
    page.get_by_role("button", name="Spara i arbetsboken").click()
    page.wait_for_function("sessionStorage.getItem('stub-settings').includes('date')")
    saved = page.evaluate("JSON.parse(sessionStorage.getItem('stub-settings'))")
    assert saved == {"fardkost.policy": "stockholm", "fardkost.date": "2024-05-02"}
    assert [fault for fault in pane.faults if "ERR_FAILED" not in fault] == []
    pane.faults.clear()


def test_a_server_that_stops_and_comes_back(browser: Browser, office_js: str) -> None:  # noqa: F811
    with running_server("--office-js", office_js) as own, opened(browser, f"{own.url}/taskpane") as watched:
        page = watched.page
        expect(page.locator("#connection")).to_have_text("Ansluten")
        expect(page.locator("#policy option")).not_to_have_count(0)
        own.kill()
        choose(page, "Satser")
        expect(page.locator("#figure-count")).to_have_text("Servern svarar inte. Försök igen om en stund.")
        expect(page.locator("#connection")).to_have_text("Servern svarar inte")
        own.restart()
        choose(page, "Funktioner")
        choose(page, "Satser")
        expect(page.locator(".figure").first).to_be_visible()
        expect(page.locator("#connection")).to_have_text("Ansluten")


def test_in_a_browser_without_excel_the_pane_says_so(browser: Browser, server: Server) -> None:  # noqa: F811
    with opened(browser, "about:blank") as watched:
        page = watched.page
        page.route("**/office.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        watched.goto(f"{server.url}/taskpane")
        open_function(page, "TIMLON")
        page.get_by_role("button", name="Infoga formel").click()
        expect(page.get_by_text("Rutan är inte öppnad i Excel, så formeln kan inte infogas.")).to_be_visible()
        choose(page, "Förklara")
        page.get_by_role("button", name="Förklara cellen").click()
        expect(page.locator("#explain-message")).to_contain_text("Rutan är inte öppnad i Excel")
        choose(page, "Inställningar")
        page.select_option("#policy", "lagen")
        page.get_by_role("button", name="Spara i arbetsboken").click()
        expect(page.locator("#settings-message")).to_contain_text("gäller tills rutan stängs")
        expect(page.locator("#in-force")).to_contain_text("Lagen och de centrala avtalen")
        assert watched.faults == []
