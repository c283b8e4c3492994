"""What a policy file holds.

Files are validated by pydantic in `core.policies.validation`, which takes a tenth of a second to import. The policies
that come with the product are used without it: the tests have validated them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from core.converting import converted
from core.engine import FigureError
from core.engine.figure_files import read_yaml
from core.fardtid.holidays import EVES
from core.klimat.charges import BASES
from core.kontroll.controls import Setting
from core.kontroll.rules import CONTROLS
from core.policies.checks import Check, Exactly, all_of, known, not_empty, one_of, short_name
from core.vocabulary import FARDMEDEL, TYP, ZON

Texts = tuple[str, ...]
Modes = Annotated[Texts, all_of(FARDMEDEL.words)]
Types = Annotated[Texts, all_of(TYP.words)]
Dated = list[dict[str, Any]]
"""Dated values, which are checked against the unit of their figure."""


class PolicyError(ValueError):
    """A policy file is wrong; the message names file, key and what is allowed."""


class Part:
    """A part of the file: unknown keys are errors."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012


@dataclass(frozen=True, kw_only=True)
class Rates(Part):
    """A dated figure as the policy sets it."""

    regel: Texts = ()
    varden: Dated


@dataclass(frozen=True, kw_only=True)
class RouteGroup(Part):
    """Trips between a place of one group and a place of the other; `och` left out is every place."""

    mellan: Annotated[Texts, Check(not_empty)]
    och: Texts = ()


@dataclass(frozen=True, kw_only=True)
class ClimateCharge(Part):
    """One internal climate charge. Charges are summed, but a trip that bears this one does not bear those
    named in `i_stallet_for`."""

    namn: Annotated[str, Check(short_name)]
    titel: str
    bas: Annotated[str, one_of(BASES)]
    regel: Texts = ()
    fardmedel: Modes = ()
    typ: Types = ()
    utom_typ: Types = ()
    zon: Annotated[Texts, all_of(ZON.words)] = ()
    rutter: tuple[RouteGroup, ...] = ()
    i_stallet_for: Texts = ()
    satser: Annotated[Dated, Check(not_empty)]
    anmarkning: str = ""


def _modes_known(ranks: Sequence[Sequence[str]]) -> None:
    for words in ranks:
        for word in words:
            known(FARDMEDEL.words, word)


def _names_fit(charges: Sequence[ClimateCharge]) -> None:
    names = [charge.namn for charge in charges]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"namnet {name!r} står två gånger")
    replaced = {name for charge in charges for name in charge.i_stallet_for}
    for charge in charges:
        for name in charge.i_stallet_for:
            known(names, name)
        if charge.i_stallet_for and charge.namn in replaced:
            raise ValueError(f"{charge.namn!r} kan inte både ersätta och ersättas (i_stallet_for)")


@dataclass(frozen=True, kw_only=True)
class Ranking(Part):
    """Modes in order of preference per zone, first choice first; `inte` may not be used."""

    regel: Texts = ()
    kommunen: Annotated[tuple[Texts, ...], Check(_modes_known)]
    inrikes: Annotated[tuple[Texts, ...], Check(_modes_known)]
    utrikes: Annotated[tuple[Texts, ...], Check(_modes_known)]
    inte: Modes = ()


@dataclass(frozen=True, kw_only=True)
class Approver(Part):
    """Who approves trips by some modes (all when left out), at home, abroad or both."""

    roll: str
    fardmedel: Modes = ()
    resa: Literal["inrikes", "utrikes", "alla"] = "alla"
    regel: Texts = ()


@dataclass(frozen=True, kw_only=True)
class ControlSetting(Part):
    """The grade of a control, or `av` to leave it out."""

    grad: Setting


@dataclass(frozen=True, kw_only=True)
class Emissions(Part):
    """How emissions are counted."""

    faktorer: Literal["SE-kommun 2025"] = "SE-kommun 2025"
    hojdeffekt: Annotated[bool, Exactly()] = True


@dataclass(frozen=True, kw_only=True)
class ComparisonWeights(Part):
    """What the criteria of a comparison of alternatives weigh against each other."""

    miljo: Annotated[int, Exactly()]
    kostnad: Annotated[int, Exactly()]
    arbete: Annotated[int, Exactly()]

    def __post_init__(self) -> None:
        weights = (self.miljo, self.kostnad, self.arbete)
        if min(weights) < 0 or max(weights) > 1_000 or not any(weights):
            raise ValueError("vikterna ska vara mellan 0 och 1000, och minst en större än 0")


@dataclass(frozen=True, kw_only=True)
class Comparison(Part):
    """How alternatives are weighed together."""

    regel: Texts = ()
    vikter: ComparisonWeights = ComparisonWeights(miljo=40, kostnad=40, arbete=20)
    kalla: str = "Färdkosts förval"
    status: Literal["bekräftad", "från policydokument", "två källor", "obekräftad", "förslag"] = "obekräftad"


@dataclass(frozen=True, kw_only=True)
class PolicyFile(Part):
    """A whole policy file."""

    titel: str
    kalla: str
    anmarkning: str = ""
    satser: dict[str, Rates] = field(default_factory=dict)
    fria_aftnar: Annotated[Texts, all_of(EVES)] = ()
    internationell_trafik: Modes = ("flyg", "färja")
    utslapp: Emissions = Emissions()
    klimatpaslag: Annotated[tuple[ClimateCharge, ...], Check(_names_fit)] = ()
    fardmedelsrang: Ranking | None = None
    godkannare: tuple[Approver, ...] = ()
    jamforelse: Comparison = Comparison()
    kontroller: Annotated[dict[str, ControlSetting], all_of(CONTROLS)] = field(default_factory=dict)


def read_policy_file(path: Path) -> PolicyFile:
    """Read and validate; raises PolicyError with every fault found, a line each."""
    from core.policies.validation import validated  # here, since it imports pydantic

    return validated(path.name, _content(path))


def read_shipped(path: Path) -> PolicyFile:
    """Read a file that the tests have validated."""
    return converted(_content(path), PolicyFile)


def _content(path: Path) -> Any:
    try:
        return read_yaml(path)
    except FigureError as error:
        raise PolicyError(str(error)) from None
