"""The house holds: imports run one way, and rules, figures and catalogue name each other rightly."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from core.catalogue import all_rules
from core.engine import Figure, Rule
from core.law import ROOMS as ROOMS_WITH_FIGURES
from core.law import RULES, law
from core.policies import policy_names

HOUSE = Path(__file__).parents[1]
CORE = HOUSE / "core"
ROOMS = sorted(path.parent.name for path in CORE.glob("*/rules.py"))
SHARED = ("core.encoded", "core.engine", "core.vocabulary")

SPREADSHEETS_AND_SERVERS = frozenset(
    {
        *("xlwings", "openpyxl", "xlsxwriter", "fastexcel", "python_calamine", "pandas", "polars"),
        *("starlette", "fastapi", "uvicorn", "flask", "django", "aiohttp", "requests", "httpx"),
        *("typer", "click", "rich"),
    }
)
"""What belongs to the hosts and the sheets, not to the rules."""

READ_BY_NO_RULE = {
    "prisbasbelopp": "maximibelopp is derived from it when the figures are loaded",
    "maximibelopp_andel": "maximibelopp is derived from it when the figures are loaded",
    "maximibelopp": "is Sweden's amount in normalbelopp, which the rules read; SATS shows it by its own name",
    "kostforman_helt": "the sum of the meals' values, for SATS: the rules add meal by meal",
}
"""Figures that a user can look up but no rule reads, each with the reason."""


def _imports(source: str) -> Iterator[str]:
    """The modules that a text of Python imports anywhere in it; `from core import law` is core.law."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            below = (f"{node.module}.{name.name}" for name in node.names)
            yield from below if node.module in ("core", "udfs", "xlsx") else [node.module or ""]


@cache
def _imports_of(folder: str) -> list[tuple[str, str]]:
    """(file, module imported) of every file below a folder of the house."""
    files = sorted((HOUSE / folder).rglob("*.py"))
    assert files, folder
    return [
        (str(path.relative_to(HOUSE)), name) for path in files for name in _imports(path.read_text(encoding="utf-8"))
    ]


def _inside(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def _top(module: str) -> str:
    return module.partition(".")[0]


def test_the_reading_of_imports() -> None:
    inside = "def f():\n    import xlwings.server\n"
    source = f"import os.path as p\nfrom core import law\n{inside}from udfs.x import y, z"
    assert sorted(_imports(source)) == ["core.law", "os.path", "udfs.x", "xlwings.server"]
    assert _inside("core.engine.run", "core.engine")
    assert not _inside("core.engines", "core.engine")
    with pytest.raises(AssertionError):
        list(_imports("from . import law"))


def test_the_engine_stands_on_numpy_yaml_and_the_standard_library_alone() -> None:
    allowed = {"numpy", "yaml", *sys.stdlib_module_names}
    assert [
        (file, name)
        for file, name in _imports_of("core/engine")
        if not _inside(name, "core.engine") and _top(name) not in allowed
    ] == []


def test_there_are_rooms() -> None:
    assert {"traktamente", "maltider", "resetillagg", "fardtid", "bil", "klimat", "resval"} <= set(ROOMS)
    assert set(ROOMS_WITH_FIGURES) <= set(ROOMS)
    assert {path.parent.name for path in CORE.glob("*/rates.yaml")} == set(ROOMS_WITH_FIGURES)


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_the_engine_the_vocabulary_and_itself(room: str) -> None:
    strangers = [
        (file, name)
        for file, name in _imports_of(f"core/{room}")
        if _top(name) == "core" and not _inside(name, *SHARED, f"core.{room}")
    ]
    assert strangers == [], "what one room needs of another it names as a parameter"


def test_the_vocabulary_knows_no_rules() -> None:
    assert [
        (file, name)
        for file, name in _imports_of("core/vocabulary")
        if _top(name) == "core" and not _inside(name, *SHARED)
    ] == []


def test_core_knows_no_sheets_hosts_or_servers() -> None:
    forbidden = {"udfs", "xlsx", *SPREADSHEETS_AND_SERVERS}
    assert [(file, name) for file, name in _imports_of("core") if _top(name) in forbidden] == []


def test_xlsx_knows_no_worksheet_functions() -> None:
    assert [(file, name) for file, name in _imports_of("xlsx") if _top(name) in ("udfs", "xlwings")] == []


# Rules, figures and the catalogue


def _all_rules() -> list[Rule]:
    return [rule for variants in RULES.rules.values() for rule in variants]


def _unknown(items: list[Rule] | list[Figure]) -> set[tuple[str, str]]:
    return {(item.name, ref) for item in items for ref in item.refs if ref not in all_rules()}


def test_every_rule_id_that_a_rule_names_is_in_the_catalogue() -> None:
    assert _unknown(_all_rules()) == set()


@pytest.mark.parametrize("policy", policy_names())
def test_every_rule_id_that_a_policy_s_rules_and_figures_name_is_in_the_catalogue(policy: str) -> None:
    under = law(policy)
    assert _unknown([rule for variants in under.rules.rules.values() for rule in variants]) == set()
    assert _unknown(list(under.figures.values())) == set()


def _read_by_rules(policy: str) -> set[str]:
    rules = law(policy).rules
    return {name for variants in rules.rules.values() for rule in variants for name in rule.parameters}


def test_every_figure_is_read_by_a_rule_or_said_to_be_read_by_none() -> None:
    figures = set(law("linkoping").figures)
    assert figures - _read_by_rules("linkoping") == set(READ_BY_NO_RULE)


@pytest.mark.parametrize("policy", policy_names())
def test_a_policy_s_own_figures_are_read_too(policy: str) -> None:
    assert set(law(policy).figures) - _read_by_rules(policy) <= set(READ_BY_NO_RULE)


def test_every_rule_has_a_title_and_says_what_it_does() -> None:
    silent = [rule.name for rule in _all_rules() if not (rule.title and (rule.function.__doc__ or "").strip())]
    assert silent == []


def test_every_rule_s_level_is_declared_and_every_column_it_reads_is_made_by_something() -> None:
    """Of all rules, also those that no test asks for."""
    under = law("linkoping")
    positions = {f"{level.name}_{aspect}" for level in RULES.levels.values() for aspect in ("nr", "forst", "sist")}
    makers = {*under.rules.rules, *under.rules.inputs, *under.figures, *positions}
    levels = set(RULES.levels)
    for rule in _all_rules():
        named = {level for level in (rule.level, rule.over, rule.within, rule.requires) if level}
        assert named <= levels, rule.name
        assert set(rule.parameters) <= makers, rule.name
        assert set(rule.tolerates) <= set(rule.parameters), f"{rule.name} tolerates what it does not read"
        assert set(rule.only_with) <= makers, rule.name


def test_the_variants_of_a_rule_make_the_same_column() -> None:
    for name, variants in RULES.rules.items():
        assert len({(rule.level, rule.unit) for rule in variants}) == 1, name
