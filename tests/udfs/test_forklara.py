"""FORKLARA: from any answer to the steps, figures, sources and status behind it."""

from __future__ import annotations

from typing import Any

import pytest

from core.engine import CellError
from udfs import functions as f
from udfs.formula import evaluate, parse
from udfs.registry import FUNCTIONS

HEADINGS = ["Steg", "Värde", "Enhet", "Regel", "Källa", "Gäller från", "Status"]
STATUSES = {"bekräftad", "från policydokument", "två källor", "obekräftad", "förslag"}
NO_FIGURES = {
    "RESEKONTROLL",
    *("MERSTRACKA", "RESTRACKA", "AVSTAND", "FARDMEDELSRANG", "GODKANNARE", "PERIODKORT", "FORLANGDRESA"),
    *("SJALVKOSTNAD", "REGEL"),
}
"""Functions whose answer rests on no dated figure."""
EXPLAINED = [name for name in FUNCTIONS if name != "FORKLARA"]


def explained(name: str, *arguments: Any) -> list[dict[str, Any]]:
    table = f.FORKLARA(name, *arguments)
    assert not isinstance(table, CellError), table
    assert table[0] == HEADINGS
    return [dict(zip(HEADINGS, row, strict=True)) for row in table[1:]]


@pytest.mark.parametrize("name", EXPLAINED)
def test_every_example_is_explained(name: str) -> None:
    arguments = parse(FUNCTIONS[name].example)[1]
    lines = explained(name, *arguments)
    assert all(line["Steg"] and line["Värde"] is not None for line in lines)
    figures = [line for line in lines if line["Status"]]
    assert bool(figures) == (name not in NO_FIGURES)
    for figure in figures:
        assert figure["Källa"] and figure["Status"] in STATUSES, figure
        # The emission factors are one set without a first day; every other figure has one.
        assert bool(figure["Gäller från"]) == (figure["Enhet"] != "kg per km"), figure
    answer = evaluate(FUNCTIONS[name].example)
    if not isinstance(answer, list):
        assert str(lines[-1]["Värde"]) in str(answer) if name == "REGEL" else lines[-1]["Värde"] == answer


def test_a_trip_from_krona_to_paragraph() -> None:
    lines = explained("TRAKTAMENTE", "2024-03-04 07:00", "2024-03-05 17:00", "Sverige", "-, L")
    by_step = {line["Steg"]: line for line in lines}
    base = next(line for step, line in by_step.items() if "Maximibelopp" in step or "Normalbelopp" in step)
    assert base["Värde"] == 290 and base["Gäller från"] == "2024-01-01" and base["Status"] == "bekräftad"
    reduction = [line for line in lines if line["Steg"].endswith("Måltidsavdrag")]
    assert [line["Värde"] for line in reduction] == [0, 51]  # none; 35 % of 145 is 50.75
    assert "IL 12:17" in reduction[1]["Regel"]
    last = lines[-1]
    assert (last["Steg"], last["Värde"], last["Enhet"]) == ("Traktamente", 290 + 145 - 51, "kr")


def test_a_missing_figure_is_explained_too() -> None:
    lines = explained("TRAKTAMENTE", "2025-03-04 07:00", "2025-03-05 17:00", "Frankrike")
    missing = next(line for line in lines if line["Värde"] == "#N/A")
    assert "Frankrike" in missing["Steg"] and "2025" in missing["Steg"]
    assert str(lines[-1]["Värde"]).startswith("#N/A")


def test_an_unconfirmed_figure_says_so() -> None:
    lines = explained("FARDTIDSERSATTNING", 12, 33000, None, "2024-03-04")
    share = next(line for line in lines if line["Värde"] == 53.3)
    assert share["Status"] == "obekräftad" and "Östergötland" in share["Källa"]


def test_a_call_that_cannot_be_read_says_why() -> None:
    last = explained("TRAKTAMENTE", "i går", "2024-03-06 20:00")[-1]
    assert last["Steg"] == "Traktamente" and last["Värde"].startswith("#VALUE!") and "i går" in last["Värde"]
    answer = f.FORKLARA("TIMLON", 33000, "norrköping")
    assert isinstance(answer, CellError) and "norrköping" in answer.message


@pytest.mark.parametrize("rule", ["L-7.4-5", "IL 12:17", "l-7.4-5"])
def test_rules_by_id(rule: str) -> None:
    text = f.REGEL(rule)
    assert isinstance(text, str) and text.lower().startswith(rule.lower() + ": ") and text.endswith(")")
