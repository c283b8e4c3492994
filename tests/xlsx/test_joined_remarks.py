"""Remarks are joined in the same way however many they are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import xlsx.remarks as remarks


@settings(deadline=None)
@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=12))
def test_texts_joined_either_way(table: list[list[bool]]) -> None:
    masks = [(np.array(column), f"T{number}") for number, column in enumerate(zip(*table, strict=True))]
    few = remarks.joined_texts(masks, len(table))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(remarks, "_BITS", 0)
        many = remarks.joined_texts(masks, len(table))
    expected = ["; ".join(f"T{n}" for n, held in enumerate(row) if held) for row in table]
    for made in (few, many):
        assert [made.texts[place] if place >= 0 else "" for place in made.index.tolist()] == expected
