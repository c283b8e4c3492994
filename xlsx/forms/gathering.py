"""Many filled forms → their rows, and for every file what was made of it.

The formulas of each form are computed anew before it is read, since a form that was filled by a program, or saved
where no add-in was, has old values or none. How a claim becomes a row is thus said in one place: in the form itself.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

from xlsx.forms.budgetrows import BudgetRows, budget_rows
from xlsx.forms.claimrows import ClaimRow, NotReadable, claim_row, differing
from xlsx.forms.contract import Departure
from xlsx.forms.finding import FormFile
from xlsx.forms.named import FORM_FILES, Form, form_limits, form_names, read_form, text_of
from xlsx.grid import UnreadableSheet
from xlsx.guard import WORKBOOKS, check_file

CLAIM: Final = "reserakning"
BUDGET: Final = "resebudget"
KINDS: Final = {
    CLAIM: "Reseräkning",
    BUDGET: "Resebudget",
    "uppfoljning": "Uppföljning",
    "import": "Importblad",
}

GATHERED: Final = "med"
TO_CORRECT: Final = "med, att rätta"
DIFFERS: Final = "med, andra belopp"
EMPTY: Final = "tom"
TWICE: Final = "dubblett"
TO_DECIDE: Final = "att avgöra"
RESULT: Final = "resultatfil"
OTHER: Final = "annan fil"
NO_FORM: Final = "inget formulär"
FAILED: Final = "kan inte läsas"
LEFT_OUT: Final = (TO_DECIDE, NO_FORM, FAILED)
"""What somebody has to look at, since it is not among the rows. Other files, such as receipts, are only listed."""

_WORKBOOKS: Final = (*WORKBOOKS, ".xlsb")

MOST_REMARKS: Final = 6
"""Remarks of a kind that are told of a file."""

TOTAL: Final = "summa_"
"""How the defined names of a form's totals begin."""

_PERSON: Final = "namn"

Recalculate = Callable[[Path, Path], Any]
"""Writes a copy of a form with all its formulas computed. Raises UnreadableSheet."""

Check = Callable[[Form], Sequence[Departure]]
"""What has been done to the form that it was not made for, such as a formula that was written over."""

Progress = Callable[[int, int], None]
"""Told how many files are done, of how many."""


@dataclass(frozen=True)
class FileLine:
    """What was made of one file."""

    file: str
    kind: str = ""
    status: str = GATHERED
    rows: int = 0
    """Rows among the gathered ones."""
    trip_id: str = ""
    person: str = ""
    employee: str = ""
    departure: Any = None
    back: Any = None
    version: int | None = None
    policy: str = ""
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class GatheredClaim:
    """A claim's row and legs under its Rese-ID, with the file they come from.

    totals: the amounts that the claim shows, by defined name; those that are blank or in error are not there.
    """

    file: str
    trip_id: str
    row: ClaimRow
    policy: str = ""
    totals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GatheredBudget:
    """A budget's rows with the file they come from."""

    file: str
    rows: BudgetRows


@dataclass
class Gathered:
    """All rows of all files. `undecided` are claims that contradict each other and are not among `claims`."""

    files: list[FileLine] = field(default_factory=list)
    claims: list[GatheredClaim] = field(default_factory=list)
    undecided: list[GatheredClaim] = field(default_factory=list)
    budgets: list[GatheredBudget] = field(default_factory=list)

    @property
    def problems(self) -> list[FileLine]:
        """The files that somebody has to look at."""
        return [line for line in self.files if line.status in (*LEFT_OUT, TO_CORRECT, DIFFERS)]

    @property
    def policies(self) -> list[str]:
        """The policies that the forms name."""
        return sorted({line.policy for line in self.files if line.rows and line.policy})


