"""FORKLARA of a cell in the task pane: what stands in its formula is found in the workbook, the steps are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.udfs.officejs.browsing import Watched, browser, office_js, opened  # noqa: F401  # fixtures
from tests.udfs.server.running import Server, running_server

MORNING, EVENING = 7 / 24, 20 / 24
MONDAY, WEDNESDAY = 45355, 45357
"""4 and 6 March 2024 as Excel's serial numbers: away from 07:00 to 20:00 is three whole days of 290 kr, 870 kr."""

WORKBOOK: Final = """([morning, evening, monday, wednesday]) => {
  stub.put("Blad1!A1", [
    ["Avresa", "Hemkomst", "Traktamente", "Start [dag]"],
    [monday, monday + evening, "", ""],
    [monday + morning, wednesday + evening, "", monday + morning],
  ]);
  stub.addTable("Resor", "Blad1!A1:D3");
  stub.addSheet("Min resa");
  stub.put("'Min resa'!A2", [[monday, morning, wednesday, evening]]);
  stub.addName("start", "Range", "Blad1!$A$3");
  stub.addName("Blad1!slut", "Range", "Blad1!$B$3");
  stub.addName("hemma", "Double", wednesday + evening);
  stub.addName("lista", "Array", "{1,2}");
  stub.select("Blad1!C3");
}"""


@pytest.fixture(scope="module")
def server(office_js: str) -> Iterator[Server]:  # noqa: F811
    with running_server("--office-js", office_js) as running:
        yield running


@contextmanager
def beside_a_workbook(browser: Browser, server: Server) -> Iterator[Watched]:  # noqa: F811
    """The tab Förklara of a pane beside a workbook with trips. Whatever went wrong on the page fails the test."""
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(browser, f"{server.url}/taskpane", permissions=allowed) as watched:
        expect(watched.page.locator(".function").first).to_be_visible()
        watched.page.evaluate(WORKBOOK, [MORNING, EVENING, MONDAY, WEDNESDAY])
        watched.page.get_by_role("tab", name="Förklara").click()
        yield watched
        assert watched.faults == []


@pytest.fixture
def pane(browser: Browser, server: Server) -> Iterator[Watched]:  # noqa: F811
    with beside_a_workbook(browser, server) as watched:
        yield watched


@pytest.fixture(scope="module")
def page(browser: Browser, server: Server) -> Iterator[Page]:  # noqa: F811
    """One for the tests that change nothing but the formula in C3."""
    with beside_a_workbook(browser, server) as watched:
        yield watched.page


def explain(page: Page, formula: str, cell: str = "Blad1!C3") -> None:
    """Ask for the steps behind a formula in a cell."""
    page.evaluate("([cell, formula]) => { stub.put(cell, [[formula]]); stub.select(cell); }", [cell, formula])
    page.get_by_role("button", name="Förklara cellen").click()


def question(watched: Watched) -> Any:
    """What the pane last sent to be explained."""
    return json.loads(watched.asked("/explain")[-1].post_data or "")


def test_the_steps_have_values_rules_sources_and_status(pane: Watched) -> None:
    page = pane.page
    expect(page.locator("#active-cell")).to_contain_text("Blad1!C3")
    explain(page, "=TRAKTAMENTE(A3,B3)")
    steps = page.locator(".step")
    expect(steps.last.locator(".step-title")).to_have_text("Traktamente")
    expect(steps.last.locator(".step-value")).to_have_text("870 kr")
    expect(page.locator("#active-cell code")).to_have_text("=TRAKTAMENTE(A3;B3)")
    amount = steps.filter(has_text="Normalbelopp (Sverige)")
    expect(amount.locator(".step-value")).to_have_text("290 kr")
    expect(amount.locator(".source")).to_have_text(
        "Bekräftad. Gäller från 2024-01-01. Källa: Prisbasbelopp 57300 kr (SFS 2023:532)"
    )
    expect(page.locator(".answer")).to_contain_text("TRAKTAMENTE i Blad1!C3")
    expect(page.locator(".answer")).to_contain_text("Linköpings kommun")


def test_a_rule_s_text_is_shown_when_it_is_asked_for(pane: Watched) -> None:
    page = pane.page
    explain(page, "=TRAKTAMENTE(A3,B3)")
    step = page.locator(".step", has=page.get_by_text("Hel avresedag", exact=True))
    rule = step.get_by_role("button", name="L-7.4-5")
    text = step.locator(".rule-text").filter(has_text="L-7.4-5")
    expect(text).to_be_hidden()
    rule.click()
    expect(text).to_be_visible()
    expect(rule).to_have_attribute("aria-expanded", "true")
    expect(text).to_contain_text("Tillämpningsanvisningar för hållbara resor i tjänsten")
    assert len(text.inner_text()) > 100
    rule.click()
    expect(text).to_be_hidden()


