"""How the task pane reads formulas, and how it writes what a user has typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.udfs.officejs.browsing import browser, office_js, opened  # noqa: F401  # fixtures
from tests.udfs.server.running import running_server


@pytest.fixture(scope="module")
def page(browser: Browser, office_js: str) -> Iterator[Page]:  # noqa: F811
    """A page with the pane's modules `formula` and `writing` as globals."""
    with (
        running_server("--office-js", office_js) as server,
        opened(browser, f"{server.url}/taskpane") as watched,
    ):
        expect(watched.page.locator(".function").first).to_be_visible()
        folder = watched.page.locator("script[src$='app.js']").get_attribute("src")
        assert folder is not None
        for name in ("formula", "writing"):
            address = f"{server.url}/{folder.removesuffix('app.js')}{name}.js"
            watched.page.evaluate(
                "([name, address]) => import(address).then((made) => { window[name] = made; })", [name, address]
            )
        yield watched.page


OUTLINE = """(text) => {
  const outline = (node) => {
    switch (node.kind) {
      case "number": case "text": case "logical": return node.value;
      case "blank": return null;
      case "error": return node.code;
      case "reference": return (node.prefix ? `${node.prefix}!` : "") + node.address + (node.spill ? "#" : "");
      case "name": return `name ${node.name}`;
      case "column": return { table: node.table, ...formula.tableParts(node.inner) };
      case "array": return node.rows.map((row) => row.map(outline));
      case "call": return [node.name, ...node.arguments.map(outline)];
      default: return [node.operator, ...node.operands.map(outline)];
    }
  };
  try { return outline(formula.parseFormula(text)); } catch (problem) { return `! ${problem.message}`; }
}"""


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("=A2", "A2"),
        ("=$A$2:B10", "$A$2:B10"),
        ("=A:C", "A:C"),
        ("=$1:3", "$1:3"),
        ("=Blad1!A2", "Blad1!A2"),
        ("='Min resa'!A2", "'Min resa'!A2"),
        ("='O''Brien'!A2", "'O''Brien'!A2"),
        ("=A2#", "A2#"),
        ("=F()", ["F"]),
        ("=F(1)", ["F", 1]),
        ("=F(1,,2)", ["F", 1, None, 2]),
        ("=F(,)", ["F", None, None]),
        ("=F(1.5E3,.5,-2)", ["F", 1500, 0.5, ["minus", 2]]),
        ('=F("a ""b"", c","")', ["F", 'a "b", c', ""]),
        ("=F(TRUE,false,#N/A,#DIV/0!)", ["F", True, False, "#N/A", "#DIV/0!"]),
        ("=F( A1 , B1 )", ["F", "A1", "B1"]),
        ("=F(G(A1),H())", ["F", ["G", "A1"], ["H"]]),
        ('={1,"a";-2,TRUE}', [[1, "a"], [["minus", 2], True]]),
        ("=1+2*3^2&4", ["&", ["+", 1, ["*", 2, ["^", 3, 2]]], 4]),
        ("=8-4-2", ["-", ["-", 8, 4], 2]),
        ("=(8-4)*2", ["*", ["-", 8, 4], 2]),
        ("=-2^2", ["^", ["minus", 2], 2]),
        ("=50%*2", ["*", ["percent", 50], 2]),
        ("=A1>=B1", [">=", "A1", "B1"]),
        ("=@A:A", ["@", "A:A"]),
        ("=start", "name start"),
        ("=ABC1D", "name ABC1D"),
        ("=_xldudf_F(1)", ["_xldudf_F", 1]),
        ("=[@Avresa]", {"table": "", "items": [], "columns": ["Avresa"], "thisRow": True}),
        ("=T[Avresa]", {"table": "T", "items": [], "columns": ["Avresa"], "thisRow": False}),
        ("=T[@[Start '[dag'] '#1]]", {"table": "T", "items": [], "columns": ["Start [dag] #1"], "thisRow": True}),
        ("=T[[#This Row],[A]:[B]]", {"table": "T", "items": [], "columns": ["A", "B"], "thisRow": True}),
        (
            "=T[[#Headers],[#Data],[A]]",
            {"table": "T", "items": ["#headers", "#data"], "columns": ["A"], "thisRow": False},
        ),
        ("=T[#All]", {"table": "T", "items": ["#all"], "columns": [], "thisRow": False}),
        ("=T[]", {"table": "T", "items": [], "columns": [], "thisRow": False}),
        ("=F(1", "! Formeln tar slut för tidigt."),
        ("=F(1))", "! Formeln kan inte läsas från ”)”."),
        ("=F(1;2)", "! Formeln kan inte läsas från ”;2)”."),
        ('="a', '! Formeln kan inte läsas från ”"a”.'),
        ("=T[A", "! En hakparentes i formeln saknar sitt slut."),
        ("=", "! Formeln tar slut för tidigt."),
        ("=*2", "! ”*” väntades inte i formeln."),
    ],
)
def test_a_formula_is_read_as_excel_reads_it(page: Page, text: str, read: Any) -> None:
    assert page.evaluate(OUTLINE, text) == read