@dataclass(frozen=True)
class ReadFile:
    """A file that has been read: the form, or why there is none."""

    file: FormFile
    form: Form | None = None
    status: str = ""
    why: str = ""
    departures: Sequence[Departure] = ()

    @property
    def is_wrong(self) -> bool:
        """Whether the form has been changed so that what is read from it may be wrong."""
        return any(one.grade == "fel" for one in self.departures)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What has been done to the form, each with its place."""
        places = ["!".join(filter(None, (one.sheet, one.cell))) for one in self.departures]
        told = [
            f"{place}: {one.text}" if place else one.text for place, one in zip(places, self.departures, strict=True)
        ]
        return tuple(shortened(told, self.file.path.name))


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
    read = list(read_files(files, recalculate, check=check, workers=workers, progress=progress))
    claims: list[tuple[FileLine, ClaimRow, Form]] = []
    for one in read:
        line = _line(one)
        if one.form is None or line.status in LEFT_OUT:
            found.files.append(line)
        elif one.form.kind == CLAIM:
            line, row = _claim(line, one.form)
            found.files.append(line)
            if row is not None:
                claims.append((line, row, one.form))
        else:
            found.files.append(_budget(line, one.form, found))
    _settle(claims, found)
    return found


def read_files(
    files: Sequence[FormFile],
    recalculate: Recalculate,
    *,
    check: Check | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Iterator[ReadFile]:
    """Each file's form with its formulas computed, in order."""
    told = progress or (lambda *_: None)
    told(0, len(files))
    with ThreadPoolExecutor(max_workers=max(1, workers)) as pool:
        for done, one in enumerate(pool.map(lambda file: read_file(file, recalculate, check), files), 1):
            told(done, len(files))
            yield one


def read_file(file: FormFile, recalculate: Recalculate, check: Check | None = None) -> ReadFile:
    """A form with its formulas computed, looked through by the guard first."""
    if file.result_of:
        return ReadFile(file, status=RESULT, why=f"Resultat av {file.result_of}, som läses i stället.")
    if file.path.suffix.lower() not in FORM_FILES:
        status = NO_FORM if file.path.suffix.lower() in _WORKBOOKS else OTHER
        return ReadFile(file, status=status, why=_other_kind(file.path))
    try:
        check_file(file.path, form_limits())
        if "formular" not in form_names(file.path):
            return ReadFile(file, status=NO_FORM, why="Arbetsboken är inget av Färdkosts formulär.")
        with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
            computed = Path(folder) / f"beräknad{file.path.suffix}"
            recalculate(file.path, computed)
            form = replace(read_form(computed), path=file.path)
        departures = tuple(check(form)) if check is not None else ()
    except (UnreadableSheet, ValueError, OSError) as why:
        return ReadFile(file, status=FAILED, why=_sentence(str(why), file.path.name))
    return ReadFile(file, form, departures=departures)


def shortened(told: Sequence[str], name: str) -> list[str]:
    """The first remarks of a kind, and how all are shown: a form that was taken apart has hundreds."""
    if len(told) <= MOST_REMARKS:
        return list(told)
    return [*told[:MOST_REMARKS], f"… och {len(told) - MOST_REMARKS} till; fardkost form {name} visar alla."]


def _other_kind(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in _WORKBOOKS:
        return f"Filen är {suffix}. Öppna den i Excel och spara den som .xlsx."
    return f"Filtypen {suffix or 'utan ändelse'} är inget formulär."


def _sentence(why: str, name: str) -> str:
    why = why.removeprefix(f"{name}: ")
    return f"{why[:1].upper()}{why[1:]}"


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


def _settle(claims: Sequence[tuple[FileLine, ClaimRow, Form]], found: Gathered) -> None:
    """Give each claim its Rese-ID and a place: among the rows once, or among those that contradict each other."""
    lines = {line.file: place for place, line in enumerate(found.files)}
    same: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, (_, row, _form) in enumerate(claims):
        same[row.key or ("", str(place))].append(place)
    ids = _trip_ids([row for _, row, _ in claims])
    for place, (line, row, form) in enumerate(claims):
        alike = same[row.key or ("", str(place))]
        settled = replace(line, trip_id=ids[place], rows=1)
        claim = GatheredClaim(line.file, ids[place], row, form.policy, _totals(form))
        first = claims[alike[0]]
        fields = list(dict.fromkeys(title for other in alike for title in differing(first[1], claims[other][1])))
        if fields:
            others = ", ".join(claims[other][0].file for other in alike if other != place)
            why = f"Samma resa står också i {others}, med annat under {', '.join(fields)}. Ta bort den som inte gäller."
            settled = replace(settled, status=TO_DECIDE, rows=0, remarks=(*line.remarks, why))
            found.undecided.append(claim)
        elif place != alike[0]:
            why = f"Samma reseräkning som {first[0].file}."
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
