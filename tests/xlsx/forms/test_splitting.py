"""A budget is split into one per unit and read back: same rows, same totals, and conflicts are named."""

from __future__ import annotations

import hashlib
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.xlsx.forms.small_forms import computed, filled_budget, write_budget
from xlsx.forms.filling import fill
from xlsx.forms.gathering.finding import find_form_files
from xlsx.forms.gathering.joining import Joined, join_budgets
from xlsx.forms.gathering.splitting import BudgetProblem, Split, file_names, split_budget
from xlsx.forms.named import Form, read_form

MAY, JUNE = datetime(2026, 5, 1), datetime(2026, 6, 1)
UNITS = [("Kultur", 50000), ("Miljö/bygg", 20000), ("Skola", None)]
TRIPS = [
    ("Kultur", MAY, 2, "Mässa", 450),
    ("Miljö/bygg", MAY, 1, "Hemligt möte", 99.5),
    ("kultur ", JUNE, 3, None, 100),
    ("Miljö/bygg", JUNE, 10, "Kurs", 20),
]
TOTAL = 2 * 450 + 1 * 99.5 + 3 * 100 + 10 * 20
KULTUR, MILJO = 2 * 450 + 3 * 100, 1 * 99.5 + 10 * 20
COLUMNS = ("enhet", "manad", "antal", "syfte", "biljett")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_budget(tmp_path_factory.mktemp("mall") / "resebudget.xlsx")


@pytest.fixture
def budget(template: Path, tmp_path: Path) -> Path:
    return filled_budget(template, tmp_path / "budget 2026.xlsx", UNITS, TRIPS, ar=2026)


def fresh(form: Form, out: Path) -> Path:
    return write_budget(out, form.policy)


def split(budget: Path, folder: Path) -> Split:
    return split_budget(budget, folder, fresh, computed)


def join(budget: Path, folder: Path, out: Path, **more: Any) -> Joined:
    return join_budgets(budget, find_form_files([str(folder)]), out, computed, **more)


def trips(path: Path) -> list[tuple[Any, ...]]:
    form = read_form(path)
    rows = zip(*(form.column(f"resor_{name}") for name in COLUMNS), strict=True)
    return [row for row in rows if any(cell is not None for cell in row)]


def total(path: Path) -> float:
    return float(read_form(path).value("summa_kostnad"))


def status(made: Joined) -> dict[str, tuple[str, int, int]]:
    return {line.file or line.unit: (line.status, line.trips, line.changed) for line in made.lines}


def remarks(made: Joined, file: str) -> str:
    return " ".join(next(line for line in made.lines if line.file == file).remarks)


def test_each_unit_gets_its_own_trips_frame_and_total(budget: Path, tmp_path: Path) -> None:
    made = split(budget, tmp_path / "enheter")
    assert [(part.unit, part.path.name, part.trips) for part in made.parts] == [
        ("Kultur", "budget 2026-Kultur.xlsx", 2),
        ("Miljö/bygg", "budget 2026-Miljö bygg.xlsx", 2),
        ("Skola", "budget 2026-Skola.xlsx", 0),
    ]
    assert made.notes == made.problems == []
    kultur, miljo, skola = (part.path for part in made.parts)
    assert trips(kultur) == [TRIPS[0], TRIPS[2]]
    assert trips(miljo) == [TRIPS[1], TRIPS[3]]
    assert trips(skola) == []
    assert (total(kultur), total(miljo), total(skola)) == (KULTUR, MILJO, 0)
    assert total(kultur) + total(miljo) + total(skola) == TOTAL == total(budget)
    form = read_form(kultur)
    assert form.column("enheter_namn") == ["Kultur", None, None, None]
    assert form.column("enheter_ram") == [50000, None, None, None]
    assert form.value("ar") == 2026


