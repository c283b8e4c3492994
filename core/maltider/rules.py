"""Free meals: what they take off the day allowance, and what of them is taxed."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, flag
from core.engine.units import KRONA, share_of

RULES = Ruleset()
rule, total = RULES.rule, RULES.total

STATED = ("maltidskod", "frukost", "lunch", "middag")
"""Without one of these there are no free meals."""

# Per type of meal, in the order of the vocabulary: none, meal on the trip, compulsory hotel breakfast, compulsory on
# public transport, external representation, internal representation, offered by a business contact (L-7.4.2-T).
REDUCES = np.array([0, 1, 1, 0, 1, 1, 1], np.int64)
IS_BENEFIT = np.array([0, 1, 0, 0, 0, 0, 0], np.int64)


@rule("dygn", "måltid", "Frukost", refs=("L-7.4.2-T",))
def frukost(maltidskod: Any, maltidstabell: Any, dygn_nr: Any, antal_dygn: Any) -> Any:
    """Type of the day's breakfast."""
    return _meal(maltidskod, maltidstabell, dygn_nr, antal_dygn, 0)


@rule("dygn", "måltid", "Lunch", refs=("L-7.4.2-T",))
def lunch(maltidskod: Any, maltidstabell: Any, dygn_nr: Any, antal_dygn: Any) -> Any:
    """Type of the day's lunch."""
    return _meal(maltidskod, maltidstabell, dygn_nr, antal_dygn, 1)


@rule("dygn", "måltid", "Middag", refs=("L-7.4.2-T",))
def middag(maltidskod: Any, maltidstabell: Any, dygn_nr: Any, antal_dygn: Any) -> Any:
    """Type of the day's dinner."""
    return _meal(maltidskod, maltidstabell, dygn_nr, antal_dygn, 2)


def _meal(code: Any, table: Any, day: Any, days: Any, meal: int) -> Any:
    if table is None:
        return np.int64(0)
    return flag(table.meal(code, day, meal), *table.mismatches(code, days))


@rule("dygn", "antal", "Lunch och middag som minskar traktamentet", refs=("IL 12:17", "L-7.4.2-T"))
def huvudmal(lunch: Any, middag: Any) -> Any:
    """0, 1 or 2."""
    return REDUCES[lunch] + REDUCES[middag]


@rule("dygn", "antal", "Frukost som minskar traktamentet", refs=("IL 12:17", "L-7.4.2-T"))
def frukostmal(frukost: Any) -> Any:
    """0 or 1."""
    return REDUCES[frukost]


@rule("dygn", "", "Måltider som dras av tillsammans", refs=("IL 12:17",))
def maltidsomrade(huvudmal: Any, frukostmal: Any, utrikes: Any) -> Any:
    """Key of the share: 0 none, 1 one main meal, 2 both, 3 all meals; 4–6 the same abroad."""
    group = huvudmal + ((huvudmal == 2) & (frukostmal == 1))
    return group + 3 * (utrikes & (group > 0))


@rule("dygn", "", "Frukost som dras av för sig", refs=("IL 12:17",))
def frukostomrade(huvudmal: Any, frukostmal: Any, utrikes: Any) -> Any:
    """Key of the share: 0 none (or within all meals), 1 at home, 2 abroad."""
    alone = (frukostmal == 1) & (huvudmal < 2)
    return alone * (1 + utrikes)


def _reduction(amount: Any, main: Any, breakfast: Any, utrikes: Any, exception_at: Any, exception: Any) -> Any:
    """Öre: both parts rounded to whole kronor, then added; the published breakfast where it differs."""
    of_breakfast = share_of(amount, breakfast, KRONA)
    if np.any(exception_at):
        differs = (amount == exception_at) & (exception_at > 0) & (breakfast > 0) & np.logical_not(utrikes)
        of_breakfast = np.where(differs, exception, of_breakfast)
    return share_of(amount, main, KRONA) + of_breakfast


@rule("dygn", "kr", "Måltidsavdrag", refs=("IL 12:17", "L-7.4-3", "L-7.4.1-5"), only_with=STATED)
def maltidsavdrag(
    dygnsbelopp: Any,
    maltidsandel: Any,
    frukostandel: Any,
    utrikes: Any,
    frukostavdrag_undantag_belopp: Any,
    frukostavdrag_undantag: Any,
) -> Any:
    """Reduction of the day's paid amount; both main meals are one share, not two rounded ones."""
    return _reduction(
        dygnsbelopp, maltidsandel, frukostandel, utrikes, frukostavdrag_undantag_belopp, frukostavdrag_undantag
    )


@rule("dygn", "kr", "Måltidsavdrag från skattefritt belopp", refs=("IL 12:17",), only_with=STATED)
def skattefritt_maltidsavdrag(
    skattefritt_dygnsbelopp: Any,
    maltidsandel: Any,
    frukostandel: Any,
    utrikes: Any,
    frukostavdrag_undantag_belopp: Any,
    frukostavdrag_undantag: Any,
) -> Any:
    """The same reduction of the day's tax-free amount."""
    return _reduction(
        skattefritt_dygnsbelopp,
        maltidsandel,
        frukostandel,
        utrikes,
        frukostavdrag_undantag_belopp,
        frukostavdrag_undantag,
    )


@rule(
    "dygn",
    "kr",
    "Dygnets kostförmån",
    refs=("IL 11:1", "IL 61:3", "L-7.4.2-1", "L-7.4.2-T"),
    only_with=STATED,
)
def dygnets_kostforman(frukost: Any, lunch: Any, middag: Any, kostforman_frukost: Any, kostforman_huvudmal: Any) -> Any:
    """Öre of taxable benefit; the same in Sweden and abroad."""
    mains = IS_BENEFIT[lunch] + IS_BENEFIT[middag]
    return mains * kostforman_huvudmal + IS_BENEFIT[frukost] * kostforman_frukost


total("summa_maltidsavdrag", "resa", "dygn", "maltidsavdrag", "kr", "Måltidsavdrag", ("L-7.4-3",))
total("kostforman", "resa", "dygn", "dygnets_kostforman", "kr", "Kostförmån", ("L-7.4.2-1",))
