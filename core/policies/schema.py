"""The form of a policy file, strictly: an error names file, key and what is allowed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, field_validator, model_validator

from core.engine import FigureError
from core.engine.figure_files import read_yaml
from core.fardtid.holidays import EVES
from core.klimat.charges import BASES
from core.kontroll.controls import Setting
from core.kontroll.rules import CONTROLS
from core.vocabulary import FARDMEDEL, TYP, ZON, closest


class PolicyError(ValueError):
    """A policy file is wrong; the message names file, key and what is allowed."""


def _known(words: tuple[str, ...] | list[str], value: str) -> str:
    if value not in words:
        near = closest(value, words)
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        raise ValueError(f"{value!r} finns inte.{maybe} Tillåtna är {', '.join(words)}")
    return value


class Part(BaseModel):
    """A part of the file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Rates(Part):
    """A dated figure as the policy sets it; the values are checked against the figure's own unit."""

    regel: tuple[str, ...] = ()
    varden: list[dict[str, Any]]


class RouteGroup(Part):
    """Trips between a place of one group and a place of the other; `och` left out is every place."""

    mellan: Annotated[list[str], Field(min_length=1)]
    och: list[str] = []


class ClimateCharge(Part):
    """One internal climate charge. Charges are summed, but a trip that bears this one does not bear those
    named in `i_stallet_for`."""

    namn: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    titel: str
    bas: str
    regel: tuple[str, ...] = ()
    fardmedel: tuple[str, ...] = ()
    typ: tuple[str, ...] = ()
    utom_typ: tuple[str, ...] = ()
    zon: tuple[str, ...] = ()
    rutter: tuple[RouteGroup, ...] = ()
    i_stallet_for: tuple[str, ...] = ()
    satser: Annotated[list[dict[str, Any]], Field(min_length=1)]
    anmarkning: str = ""

    @field_validator("bas")
    @classmethod
    def _basis(cls, value: str) -> str:
        return _known(list(BASES), value)

    @field_validator("fardmedel")
    @classmethod
    def _modes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(FARDMEDEL.words, word) for word in value)

    @field_validator("typ", "utom_typ")
    @classmethod
    def _types(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(TYP.words, word) for word in value)

    @field_validator("zon")
    @classmethod
    def _zones(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(ZON.words, word) for word in value)


def _modes_of_lists(lists: list[list[str]]) -> list[list[str]]:
    return [[_known(FARDMEDEL.words, word) for word in words] for words in lists]


class Ranking(Part):
    """Modes in order of preference per zone, first choice first; `inte` may not be used."""

    regel: tuple[str, ...] = ()
    kommunen: list[list[str]]
    inrikes: list[list[str]]
    utrikes: list[list[str]]
    inte: list[str] = []

    @field_validator("kommunen", "inrikes", "utrikes")
    @classmethod
    def _ranks(cls, value: list[list[str]]) -> list[list[str]]:
        return _modes_of_lists(value)

    @field_validator("inte")
    @classmethod
    def _banned(cls, value: list[str]) -> list[str]:
        return _modes_of_lists([value])[0]


class Approver(Part):
    """Who approves trips by some modes (all when left out), at home, abroad or both."""

    roll: str
    fardmedel: tuple[str, ...] = ()
    resa: Literal["inrikes", "utrikes", "alla"] = "alla"
    regel: tuple[str, ...] = ()

    @field_validator("fardmedel")
    @classmethod
    def _modes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(FARDMEDEL.words, word) for word in value)


class ControlSetting(Part):
    """The grade of a control, or `av` to leave it out."""

    grad: Setting


class Emissions(Part):
    """How emissions are counted."""

    faktorer: Literal["SE-kommun 2025"] = "SE-kommun 2025"
    hojdeffekt: StrictBool = True


class ComparisonWeights(Part):
    """What the criteria of a comparison of alternatives weigh against each other."""

    miljo: Annotated[int, Field(strict=True)]
    kostnad: Annotated[int, Field(strict=True)]
    arbete: Annotated[int, Field(strict=True)]

    @model_validator(mode="after")
    def _some_weight(self) -> ComparisonWeights:
        weights = (self.miljo, self.kostnad, self.arbete)
        if min(weights) < 0 or max(weights) > 1_000 or not any(weights):
            raise ValueError("vikterna ska vara mellan 0 och 1000, och minst en större än 0")
        return self


