"""How long the controls take beside the computing of the same trips.

Run from the checkout's root: `python -m benchmarks.controls [ROWS]`. Prints both times and their ratio.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.engine import ErrorBook
from core.law import law
from xlsx.claims import read_claims
from xlsx.controls import check_trips
from xlsx.reading import open_source
from xlsx.remarks import control_remarks, joined_texts
from xlsx.runs import compute
from xlsx.sheets import choose_sheet, read_sheet
from xlsx.trips import make_trips
from xlsx.vocabulary import TRIPS

ROWS: Final = 100_000
ROUNDS: Final = 5
SEED: Final = 20_260_101

HEADINGS: Final = (
    "Anställningsnr;Avdelning;Roll;Avresa;Hemkomst;Land;Resmål;Avstånd till förrättningen;Färdmedel;Km;Normal sträcka;"
    "Från;Till;Biljettkostnad;Hotellkostnad;Utlägg;Förskott;Månadslön;Bilavtal;Syfte;Skäl;Godkänd av;Godkänd datum;"
    "Reseräkning inlämnad;Kvitton;Digitalt övervägt;Tåg undersökt;Anmäld utrikes;Bokningsdatum;Bokad i avtal;"
    "Hotell i avtal;SMS-biljett;Andra signatur;Eget periodkort;Böter;Parkeringsböter;Kurs;Program utlämnat;Avsteg;"
    "Avsteg skäl;Ledighet i anslutning;Prisjämförelse gjord;Övertid timmar;Återbetalning;"
    "Bonus behållen;Egen förlängning;Pris förrättningens dag;Pris vald dag;Periodkort beslutat av;Ombokad;"
    "Drivmedel / klass;Pass giltigt till"
)


def write_sheet(path: Path, rows: int) -> None:
    """Random trips of 0–3 nights with every column that a control reads."""
    random = np.random.default_rng(SEED)

    def pick(*words: str) -> Any:
        return np.array(words)[random.integers(0, len(words), rows)]

    def day(base: Any, low: int, high: int) -> Any:
        return (base + random.integers(low, high, rows)).astype("datetime64[D]").astype(str)

    leaves = random.integers(19_724 * 96, 20_700 * 96, rows) * 15
    returns = leaves + random.integers(16, 300, rows) * 15
    first = leaves // 1440
    numbers = [str(number) for number in random.integers(10_000, 10_000 + max(rows // 12, 1), rows)]
    moments = [np.char.replace(m.astype("datetime64[m]").astype(str), "T", " ") for m in (leaves, returns)]
    departments, roles = pick("Skola", "Vård", "Bygg", "Kultur"), pick("anställd", "anställd", "förtroendevald", "")
    columns = [
        *(numbers, departments, roles, *moments, pick("Sverige", "Sverige", "Norge", "Tyskland")),
        *(pick("Stockholm", "Malmö", "Oslo"), random.integers(5, 900, rows).astype(str)),
        pick("tåg", "buss", "privat bil", "poolbil", "flyg", "taxi", "mc"),
        *(random.integers(5, 1800, rows).astype(str), random.integers(0, 40, rows).astype(str)),
        *(pick("Linköping", ""), pick("Stockholm", "Malmö"), pick("", "400", "1200"), pick("", "1400")),
        *(pick("", "85"), pick("", "", "500"), pick("31000", "42000"), pick("ja", "nej")),
        *(pick("Möte", ""), pick("", "ingen ledig bil", "tungt bagage", "annat skäl", "bekvämt")),
        *(pick("behörig chef", "förvaltningschef", ""), day(first, -30, 3), day(returns // 1440, -1, 60)),
        *(pick("ja", "nej", "2"), pick("ja", "nej"), pick("ja", "nej"), day(first, -20, 0), day(first, -60, 0)),
        *(pick("ja", "nej"), pick("ja", "nej"), pick("ja", "nej"), pick("ABC", ""), pick("ja", "nej", "nej")),
        *(pick("", "", "", "800"), pick("", "", "600"), pick("ja", "nej"), day(first, -20, 0)),
        *(pick("", "", "behörig chef"), pick("", "sjuk"), pick("ja", "nej"), pick("ja", "nej"), pick("", "2")),
        *(pick("", "", "90"), pick("ja", "nej", "nej"), pick("ja", "nej"), pick("800", "900"), pick("800", "950")),
        *(pick("", "", "behörig chef"), day(first, -9, 0), pick("bensin", "el", ""), day(first, -9, 900)),
    ]
    assert len(columns) == HEADINGS.count(";") + 1
    lines = (";".join(map(str, cells)) for cells in zip(*columns, strict=True))
    path.write_text("\n".join([HEADINGS, *lines]), encoding="utf-8")


def fastest(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of the fastest of some rounds, and what the last one made."""
    times, made = [], None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        made = work()
        times.append(time.perf_counter() - start)
    return min(times), made


def main(rows: int = ROWS) -> float:
    """Print the times; gives checking per computing."""
    under = law("linkoping")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "resor.csv"
        write_sheet(path, rows)
        source = open_source(path)
        sheet, mapping = read_sheet(path, source, choose_sheet(path, source, None), TRIPS)
        trips = make_trips(read_claims(sheet, mapping, ErrorBook()), None, under)
    computing, computed = fastest(lambda: compute(trips, under))
    checking, (checked, _) = fastest(lambda: check_trips(trips, computed, under))
    joining, texts = fastest(lambda: joined_texts(control_remarks(checked, len(trips)), len(trips)))
    print(f"{rows:,} trips, {len(checked.controls)} controls of {len(under.policy.controls)}, {os.cpu_count()} cores")
    print(f"computing  {computing * 1000:7.0f} ms")
    print(f"checking   {checking * 1000:7.0f} ms   {len(checked):,} findings")
    print(f"remarks    {joining * 1000:7.0f} ms   {len(texts.texts):,} different")
    print(f"checking takes {checking / computing:.2f} times as long as computing (limit: 2)")
    return checking / computing


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
