"""Numbers as people and spreadsheets write them → exact integers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from core.engine.units import round_half_up
from core.vocabulary.columns import Column, Reader, read
from core.vocabulary.parsed import Floats, Integers, Mask, Misread, Parsed, quoted

EXAMPLE = "Skriv till exempel 1 234,50."

_SURELY_WHOLE = 2.0**48
"""Below this a product that is whole is far from every half."""
_SPACE = " \u00a0\u2009\u202f"
_MINUS = str.maketrans(dict.fromkeys("−–‒﹣－", "-"))
_GROUPED = re.compile(rf"\d{{1,3}}(?:[{_SPACE}]\d{{3}})+(?=[.,]|$)")
_PLAIN = re.compile(r"\d*(?:[.,]\d+)?|\d+[.,]")
_POINTS = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_COMMAS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_TWO_READINGS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)


@dataclass(frozen=True)
class Units:
    """The units that may stand with a number: what is expected, in Swedish, and what each is worth.

    A full stop may follow each in a text, as in `kr.` and `km.`.
    """

    expected: str
    worth: Mapping[str, int | Decimal]


KRONOR: Final = Units("kronor", {**dict.fromkeys(("kr", "kronor", "sek", ":-", ",-"), 1), "tkr": 1000})
KILOMETRES: Final = Units("km eller mil", {"km": 1, "kilometer": 1, "mil": 10})
KILOGRAMS: Final = Units("kg eller ton", {"kg": 1, "ton": 1000})
HOURS: Final = Units("timmar", dict.fromkeys(("h", "tim", "timmar", "timme", "hour", "hours"), 1))
PIECES: Final = Units("ett antal", {"st": 1})
PER_CENT: Final = Units("procent", {"%": Decimal("0.01"), "procent": Decimal("0.01")})

_ALL_UNITS = {word for units in (KRONOR, KILOMETRES, KILOGRAMS, HOURS, PIECES, PER_CENT) for word in units.worth}
_UNIT_AFTER = re.compile(r"([^\W\d_]+\.?|[:,]-|%)$")
_UNIT_BEFORE = re.compile(rf"(kr|sek)[{_SPACE}]*(?=[-+\d])", re.IGNORECASE)


class TwoReadings(Misread):
    """A number such as `1.200`, which is 1200 to one writer and 1,2 to another."""


def has_two_readings(text: str) -> bool:
    """Whether the point of a number may set off its thousands as well as its decimals."""
    return _TWO_READINGS.fullmatch(text) is not None


def parse_decimal(
    text: str, units: Units = KRONOR, own_unit: int = 1, limits: tuple[int, int] | None = None
) -> Decimal:
    """The number that a text says, exact; raises ValueError.

    Comma or point before the decimals. Thousands may be set off with spaces (plain, thin, no-break); with
    points or commas only where that cannot be misunderstood: both signs occur (the last is the decimal one)
    or the same sign twice. A point before just three digits could be either, and is TwoReadings, unless the
    number with thousands would be beyond the limits.

    units: which units may stand with the number. own_unit: what the unit without a name is worth; 10 in a
    column of Swedish miles, where `12 km` is 1.2. limits: the lowest and the highest that the number can be, in
    its own unit; a number beyond them is still read.
    """
    digits, unit = without_unit(text.strip().translate(_MINUS))
    negative = digits.startswith("-") != digits.endswith("-")
    digits = digits.removeprefix("-").removesuffix("-") if negative else digits.removeprefix("+")
    digits = digits.strip()
    if _GROUPED.match(digits):
        digits = re.sub(f"[{_SPACE}]", "", digits)
    written = digits
    if digits and _PLAIN.fullmatch(digits):
        digits = digits.replace(",", ".")
    elif digits.count(".") > 1 or digits.rfind(",") > digits.rfind(".") > -1:
        digits = digits.replace(".", "").replace(",", ".") if _POINTS.fullmatch(digits) else ""
    else:
        digits = digits.replace(",", "") if _COMMAS.fullmatch(digits) else ""
    if not digits or not digits.isascii():
        raise Misread(f"{quoted(text)} är inget tal. {EXAMPLE}")
    if unit and unit not in units.worth:
        raise Misread(f"{quoted(text)} har fel enhet, här väntas {units.expected}.")
    value = Decimal(digits) * units.worth[unit] / own_unit if unit else Decimal(digits)
    value = -value if negative else value
    if has_two_readings(written) and (limits is None or limits[0] <= value * 1000 <= limits[1]):
        raise _two_readings(text, written, negative)
    return value


def _two_readings(text: str, digits: str, negative: bool) -> TwoReadings:
    sign, thousands = "-" if negative else "", _spaced(int(digits.replace(".", "")))
    fraction = digits.rstrip("0").rstrip(".").replace(".", ",")
    return TwoReadings(f"{quoted(text)} kan vara {sign}{thousands} eller {sign}{fraction}. Skriv talet utan punkt.")


def without_unit(text: str) -> tuple[str, str]:
    """A number without the unit at its end or beginning, and that unit in small letters without its full stop."""
    if text[-1:].isdigit():
        found = _UNIT_BEFORE.match(text) if text[0].isalpha() else None
        return (text[found.end() :], found[1].lower()) if found else (text, "")
    found = _UNIT_AFTER.search(text)
    unit = found[1].lower().removesuffix(".") if found else ""
    return (text[: found.start()].rstrip(_SPACE), unit) if found and unit in _ALL_UNITS else (text, "")


def scaled(value: Decimal, scale: int) -> int:
    """value × scale, halves rounded up."""
    numerator, denominator = (value * scale).as_integer_ratio()
    return int(round_half_up(numerator, denominator))


def scaled_floats(numbers: Floats, scale: int) -> Integers:
    """numbers × scale, halves rounded up, exact in the 15 digits that a spreadsheet holds.

    1.005 × 100 is 100.49999999999999 to the processor; the few that lie so near a half are redone as
    decimals, once for each different number. |number × scale| must be below 2**62.
    """
    products = numbers * scale
    whole = np.rint(products)
    values: Integers = whole.astype(np.int64)
    parts = np.flatnonzero((whole != products) | (np.abs(products) >= _SURELY_WHOLE))
    if len(parts):
        values[parts] = _scaled_parts(numbers[parts], products[parts], scale)
    return values


def _scaled_parts(numbers: Floats, products: Floats, scale: int) -> Integers:
    """The same for numbers whose product with the scale is not surely a whole one."""
    values: Integers = round_half_up(products).astype(np.int64)
    distance = np.abs(products - np.floor(products) - 0.5)
    near_half = distance <= 1e-6 + 8 * np.spacing(np.abs(products))
    if near_half.any():
        different, index = np.unique(numbers[near_half], return_inverse=True)
        exact = [scaled(Decimal(f"{number:.15g}"), scale) for number in different]
        values[near_half] = np.array(exact, dtype=np.int64)[index]
    return values


class Decimals(Reader):
    """Numbers between two limits (both allowed), as integers of 1/scale."""

    not_one = "inget tal"
    hint = EXAMPLE

    def __init__(
        self,
        what: str,
        scale: int,
        lowest: int | None,
        highest: int,
        units: Units = KRONOR,
        own_unit: int = 1,
    ) -> None:
        self.what, self.scale, self.units, self.own_unit = what, scale, units, own_unit
        self.lowest = -highest if lowest is None else lowest
        self.highest = highest

    def text(self, text: str) -> int:
        try:
            value = parse_decimal(text, self.units, self.own_unit, (self.lowest, self.highest))
        except Misread as error:
            raise Misread(f"{self.what}: {error}", error.code) from None
        if not self.lowest <= value <= self.highest:
            raise self._outside(text, value < self.lowest)
        return scaled(value, self.scale)

    def numbers(self, numbers: Floats) -> tuple[Integers, Mask]:
        bad = (numbers < self.lowest) | (numbers > self.highest)
        return scaled_floats(np.where(bad, 0.0, numbers) if bad.any() else numbers, self.scale), bad

    def number_error(self, number: float) -> Misread:
        return self._outside(number, number < self.lowest)

    def wrong_kind(self, value: object) -> Misread:
        return Misread(f"{self.what}: {super().wrong_kind(value)}")

    def _outside(self, value: object, low: bool) -> Misread:
        if low and self.lowest == 0:
            why = "får inte vara negativt."
        elif low:
            why = f"är för lågt, lägst {_spaced(self.lowest)}."
        else:
            why = f"är orimligt högt, högst {_spaced(self.highest)}."
        return Misread(f"{self.what}: värdet {quoted(value)} {why}", "#NUM!")


def _spaced(number: int) -> str:
    return f"{number:,}".replace(",", "\u00a0")


def decimals(
    values: Column,
    scale: int = 100,
    lowest: int | None = 0,
    highest: int = 100_000_000,
    what: str = "Belopp",
    units: Units = KRONOR,
    own_unit: int = 1,
) -> Parsed:
    """A column of numbers as integers of 1/scale: kronor as öre with 100, km as metres with 1000.

    lowest, highest: limits in the unit as written, both allowed; lowest None means −highest.
    what: Swedish name of the column for messages. Outside the limits is #NUM!, no number #VALUE!.
    units, own_unit: as in `parse_decimal`; `50 %` is 0.5 with PER_CENT, as in a spreadsheet.
    """
    return read(Decimals(what, scale, lowest, highest, units, own_unit), values)