class Comparison(Part):
    """How alternatives are weighed together."""

    regel: tuple[str, ...] = ()
    vikter: ComparisonWeights = ComparisonWeights(miljo=40, kostnad=40, arbete=20)
    kalla: str = "Färdkosts förval"
    status: Literal["bekräftad", "från policydokument", "två källor", "obekräftad", "förslag"] = "obekräftad"


class PolicyFile(Part):
    """A whole policy file."""

    titel: str
    kalla: str
    anmarkning: str = ""
    satser: dict[str, Rates] = {}
    fria_aftnar: tuple[str, ...] = ()
    internationell_trafik: tuple[str, ...] = ("flyg", "färja")
    utslapp: Emissions = Emissions()
    klimatpaslag: list[ClimateCharge] = []
    fardmedelsrang: Ranking | None = None
    godkannare: list[Approver] = []
    jamforelse: Comparison = Comparison()
    kontroller: dict[str, ControlSetting] = {}

    @field_validator("fria_aftnar")
    @classmethod
    def _eves(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(list(EVES), word) for word in value)

    @field_validator("internationell_trafik")
    @classmethod
    def _traffic(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_known(FARDMEDEL.words, word) for word in value)

    @field_validator("kontroller")
    @classmethod
    def _controls(cls, value: dict[str, ControlSetting]) -> dict[str, ControlSetting]:
        return {_known(list(CONTROLS), name): setting for name, setting in value.items()}

    @field_validator("klimatpaslag")
    @classmethod
    def _names(cls, value: list[ClimateCharge]) -> list[ClimateCharge]:
        names = [charge.namn for charge in value]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"namnet {name!r} står två gånger")
        replaced = {name for charge in value for name in charge.i_stallet_for}
        for charge in value:
            for name in charge.i_stallet_for:
                _known(names, name)
            if charge.i_stallet_for and charge.namn in replaced:
                raise ValueError(f"{charge.namn!r} kan inte både ersätta och ersättas (i_stallet_for)")
        return value


def read_policy_file(path: Path) -> PolicyFile:
    """Read and validate; raises PolicyError with every fault found, a line each."""
    try:
        content = read_yaml(path)
    except FigureError as error:
        raise PolicyError(str(error)) from None
    if not isinstance(content, dict):
        raise PolicyError(f"{path.name}: filen ska ha nycklarna {', '.join(PolicyFile.model_fields)}")
    try:
        return PolicyFile.model_validate(content)
    except ValidationError as error:
        raise PolicyError("\n".join(_sentence(path.name, fault) for fault in error.errors())) from None


_WANTED: Final = {
    "string": "text",
    "list": "en lista",
    "tuple": "en lista",
    "dict": "nycklar med värden",
    "model": "nycklar med värden",
    "bool": "true eller false",
    "int": "ett heltal",
}


def _sentence(file: str, fault: Any) -> str:
    """One of pydantic's faults in Swedish."""
    place = " → ".join(str(step + 1) if isinstance(step, int) else step for step in fault["loc"])
    kind, context, value = fault["type"], fault.get("ctx", {}), fault.get("input")
    if kind == "value_error":
        what = str(context["error"])
    elif kind == "extra_forbidden":
        what = f"okänd nyckel; tillåtna är {', '.join(_allowed(fault['loc']))}"
    elif kind == "missing":
        what = "saknas"
    elif kind == "literal_error":
        what = f"{value!r} finns inte; tillåtna är {context['expected'].replace(' or ', ' och ')}"
    elif kind == "too_short":
        what = "listan får inte vara tom"
    elif kind == "string_pattern_mismatch":
        what = f"{value!r} får bara ha små bokstäver a–z, siffror och _, och börja med en bokstav"
    elif kind == "invalid_key":
        return f"{file}: {value!r}: nyckeln ska vara text"
    else:
        what = f"{value!r} ska vara {_WANTED.get(kind.split('_')[0], 'av annat slag')}"
    return f"{file}: {place}: {what}"


def _allowed(location: tuple[str | int, ...]) -> list[str]:
    """The keys that stand beside a wrong one."""
    model: type[Part] = PolicyFile
    inner: dict[str, type[Part]] = {
        "satser": Rates,
        "klimatpaslag": ClimateCharge,
        "rutter": RouteGroup,
        "fardmedelsrang": Ranking,
        "godkannare": Approver,
        "kontroller": ControlSetting,
        "utslapp": Emissions,
        "jamforelse": Comparison,
        "vikter": ComparisonWeights,
    }
    for step in location[:-1]:
        if isinstance(step, str) and step in inner:
            model = inner[step]
    return list(model.model_fields)
