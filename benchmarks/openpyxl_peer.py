"""The same results as a plain program would make them: openpyxl loads the sheet, a loop fills it in, openpyxl saves it.

Run as a program: `python -m benchmarks.openpyxl_peer IN OUT`. It shares no code with the product.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any, Final

import openpyxl

from benchmarks.claims_sheet import HEADINGS, RESULTS, SHEET
from benchmarks.native_formulas import free_days

_AMOUNTS: Final = {2024: 290_00, 2025: 290_00, 2026: 300_00}
_FACTORS: Final = {"tåg": 700, "buss": 2_700, "flyg": 26_278}
_FUELS: Final = {"bensin": 20_871, "diesel": 21_450, "el": 1_400}
_SERIAL_1970: Final = 25_569
_EPOCH: Final = dt.datetime(1970, 1, 1)


def main(source: str, target: str) -> None:
    book = openpyxl.load_workbook(source)
    sheet = book[SHEET]
    place = {heading: number for number, heading in enumerate(HEADINGS)}
    first = len(HEADINGS) + 1
    for number, title in enumerate(RESULTS):
        sheet.cell(1, first + number, title)
    holidays = {day - _SERIAL_1970 for day in free_days()}
    values: Any
    for row, values in enumerate(sheet.iter_rows(min_row=2, max_col=len(HEADINGS), values_only=True), 2):
        departs, returns = _minutes(values[place["Avresa"]]), _minutes(values[place["Hemkomst"]])
        night = -(-departs // 1440) * 1440 + 360 <= returns
        mode, kind = values[place["Färdmedel"]], values[place["Drivmedel / klass"]]
        tenths = round(values[place["Km"]] * 10)
        made = [
            allowance(
                departs,
                returns,
                values[place["Fria frukostar"]],
                values[place["Fria luncher"]],
                values[place["Fria middagar"]],
            )
            / 100
            if night and values[place["Avstånd till förrättningen"]] > 50
            else 0,
            None if night else travel_time(departs, returns, holidays) / 60,
            *(part / 100 for part in by_car(mode, tenths, values[place["Bilavtal"]] == "ja")),
            *climate(mode, kind, tenths),
        ]
        for number, value in enumerate(made):
            if value is not None:
                sheet.cell(row, first + number, value)
    book.save(target)


def _minutes(moment: dt.datetime) -> int:
    """Whole minutes since 1970."""
    return round((moment - _EPOCH).total_seconds() / 60)


def allowance(departs: int, returns: int, breakfasts: int, lunches: int, dinners: int) -> int:
    """Öre for a domestic trip with a night away."""
    days = range(departs // 1440, returns // 1440 + 1)
    whole = [True] * len(days)
    whole[0] = departs % 1440 <= 720
    whole[-1] = whole[-1] and returns % 1440 >= 1140
    # Breakfasts from the second day; lunches and dinners on whole days first.
    mornings = {*range(1, breakfasts + 1)} if breakfasts < len(days) else {*range(len(days))}
    order = sorted(range(len(days)), key=lambda day: not whole[day])
    mains = [0] * len(days)
    for day in (*order[:lunches], *order[:dinners]):
        mains[day] += 1
    total = 0
    for day, date in enumerate(days):
        amount = _AMOUNTS[(dt.date(1970, 1, 1) + dt.timedelta(days=date)).year] // (1 if whole[day] else 2)
        total += amount - _reduction(amount, day in mornings, mains[day])
    return total


def _reduction(amount: int, breakfast: bool, mains: int) -> int:
    """Öre, in whole kronor half up: 20 % for breakfast, 35 % for a main meal, 70 % for both, 90 % for all three."""
    if breakfast and mains == 2:
        return _share(amount, 90)
    return _share(amount, 20 * breakfast) + _share(amount, 35 * mains)


def _share(amount: int, percent: int) -> int:
    return (amount * percent + 5_000) // 10_000 * 100


def travel_time(departs: int, returns: int, holidays: set[int]) -> int:
    """Minutes of a one-day trip outside 8 to 17 on working days."""
    day = departs // 1440
    weekend = (dt.date(1970, 1, 1) + dt.timedelta(days=day)).weekday() >= 5
    if weekend or day in holidays:
        return returns - departs
    return returns - departs - max(0, min(returns % 1440, 1020) - max(departs % 1440, 480))


def by_car(mode: str, tenths: int, agreement: bool) -> tuple[int, int]:
    """Öre of car allowance, the tax-free and the taxable part."""
    if mode != "privat bil":
        return 0, 0
    paid = tenths * (37 if agreement else 29)
    free = min(tenths * 25, paid)
    return free, paid - free


def climate(mode: str, kind: str, tenths: int) -> tuple[float, float]:
    """Kilograms of emissions, and kronor of surcharge for those modes that bear it."""
    factor = _FACTORS.get(mode) or _FUELS[kind]
    charged = 0 if mode in ("tåg", "buss") else (tenths * factor * 150 + 500_000) // 1_000_000
    return tenths * factor / 1_000_000, charged / 100


if __name__ == "__main__":
    main(*sys.argv[1:3])
