"""Alternatives compared: costs, times and emissions of each, ranks, remarks, break-even."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from core.engine import Column, Result
from core.jamforelse.ranking import TITLES, Weights, assessment, break_even, cheapest_other, ranks
from core.jamforelse.rules import IS_VEHICLE
from core.law import Law, law
from core.vocabulary import FARDMEDEL
from xlsx.alternativecolumns import Alternatives, make_alternatives
from xlsx.claims import Claims, Mask


@dataclass(frozen=True, slots=True)
class Field:
    """One column of the comparison: the name of its values, its heading and its unit."""

    name: str
    title: str
    unit: str


COSTS: Final = (
    Field("samlad_biljett", "Biljett", "kr"),
    Field("samlat_hotell", "Hotell", "kr"),
    Field("samlad_bilkostnad", "Bilkostnad", "kr"),
    Field("samlat_traktamente", "Traktamente", "kr"),
    Field("samlat_nattraktamente", "Nattraktamente", "kr"),
    Field("samlat_resetillagg", "Resetillägg", "kr"),
    Field("samlad_fardtidsersattning", "Färdtidsersättning", "kr"),
    Field("samlat_utlagg", "Utlägg", "kr"),
    Field("samlad_arbetstidskostnad", "Förlorad arbetstid", "kr"),
    Field("samlat_klimatpaslag", "Klimatpåslag", "kr"),
)
"""The parts of the total cost: they add up to it."""

FIELDS: Final = (
    Field("namn", "Alternativ", "text"),
    Field("fardmedelsord", "Färdmedel", "text"),
    *COSTS,
    Field("kommunens_kostnad", "Total kostnad", "kr"),
    Field("till_resenarerna", "Resenären får", "kr"),
    Field("restid_totalt", "Restid h", "timmar"),
    Field("arbetstid_ombord", "Arbetstid ombord h", "timmar"),
    Field("natter_borta", "Nätter", "antal"),
    Field("samlat_utslapp", "Kg CO2e", "kg"),
    Field("biljetten_far_kosta", "Biljetten får kosta", "kr"),
    Field("rang_kostnad", "Rang kostnad", "rang"),
    Field("rang_utslapp", "Rang utsläpp", "rang"),
    Field("samlad_bedomning", "Samlad bedömning", "poäng"),
    Field("rang_samlad", "Rang samlad", "rang"),
    Field("fardmedelsrang", "Policyns rang", "antal"),
    Field("godkannare", "Godkännare", "roll"),
    Field("anmarkning", "Anmärkning", "text"),
)
"""The columns of the answer, in order."""

BY_NAME: Final = {item.name: item for item in FIELDS}

_COMPUTED: Final = (
    *(cost.name for cost in COSTS),
    "kommunens_kostnad",
    "till_resenarerna",
    "restid_totalt",
    "restid_utan_arbete",
    "natter_borta",
    "samlat_utslapp",
    "fardmedelsrang",
    "godkannare",
    "utanfor_orten",
)
_OF_THE_POLICY: Final = ("fardmedelsrang", "godkannare")
_PRICE_STEP: Final = 100_000
"""Öre added to every ticket to see how much of it reaches the total."""

TICKETS_TO_WEIGH: Final = ("tåg", "buss")


@dataclass
class Comparison:
    """n alternatives compared. Money is öre, time minutes, scores hundredths of a point; texts are Swedish.

    `computed` holds who could be computed and may be used; only they are ranked.
    """

    law: Law
    alternatives: Alternatives
    weights: Weights
    columns: dict[str, Column]
    texts: dict[str, list[str]]
    computed: Mask
    result: Result
    sentences: list[str] = field(default_factory=list)
    """What the comparison says as a whole: break-even, and what the policy asks for first."""
    notes: list[str] = field(default_factory=list)
    """What is to be said of the table itself: headings not used."""

    def __len__(self) -> int:
        return len(self.alternatives)

    @property
    def weights_sentence(self) -> str:
        """The weights of the combined assessment, and how sure they are."""
        parts = ", ".join(f"{TITLES[name]} {getattr(self.weights, name)}" for name in TITLES)
        return f"Vikter: {parts} ({self.weights.source}, {self.weights.status})"

    def cell(self, item: Field, row: int) -> Any:
        """A value as people read it, a CellError, or None where there is nothing to say."""
        if item.unit == "text":
            return self.texts[item.name][row]
        column = self.columns[item.name]
        if column.errors is not None and column.errors[row]:
            return None if item.name in _OF_THE_POLICY else self.alternatives.book[column.errors[row]]
        if column.given is not None and not column.given[row]:
            return None
        value = np.broadcast_to(column.values, len(self))[row].item()
        match item.unit:
            case "kr":
                return value / 100
            case "timmar":
                return value / 60
            case "poäng":
                return value / 100
            case "kg":
                return round(value * 1000) / 1000
            case "roll":
                return self.law.policy.approvers[value] if value >= 0 else None
        return value


def compare(claims: Claims, policy: str | None = None, weights: Weights | None = None) -> Comparison:
    """Compare the alternatives of a table; `weights` go before the policy's. Raises PolicyError."""
    rules = law(policy)
    alternatives = make_alternatives(claims, rules)
    result = rules.run(_COMPUTED, alternatives.columns, alternatives.frames, alternatives.book)
    columns = {
        name: Column(np.broadcast_to(result.values(name), len(alternatives)), result.column(name).errors)
        for name in _COMPUTED
    }
    columns["arbetstid_ombord"] = alternatives.columns["arbetstid_ombord"]
    made = Comparison(
        law=rules,
        alternatives=alternatives,
        weights=weights or rules.policy.weights,
        columns=columns,
        texts={},
        computed=_computed(columns, alternatives),
        result=result,
        notes=[*claims.mapping.problems, *claims.mapping.notes],
    )
    _rank(made)
    _weigh_tickets(made)
    _describe(made)
    return made


