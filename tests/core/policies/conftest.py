"""One trip through the law of a policy, and policies written by a test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import yaml

from core.engine import CellError, Column
from core.engine.clock import day_number
from core.engine.levels import Frame
from core.law import law
from core.vocabulary import FARDMEDEL, TYP, ZON
from core.vocabulary.places import PLACES


def _whole(factor: int) -> Callable[[Any], int]:
    return lambda written: int(Decimal(str(written)) * factor)


READ: Final[dict[str, tuple[str, Callable[[Any], Any]]]] = {
    "fardmedel": ("fardmedel", FARDMEDEL.__getitem__),
    "typ": ("typ", TYP.__getitem__),
    "zon": ("zon", ZON.__getitem__),
    "datum": ("datum", day_number),
    "km": ("km", _whole(1000)),
    "kostnad": ("kostnad", _whole(100)),
    "enkelresor": ("enkelresor", int),
    "fran": ("fran_plats", PLACES.code),
    "till": ("till_plats", PLACES.code),
    "liter": ("liter", float),
    "utslapp": ("utslapp", float),
}
"""What a case calls a column: the column's name, and its value from kr, km, words and dates."""

WRITTEN: Final = {"klimatpaslag": 100, "storcirkel": 1000, "utslapp": 1}
"""How many of a column's units there are in one of the unit a case states."""

NOT_STATED: Final = {"kostnad": np.int64(0), "km": np.int64(0)}
"""Columns without a default: a case that leaves them out has them empty."""

Trip = Callable[..., Decimal | float | CellError]


@pytest.fixture
def trip() -> Trip:
    """trip("kth", fardmedel="flyg", …) is the trip's climate charge in kr, or its error."""
    return one_trip


def one_trip(policy: str | Path, target: str = "klimatpaslag", **stated: Any) -> Decimal | float | CellError:
    """A column of one trip under a policy, in the unit a person writes; CellError where it is in error."""
    stated.setdefault("datum", dt.date(2025, 5, 5))
    columns = {name: Column(np.array([empty]), given=np.array([False])) for name, empty in NOT_STATED.items()}
    for word, value in stated.items():
        name, read = READ[word]
        columns[name] = Column(np.array([read(value)]))
    result = law(str(policy)).run([target], columns, {"resa": Frame(1)})
    error = result.error(target, 0)
    if error is not None:
        return error
    value = result.values(target)[0]
    return float(value) if target == "utslapp" else Decimal(int(value)) / WRITTEN[target]


@pytest.fixture
def write_policy(tmp_path: Path) -> Callable[..., Path]:
    """write_policy(klimatpaslag=[…]) is the path of a policy with those keys; `text` is written as it is."""

    def write(text: str | None = None, /, **keys: Any) -> Path:
        path = tmp_path / "min_kommun.yaml"
        whole: Mapping[str, Any] = {"titel": "Min kommun", "kalla": "Ett beslut", **keys}
        written = yaml.safe_dump(dict(whole), allow_unicode=True) if text is None else text
        path.write_text(written, encoding="utf-8")
        return path

    return write
