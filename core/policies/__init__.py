"""Policies: one file per organisation, read and turned into figures, rules and tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.columns import NOT_STATED
from core.engine import Entry, FigureError, Figures, Ruleset
from core.engine.clock import FIRST_DAY
from core.engine.figure_files import read_entries
from core.jamforelse.ranking import Weights
from core.klimat.charges import BASES, Charge, Route, charge_rules
from core.klimat.factors import standard_set
from core.kontroll.controls import Grade, grades_under
from core.kontroll.words import suffices
from core.policies.schema import (
    Approver,
    ClimateCharge,
    PolicyError,
    PolicyFile,
    Ranking,
    read_policy_file,
    read_shipped,
)
from core.vocabulary import FARDMEDEL, ZON, closest
from core.vocabulary.places import PLACES

FOLDER: Final = Path(__file__).parent

__all__ = ["FOLDER", "Policy", "PolicyError", "find_policy", "load_policy", "policy_names"]


@dataclass(frozen=True)
class Policy:
    """A policy ready for use: its own figures over the law's, charges as rules, tables as constants."""

    name: str
    title: str
    source: str
    figures: Figures
    rules: Ruleset
    constants: Mapping[str, Any]
    approvers: tuple[str, ...]
    weights: Weights
    controls: Mapping[str, Grade]
    """The grade of each control that is on."""
    note: str = ""


def policy_names() -> list[str]:
    """The policies that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.yaml"))


def find_policy(policy: str) -> Path:
    """The file of a shipped policy by name, or of the user's own by path. Raises PolicyError."""
    if policy in policy_names():
        return FOLDER / f"{policy}.yaml"
    path = Path(policy).expanduser()
    if path.suffix in (".yaml", ".yml") or path.is_file():
        if path.is_file():
            return path
        raise PolicyError(f"Policyfilen {policy} finns inte.")
    near = closest(policy, policy_names())
    maybe = f" Menade du {' eller '.join(near)}?" if near else ""
    raise PolicyError(f'Okänd policy "{policy}".{maybe} Välj {", ".join(policy_names())} eller ange en egen fil.')


def load_policy(path: Path, law: Figures, sources: Mapping[str, str]) -> Policy:
    """The policy of a file, over the figures of the law. Raises PolicyError."""
    content = read_shipped(path) if path.parent == FOLDER else read_policy_file(path)
    charges = [_charge(path.name, charge) for charge in content.klimatpaslag]
    rules, rates = charge_rules(charges)
    factors = standard_set().figure(content.utslapp.hojdeffekt, sources)
    own = law.with_entries(_own_entries(path.name, content, law))
    roles = tuple(dict.fromkeys(approver.roll for approver in content.godkannare))
    return Policy(
        name=path.stem,
        title=content.titel,
        source=content.kalla,
        figures=own.with_figures([factors, *rates]),
        rules=rules,
        constants={
            "fria_aftnar": content.fria_aftnar,
            "internationell_trafik": _mode_mask(content.internationell_trafik),
            "rangtabell": _ranks(content.fardmedelsrang),
            "godkannartabell": _approver_table(path.name, content.godkannare, roles),
            "rollmatris": np.stack([suffices(role) for role in roles]) if roles else None,
        },
        approvers=roles,
        controls=grades_under(path.stem, {name: setting.grad for name, setting in content.kontroller.items()}),
        weights=Weights(
            **asdict(content.jamforelse.vikter), source=content.jamforelse.kalla, status=content.jamforelse.status
        ),
        note=content.anmarkning,
    )


def _own_entries(file: str, content: PolicyFile, law: Figures) -> dict[str, tuple[Sequence[Entry], Sequence[str]]]:
    own: dict[str, tuple[Sequence[Entry], Sequence[str]]] = {}
    for name, rates in content.satser.items():
        place = f"{file}: satser → {name}"
        if name not in law:
            near = closest(name, list(law))
            maybe = f" Menade du {' eller '.join(near)}?" if near else ""
            raise PolicyError(f"{place}: satsen finns inte.{maybe} Tillåtna är {', '.join(_own_names(law))}")
        figure = law[name]
        if figure.statutory:
            raise PolicyError(f"{place}: satsen är lagens ({', '.join(figure.refs)}) och kan inte sättas i en policy")
        entries = _entries(place, rates.varden, figure.unit, figure.keys if figure.key_kind else None)
        own[name] = entries, rates.regel
    return own


def _own_names(law: Figures) -> list[str]:
    """The figures that a policy may set."""
    return sorted(name for name, figure in law.items() if not figure.statutory)


def _entries(place: str, blocks: Any, unit: str, keys: Sequence[str] | None) -> tuple[Entry, ...]:
    try:
        return read_entries(place, blocks, unit, keys)
    except FigureError as error:
        raise PolicyError(str(error)) from None


def _charge(file: str, charge: ClimateCharge) -> Charge:
    place = f"{file}: klimatpaslag → {charge.namn}"
    entries = _entries(f"{place} → satser", charge.satser, BASES[charge.bas][0], None)
    try:
        routes = tuple(
            Route(tuple(map(PLACES.code, route.mellan)), tuple(map(PLACES.code, route.och))) for route in charge.rutter
        )
    except ValueError as error:
        raise PolicyError(f"{place} → rutter: {error}") from None
    first = min(entries, key=lambda entry: entry.from_day)
    before = Entry(FIRST_DAY, None, 0, "Före klimatpåslagets första dag", first.checked, first.status)
    return Charge(
        name=charge.namn,
        title=charge.titel,
        basis=charge.bas,
        entries=(before, *entries),
        refs=charge.regel,
        modes=charge.fardmedel,
        types=charge.typ,
        except_types=charge.utom_typ,
        zones=charge.zon,
        routes=routes,
        instead_of=charge.i_stallet_for,
    )


def _mode_mask(words: Sequence[str]) -> Any:
    return np.array([word in words for word in FARDMEDEL.words])


def _ranks(ranking: Ranking | None) -> Any:
    """Rank per mode and zone: 1 is first choice, 0 not allowed, -1 not mentioned; last zone: none stated."""
    if ranking is None:
        return None
    table = np.full((len(FARDMEDEL), len(ZON) + 1), NOT_STATED, np.int64)
    for number, zone in enumerate(ZON.words):
        lists = {"kommunen": ranking.kommunen, "inrikes": ranking.inrikes}.get(zone, ranking.utrikes)
        for rank, words in enumerate(lists, start=1):
            table[[FARDMEDEL[word] for word in words], number] = rank
    table[[FARDMEDEL[word] for word in ranking.inte]] = 0
    return table


def _approver_table(file: str, approvers: Sequence[Approver], roles: Sequence[str]) -> Any:
    """Role number per mode and (at home, abroad); a later line of the file wins over an earlier one."""
    if not approvers:
        return None
    table = np.full((len(FARDMEDEL), 2), -1, np.int64)
    for approver in approvers:
        modes = _mode_mask(approver.fardmedel or FARDMEDEL.words)
        for column in {"inrikes": [0], "utrikes": [1], "alla": [0, 1]}[approver.resa]:
            table[modes, column] = roles.index(approver.roll)
    if (table < 0).any():
        raise PolicyError(f"{file}: godkannare: någon rad ska gälla alla färdmedel, inrikes och utrikes")
    return table
