"""Numbers are written the shortest way, as Python would write each of them."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from xlsx.patch.numbers import written_numbers

ODD = [1e-4, 9.999e-5, 1e9, 999_999_999.99, 1e15, 1e16, 1e22, 5e-324, -1e-7, 0.1 + 0.2]


@given(st.lists(st.one_of(st.floats(), st.floats(-1e4, 1e4), st.integers(-(10**12), 10**12).map(float))))
@example(ODD)
def test_doubles(values: list[float]) -> None:
    written = written_numbers(np.array(values, np.float64), "kg").to_pylist()
    for value, text in zip(values, written, strict=True):
        if value != value or value in (float("inf"), -float("inf")):
            assert text == b""
        elif value.is_integer():
            assert text == b"%d" % int(value)
        else:
            assert text == repr(value).encode()


@given(st.lists(st.one_of(st.integers(-(2**62), 2**62), st.integers(-(10**7), 10**7))))
@example([10**11, 10**11 - 1, -(10**11), 99_999_999_999])
def test_ore_as_kronor(values: list[int]) -> None:
    written = written_numbers(np.array(values, np.int64), "kr").to_pylist()
    for value, text in zip(values, written, strict=True):
        assert Decimal(text.decode()) * 100 == value
        assert b"." not in text or not text.endswith((b"0", b"."))


def test_by_hand() -> None:
    assert written_numbers(np.array([103050, -7, 100, 0, -12345]), "kr").to_pylist() == [
        *(b"1030.5", b"-0.07", b"1", b"0", b"-123.45"),
    ]
    # 100 minutes are 1 2/3 hours, in as many digits as tell it from its neighbours.
    assert written_numbers(np.array([90, 60, 0, 100]), "timmar").to_pylist() == [
        *(b"1.5", b"1", b"0", b"1.6666666666666667"),
    ]
    assert written_numbers(np.array([5, -3, 2**62]), "antal").to_pylist() == [b"5", b"-3", b"4611686018427387904"]
    assert written_numbers(np.array([-0.0, 0.5]), "kg").to_pylist() == [b"0", b"0.5"]
    assert written_numbers(np.array([], np.float64), "kg").to_pylist() == []
