"""The whole law of a policy: all rooms' rules, all figures, and the runs on them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np

import core.bil.rules as bil
import core.fardtid.rules as fardtid
import core.jamforelse.rules as jamforelse
import core.klimat.rules as klimat
import core.kontroll.rules as kontroll
import core.maltider.rules as maltider
import core.resetillagg.rules as resetillagg
import core.resval.rules as resval
import core.traktamente.abroad as abroad
import core.traktamente.rules as traktamente
from core.columns import COLUMNS
from core.engine import Column, ErrorBook, Figure, Figures, Result, Ruleset, load_figures, run
from core.engine.blocks import BLOCK, run_blocks
from core.engine.clock import DAY
from core.engine.figure_files import read_yaml
from core.engine.figures import derive
from core.engine.levels import Frame
from core.engine.units import round_half_up
from core.policies import Policy, find_policy, load_policy
from core.traktamente.amounts import load_amounts
from core.traktamente.importing import user_folder
from core.traktamente.rules import LONGEST_TRIP
from core.vocabulary import BIL, COUNTRIES

DEFAULT_POLICY: Final = "linkoping"
ROOMS: Final = ("traktamente", "maltider", "resetillagg", "fardtid", "bil", "klimat", "jamforelse", "kontroll")
DAYS_AT_ONCE: Final = 400_000
"""Days of trips that are computed together; each needs some hundred bytes."""

_HERE: Final = Path(__file__).parent

KEYS: Final[Mapping[str, Sequence[str]]] = {
    "bil": BIL.words,
    "bilniva": ("utan bilavtal", "med bilavtal", "förmånsbil"),
    "drivmedel": klimat.FUELS,
    "farvag": klimat.WAYS,
    "maltidsandel": (
        "ingen",
        "inrikes lunch eller middag",
        "inrikes lunch och middag",
        "inrikes alla måltider",
        "utrikes lunch eller middag",
        "utrikes lunch och middag",
        "utrikes alla måltider",
    ),
    "frukostandel": ("ingen", "inrikes", "utrikes"),
}
"""The key words of each kind of key, in the order of their codes."""

RULES: Final = Ruleset.union(
    [
        COLUMNS,
        traktamente.RULES,
        abroad.RULES,
        maltider.RULES,
        resetillagg.RULES,
        fardtid.RULES,
        bil.RULES,
        klimat.RULES,
        resval.RULES,
        kontroll.RULES,
        jamforelse.RULES,
    ]
)


@dataclass(frozen=True)
class Law:
    """A policy's rules and figures, ready to run."""

    policy: Policy
    rules: Ruleset

    @property
    def figures(self) -> Figures:
        """Every dated figure in force under the policy."""
        return self.policy.figures

    def run(
        self,
        targets: Sequence[str],
        columns: Mapping[str, Column],
        frames: Mapping[str, Frame],
        book: ErrorBook | None = None,
    ) -> Result:
        """Make `targets` from `columns`; see `engine.run`."""
        return run(self.rules, self.figures, targets, self._with_constants(columns), frames, book)

    def run_blocks(
        self,
        targets: Sequence[str],
        columns: Mapping[str, Column],
        frames: Mapping[str, Frame],
        *,
        book: ErrorBook | None = None,
        workers: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> dict[str, Column]:
        """As `run`, for many trips: in blocks and on several threads; only columns of trips."""
        return run_blocks(
            self.rules,
            self.figures,
            targets,
            self._with_constants(columns),
            frames,
            root="resa",
            book=book,
            block=block_of(columns, frames["resa"].rows),
            workers=workers,
            progress=progress,
        )

    def _with_constants(self, columns: Mapping[str, Column]) -> dict[str, Column]:
        return {**{name: Column(value) for name, value in self.policy.constants.items()}, **columns}


def days_of(columns: Mapping[str, Column]) -> Any:
    """How many days each trip opens, as far as its times tell; None when no times are given."""
    for start, end in (("avresa", "hemkomst"), ("avgang", "ankomst")):
        if start in columns and end in columns:
            days = columns[end].values // DAY - columns[start].values // DAY + 1
            return np.where((days < 1) | (days > LONGEST_TRIP), 1, days)
    return None


def block_of(columns: Mapping[str, Column], rows: int) -> int:
    """Trips to compute at a time: the engine's own number, or fewer where long trips would need too much memory."""
    days, block = days_of(columns), BLOCK
    if days is None or np.size(days) not in (1, rows):
        return block
    starts = np.concatenate([[0], np.cumsum(np.broadcast_to(days, rows))])
    while block > 1 and np.diff(starts[np.minimum(np.arange(0, rows + block, block), rows)]).max() > DAYS_AT_ONCE:
        block //= 2
    return block


def sources() -> dict[str, str]:
    """Title of each source by the short key that the tables use."""
    return {key: entry["titel"] for key, entry in read_yaml(_HERE / "kallor.yaml").items()}


def law(policy: str | None = None) -> Law:
    """The law under a policy: a shipped one by name or the user's own file by path. Raises PolicyError."""
    path = find_policy(policy or os.environ.get("FARDKOST_POLICY") or DEFAULT_POLICY)
    folder = user_folder()
    imported = folder / "normalbelopp.csv"
    return _law(path, path.stat().st_mtime_ns, folder, imported.stat().st_mtime_ns if imported.exists() else 0)


@lru_cache(maxsize=64)
def _law(path: Path, changed: int, folder: Path, imported: int) -> Law:
    policy = load_policy(path, law_figures(folder, imported), sources())
    return Law(policy, Ruleset.union([RULES, policy.rules]))


@lru_cache(maxsize=4)
def law_figures(folder: Path, imported: int = 0) -> Figures:
    """The figures of the statute and the central agreements, with the country amounts imported to `folder`."""
    figures = [figure for room in ROOMS for figure in load_figures(_HERE / room / "rates.yaml", KEYS)]
    named = Figures(figures)
    domestic = domestic_amount(named)
    return named.with_figures(
        [
            domestic,
            load_amounts(domestic, [folder] if imported else []),
            replace(named["hel_avresedag_senast"], name="lagens_avresetid", statutory=True),
            replace(named["hel_hemresedag_tidigast"], name="lagens_hemkomsttid", statutory=True),
        ]
    )


def domestic_amount(figures: Figures) -> Figure:
    """The domestic whole day amount: 0.5 % of prisbasbeloppet to the nearest ten kronor (IL 12:11)."""
    share = figures["maximibelopp_andel"].entries[-1].value

    def amount(base: Any) -> Any:
        return round_half_up(base * share, 10_000, 1_000)

    return derive(
        "maximibelopp",
        "Maximibelopp inrikes per hel dag",
        "kr",
        ("IL 12:11",),
        figures["prisbasbelopp"],
        amount,
    )


@cache
def country_titles() -> dict[str, str]:
    """Swedish name of each country by its ISO code."""
    return {COUNTRIES.iso(code): COUNTRIES.name(code) for code in range(len(COUNTRIES))}
