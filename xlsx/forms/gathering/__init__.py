"""Many filled forms → their rows, and for every file what was made of it.

How a claim becomes a row is said in one place: in the form itself, whose formulas make the row.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from xlsx.forms.gathering.budgetrows import budget_rows
from xlsx.forms.gathering.claimrows import ClaimRow, NotReadable, claim_row, differing
from xlsx.forms.gathering.finding import FormFile
from xlsx.forms.gathering.formfiles import Check, Progress, ReadFile, Recalculate, read_files, shortened
from xlsx.forms.gathering.gathered import (
    BUDGET,
    CLAIM,
    EMPTY,
    FAILED,
    GATHERED,
    KINDS,
    LEFT_OUT,
    NO_FORM,
    TO_CORRECT,
    TO_DECIDE,
    TWICE,
    FileLine,
    Gathered,
    GatheredBudget,
    GatheredClaim,
)
from xlsx.forms.named import Form, text_of

TOTAL: Final = "summa_"
"""How the defined names of a form's totals begin."""

_PERSON: Final = "namn"


@dataclass(frozen=True)
class _Claim:
    line: FileLine
    row: ClaimRow
    policy: str
    totals: Mapping[str, float]


def gather(
    files: Sequence[FormFile],
    recalculate: Recalculate,
    *,
    check: Check | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Gathered:
    """The rows of filled claims and budgets, in the order of the files.

    recalculate: computes a form's formulas; it and `check` are called from several threads. Nothing is raised for a
    file that cannot be read: it is a line of `files`.
    """
    found = Gathered()
    claims: list[_Claim] = []
    for one in read_files(files, recalculate, check=check, workers=workers, progress=progress):
        line = _line(one)
        if one.form is None or line.status in LEFT_OUT:
            found.files.append(line)
        elif one.form.kind == CLAIM:
            line, row = _claim(line, one.form)
            found.files.append(line)
            if row is not None:
                claims.append(_Claim(line, row, one.form.policy, _totals(one.form)))
        else:
            found.files.append(_budget(line, one.form, found))
    _settle(claims, found)
    return found


def _line(one: ReadFile) -> FileLine:
    """What a file says of itself."""
    if one.form is None:
        return FileLine(one.file.relative, status=one.status, remarks=(one.why,))
    form = one.form
    line = FileLine(
        one.file.relative,
        KINDS.get(form.kind, form.kind),
        person=text_of(form.value(_PERSON)),
        version=form.version,
        policy=form.policy,
        remarks=one.remarks,
        status=TO_CORRECT if one.is_wrong else GATHERED,
    )
    if form.kind not in (CLAIM, BUDGET):
        return replace(line, status=NO_FORM, remarks=(*line.remarks, "Bara reseräkningar och resebudgetar samlas."))
    return line


def _claim(line: FileLine, form: Form) -> tuple[FileLine, ClaimRow | None]:
    try:
        row = claim_row(form)
    except NotReadable as why:
        return replace(line, status=FAILED, remarks=(*line.remarks, str(why))), None
    line = replace(
        line,
        employee=text_of(row.trip.get("Anställningsnr")),
        departure=row.trip.get("Avresa"),
        back=row.trip.get("Hemkomst"),
    )
    if row.is_empty:
        filled = ", ".join(f"{title} {text_of(value)}" for title, value in row.trip.items() if value not in (0, "nej"))
        told = "Varken anställningsnummer, avresa eller hemkomst är ifyllt."
        return replace(
            line, status=EMPTY, remarks=(*line.remarks, f"{told} Ifyllt är: {filled}." if filled else told)
        ), None
    remarks = (*line.remarks, *shortened([*row.messages, *row.strange], Path(line.file).name))
    wrong = bool(row.messages or row.strange) or line.status == TO_CORRECT
    return replace(line, remarks=remarks, status=TO_CORRECT if wrong else GATHERED), row


def _budget(line: FileLine, form: Form, found: Gathered) -> FileLine:
    try:
        rows = budget_rows(form)
    except NotReadable as why:
        return replace(line, status=FAILED, remarks=(*line.remarks, str(why)))
    if not rows.trips and not rows.units:
        return replace(line, status=EMPTY, remarks=(*line.remarks, "Varken enheter eller resor är ifyllda."))
    found.budgets.append(GatheredBudget(line.file, rows))
    wrong = bool(rows.messages) or line.status == TO_CORRECT
    return replace(
        line,
        rows=len(rows.trips),
        status=TO_CORRECT if wrong else GATHERED,
        remarks=(*line.remarks, *shortened(rows.messages, Path(line.file).name)),
    )


def _settle(claims: Sequence[_Claim], found: Gathered) -> None:
    """Give each claim its Rese-ID and a place: among the rows once, or among those that contradict each other."""
    lines = {line.file: place for place, line in enumerate(found.files)}
    same: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, one in enumerate(claims):
        same[one.row.key or ("", str(place))].append(place)
    ids = _trip_ids([one.row for one in claims])
    for place, one in enumerate(claims):
        line = one.line
        alike = same[one.row.key or ("", str(place))]
        settled = replace(line, trip_id=ids[place], rows=1)
        claim = GatheredClaim(line.file, ids[place], one.row, one.policy, one.totals)
        first = claims[alike[0]]
        fields = list(dict.fromkeys(title for other in alike for title in differing(first.row, claims[other].row)))
        if fields:
            others = ", ".join(claims[other].line.file for other in alike if other != place)
            why = f"Samma resa står också i {others}, med annat under {', '.join(fields)}. Ta bort den som inte gäller."
            settled = replace(settled, status=TO_DECIDE, rows=0, remarks=(*line.remarks, why))
            found.undecided.append(claim)
        elif place != alike[0]:
            why = f"Samma reseräkning som {first.line.file}."
            settled = replace(settled, status=TWICE, rows=0, trip_id=ids[alike[0]], remarks=(*line.remarks, why))
        else:
            found.claims.append(claim)
        found.files[lines[line.file]] = settled


def _totals(form: Form) -> dict[str, float]:
    totals = ((name, form.value(name)) for name in form.areas if name.startswith(TOTAL))
    return {name: float(value) for name, value in totals if type(value) in (int, float)}


def _trip_ids(rows: Sequence[ClaimRow]) -> list[str]:
    """A Rese-ID for each claim: its own where no other has it, else a running number."""
    own = [text_of(row.trip.get("Rese-ID")) for row in rows]
    taken = {one for one, times in Counter(own).items() if one and times == 1}
    numbers = (f"R{number:04d}" for number in range(1, 2 * len(rows) + 2))
    free = (number for number in numbers if number not in taken)
    return [one if one in taken else next(free) for one in own]
