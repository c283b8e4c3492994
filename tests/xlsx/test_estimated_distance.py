"""Kilometres that no one wrote: there and back by the great circle, longer by rail and by bus; for emissions only.

Arlanda–Landvetter is 393.9 km as the crow flies (airportsdata; 393.86 by the cosine formula).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from xlsx.recalculate import recalculate

SHEET = """\
Rese-ID;Avresa;Hemkomst;Avstånd till förrättningen;Färdmedel;Från;Till
A;2026-03-10 07:00;2026-03-10 20:00;400;tåg;ARN;GOT
B;2026-03-10 07:00;2026-03-10 20:00;400;buss;ARN;GOT
C;2026-03-10 07:00;2026-03-10 20:00;400;hyrbil;ARN;GOT
"""


def test_estimated_distances_by_mode(tmp_path: Path) -> None:
    path = tmp_path / "resor.csv"
    path.write_text(SHEET, "utf-8")
    emitted = recalculate(path).results["utslapp"].values
    # train 1.2 times at 0.007 kg, coach 1.5 times at 0.027 kg, car by the straight line at 0.21124 kg
    expected = [787.72 * 1.2 * 0.007, 787.72 * 1.5 * 0.027, 787.72 * 0.21124]
    assert emitted.tolist() == pytest.approx(expected, rel=1e-4)
