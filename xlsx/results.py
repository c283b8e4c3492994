"""What is given back: results in order, which run makes each, and the totals over them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["antal", "kr", "timmar", "kg", "text"]


@dataclass(frozen=True, slots=True)
class Target:
    """One result column: the rules' name for it, its heading, unit, and the run that makes it."""

    name: str
    title: str
    unit: Unit
    run: str = ""


TARGETS: Final = (
    Target("antal_dygn", "Dygn", "antal", "dygn"),
    Target("traktamente", "Traktamente", "kr", "dygn"),
    Target("skattefritt", "Skattefritt", "kr", "dygn"),
    Target("skattepliktigt", "Skattepliktigt", "kr", "dygn"),
    Target("summa_maltidsavdrag", "Måltidsavdrag", "kr", "dygn"),
    Target("kostforman", "Kostförmån", "kr", "dygn"),
    Target("nattraktamente", "Nattraktamente", "kr", "dygn"),
    Target("resetillagg", "Resetillägg", "kr", "dygn"),
    Target("fardtid", "Färdtid h", "timmar", "fardtid"),
    Target("fardtidsersattning", "Färdtidsersättning", "kr", "fardtid"),
    Target("bilersattning_skattefri", "Bilersättning skattefri", "kr", "bil"),
    Target("bilersattning_skattepliktig", "Bilersättning skattepliktig", "kr", "bil"),
    Target("utslapp", "Utsläpp kg CO2e", "kg", "klimat"),
    Target("klimatpaslag", "Klimatpåslag", "kr", "klimat"),
    Target("ersattning_totalt", "Ersättning totalt", "kr"),
    Target("resekostnad_totalt", "Resekostnad totalt", "kr"),
    Target("godkannare", "Godkännare", "text", "val"),
)
"""Every result that a sheet can get, in the order of its columns."""

REMARKS: Final = "Anmärkningar"
ERRORS: Final = "Fel"
BY_NAME: Final = {target.name: target for target in TARGETS}
OWN_TITLES: Final = (*(target.title for target in TARGETS), REMARKS, ERRORS)
"""Headings of result columns; found in a sheet they are results of an earlier run."""

PAID: Final = (
    "traktamente",
    "nattraktamente",
    "resetillagg",
    "fardtidsersattning",
    "bilersattning_skattefri",
    "bilersattning_skattepliktig",
)
"""What is paid to the traveller besides outlays."""