def test_nothing_of_the_others_is_left_in_a_unit_s_file(budget: Path, tmp_path: Path) -> None:
    kultur = split(budget, tmp_path / "enheter").parts[0].path
    with zipfile.ZipFile(kultur) as package:
        content = b"".join(package.read(name) for name in package.namelist()).decode("utf-8", "replace")
    assert "Mässa" in content and "<v>50000" in content
    assert [text for text in ("Hemligt", "Miljö", "<v>20000", "<v>99.5") if text in content] == []


def test_read_back_untouched_it_is_the_same_budget(budget: Path, tmp_path: Path) -> None:
    before = hashlib.sha256(budget.read_bytes()).hexdigest()
    split(budget, tmp_path / "enheter")
    made = join(budget, tmp_path / "enheter", tmp_path / "åter.xlsx")
    assert status(made) == {
        "budget 2026-Kultur.xlsx": ("inläst", 2, 0),
        "budget 2026-Miljö bygg.xlsx": ("inläst", 2, 0),
        "budget 2026-Skola.xlsx": ("inläst", 0, 0),
    }
    assert made.problems == []
    assert trips(made.path) == TRIPS and total(made.path) == TOTAL
    assert hashlib.sha256(budget.read_bytes()).hexdigest() == before


def test_what_the_units_have_changed_is_read_back(budget: Path, tmp_path: Path) -> None:
    parts = split(budget, tmp_path / "alla").parts
    back = tmp_path / "åter"
    back.mkdir()
    # Kultur doubles the first trip and adds one; Miljö drops its last; Skola has its first.
    fill(parts[0].path, back / "k.xlsx", {"resor_antal": [4, 3, 1], "resor_enhet": ["Kultur", "kultur ", "Kultur"],
                                          "resor_biljett": [450, 100, 70]})  # fmt: skip
    fill(parts[1].path, back / "m.xlsx", {f"resor_{name}": [TRIPS[1][at], None] for at, name in enumerate(COLUMNS)})
    fill(parts[2].path, back / "s.xlsx", {f"resor_{name}": [("Skola", MAY, 1, "Besök", 30)[at]]
                                          for at, name in enumerate(COLUMNS)})  # fmt: skip
    made = join(budget, back, tmp_path / "åter.xlsx")
    assert status(made) == {"k.xlsx": ("inläst", 3, 2), "m.xlsx": ("inläst", 1, 1), "s.xlsx": ("inläst", 1, 1)}
    assert trips(made.path) == [
        ("Kultur", MAY, 4, "Mässa", 450),
        TRIPS[1],
        TRIPS[2],
        ("Kultur", None, 1, None, 70),
        ("Skola", MAY, 1, "Besök", 30),
    ]
    assert total(made.path) == 4 * 450 + 99.5 + 300 + 70 + 30


def test_conflicts_are_named_and_nothing_is_guessed(budget: Path, template: Path, tmp_path: Path) -> None:
    parts = split(budget, tmp_path / "alla").parts
    back = tmp_path / "åter"
    back.mkdir()
    # Two files of Kultur that say different things.
    fill(parts[0].path, back / "k1.xlsx", {"resor_antal": [5]})
    fill(parts[0].path, back / "k2.xlsx", {"resor_antal": [6]})
    # Miljö takes another frame and year, has a trip of Kultur's and one without a unit.
    trips_of_miljo = {"resor_enhet": ["Miljö/bygg", "Kultur", None], "resor_antal": [1, 10, 7]}
    changed = {"enheter_ram": [90000], "ar": 2027, "resor_biljett": [99.5, 20, 10]}
    fill(parts[1].path, back / "m.xlsx", {**trips_of_miljo, **changed})
    filled_budget(template, back / "okänd.xlsx", [("Fritid", 1)], [("Fritid", MAY, 1, "x", 1)])
    filled_budget(template, back / "två.xlsx", UNITS[:2], TRIPS[:2])
    (back / "brev.docx").write_bytes(b"PK")
    made = join(budget, back, tmp_path / "åter.xlsx")
    assert status(made) == {
        "brev.docx": ("används inte", 0, 0),
        "k1.xlsx": ("används inte", 2, 1),
        "k2.xlsx": ("används inte", 2, 1),
        "m.xlsx": ("inläst, med anmärkning", 2, 1),
        "okänd.xlsx": ("används inte", 0, 0),
        "två.xlsx": ("används inte", 0, 0),
        "Skola": ("ingen fil", 0, 0),
    }
    assert "flera filer med olika resor (k1.xlsx, k2.xlsx)" in remarks(made, "k1.xlsx")
    told = remarks(made, "m.xlsx")
    assert 'Ram: "90000" i filen, "20000" i budgeten. Budgetens gäller.' in told
    assert 'Förutsättningar!B1: "2027" i filen, "2026" i budgeten. Budgetens gäller.' in told
    assert "Resor!A3: resan står på enheten Kultur och läses inte in ur den här filen." in told
    assert "Resor!A4: enheten saknas. Resan är inläst som den står." in told
    assert remarks(made, "okänd.xlsx") == "Enheten Fritid finns inte i budgeten."
    assert "flera enheter: Kultur, Miljö/bygg" in remarks(made, "två.xlsx")
    assert trips(made.path) == [TRIPS[0], TRIPS[1], TRIPS[2], (None, None, 7, None, 10)]
    assert read_form(made.path).value("ar") == 2026


