# ruff: noqa: E501 (a table is read by its columns)
"""A table of travel alternatives, from a file or a range of cells: its headings and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.encoded import Encoded
from core.engine import ErrorBook
from core.vocabulary.words import plain
from xlsx.claims import Claims, read_claims
from xlsx.errors import UnreadableSheet
from xlsx.grid import Marks, RawColumn, Sheet
from xlsx.headings import Mapping, header_row, map_headings
from xlsx.reading import HEADER_ROWS, Source, open_source
from xlsx.sheets import read_sheet
from xlsx.vocabulary import Heading, Kind

SHEET: Final = "Alternativ"

_ROWS: Final[tuple[tuple[str, str, Kind, str], ...]] = (
    ("alternativ", "Alternativ", "text", "namn|resealternativ|alternative|name|option"),
    ("fardmedel", "Färdmedel", "mode", "färdsätt|transportmedel|mode|mode of transport"),
    ("typ", "Typ", "type", "drivmedel / klass|drivmedel|klass|bränsle|fuel|class|drivmedel eller klass|type"),
    ("avresa", "Avresa", "moment", "start|utresa|avfärd|departure|avresetidpunkt"),
    ("avresa_datum", "Avresedatum", "date", "avresa datum|startdatum|departure date"),
    ("avresa_tid", "Avresetid", "clock", "avresa tid|starttid|departure time"),
    ("framme", "Framme", "moment", "ankomst|framme vid målet|arrival"),
    ("forrattning_borjar", "Förrättning börjar", "moment", "förrättningen börjar|förrättningens början|möte börjar|mötet börjar|errand starts|meeting starts"),
    ("forrattning_slutar", "Förrättning slutar", "moment", "förrättningen slutar|förrättningens slut|möte slutar|mötet slutar|errand ends|meeting ends"),
    ("hemfard", "Hemfärd börjar", "moment", "hemfärd|hemfärden börjar|återresa|återresa börjar|return departure"),
    ("hemkomst", "Hemkomst", "moment", "slut|återkomst|hemma|return"),
    ("hemkomst_datum", "Hemkomstdatum", "date", "hemkomst datum|slutdatum|return date"),
    ("hemkomst_tid", "Hemkomsttid", "clock", "hemkomst tid|sluttid|return time"),
    ("biljett", "Biljett", "kr", "biljettkostnad|biljettpris|biljetter|pris|ticket|ticket price"),
    ("hotell", "Hotell", "kr", "hotellkostnad|logi|logikostnad|hotel"),
    ("utlagg", "Utlägg", "kr", "övriga kostnader|övriga utlägg|expenses"),
    ("km", "Km", "km", "sträcka|körsträcka|antal km|kilometer|distance|mil|antal mil"),
    ("bilkostnad", "Bilkostnad", "kr", "kostnad för bil|bilhyra|car cost"),
    ("bilar", "Antal bilar", "count", "bilar|cars"),
    ("bilavtal", "Bilavtal", "truth", "car agreement"),
    ("privata_natter", "Privata nätter", "count", "privat logi nätter|nätter privat logi|nattraktamente nätter|private nights"),
    ("maltider", "Måltider", "meals", "fria måltider|meals"),
    ("arbetstid_ombord", "Arbetstid ombord", "text", "arbete ombord|arbete på resan|arbetstid på resan|work on board"),
    ("manadslon", "Månadslön", "kr", "lön|salary|monthly salary"),
    ("sysselsattningsgrad", "Sysselsättningsgrad", "share", "tjänstgöringsgrad|anställningsgrad"),
    ("personer", "Antal personer", "count", "personer|antal resande|resande|resenärer|persons|travellers"),
    ("land", "Land", "country", "resmål land|country|destination country"),
    ("avstand", "Avstånd till förrättningen", "km", "avstånd|avstånd till ort|km till ort"),
    ("zon", "Zon", "zone", "zone"),
    ("sovplats", "Sovplats", "truth", "hytt|liggplats|berth"),
    ("fran", "Från", "place", "from"),
    ("till", "Till", "place", "to"),
    ("arbetstid_start", "Arbetstid start", "clock", "arbetstidens början|arbetstid från"),
    ("arbetstid_slut", "Arbetstid slut", "clock", "arbetstidens slut|arbetstid till"),
)  # fmt: skip

ALTERNATIVES: Final = tuple(
    Heading(column, title, kind, tuple(filter(None, synonyms.split("|")))) for column, title, kind, synonyms in _ROWS
)
"""The headings of a table of alternatives."""

NO_HEADER: Final = (
    "Ingen rubrikrad hittades. Skriv rubriker överst, minst Alternativ och Färdmedel, och en rad per alternativ."
)
NO_ALTERNATIVES: Final = "Inga alternativ att jämföra. Skriv en rad per alternativ under rubrikerna."
NO_MODE: Final = "Kolumnen Färdmedel saknas. Den behövs för att jämföra alternativ."


def read_file(path: Path, sheet: str | None = None) -> Claims:
    """The alternatives of a file. Raises UnreadableSheet."""
    source = open_source(path)
    name = _choose(source, path, sheet)
    try:
        grid, mapping = read_sheet(path, source, name, ALTERNATIVES)
    except UnreadableSheet:
        if header_row(source.top(name), ALTERNATIVES) is None:
            raise UnreadableSheet(f"{path.name}: {NO_HEADER}") from None
        raise
    return _claims(grid, mapping, f"{path.name}: ")


def _choose(source: Source, path: Path, wanted: str | None) -> str:
    """The sheet asked for, else `Alternativ`, else the one with the most of our headings."""
    names = {plain(name): name for name in source.names}
    if wanted is not None and plain(wanted) not in names:
        raise UnreadableSheet(f'{path.name}: bladet "{wanted}" finns inte. Bladen är {", ".join(source.names)}.')
    for name in (wanted, SHEET):
        if name is not None and plain(name) in names:
            return names[plain(name)]
    return max(source.names, key=lambda name: _known(source.top(name)))


def _known(top: Sequence[Sequence[str]]) -> int:
    row = header_row(top, ALTERNATIVES)
    return 0 if row is None else len(map_headings(top[row], ALTERNATIVES).columns)


def read_table(rows: Sequence[Sequence[Any]]) -> Claims:
    """The alternatives of a range of cells with a header row. Raises UnreadableSheet."""
    width = max(map(len, rows), default=0)
    cells = [[*row, *[None] * (width - len(row))] for row in rows]
    top = [[_heading(cell) for cell in row] for row in cells[:HEADER_ROWS]]
    header = header_row(top, ALTERNATIVES)
    if header is None:
        raise UnreadableSheet(NO_HEADER if cells else NO_ALTERNATIVES)
    mapping = map_headings(top[header], ALTERNATIVES)
    body = cells[header + 1 :]
    columns = [_column([row[number] for row in body]) for number in range(width)]
    return _claims(Sheet(SHEET, top[header], header + 1, columns, len(body), Marks()), mapping, "")


def _heading(cell: Any) -> str:
    return " ".join(cell.split()) if isinstance(cell, str) else ""


def _column(cells: list[Any]) -> RawColumn:
    blank = [cell is None or cell != cell or (isinstance(cell, str) and not cell.strip()) for cell in cells]
    index = np.where(blank, -1, np.arange(len(cells))) if cells else np.zeros(0, np.int64)
    return RawColumn(Encoded(index, ["" if empty else cell for cell, empty in zip(cells, blank, strict=True)]))


def _claims(grid: Sheet, mapping: Mapping, where: str) -> Claims:
    if "fardmedel" not in mapping.columns:
        raise UnreadableSheet(" ".join([f"{where}{NO_MODE}", *mapping.problems]))
    claims = read_claims(grid, mapping, ErrorBook())
    if not len(claims):
        raise UnreadableSheet(f"{where}{NO_ALTERNATIVES}")
    return claims
