"""Columns of mixed cells: what is together, what is apart, and where the problems are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import core.vocabulary.columns as columns
from core.encoded import Encoded
from core.engine import CellError
from core.vocabulary import FARDMEDEL, Column, Parsed, decimals, moments, truths


def outline(column: Parsed) -> tuple[list[int], list[bool], list[tuple[list[int], str]]]:
    return (
        column.values.tolist(),
        column.given.tolist(),
        [(problem.rows.tolist(), problem.code) for problem in column.problems],
    )


def test_one_bad_row_does_not_spoil_the_column() -> None:
    column = decimals([1, "x", None, "2,5", True, "x", 1.5, -1])
    assert outline(column) == (
        [100, 0, 0, 250, 0, 0, 150, 0],
        [True, True, False, True, True, True, True, True],
        [([1, 5], "#VALUE!"), ([4], "#VALUE!"), ([7], "#NUM!")],
    )
    assert column.bad.tolist() == [False, True, False, False, True, True, False, True]


def test_one_and_true_are_not_mixed_up() -> None:
    assert outline(decimals([1, True, 1.0, False, 0]))[0] == [100, 0, 100, 0, 0]
    assert truths([1, True, 0, False, 2]).values.tolist() == [1, 1, 0, 0, 0]


@pytest.mark.parametrize(
    "column",
    [
        ["tåg", "x", None, "tåg"],
        ("tåg", "x", "", "tåg"),
        np.array(["tåg", "x", "", "tåg"]),
        np.array(["tåg", "x", None, "tåg"], dtype=object),
        Encoded(np.array([1, 0, -1, 1], dtype=np.int32), ["x", "tåg"]),
        Encoded(np.array([1, 0, 2, 1], dtype=np.uint8), ["x", "tåg", "", "unused and wrong"]),
    ],
)
def test_a_column_may_come_in_any_form(column: Any) -> None:
    train = FARDMEDEL["tåg"]
    assert outline(FARDMEDEL.column(column)) == (
        [train, -1, -1, train],
        [True, True, False, True],
        [([1], "#VALUE!")],
    )


def test_columns_of_nothing() -> None:
    nothing: list[Column] = [[], np.array([]), Encoded(np.array([], dtype=np.int32), [])]
    for column in nothing:
        assert outline(moments(column)) == ([], [], [])


def test_a_table_is_not_a_column() -> None:
    with pytest.raises(TypeError):
        moments(np.zeros((2, 2)))


def test_an_error_without_a_known_reason_is_a_whole_sentence() -> None:
    (problem,) = decimals(["#N/A"]).problems
    assert problem.message == "Cellen innehåller felet #N/A."


@dataclass
class HostError:
    code: str


@pytest.mark.parametrize(
    ("cell", "code", "message"),
    [
        ("#N/A", "#N/A", "Cellen innehåller felet #N/A"),
        ("#SAKNAS!", "#N/A", "Cellen innehåller felet #SAKNAS!"),
        ("#NUM!", "#NUM!", "Cellen innehåller felet #NUM!"),
        ("#OGILTIGT!", "#NUM!", "Cellen innehåller felet #OGILTIGT!"),
        ("#VÄRDE!", "#VALUE!", "Cellen innehåller felet #VÄRDE!"),
        ("#VÄRDEFEL!", "#VALUE!", "Cellen innehåller felet #VÄRDEFEL!"),
        ("#REF!", "#VALUE!", "Cellen innehåller felet #REF!"),
        ("#DIVISION/0!", "#VALUE!", "Cellen innehåller felet #DIVISION/0!"),
        ("#NAMN?", "#VALUE!", "Cellen innehåller felet #NAMN?"),
        (" #N/A ", "#N/A", "Cellen innehåller felet #N/A"),
        ("Err:502", "#NUM!", "Cellen innehåller felet Err:502"),
        (HostError("#DIV/0!"), "#VALUE!", "Cellen innehåller felet #DIV/0!"),
        (
            CellError("#N/A", "Normalbelopp för Peru 2026 saknas."),
            "#N/A",
            "Normalbelopp för Peru 2026 saknas.",
        ),
    ],
)
def test_an_error_in_a_cell_is_passed_on(cell: Any, code: str, message: str) -> None:
    for column in (
        decimals([cell, 1]),
        FARDMEDEL.column([cell, "tåg"]),
        moments([cell, None]),
        truths([cell]),
    ):
        (problem,) = column.problems
        assert (problem.rows.tolist(), problem.code) == ([0], code)
        assert message in problem.message


def test_a_thing_that_is_no_cell_is_the_wrong_kind() -> None:
    (problem,) = decimals([[1, 2], 3]).problems
    assert (problem.rows.tolist(), problem.code) == ([0], "#VALUE!")


def test_a_long_bad_text_is_cut_and_kept_on_one_line() -> None:
    (problem,) = decimals(["rad\n" * 100]).problems
    assert "\n" not in problem.message
    assert len(problem.message) < 120


def test_every_row_with_the_same_bad_number_is_in_one_problem() -> None:
    numbers = np.array([-1.0, 5.0, -2.0, -1.0])
    assert outline(decimals(numbers)) == ([0, 500, 0, 0], [True] * 4, [([0, 3], "#NUM!"), ([2], "#NUM!")])


def test_cells_are_read_alike_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_PIECE", 2)
    found = decimals(np.array([1, np.nan, 2.5, -1, np.inf, 3]), 100)
    assert found.values.tolist() == [100, 0, 250, 0, 0, 300]
    assert found.given.tolist() == [True, False, True, True, True, True]
    assert [problem.rows.tolist() for problem in found.problems] == [[3], [4]]
    days = moments(np.array(["2026-03-10T07:00", "NaT", "2026-03-10T00:00", "1969-12-31T23:59"], "datetime64[us]"))
    # 2026-03-10 is day 20522: 20522 × 1440 + 420; midnight has no clock, and 1969 is too long ago.
    assert days.values.tolist() == [29_552_100, 0, 0, 0]
    assert [problem.rows.tolist() for problem in days.problems] == [[2], [3]]