def _sound(column: Column, rows: int) -> Mask:
    return np.ones(rows, bool) if column.errors is None else np.asarray(column.errors == 0)


def _computed(columns: dict[str, Column], alternatives: Alternatives) -> Mask:
    rows = len(alternatives)
    sound = _sound(columns["kommunens_kostnad"], rows) & _sound(columns["restid_utan_arbete"], rows)
    return sound & _sound(alternatives.columns["fardmedel"], rows) & ~_not_allowed(columns, rows)


def _not_allowed(columns: dict[str, Column], rows: int) -> Mask:
    rank = columns["fardmedelsrang"]
    return np.asarray((rank.values == 0) & _sound(rank, rows))


def _rank(made: Comparison) -> None:
    """Ranks among those that could be computed; by emissions and combined only where emissions are known too."""
    columns, rows = made.columns, len(made)
    cost, idle = columns["kommunens_kostnad"].values, columns["restid_utan_arbete"].values
    known = made.computed & _sound(columns["samlat_utslapp"], rows)
    grams = np.rint(np.where(known, columns["samlat_utslapp"].values, 0) * 1000).astype(np.int64)
    score = assessment((grams, cost, idle), tuple(made.weights), known)
    columns["rang_kostnad"] = Column(ranks(cost, made.computed), None, made.computed)
    columns["rang_utslapp"] = Column(ranks(grams, known), None, known)
    columns["samlad_bedomning"] = Column(score, None, known)
    columns["rang_samlad"] = Column(ranks(-score, known), None, known)


def _weigh_tickets(made: Comparison) -> None:
    """What a train or bus ticket may cost for the alternative to cost what the cheapest other trip costs."""
    alternatives = made.alternatives
    travelled = made.computed & ~alternatives.digital
    other = cheapest_other(made.columns["kommunens_kostnad"].values, travelled)
    weighed = travelled & (other >= 0) & np.isin(alternatives.mode, [FARDMEDEL[word] for word in TICKETS_TO_WEIGH])
    total, price = made.columns["kommunens_kostnad"].values, alternatives.columns["kostnad"].values
    dearer = dict(alternatives.columns)
    dearer["kostnad"] = Column(price + _PRICE_STEP, alternatives.columns["kostnad"].errors)
    again = made.law.run(["kommunens_kostnad"], dearer, alternatives.frames, alternatives.book.copy())
    slope = (again.values("kommunens_kostnad") - total) * 10_000 // _PRICE_STEP
    weighed &= slope > 0
    may_cost = break_even(total, price, np.where(weighed, slope, 1), total[np.maximum(other, 0)])
    shown = weighed & (may_cost >= 0)
    made.columns["biljetten_far_kosta"] = Column(np.where(shown, may_cost, 0), None, shown)
    names = alternatives.names()
    for row in np.flatnonzero(weighed).tolist():
        made.sentences.append(_ticket_sentence(names[row], names[other[row]], int(may_cost[row]), int(price[row])))


