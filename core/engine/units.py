"""Exact units: everything that is paid or counted is an int64.

Money is öre, distance metres, time minutes, shares parts per ten thousand. A decimal
figure is turned into its integer unit from its written text, never through a float.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Final

import numpy as np

WHOLE_SHARE: Final = 10_000
"""A share of 100 %, in parts per ten thousand."""

KRONA: Final = 100
"""One krona in öre."""

_SCALE: Final[dict[str, int]] = {
    "kr": 100,
    "kr per km": 100,
    "kr per mil": 10,
    "kr per kg": 100,
    "kr per liter": 100,
    "procent": 100,
    "km": 1000,
    "timmar": 60,
    "minuter": 1,
    "antal": 1,
    "år": 1,
}
"""Written unit of a figure → parts of its integer unit (`kr per mil` is kept as öre per km)."""

WRITTEN_UNITS: Final = frozenset({*_SCALE, "klockslag", "kg", "kg per km"})


def round_half_up(numerator: Any, denominator: Any = 1, step: int = 1) -> Any:
    """Divide and round to the nearest multiple of `step`, halves upwards: the one rounding there is.

    Takes and gives int64 scalars or arrays; the whole of a calculation is passed as one
    numerator and one denominator, so that nothing is rounded twice.
    """
    whole = denominator * step
    if np.ndim(whole) == 0 and whole % 2 == 0:
        rounded = (numerator + whole // 2) // whole
    else:
        rounded = (2 * numerator + whole) // (2 * whole)
    return rounded * step if step != 1 else rounded


def to_integer(written: object, unit: str) -> int | float:
    """The integer for a figure as written in a file: `2.90` with `kr per km` is 290; `"12:00"` is 720.

    `kg` figures (emission factors) stay floats. Raises ValueError when the text is not a value of the
    unit or has more decimals than the unit can hold.
    """
    if unit == "klockslag":
        return _clock(str(written))
    if isinstance(written, bool) or not isinstance(written, int | float | str | Decimal):
        raise ValueError(f"{written!r} är inte ett tal")
    try:
        value = Decimal(str(written).replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"{written!r} är inte ett tal") from None
    if not value.is_finite():
        raise ValueError(f"{written!r} är inte ett tal")
    if unit in ("kg", "kg per km"):
        return float(value)
    scaled = value * _SCALE[unit]
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{written!r} har fler decimaler än enheten {unit} rymmer")
    if abs(scaled) >= 2**63:
        raise ValueError(f"{written!r} är för stort")
    return int(scaled)


def _clock(text: str) -> int:
    hours, separator, minutes = text.partition(":")
    digits = separator and hours.isdecimal() and minutes.isdecimal()
    if not (digits and int(hours) < 24 and int(minutes) < 60):
        raise ValueError(f"{text!r} är inte ett klockslag som 12:00")
    return int(hours) * 60 + int(minutes)


def to_written(value: int | float, unit: str) -> int | float | str:
    """The value as a user reads it: öre 290 is 2.9 kr, minutes 720 as a clock is `12:00`."""
    if unit == "klockslag":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    scale = _SCALE.get(unit, 1)
    if scale == 1:
        return float(value) if isinstance(value, float) else int(value)
    quotient = int(value) / scale
    return int(quotient) if quotient.is_integer() else quotient


def share_of(amount: Any, share: Any, step: int = 1) -> Any:
    """`share` (parts per ten thousand) of `amount`, rounded half up to a multiple of `step`.

    A share that is one number for all rows and means nothing or everything costs no arithmetic.
    """
    if np.ndim(share) == 0 and step == 1 and share == WHOLE_SHARE:
        return amount
    if np.ndim(share) == 0 and share == 0:
        return np.int64(0)
    return round_half_up(amount * share, WHOLE_SHARE, step)
