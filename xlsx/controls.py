"""A sheet's columns for the controls, and the controls run on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import numpy as np

from core.columns import EVERYWHERE, NOT_STATED
from core.engine import Column, ErrorBook
from core.engine.columns import narrow
from core.engine.distinct import distinct
from core.kontroll.check import Checked, check
from core.law import Law
from core.readers import READERS
from core.vocabulary import COUNTRIES, SVERIGE
from xlsx.cells import broken_cells, or_else, read_column, to_column, typed_cells
from xlsx.claims import Mask
from xlsx.runs import Computed
from xlsx.trips import Trips

_DAYS: Final = {
    "godkand_datum": "godkand_dag",
    "anmald_utrikes": "anmald_dag",
    "program_datum": "program_dag",
    "inlamnad": "inlamnad_dag",
    "bokad_datum": "bokad_dag",
    "ombokad": "ombokad_dag",
    "pass_till": "pass_till",
}
_TRUTHS: Final = (
    "ombokning_anmald",
    "sms_biljett",
    "digitalt_overvagt",
    "tag_undersokt",
    "bokad_i_avtal",
    "hotell_i_avtal",
    "kurs",
    "ledighet",
    "egen_forlangning",
    "prisjamforelse",
    "eget_periodkort",
    "bonus_behallen",
    "aterbetalning_lamnad",
)
_AMOUNTS: Final = {
    "boter": "boter",
    "parkeringsboter": "parkeringsboter",
    "aterbetalning": "aterbetalning",
    "pris_tjanst": "pris_tjanst",
    "pris_vald": "pris_vald",
}
_PAID: Final = {"hotell": "hotellkostnad", "utlagg": "begarda_utlagg", "forskott": "forskott", "kostnad": "kostnad"}
"""Amounts whose faults are told in the column Fel already."""
_WORDS: Final = {
    "godkand_av": "godkand_av",
    "periodkort_beslut": "periodkort_beslut",
    "avsteg": "avsteg_av",
    "skal": "skal",
    "kvitton": "kvitto",
    "overtid": "overtid",
}
_CODED: Final = ("godkand_av", "periodkort_beslut", "avsteg_av", "skal")
_STATED: Final = {
    "syfte": "syfte_angivet",
    "fran": "fran_angiven",
    "till": "till_angiven",
    "fardmedel": "fardmedel_angivet",
    "roll": "roll_angiven",
    "andra_signatur": "andra_signatur",
    "avsteg_skal": "avsteg_skal",
}
_HEADINGS: Final = {"Kostnad": "Biljettkostnad", "Sträcka enkel väg": "Avstånd till förrättningen"}
"""The sheet's heading for columns that the rules call something else."""
_ABROAD: Final = (np.arange(len(COUNTRIES)) != SVERIGE).astype(np.int64)
"""By country code."""
_NOTHING: Final = ("", "-", "–", "nej", "0", "saknas")
_MOST_MESSAGES: Final = 30


def check_trips(trips: Trips, computed: Computed, law: Law) -> tuple[Checked, list[tuple[Mask, str]]]:
    """What the policy's controls find, and remarks on cells that the controls could not read."""
    book = trips.claims.book.copy()
    columns = _own_columns(trips, book)
    remarks = _unread(columns, book)
    shared = {name: column for name, column in trips.columns.items() if name != "typ"}
    constants = {name: Column(value) for name, value in law.policy.constants.items()}
    whole = {**constants, **shared, **_completed(trips, computed), **columns}
    found = check(law.rules, law.figures, law.policy.name, law.policy.controls, whole, len(trips), book)
    return replace(found, unchecked={_HEADINGS.get(one, one): names for one, names in found.unchecked.items()}), remarks


def _own_columns(trips: Trips, book: ErrorBook) -> dict[str, Column]:
    """The columns that only controls read, with a value on every row: no, 0 or −1 where nothing is written."""
    claims, columns = trips.claims, {}
    for heading, name in {**_DAYS, **_AMOUNTS, **{one: one for one in _TRUTHS}}.items():
        if claims.has(heading):
            mapped = claims.mapping.columns[heading]
            kind = mapped.heading.kind
            read = read_column(claims.raw(heading), kind, claims.title(heading), heading, book, mapped.scale)
            columns[name] = _filled(read, 0, kind == "truth")
    for heading, name in _WORDS.items():
        if claims.has(heading):
            raw, title = claims.raw(heading), claims.title(heading)
            cells = typed_cells(raw.cells, "count") if name == "overtid" else raw.cells
            read = to_column(READERS[name](cells), broken_cells(raw), title, book)
            columns[name] = _filled(read, NOT_STATED if name in _CODED else 0, name == "kvitto")
    for heading, name in _STATED.items():
        if claims.has(heading):
            texts = claims.texts(heading)
            says = np.array([*(str(text).strip().casefold() not in _NOTHING for text in texts.texts), False])
            columns[name] = Column(says[texts.index])
    return columns


def _filled(column: Column, blank: int, truth: bool) -> Column:
    filled = or_else(column, blank)
    return Column(filled.values == 1, filled.errors) if truth else filled


def _completed(trips: Trips, computed: Computed) -> dict[str, Column]:
    """What other columns and results tell the controls."""
    claims, given = trips.claims, trips.columns
    columns = {name: narrow(claims.filled(heading, 0)) for heading, name in _PAID.items() if claims.has(heading)}
    columns["typ"] = given.get("typ", Column(np.full(len(trips), NOT_STATED, np.int16)))
    columns["bilavtal"] = given.get("bilavtal", Column(np.zeros(len(trips), bool)))
    if "km" in given:
        columns["km"] = or_else(given["km"], 0)
    if "fardtid" in computed.results:
        columns["fardtid"] = or_else(computed.results["fardtid"], 0)
    if trips.legs is not None and len(trips.legs):
        columns["utland_i_delstrackor"] = Column(trips.legs.largest(_ABROAD, len(trips)) > 0)
    if (one_way := _one_way(given, len(trips))) is not None:
        columns["enkel_stracka"] = one_way
    if claims.has("resmal"):
        columns["resmalskod"] = narrow(Column(claims.texts("resmal").index))
    elif "till_plats" in given:
        columns["resmalskod"] = given["till_plats"]
    return columns


def _one_way(given: dict[str, Column], rows: int) -> Column | None:
    """Metres one way: the distance stated, else half of the kilometres out and home; not given where neither is."""
    parts = [(given[name], ways) for name, ways in (("avstand", 1), ("km_utslapp", 2)) if name in given]
    if not parts:
        return None
    metres, known = np.full(rows, EVERYWHERE), np.zeros(rows, bool)
    for column, ways in reversed(parts):
        stated = np.ones(rows, bool) if column.given is None else column.given
        sound = stated if column.errors is None else stated & (column.errors == 0)
        metres, known = np.where(sound, column.values // ways, metres), known | sound
    return narrow(Column(metres, None, known))


def _unread(columns: dict[str, Column], book: ErrorBook) -> list[tuple[Any, str]]:
    """A remark per different cell that was not understood; one for all of them where they are many."""
    remarks: list[tuple[Any, str]] = []
    for column in columns.values():
        if column.errors is None:
            continue
        numbers = [number for number in distinct(column.errors)[0].tolist() if number]
        if len(numbers) > _MOST_MESSAGES:
            title = book[numbers[0]].message.partition(":")[0]
            remarks.append((column.errors != 0, f"{title}: innehållet känns inte igen och kontrolleras inte"))
        else:
            remarks += [(column.errors == number, f"{book[number].message}") for number in numbers]
    return remarks
