"""Texts per trip: what is worth knowing of a result, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from core.encoded import Encoded
from core.engine import Column, ErrorBook
from core.engine.clock import DAY
from core.engine.columns import wide
from core.engine.distinct import distinct, distinct_rows
from core.engine.plan import Plan
from core.kontroll.check import Checked
from core.law import Law
from xlsx.results import BY_NAME
from xlsx.runs import Computed
from xlsx.trips import NO_DISTANCE, Trips

UNSURE: Final = ("obekräftad", "förslag")
_NAMED_RESULTS: Final = 3
_BITS: Final = 63
_MONEY_WITH_RATES: Final = (
    "traktamente",
    "nattraktamente",
    "resetillagg",
    "fardtidsersattning",
    "bilersattning_skattefri",
    "klimatpaslag",
)


def joined_texts(masks: list[tuple[Any, str]], rows: int, between: str = "; ") -> Encoded:
    """Per row the texts whose mask holds; each different combination is put together once."""
    masks = [(mask, text) for mask, text in masks if np.any(mask)]
    if not masks:
        return Encoded(np.full(rows, -1, np.int64), [])
    if len(masks) < _BITS:
        return _joined_few(masks, rows, between)
    packed = np.zeros((rows, -(-len(masks) // 8)), np.uint8)
    for number, (mask, _) in enumerate(masks):
        packed[:, number // 8] |= np.where(mask, np.uint8(128 >> number % 8), np.uint8(0))
    # A row of bits as one value: sorting those is many times faster than sorting rows.
    whole = packed.view(f"V{packed.shape[1]}").ravel()
    _, first, index = np.unique(whole, return_index=True, return_inverse=True)
    cases, places = np.nonzero(np.unpackbits(packed[first], axis=1))
    words = [text for _, text in masks]
    parts = np.split(places, np.searchsorted(cases, np.arange(1, len(first))))
    texts = [between.join(words[place] for place in part.tolist()) for part in parts]
    none = ~packed.any(axis=1)
    return Encoded(np.where(none, -1, index.ravel()), texts)


def _joined_few(masks: list[tuple[Any, str]], rows: int, between: str) -> Encoded:
    """The same where a row's masks fit in one number, the first mask as its highest bit."""
    packed = np.zeros(rows, np.int64)
    for mask, _ in masks:
        packed <<= 1
        packed |= mask
    cases, index = distinct(packed)
    words = [text for _, text in masks]
    texts = [
        between.join(word for n, word in enumerate(words, 1) if case >> (len(words) - n) & 1) for case in cases.tolist()
    ]
    return Encoded(np.where(packed == 0, -1, index).astype(np.int32), texts)


def error_texts(results: Mapping[str, Column], inputs: Sequence[Column], book: ErrorBook, rows: int) -> Encoded:
    """Per trip its errors, each once, with the results it spoils; totals are not named beside their parts.

    inputs: columns of the sheet whose errors are told even where another error came first.
    """
    columns = {**results, **{f"{number}": column for number, column in enumerate(inputs)}}
    wrong = {
        name: column.errors for name, column in columns.items() if column.errors is not None and column.errors.any()
    }
    if not wrong:
        return Encoded(np.full(rows, -1, np.int64), [])
    some = np.zeros(rows, bool)
    for numbers in wrong.values():
        some |= numbers != 0
    bad = np.flatnonzero(some)
    different, which = distinct_rows([numbers[bad] for numbers in wrong.values()])
    index = np.full(rows, -1, np.int32)
    index[bad] = which
    return Encoded(index, [_sentence(dict(zip(wrong, case.tolist(), strict=True)), book) for case in different])


def _sentence(case: dict[str, int], book: ErrorBook) -> str:
    """The errors of one row: number of the error by result, and by input under a name that is no result's."""
    results: dict[str, list[str]] = {}
    for name, number in case.items():
        if number:
            results.setdefault(book[number].message, []).append(name)
    parts = []
    for message, names in results.items():
        known = [BY_NAME[name] for name in names if name in BY_NAME]
        titles = [target.title for target in known if target.run] or [target.title for target in known]
        more = " m.fl." if len(titles) > _NAMED_RESULTS else ""
        spoilt = f"{', '.join(titles[:_NAMED_RESULTS])}{more}: " if titles else ""
        parts.append(f"{spoilt}{message}")
    return "; ".join(parts)


def remark_texts(
    trips: Trips,
    results: Mapping[str, Column],
    computed: Computed,
    law: Law,
    checked: Checked,
    unread: list[tuple[Any, str]],
) -> Encoded:
    """Per trip what was assumed or estimated, which amounts rest on figures that are not confirmed, and which
    controls are tripped, the most serious first.

    unread: remarks on cells that the controls could not read.
    """
    away = _paid(results.get("traktamente"), results.get("resetillagg"), results.get("fardtidsersattning"))
    remarks = [(mask if text is not NO_DISTANCE or away is None else mask & away, text) for mask, text in trips.remarks]
    days, day = distinct(_days(trips))
    unsure: dict[str, list[tuple[Any, str]]] = {status: [] for status in UNSURE}
    for name in _MONEY_WITH_RATES:
        if name in results:
            for status in UNSURE:
                weak = _rests_on(computed.plans[name], law, days, status)
                if weak.any():
                    mask = _paid(results[name]) & weak[day]
                    unsure[status].append((mask, BY_NAME[name].title.lower().removesuffix(" skattefri")))
    for status, parts in unsure.items():
        coded = joined_texts(parts, len(trips), ", ")
        remarks += [(coded.index == number, f"{status} sats: {text}") for number, text in enumerate(coded.texts)]
    return joined_texts([*remarks, *unread, *control_remarks(checked, len(trips))], len(trips))


def control_remarks(checked: Checked, rows: int) -> list[tuple[Any, str]]:
    """The text of each control and the rows it stands on, by grade and then in the controls' order."""
    width = max(len(checked.controls), 1)
    kinds = (checked.grades * width + checked.which) * 2 + checked.lifted
    remarks = []
    different, index = distinct(kinds)
    for place, kind in enumerate(different.tolist()):
        mask = np.zeros(rows, bool)
        mask[checked.rows[index == place]] = True
        remarks.append((mask, checked.remark(kind // 2 % width, bool(kind % 2))))
    return remarks


def _paid(*columns: Column | None) -> Any:
    """Where any of the amounts is more than nothing."""
    paid: Any = None
    for column in columns:
        if column is not None:
            some = column.values != 0
            if column.errors is not None:
                some = some & (column.errors == 0)
            paid = some if paid is None else paid | some
    return paid


def _days(trips: Trips) -> Any:
    if "avresa" in trips.columns:
        return wide(trips.columns["avresa"].values) // DAY
    return trips.columns["datum"].values if "datum" in trips.columns else np.zeros(len(trips), np.int64)


def _rests_on(plan: Plan, law: Law, days: Any, status: str) -> Any:
    """Days on which a figure without keys, among those the plan reads, has the status."""
    weak = np.zeros(len(days), bool)
    for name in {step.name for step in plan.steps if step.kind == "figure"}:
        figure = law.figures[name]
        keys = range(len(figure.keys)) if figure.key_kind in ("bilniva",) else (0,) if figure.key_kind is None else ()
        if keys and any(entry.status == status for entry in figure.entries):
            weak |= figure.rests_on(days, status, keys)
    return weak