@pytest.mark.parametrize(
    "formula",
    [
        "=_xldudf_TRAKTAMENTE($A$3,Blad1!$B3)",
        "=FUNCRES.XLAM!_xldudf_TRAKTAMENTE(A3,B3)",
        "=@TRAKTAMENTE(@A:A,@B:B)",
        "=TRAKTAMENTE(@A1:A3,@Resor[Hemkomst])",
        "=TRAKTAMENTE(Resor[@Avresa],Resor[@Hemkomst])",
        "=TRAKTAMENTE([@Avresa],[@Hemkomst])",
        "=TRAKTAMENTE(Resor[[#This Row],[Avresa]],Resor[[#This Row],[Hemkomst]])",
        "=TRAKTAMENTE(Resor[@[Start '[dag']]],Resor[@Hemkomst])",
        "=TRAKTAMENTE('Min resa'!A2+'Min resa'!B2,'Min resa'!$C$2+'Min resa'!$D$2)",
        "=TRAKTAMENTE(start,slut)",
        "=TRAKTAMENTE(Start,hemma)",
        '=TRAKTAMENTE("2024-03-04 07:00","2024-03-06 20:00",,,,"linkoping")',
        '=TRAKTAMENTE("2024-03-04"&" "&"07:00",45357+(25-5)/24)',
        "=IFERROR(TRAKTAMENTE(A3,B3),0)",
        '=FORKLARA("TRAKTAMENTE",A3,B3)',
    ],
)
def test_however_the_formula_refers_to_the_trip(page: Page, formula: str) -> None:
    explain(page, formula)
    expect(page.locator(".step").last.locator(".step-value")).to_have_text("870 kr")


@pytest.mark.parametrize(
    ("formula", "sentence"),
    [
        ("870", "Blad1!C3 har ingen formel."),
        ("=SUM(A1:A3)", "Formeln i Blad1!C3 använder ingen av Färdkosts funktioner."),
        ("=TRAKTAMENTE(DATE(2024,3,4),B3)", "Formeln räknar med funktionen DATE, som rutan inte kan räkna ut."),
        ("=TRAKTAMENTE([Bok2.xlsx]Blad1!A3,B3)", "[Bok2.xlsx]Blad1!A3 ligger i en annan arbetsbok"),
        ("=TRAKTAMENTE(Blad1:Blad3!A3,B3)", "ligger i en annan arbetsbok eller på flera blad"),
        ("=TRAKTAMENTE(Blad9!A3,B3)", "Bladet Blad9 finns inte."),
        ("=TRAKTAMENTE(okänd,B3)", "Namnet okänd finns inte i arbetsboken."),
        ("=TRAKTAMENTE(lista,B3)", "Namnet lista är ingen hänvisning till celler."),
        ("=TRAKTAMENTE(Resor[@Ankomst],B3)", "Tabellen Resor har ingen kolumn ”Ankomst”."),
        ("=TRAKTAMENTE(Annan[@Avresa],B3)", "Tabellen Annan finns inte."),
        ("=TRAKTAMENTE(A2:A3+1,B3)", "Formeln räknar med hela områden."),
        ("=TRAKTAMENTE(A1+1,B3)", "Formeln räknar med texten ”Avresa”."),
        ("=TRAKTAMENTE(A3>B3,B3)", "Formeln jämför värden."),
        ("=TRAKTAMENTE(A1:ZZ9999,B3)", "A1:ZZ9999 är för stort."),
        ("=TRAKTAMENTE(LET(a,A3,a),B3)", "funktionen LET"),
    ],
)
def test_what_the_pane_cannot_read_is_said(page: Page, formula: str, sentence: str) -> None:
    explain(page, formula)
    message = page.locator("#explain-message")
    expect(message).to_contain_text(sentence)
    expect(message).to_have_class("count error")
    expect(page.locator(".step")).to_have_count(0)


def test_a_cell_outside_the_table_has_no_row_in_it(pane: Watched) -> None:
    explain(pane.page, "=TRAKTAMENTE(Resor[@Avresa],B3)", "Blad1!F9")
    expect(pane.page.locator("#explain-message")).to_have_text(
        "Resor[@Avresa] har inga celler att läsa på den här raden."
    )


def test_of_a_spilled_answer_the_selected_row_is_explained(pane: Watched) -> None:
    """30 km at 2.90 kr are 87 kr."""
    page = pane.page
    page.evaluate("stub.put('Blad1!H1', [[10, '2024-05-02'], [20, '2024-05-02'], [30, '2024-05-02']])")
    page.evaluate("stub.put('Blad1!J1', [['=BILERSATTNING(H1:H3,I1:I3)']]); stub.recalculate()")
    page.evaluate("async () => { await stub.idle(); stub.select('Blad1!J3'); }")
    page.get_by_role("button", name="Förklara cellen").click()
    expect(page.locator(".step").last.locator(".step-value")).to_have_text("87 kr")
    expect(page.locator(".answer-value")).to_have_text("87")
    assert question(pane)["arguments"] == [30, "2024-05-02"]