def test_trips_without_a_known_unit_go_to_a_file_of_their_own_and_back(template: Path, tmp_path: Path) -> None:
    rows = [*TRIPS[:2], ("Fritid", MAY, 1, "x", 10), (None, JUNE, 2, "y", 5)]
    budget = filled_budget(template, tmp_path / "b.xlsx", UNITS[:2], rows)
    made = split(budget, tmp_path / "ut")
    assert [(part.unit, part.path.name, part.trips) for part in made.parts][-1] == ("", "b-utan enhet.xlsx", 2)
    assert made.problems == [
        "Resor vars enhet saknas eller inte finns bland enheterna står i en fil för sig: Resor!A4, Resor!A5."
    ]
    back = join(budget, tmp_path / "ut", tmp_path / "åter.xlsx")
    assert back.problems == [] and trips(back.path) == rows


def test_the_same_file_twice_is_read_once(budget: Path, tmp_path: Path) -> None:
    part = split(budget, tmp_path / "ut").parts[0].path
    (tmp_path / "ut" / "kopia.xlsx").write_bytes(part.read_bytes())
    made = join(budget, tmp_path / "ut", tmp_path / "åter.xlsx")
    assert remarks(made, "kopia.xlsx") == "Samma resor som i budget 2026-Kultur.xlsx."
    assert total(made.path) == TOTAL


def test_too_many_trips_for_the_budget_is_told(budget: Path, tmp_path: Path) -> None:
    parts = split(budget, tmp_path / "alla").parts
    back = tmp_path / "åter"
    back.mkdir()
    fill(parts[0].path, back / "k.xlsx", {"resor_enhet": ["Kultur"] * 11})
    with pytest.raises(BudgetProblem, match="Resor: 13 rader får inte plats; tabellen har 12"):
        join(budget, back, tmp_path / "åter.xlsx")
    assert not (tmp_path / "åter.xlsx").exists()


def test_files_that_are_there_are_not_written_over(budget: Path, tmp_path: Path) -> None:
    split(budget, tmp_path / "ut")
    with pytest.raises(BudgetProblem, match="finns redan"):
        split(budget, tmp_path / "ut")


def test_an_empty_budget_and_another_form_are_told(template: Path, tmp_path: Path) -> None:
    with pytest.raises(BudgetProblem, match="varken enheter eller resor"):
        split(template, tmp_path / "ut")
    with pytest.raises(BudgetProblem, match="ingen resebudget"):
        split(tmp_path / "brev.docx", tmp_path / "ut")


def test_names_of_files_are_fit_for_every_system() -> None:
    assert file_names("b", ["A/B", "a:b", "..", "x" * 200, ""]) == [
        "b-A B.xlsx",
        "b-a b (2).xlsx",
        "b-enhet.xlsx",
        f"b-{'x' * 80}.xlsx",
        "b-utan enhet.xlsx",
    ]
