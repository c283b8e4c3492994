"""Bad input gives a Swedish sentence in that cell and leaves the other rows alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from core.engine import CellError
from udfs import functions as f

TRIP = "2024-03-04 07:00", "2024-03-06 20:00"


def fault(answer: Any, code: str, *says: str) -> None:
    assert isinstance(answer, CellError), answer
    assert answer.code == code, answer
    for part in says:
        assert part in answer.message, answer


@pytest.mark.parametrize(
    ("function", "arguments", "code", "says"),
    [
        # text for number, number for text
        (f.MERSTRACKA, ("fyrtio", 10), "#VALUE!", '"fyrtio"'),
        (f.TIMLON, ("trettio tusen",), "#VALUE!", '"trettio tusen"'),
        (f.FARDTIDSERSATTNING, ("några", 33000, None, "2024-03-04"), "#VALUE!", '"några"'),
        (f.BILERSATTNING, ({"km": 3}, "2024-05-02"), "#VALUE!", "Km"),
        (f.NORMALBELOPP, (46, "2024-05-02"), "#VALUE!", "46"),
        (f.UTSLAPP, (7, 100), "#VALUE!", "7"),
        (f.RESTRACKA, (42, 31, "kanske"), "#VALUE!", '"kanske"'),
        (f.RESTRACKA, (42, 31, 7), "#VALUE!", "7"),
        (f.KOSTFORMAN, (5, "2024-05-02"), "#VALUE!", "5"),
        # dates
        (f.NORMALBELOPP, ("Norge", "1989-12-31"), "#NUM!", "1990–2100"),
        (f.NORMALBELOPP, ("Norge", "2101-01-01"), "#NUM!", "1990–2100"),
        (f.TRAKTAMENTE, ("1989-12-31 07:00", "1990-01-02 20:00"), "#NUM!", "1990–2100"),
        (f.TRAKTAMENTE, (32000.5, 32002.5), "#NUM!", "1990–2100"),
        (f.NORMALBELOPP, ("Norge", "10/3 2026"), "#VALUE!", "2026-03-10"),
        (f.TRAKTAMENTE, ("10/3 2026 07:00", "2026-03-12 20:00"), "#VALUE!", "2026-03-10 07:00"),
        (f.TRAKTAMENTE, ("2024-02-30 07:00", TRIP[1]), "#VALUE!", "kalendern"),
        (f.TRAKTAMENTE, ("2024-03-04 25:00", TRIP[1]), "#VALUE!", "Klockslaget"),
        (f.FARDTID, ("2024-03-04 05:30", "2024-03-04 09:00", "halv nio"), "#VALUE!", '"halv nio"'),
        # no clock
        (f.TRAKTAMENTE, ("2024-03-04", TRIP[1]), "#VALUE!", "Klockslag saknas"),
        (f.TRAKTAMENTE, (45355, TRIP[1]), "#VALUE!", "Klockslag saknas"),
        (f.TRAKTAMENTE, (dt.date(2024, 3, 4), TRIP[1]), "#VALUE!", "Klockslag saknas"),
        (f.FARDTID, ("07:00", "09:00"), "#VALUE!", "Datum saknas"),
        # impossible
        (f.TRAKTAMENTE, TRIP[::-1], "#NUM!", "före avresan"),
        (f.RESETILLAGG, TRIP[::-1], "#NUM!", "före avresan"),
        (f.TRAKTAMENTEDAGAR, TRIP[::-1], "#NUM!", "före avresan"),
        (f.FARDTID, TRIP[::-1], "#NUM!", "före avfärden"),
        (f.FARDTID, (TRIP[0], "2024-04-20 09:00"), "#NUM!", "månad"),
        (f.TRAKTAMENTE, (TRIP[0], "2042-03-06 20:00"), "#NUM!", "tre år"),
        (f.TIMLON, (10**9,), "#NUM!", "orimligt"),
        (f.TIMLON, (-1,), "#NUM!", "negativt"),
        (f.BILERSATTNING, (10**6, "2024-05-02"), "#NUM!", "orimligt"),
        (f.BILERSATTNING, (-1, "2024-05-02"), "#NUM!", "negativt"),
        (f.MERSTRACKA, (float("inf"), 1), "#NUM!", "stort"),
        (f.NATTRAKTAMENTE, (-1, None, "2024-05-02"), "#NUM!", "negativt"),
        (f.FARDTIDSERSATTNING, (-1, 33000, None, "2024-03-04"), "#NUM!", "negativ"),
        (f.FARDTIDSERSATTNING, (10**4, 33000, None, "2024-03-04"), "#NUM!", "orimlig"),
        (f.KLIMATPASLAG, ("flyg", -3000, None, None, None, "2024-05-02", "stockholm"), "#NUM!", "negativt"),
        (f.SJALVKOSTNAD, (-480, 525), "#NUM!", "negativt"),
        # words
        (f.NORMALBELOPP, ("Tysland", "2024-05-02"), "#VALUE!", "Menade du Tyskland"),
        (f.TRAKTAMENTE, (*TRIP, "Narnia"), "#VALUE!", '"Narnia"'),
        (f.UTSLAPP, ("rymdraket", 100), "#VALUE!", '"rymdraket"'),
        (f.BILERSATTNING, (10, "2024-05-02", "lastcykel"), "#VALUE!", '"lastcykel"'),
        (f.AVSTAND, ("ARN", "XXQ"), "#VALUE!", "XXQ"),
        # meals
        (f.TRAKTAMENTE, (*TRIP, None, "FLM, F"), "#VALUE!", "3 dygn"),
        (f.TRAKTAMENTE, (*TRIP, None, "FLM"), "#VALUE!", "1 måltidsgrupp"),
        (f.TRAKTAMENTE, (*TRIP, None, "*FLX"), "#VALUE!", '"X"'),
        (f.TRAKTAMENTE, (*TRIP, None, [["x", "", ""], ["", "x", ""]]), "#VALUE!", "3 dygn"),
        (f.TRAKTAMENTE, (*TRIP, None, [["x", "", "gröt"]] * 3), "#VALUE!", "gröt"),
        (f.MALTIDSAVDRAG, (290, "F, L"), "#VALUE!", "1 dygn"),
        # policies
        (f.TRAKTAMENTE, (*TRIP, None, None, None, "linköping"), "#VALUE!", "linkoping"),
        (f.TRAKTAMENTE, (*TRIP, None, None, None, "/finns/inte.yaml"), "#VALUE!", "finns inte"),
        # figures and rules by name
        (f.SATS, ("maxibelopp",), "#VALUE!", "maximibelopp"),
        (f.SATS, ("milersattning_skattefri", "2024-05-02"), "#VALUE!", "egen"),
        (f.SATS, ("maximibelopp", "2031-05-02"), "#N/A", "2031"),
        (f.REGEL, ("L-99",), "#N/A", "L-99"),
        # tables
        (f.UTRIKESTRAKTAMENTE, ([],), "#VALUE!", "tom"),
        (
            f.UTRIKESTRAKTAMENTE,
            ([["2024-03-04 07:00", "2024-03-04 09:00", "Belgien"]],),
            "#VALUE!",
            "fyra kolumner",
        ),
        (f.UTRIKESTRAKTAMENTE, ("Belgien",), "#VALUE!", "fyra kolumner"),
        (f.FORKLARA, ("TRAKTAMENT", *TRIP), "#VALUE!", "TRAKTAMENTE"),
        (f.FORKLARA, ("FORKLARA", "TIMLON"), "#VALUE!", "finns inte"),
        (f.FORKLARA, ("TIMLON", 1, 2, 3, 4), "#VALUE!", "TIMLON(manadslon; [policy])"),
    ],
)
def test_fault(function: Any, arguments: tuple[Any, ...], code: str, says: str) -> None:
    fault(function(*arguments), code, says)


def test_one_bad_row_leaves_the_others() -> None:
    departures = ["2024-03-04 07:00", "2024-03-04", "i går", None, "2024-03-04 07:00", "2024-03-04 07:00"]
    homes = ["2024-03-06 20:00"] * 4 + ["2024-03-01 20:00", "2024-03-05 20:00"]
    answer = f.TRAKTAMENTE(departures, homes)
    assert answer[0] == 870 and answer[5] == 580
    for bad, (code, says) in zip(
        answer[1:5],
        [
            ("#VALUE!", "Klockslag saknas"),
            ("#VALUE!", "i går"),
            ("#VALUE!", "saknas"),
            ("#NUM!", "före avresan"),
        ],
        strict=True,
    ):
        fault(bad, code, says)


@pytest.mark.parametrize(
    ("function", "column", "rest", "good"),
    [
        (f.NORMALBELOPP, ["Norge", "Nårje", "Danmark"], ("2024-05-02",), (1104, 1274)),
        (f.BILERSATTNING, [100, -100, 200], ("2024-05-02",), (290, 580)),
        (f.TIMLON, [33000, "x", 16500], (), (200, 100)),
        (f.MALTIDSAVDRAG, [290, "?", 300], ("F",), (58, 60)),
        (f.MERSTRACKA, [20, "tjugo", 30], (5,), (15, 25)),
        (f.SATS, ["maximibelopp", "minimibelopp!", "prisbasbelopp"], ("2024-05-02",), (290, 57300)),
    ],
)
def test_the_middle_row_is_bad(function: Any, column: list[Any], rest: tuple[Any, ...], good: tuple[Any, Any]) -> None:
    first, bad, last = function(column, *rest)
    assert (first, last) == good and isinstance(bad, CellError)


def test_one_bad_meal_text_leaves_the_others() -> None:
    answer = f.TRAKTAMENTE(*TRIP, None, ["*F", "FLM, F", "M, L, M"])
    assert [answer[0], answer[2]] == [870 - 3 * 58, 870 - 3 * 102]
    fault(answer[1], "#VALUE!", "2 måltidsgrupper")


EARLIER = [
    CellError("#N/A", "Normalbelopp saknas."),
    CellError("#NUM!", "För stort."),
    CellError("#VALUE!", "Fel slag."),
]


@pytest.mark.parametrize("error", EARLIER)
def test_an_error_passes_on_with_its_reason(error: CellError) -> None:
    fault(f.TRAKTAMENTE(error, TRIP[1]), error.code, error.message)
    fault(f.BILERSATTNING(error, "2024-05-02"), error.code, error.message)
    fault(f.NORMALBELOPP("Norge", error), error.code, error.message)
    answer = f.MERSTRACKA([20, error], 5)
    assert answer[0] == 15
    fault(answer[1], error.code, error.message)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("#N/A", "#N/A"),
        ("#SAKNAS!", "#N/A"),
        ("#OGILTIGT!", "#NUM!"),
        ("#REF!", "#VALUE!"),
        ("Err:502", "#NUM!"),
    ],
)
def test_a_spreadsheets_error_text_passes_on(text: str, code: str) -> None:
    fault(f.MERSTRACKA(text, 5), code, text)


def test_unknown_policy_names_those_there_are() -> None:
    fault(f.TIMLON(33000, "norrköping"), "#VALUE!", "norrköping", "lagen", "linkoping", "stockholm")


def test_a_malformed_policy_file_names_file_key_and_what_is_allowed(tmp_path: Path) -> None:
    own = tmp_path / "egen.yaml"
    own.write_text("titel: Egen\nkalla: Egen\nsatser:\n  resetillag_belopp: {varden: [{}]}\n", encoding="utf-8")
    fault(f.TIMLON(33000, str(own)), "#VALUE!", "egen.yaml", "resetillag_belopp", "resetillagg_belopp")
    own.write_text("titel: Egen\nkalla: Egen\nfria_aftnar: [fredag]\n", encoding="utf-8")
    fault(f.TIMLON(33000, str(own)), "#VALUE!", "egen.yaml", "fria_aftnar", "julafton")


def test_an_own_policy_file_works_from_any_path(tmp_path: Path) -> None:
    own = tmp_path / "egen kommun.yaml"
    entry = "{fran: 2024-01-01, varde: 75, kalla: Eget avtal, status: förslag}"
    own.write_text(
        f"titel: Egen\nkalla: Egen\nsatser:\n  resetillagg_belopp: {{varden: [{entry}]}}\n", encoding="utf-8"
    )
    assert f.RESETILLAGG("2024-03-04 07:00", "2024-03-04 16:00", policy=str(own)) == 75