WRITTEN = """([typed, form, sheet]) => {
  try { return writing.writeFormula("F", typed.map(writing.readArgument), writing[form], sheet); }
  catch (problem) { return `! ${problem.message}`; }
}"""


@pytest.mark.parametrize(
    ("typed", "english", "swedish"),
    [
        (["A2", "b3:$c$4"], "=F(A2,B3:$C$4)", "=F(A2;B3:$C$4)"),
        (["'Min resa'!a2", "Blad2!A1"], "=F('Min resa'!A2,Blad2!A1)", "=F('Min resa'!A2;Blad2!A1)"),
        (["Blad1!A2"], "=F(A2)", "=F(A2)"),
        (["7,5", "7.5", "1 234,50", "-3"], "=F(7.5,7.5,1234.5,-3)", "=F(7,5;7,5;1234,5;-3)"),
        (["ja", "NEJ", "sant"], "=F(TRUE,FALSE,TRUE)", "=F(SANT;FALSKT;SANT)"),
        (["2024-03-04 07:00", "08:00"], '=F("2024-03-04 07:00","08:00")', '=F("2024-03-04 07:00";"08:00")'),
        (["", "x", "", ""], '=F(,"x")', '=F(;"x")'),
        (['säg "hej"', '"A2"', '"12"'], '=F("säg ""hej""","A2","12")', '=F("säg ""hej""";"A2";"12")'),
        (["=A2+B2", "=start"], "=F(A2+B2,start)", "=F(A2+B2;start)"),
        (["FhLM, Fh, -", "IL 12:17"], '=F("FhLM, Fh, -","IL 12:17")', '=F("FhLM, Fh, -";"IL 12:17")'),
        (["  "], "=F()", "=F()"),
    ],
)
def test_what_was_typed_becomes_arguments(page: Page, typed: list[str], english: str, swedish: str) -> None:
    assert page.evaluate(WRITTEN, [typed, "ENGLISH", "Blad1"]) == english
    assert page.evaluate(WRITTEN, [typed, "SWEDISH", "Blad1"]) == swedish


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("=A2+", "! Formeln tar slut för tidigt. Räkna ut värdet i en egen cell och hänvisa till den."),
        ("=A2+0,5", "! Formeln kan inte läsas från ”,5”. Räkna ut värdet i en egen cell och hänvisa till den."),
        ("x" * 256, "! Texten är längre än 255 tecken. Skriv den i en egen cell och hänvisa till den."),
    ],
)
def test_what_cannot_stand_in_a_formula_is_said(page: Page, typed: str, sentence: str) -> None:
    assert page.evaluate(WRITTEN, [[typed], "ENGLISH", ""]) == sentence


def test_a_table_of_values_is_an_array(page: Page) -> None:
    table = [["a", 1.5], [True, None]]
    assert page.evaluate("table => writing.writeValue(table)", table) == '{"a",1.5;TRUE,""}'
    assert page.evaluate("table => writing.writeValue(table, writing.SWEDISH)", table) == '{"a"\\1,5;SANT\\""}'