def test_a_range_that_is_one_argument_is_handed_over_whole(pane: Watched) -> None:
    page = pane.page
    rows = [["Avresa", "Hemkomst", "Färdmedel"], ["2024-03-04 07:00", "2024-03-04 17:00", "taxi"]]
    page.evaluate("rows => stub.put('Blad1!H1', rows)", rows)
    explain(page, "=RESEKONTROLL(H1:J2)", "Blad1!L1")
    expect(page.locator(".step").first).to_be_visible()
    assert question(pane)["arguments"] == [{"rows": 2, "columns": 3, "values": rows[0] + rows[1]}]


def test_a_function_inside_an_argument_is_computed_by_the_server(pane: Watched) -> None:
    page = pane.page
    explain(page, '=UTSLAPP("tåg",AVSTAND("ARN","GOT"),,"2024-05-02")')
    expect(page.locator(".step").last).to_be_visible()
    distance = page.evaluate("stub.call('AVSTAND', [[['ARN']], [['GOT']]]).then((matrix) => matrix[0][0])")
    assert 380 < distance < 400  # Arlanda to Landvetter as the crow flies
    assert question(pane)["arguments"][:2] == ["tåg", distance]


def test_of_several_functions_the_user_chooses_one(pane: Watched) -> None:
    page = pane.page
    explain(page, "=TIMLON(33000)+TRAKTAMENTE(A3,B3)")
    expect(page.locator(".step").last.locator(".step-value")).to_have_text("200 kr")  # 33 000 / 165
    page.get_by_label("Formeln har flera funktioner. Visa").select_option("TRAKTAMENTE(A3,B3)")
    expect(page.locator(".step").last.locator(".step-value")).to_have_text("870 kr")
    expect(page.locator("#call")).to_have_value("TRAKTAMENTE(A3,B3)")


def test_the_policy_of_the_call_goes_before_the_workbook_s(pane: Watched) -> None:
    """Half of what a flight costs, by Stockholm's policy."""
    explain(pane.page, '=KLIMATPASLAG("flyg",1200,500,"ekonomi","Europa","2024-05-02","stockholm")')
    expect(pane.page.locator(".answer .hint")).to_contain_text("Stockholms stad")
    expect(pane.page.locator(".step").last.locator(".step-value")).to_have_text("600 kr")


def test_what_went_wrong_is_told_once(pane: Watched) -> None:
    page = pane.page
    page.evaluate("stub.put('Blad1!B3', [['2024-13-06']])")
    explain(page, "=TRAKTAMENTE(A3,B3)")
    expect(page.locator(".step").last.locator(".problem")).to_have_text("#VALUE! av samma skäl som ovan")
    assert page.locator(".problem", has_text="finns inte i kalendern").count() == 1
    expect(page.locator("#explanation")).to_contain_text("steg till kunde inte räknas av samma skäl")


def test_an_error_in_a_cell_goes_on(pane: Watched) -> None:
    page = pane.page
    page.evaluate("stub.put('Blad1!B3', [['#N/A']])")
    explain(page, "=TRAKTAMENTE(A3,B3)")
    expect(page.locator("#explanation .problem").first).to_contain_text("#N/A")
    assert question(pane)["arguments"][1] == {"error": "#N/A"}


def test_a_call_that_lacks_an_argument(pane: Watched) -> None:
    explain(pane.page, "=TRAKTAMENTE(A3,F9)")
    expect(pane.page.locator(".answer .problem")).to_have_text("#VALUE! Hemkomst saknas.")


def test_a_value_that_is_no_longer_what_the_steps_give(pane: Watched) -> None:
    page = pane.page
    page.evaluate("stub.put('Blad1!C3', [['=TRAKTAMENTE(A3,B3)']]); stub.show('Blad1!C3', 850)")
    page.get_by_role("button", name="Förklara cellen").click()
    expect(page.locator("#explanation .notice")).to_contain_text(
        "Cellen visar ett annat värde än stegen, som ger 870 kr."
    )
    page.evaluate("stub.show('Blad1!C3', 870)")
    page.get_by_role("button", name="Förklara cellen").click()
    expect(page.locator(".answer-value")).to_have_text("870")
    expect(page.locator("#explanation .notice")).to_have_count(0)


@pytest.mark.parametrize("allowed", [True, False])
def test_the_explanation_can_be_copied(pane: Watched, allowed: bool) -> None:
    page = pane.page
    explain(page, "=TRAKTAMENTE(A3,B3)")
    expect(page.locator(".step").last).to_be_visible()
    if not allowed:
        page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('not in a frame')); }")
    page.get_by_role("button", name="Kopiera").click()
    expect(page.locator("#explain-message")).to_have_text("Förklaringen är kopierad.")
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert lines[0].startswith("TRAKTAMENTE i Blad1!C3. Linköpings kommun, ")
    assert lines[1].split("\t") == ["Steg", "Värde", "Regel", "Källa", "Gäller från", "Status"]
    assert lines[-1].split("\t")[:2] == ["Traktamente", "870 kr"]
    assert page.locator("textarea").count() == 0