def _ticket_sentence(name: str, other: str, may_cost: int, price: int) -> str:
    if may_cost < 0:
        return f"{name} kostar mer än {other} även om biljetten är gratis."
    if may_cost >= price:
        return f"{name}: biljetten får kosta {kronor(may_cost)} (nu {kronor(price)}) innan {other} blir billigare."
    return (
        f"{name}: biljetten får kosta högst {kronor(may_cost)} (nu {kronor(price)}) för att inte bli dyrare än {other}."
    )


def kronor(ore: int) -> str:
    """An amount for a sentence: `1 234,50 kr`."""
    return f"{ore / 100:,.2f} kr".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


def _describe(made: Comparison) -> None:
    alternatives, rows = made.alternatives, len(made)
    mode = alternatives.columns["fardmedel"]
    made.texts["namn"] = alternatives.names()
    made.texts["fardmedelsord"] = [
        FARDMEDEL.words[code] if sound else ""
        for code, sound in zip(mode.values.tolist(), _sound(mode, rows).tolist(), strict=True)
    ]
    errors = _errors(made)
    masks = [(np.broadcast_to(mask, rows), text) for mask, text in _remarks(made)]
    made.texts["anmarkning"] = [
        _remark(errors[row], [text for mask, text in masks if mask[row]]) for row in range(rows)
    ]
    first_choice = _digital_first(made)
    if first_choice.any() and not (alternatives.digital & _sound(mode, rows)).any():
        made.sentences.append(
            "Policyn sätter digitalt möte i första hand; inget digitalt alternativ finns i jämförelsen."
        )


def _remark(errors: Sequence[str], remarks: Sequence[str]) -> str:
    """Errors are sentences; remarks follow as one more."""
    said = "; ".join(remarks)
    return " ".join([*errors, said[:1].upper() + said[1:]]).strip() if errors else said


def _errors(made: Comparison) -> list[list[str]]:
    """Per alternative everything that is wrong, each once: first what was misread, then what could not be made."""
    read = [*made.alternatives.claims.read(), *made.alternatives.columns.values()]
    columns = [column for name, column in made.columns.items() if name not in _OF_THE_POLICY]
    wrong = [column.errors for column in (*read, *columns) if column.errors is not None]
    found: list[list[str]] = [[] for _ in range(len(made))]
    for errors in wrong:
        if len(errors) != len(made):
            continue
        for row in np.flatnonzero(errors).tolist():
            message = made.alternatives.book[errors[row]].message
            if not any(known.startswith(message) for known in found[row]):
                found[row].append(message)
    return found


def _digital_first(made: Comparison) -> Mask:
    """Alternatives for whose zone the policy puts a digital meeting first."""
    table, zone = made.law.policy.constants["rangtabell"], made.alternatives.columns["zon"]
    if table is None:
        return np.zeros(len(made), bool)
    return np.asarray((table[FARDMEDEL["digitalt"], zone.values] == 1) & _sound(zone, len(made)))


def _remarks(made: Comparison) -> list[tuple[Any, str]]:
    """What is to be said of each alternative, by mask."""
    alternatives, columns, rows = made.alternatives, made.columns, len(made)
    mode, sound = alternatives.mode, made.computed
    nights, private = columns["natter_borta"].values, alternatives.columns["privata_natter"].values
    berth = np.asarray(alternatives.columns["sovplats"].values).reshape(rows, 2).any(axis=1)
    roofless = (nights > private) & ~berth & (alternatives.columns["hotell"].values == 0) & sound
    inside = ~np.asarray(columns["utanfor_orten"].values, bool) & ~alternatives.digital & sound
    flight = (mode == FARDMEDEL["flyg"]) & _sound(alternatives.columns["fardmedel"], rows)
    seats = (alternatives.columns["personer"].values > 5 * alternatives.columns["bilar"].values) & IS_VEHICLE[mode]
    return [
        (_not_allowed(columns, rows), "inte tillåtet enligt policyn, rangordnas inte"),
        (columns["rang_kostnad"].values == 1, "billigast"),
        (columns["rang_utslapp"].values == 1, "lägst utsläpp"),
        (columns["rang_samlad"].values == 1, "bäst i samlad bedömning"),
        (alternatives.digital & sound & _digital_first(made), "policyns första hand: pröva digitalt möte först"),
        *(
            (flight & (columns["godkannare"].values == number), f"flyg ska godkännas av {role}")
            for number, role in enumerate(made.law.policy.approvers)
        ),
        (inside, "inom vanliga verksamhetsorten (högst 50 km)"),
        (roofless, "natt borta utan kostnad för hotell"),
        (seats, "fler än fem personer per bil; ange Antal bilar"),
        *alternatives.remarks,
    ]
