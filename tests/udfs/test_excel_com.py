"""The functions as xlwings imports and calls them on Windows; see tests/hosts/windows_excel for what stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.engine import CellError
from tests.hosts.hosts import WindowsExcel
from udfs import excel_com
from udfs.registry import FUNCTIONS

VBA_WORDS = set(
    """and as boolean byref byval call case const currency date declare dim do double each else empty end enum erase
    error event exit false for function get global gosub goto if imp in integer is let like long loop lset me mod new
    next not nothing null object on optional or paramarray preserve print private public redim resume return rset
    select set single static stop string sub then time to true type until variant wend while with xor""".split()  # noqa: SIM905
) | {"caller", "k", "argsarray", "xlpy"}
"""What VBA keeps for itself, and the names that xlwings uses in the functions it writes."""


@pytest.fixture(scope="module")
def excel() -> Iterator[WindowsExcel]:
    with WindowsExcel() as running:
        yield running


@pytest.fixture(scope="module")
def imported(excel: WindowsExcel) -> Any:
    return excel.request()


def in_vba(vba: str) -> dict[str, str]:
    """Each function of the generated module: its name and its text."""
    found = re.findall(r"^Function (\w+)\(.*?^End Function$", vba, re.MULTILINE | re.DOTALL)
    texts = re.findall(r"^Function \w+\(.*?^End Function$", vba, re.MULTILINE | re.DOTALL)
    return dict(zip(found, texts, strict=True))


def test_every_function_is_imported_and_nothing_else(imported: Any) -> None:
    assert set(in_vba(imported["vba"])) == set(FUNCTIONS) == set(imported["described"])
    assert imported["vba"].count("End Sub") == 0


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_vba_has_the_functions_arguments(name: str, imported: Any) -> None:
    text, parameters = in_vba(imported["vba"])[name], FUNCTIONS[name].parameters
    shown = []
    for parameter in parameters:
        if parameter.repeated:
            shown.append(f"ParamArray {parameter.name}()")
        else:
            shown.append(parameter.name if parameter.required else f"Optional {parameter.name}")
    assert text.splitlines()[0] == f"Function {name}({', '.join(shown)})"
    handed = "argsArray" if any(p.repeated for p in parameters) else f"Array({', '.join(p.name for p in parameters)})"
    call = f'{name} = XLPy.CallUDF("udfs.excel_com", "{name}", {handed}, ThisWorkbook, Application.Caller)'
    assert call in re.sub(r" _\n\s*", " ", text)
    assert "Volatile" not in text


def test_vba_can_have_the_names() -> None:
    """An argument that is a word of VBA, or named as its own function, would not compile."""
    for name, function in FUNCTIONS.items():
        names = [parameter.name.lower() for parameter in function.parameters]
        assert not {*names, name.lower()} & VBA_WORDS, name
        assert name.lower() not in names
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", argument) for argument in names), names
        assert not re.fullmatch(r"[A-Z]{1,3}[0-9]+", name), "would be a cell's address"


@pytest.mark.parametrize("name", FUNCTIONS)
def test_excel_describes_the_function(name: str, imported: Any) -> None:
    described, function = imported["described"][name], FUNCTIONS[name]
    assert described["Description"] == function.summary
    assert described["Category"] == f"Färdkost: {function.category}"
    assert described["ArgumentDescriptions"] == [p.argument.description for p in function.parameters]
    assert max(map(len, [described["Description"], *described["ArgumentDescriptions"]])) <= 255, "Excel cuts it there"


def test_no_answer_writes_into_other_cells_by_itself(imported: Any) -> None:
    """xlwings' `expand` would overwrite what stands below and beside a formula; Excel's own spilling never does."""
    assert imported["answers"] == {name: {} for name in FUNCTIONS}


def test_the_functions_are_plain_functions_elsewhere() -> None:
    assert excel_com.TRAKTAMENTE("2024-03-04 07:00", "2024-03-06 20:00") == 870  # three whole days of 290


def test_a_fault_is_a_text_that_begins_with_the_code(excel: WindowsExcel) -> None:
    assert excel.cell("TRAKTAMENTE", 45357.8, 45355.3) == "#OGILTIGT! Hemkomsten ligger före avresan."
    answer = excel.cell("REGEL", [["L-99"], ["L-7.4-5"]])
    assert answer[0][0].startswith('#SAKNAS! Okänd regel "L-99".') and answer[1][0].startswith("L-7.4-5:")


def test_a_fault_goes_on_through_other_functions_with_its_reason(excel: WindowsExcel) -> None:
    first = "#OGILTIGT! Hemkomsten ligger före avresan."
    answer = excel.cell("SJALVKOSTNAD", first, 500)
    assert answer == first


def test_texts_that_only_look_like_faults_stay_texts() -> None:
    assert excel_com.from_excel("#1 i kön") == "#1 i kön"
    assert excel_com.from_excel("#VÄRDEFEL!") == CellError("#VALUE!", "")


def test_errors_newer_than_xlwings_knows_are_errors(excel: WindowsExcel) -> None:
    """xlwings' own reading would hand them on as numbers near −2 146 826 243."""
    answer = excel.cell("SJALVKOSTNAD", {"error": "#SPILL!"}, 500)
    assert answer.startswith("#VÄRDEFEL!")


def test_numbers_are_never_taken_for_errors() -> None:
    assert excel_com.from_excel(-2146826246.0) == -2146826246.0
    assert excel_com.from_excel(((1.0, None), ("a", True))) == [[1.0, None], ["a", True]]


def test_several_areas_are_refused(excel: WindowsExcel) -> None:
    answer = excel.cell("TIMLON", {"areas": [[[33000]], [[31000]]]})
    assert answer == "#VÄRDEFEL! Ange ett sammanhängande område i stället för flera."


def test_a_failure_inside_is_no_traceback_in_the_cell(caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("trasig")

    answer = excel_com.for_excel(replace(FUNCTIONS["TIMLON"], call=broken))(33000)
    assert answer.startswith("#VÄRDEFEL!") and "trasig" not in answer
    assert "trasig" in caplog.text
