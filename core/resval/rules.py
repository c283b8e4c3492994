"""Choice of mode, approver, and the small comparisons of prices."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.engine import Ruleset, flag

RULES = Ruleset()
rule = RULES.rule

RULES.input("rangtabell", None, "tabell", "Policyns rangordning av färdmedel", default=None)
RULES.input("godkannartabell", None, "tabell", "Policyns godkännare", default=None)
RULES.input("utrikesresa", "resa", "ja/nej", "Utrikes", default=np.False_)

NOT_IN_POLICY = "Policyn {} inte."


@rule("resa", "antal", "Färdmedlets rang", refs=("L-4.1-1", "L-4.2-1", "L-4.3-1", "L-4.4-1", "S-13b"))
def fardmedelsrang(fardmedel: Any, zon: Any, rangtabell: Any) -> Any:
    """1 is the policy's first choice in the zone, 0 not allowed. Zones abroad are one."""
    if rangtabell is None:
        zeros = np.zeros(np.broadcast_shapes(np.shape(fardmedel), np.shape(zon)), np.int64)
        return flag(zeros, (True, "#N/A", NOT_IN_POLICY.format("rangordnar färdmedlen")))
    rank = rangtabell[fardmedel, zon]
    unknown = rank < 0
    return flag(
        np.where(unknown, 0, rank),
        (zon < 0, "#VALUE!", "Zon saknas. Skriv kommunen, inrikes eller utrikes."),
        (unknown, "#N/A", "Policyn nämner inte färdmedlet i den zonen."),
    )


@rule("resa", "roll", "Godkännare", refs=("L-3-3", "L-4.2-6", "L-4.3-3", "L-5.2-3", "S-13c"))
def godkannare(fardmedel: Any, utrikesresa: Any, godkannartabell: Any) -> Any:
    """Number of the role in the policy's list that must approve the trip."""
    if godkannartabell is None:
        zeros = np.zeros(np.broadcast_shapes(np.shape(fardmedel), np.shape(utrikesresa)), np.int64)
        return flag(zeros, (True, "#N/A", NOT_IN_POLICY.format("anger vem som godkänner resan")))
    return godkannartabell[fardmedel, np.asarray(utrikesresa, np.int64)]


@rule("resa", "kr", "Besparing med periodkort", refs=("L-7.8-1", "L-7.8-2"))
def periodkort(kortpris: Any, antal_resor: Any, biljettpris: Any, rabatterat_pris: Any) -> Any:
    """Öre saved over the period; negative when the card costs more than it saves."""
    return antal_resor * (biljettpris - rabatterat_pris) - kortpris


@rule("resa", "kr", "Medarbetarens merkostnad", refs=("L-7.6-4", "L-7.6-6"))
def forlangd_resa(pris_tjanst: Any, pris_vald: Any) -> Any:
    """Öre the traveller pays for travelling on another day by own choice."""
    return np.maximum(pris_vald - pris_tjanst, 0)


@rule("resa", "kr", "Högsta ersättning", refs=("L-7-2",))
def sjalvkostnad(betalt: Any, begart: Any) -> Any:
    """Öre that may be reimbursed: never above what was paid."""
    return np.minimum(betalt, begart)
