"""Whether a recalculation of the gathered rows gives what the claims themselves show.

A claim can say more than one row of the import sheet, such as two cars of different kinds, or hours of another trip
in the same week. Where that makes a difference in kronor it is told, claim by claim.
"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from core.policies import PolicyError
from xlsx.forms.gathering.gathered import DIFFERS, GATHERED, FileLine, Gathered, GatheredClaim
from xlsx.forms.gathering.gatheredbook import write_gathered
from xlsx.recalculate import Recalculation, recalculate
from xlsx.results import BY_NAME

COMPARED: Final = {
    "summa_traktamente": "traktamente",
    "summa_skattefritt": "skattefritt",
    "summa_skattepliktigt": "skattepliktigt",
    "summa_kostforman": "kostforman",
    "summa_nattraktamente": "nattraktamente",
    "summa_resetillagg": "resetillagg",
    "summa_fardtidsersattning": "fardtidsersattning",
    "summa_bil_skattefri": "bilersattning_skattefri",
    "summa_bil_skattepliktig": "bilersattning_skattepliktig",
    "summa_klimatpaslag": "klimatpaslag",
    "summa_ersattning": "ersattning_totalt",
}
"""The claim's defined names and the results of a recalculation that say the same, both in kronor."""


_LEAST: Final = 0.005
_NOT_COMPARED: Final = "Formulärets belopp är inte jämförda med vad bladet Resor ger"


def with_differences(made: Gathered) -> Gathered:
    """The gathered files, with a remark on each claim that a recalculation gives other amounts than it shows.

    Each claim is recalculated under the policy that it names. Raises UnreadableSheet.
    """
    told: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
        for number, policy in enumerate({claim.policy: None for claim in made.claims}):
            claims = [claim for claim in made.claims if claim.policy == policy]
            path = write_gathered(Gathered(claims=claims), Path(folder) / f"{number}.xlsx")
            try:
                done = recalculate(path, policy=policy or None)
            except PolicyError:
                told |= {claim.file: [f"{_NOT_COMPARED} (policyn {policy} finns inte)."] for claim in claims}
                continue
            rows = {name: row for row, name in enumerate(_trip_ids(done))}
            told |= {
                claim.file: _differences(claim, done, rows[claim.trip_id]) for claim in claims if claim.trip_id in rows
            }
    return replace(made, files=[_told(line, told.get(line.file, [])) for line in made.files])


def _trip_ids(done: Recalculation) -> list[str]:
    ids = done.claims.texts("rese_id")
    return [str(ids.texts[code]) if code >= 0 else "" for code in ids.index.tolist()]


def _told(line: FileLine, differences: list[str]) -> FileLine:
    if not differences:
        return line
    status = DIFFERS if line.status == GATHERED else line.status
    return replace(line, status=status, remarks=(*line.remarks, *differences))


def _differences(claim: GatheredClaim, done: Recalculation, row: int) -> list[str]:
    return [
        f"{BY_NAME[name].title}: formuläret visar {_kronor(shown)}, bladet Resor ger {_kronor(found)}."
        for total, name in COMPARED.items()
        if (shown := claim.totals.get(total)) is not None
        and (found := _result(done, name, row)) is not None
        and abs(shown - found) >= _LEAST
    ]


def _result(done: Recalculation, name: str, row: int) -> float | None:
    """Kronor of one trip; 0 where nothing is asked for, None where it is in error or lacks a column."""
    if name not in done.results:
        return None
    column = done.results[name]
    if column.errors is not None and column.errors[row]:
        return None
    if column.given is not None and not column.given[row]:
        return 0.0
    return float(column.values[row]) / 100


def _kronor(value: float) -> str:
    return f"{value:,.2f}".replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")
