"""Trips per second of the core, beside a loop over trips in Python and beside OpenFisca-core.

Run from the checkout's root: `python -m benchmarks.core`. Every way must first give the same öre.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import metadata
from typing import Any, Final

import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks import plain
from core.engine import Column
from core.engine.clock import DAY, day_number
from core.engine.levels import Frame
from core.law import Law, law
from core.vocabulary import COUNTRIES, FARDMEDEL

DOMESTIC_ROWS: Final = 1_000_000
ABROAD_ROWS: Final = 200_000
SAMPLE: Final = 20_000
ROUNDS: Final = 9
SEED: Final = 20_260_101
LEGS: Final = 4
VISITED: Final = ("DE", "DK", "FI", "NO", "FR", "GB", "US", "ES", "IT", "PL", "NL", "BE", "AT", "CH", "CN", "IS")
MODES: Final = ("flyg", "tåg")
YEARS_ABROAD: Final = (2024, 2026)
OURS: Final = ("ours, 1 thread", "ours, 2 threads")

try:
    from benchmarks import openfisca_peer as peer
except ImportError:
    peer = None  # type: ignore[assignment]


@dataclass
class Way:
    """One way to compute: `prepare` is not timed and gives what `run` takes.

    `rates`: trips per second by the clock on the wall; `work`: nanoseconds of processor time per trip, all threads.
    """

    name: str
    rows: int
    run: Callable[[Any], Any]
    prepare: Callable[[], Any] = lambda: None
    rates: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)

    def once(self) -> None:
        prepared = self.prepare()
        start, worked = time.perf_counter(), time.process_time()
        self.run(prepared)
        self.rates.append(self.rows / (time.perf_counter() - start))
        self.work.append((time.process_time() - worked) / self.rows * 1e9)


def main() -> None:
    console = Console(width=110)
    load = os.getloadavg()[0]
    rules = law("linkoping")
    random = np.random.default_rng(SEED)
    measure(console, f"{DOMESTIC_ROWS:,} domestic trips, 2024–2026, 1–5 days", domestic_ways(rules, random))
    measure(console, f"{ABROAD_ROWS:,} trips abroad, 2024 and 2026, four legs, 3–5 days", abroad_ways(rules, random))
    compared = f"OpenFisca-core {metadata.version('openfisca-core')}" if peer else "OpenFisca-core not installed"
    console.print(
        f"Python {platform.python_version()}, numpy {np.__version__}, {compared}; {os.cpu_count()} cores, "
        f"load {load:.1f} at the start. Medians of {ROUNDS} rounds, in each of which every way has its turn; the "
        f"loop in Python takes {SAMPLE:,} of the trips. CPU: processor time of all threads. The last two columns: "
        "how many times as fast ours is, the median of the rounds."
    )


def domestic_ways(rules: Law, random: np.random.Generator) -> list[Way]:
    """1 M trips of 0 to 4 nights, the ends at any minute of the day."""
    rows = DOMESTIC_ROWS
    first = random.integers(day_number(date(2024, 1, 1)), day_number(date(2026, 12, 26)), rows)
    ends = np.sort(random.integers(0, DAY, (2, rows)), axis=0)
    departs, returns = first * DAY + ends[0], (first + random.integers(0, 5, rows)) * DAY + ends[1]
    columns = {"avresa": Column(departs), "hemkomst": Column(returns)}
    ways = our_ways(rules, columns, {"resa": Frame(rows)}, rows)
    trips = list(zip(departs[:SAMPLE].tolist(), returns[:SAMPLE].tolist(), strict=True))
    ways.append(loop(lambda: [plain.domestic(*trip) for trip in trips]))
    if peer is not None:
        inputs = {"departs": departs.astype(np.int32), "returns": returns.astype(np.int32)}
        system = peer.system({}, [], [])
        ways.append(openfisca("OpenFisca, by year", rows, "domestic_allowance", inputs, system))
        ways.append(openfisca("OpenFisca, at once", rows, "domestic_allowance_at_once", inputs, system))
        ways.append(openfisca("OpenFisca, by day", rows, "domestic_allowance_by_day", inputs, system))
    return ways


def abroad_ways(rules: Law, random: np.random.Generator) -> list[Way]:
    """200 k trips Sweden → A → B → C → Sweden; A, B and C may be the same."""
    rows = ABROAD_ROWS
    departs, arrives = leg_times(random, rows)
    visited = random.integers(1, len(VISITED) + 1, (rows, LEGS))
    visited[:, -1] = 0
    modes = random.integers(0, len(MODES), (rows, LEGS))
    countries = ["SE", *VISITED]
    columns = {
        "avgang": Column(departs.ravel()),
        "ankomst": Column(arrives.ravel()),
        "till_land": Column(np.array([COUNTRIES.by_iso[iso] for iso in countries])[visited].ravel()),
        "strackans_fardmedel": Column(np.array([FARDMEDEL[mode] for mode in MODES])[modes].ravel()),
    }
    owner = np.repeat(np.arange(rows), LEGS)
    ways = our_ways(rules, columns, {"resa": Frame(rows), "stracka": Frame(LEGS * rows, {"resa": owner})}, rows)
    amounts = plain.read_amounts(VISITED)
    legs = [
        [plain.Leg(leaves, comes, countries[to], MODES[mode]) for leaves, comes, to, mode in trip]
        for trip in np.stack([departs, arrives, visited, modes], axis=2)[:SAMPLE].tolist()
    ]
    ways.append(loop(lambda: [plain.abroad(trip, amounts) for trip in legs]))
    if peer is not None:
        inputs = {"departs": departs[:, 0], "returns": arrives[:, -1]}
        stated = {"leg_departs": departs, "leg_arrives": arrives, "leg_to": visited, "leg_mode": modes}
        for name, values in stated.items():
            inputs |= {f"{name}_{number + 1}": values[:, number] for number in range(LEGS)}
        inputs = {name: values.astype(np.int32) for name, values in inputs.items()}
        system = peer.system(amounts, countries, [0, 1])
        ways.append(openfisca("OpenFisca", rows, "abroad_allowance", inputs, system))
    return ways


def leg_times(random: np.random.Generator, rows: int) -> tuple[Any, Any]:
    """Departures and arrivals (rows, legs) of trips of 3 to 5 days: no leg begins before the one before has ended."""
    years = random.choice(YEARS_ABROAD, rows)
    new_year = np.array([day_number(date(year, 1, 1)) for year in range(max(years) + 1)[2024:]])[years - 2024]
    first = new_year + random.integers(0, 360, rows)
    last_leg = (random.integers(3, 6, rows) - 1) * DAY
    nights = np.stack([np.zeros(rows, np.int64), last_leg // 3, 2 * last_leg // 3, last_leg], axis=1)
    departs = first[:, None] * DAY + nights + random.integers(6 * 60, 15 * 60, (rows, LEGS))
    departs[:, 1:] = np.maximum(departs[:, 1:], departs[:, :-1] + 5 * 60)
    return departs, departs + random.integers(60, 5 * 60, (rows, LEGS))


def our_ways(rules: Law, columns: dict[str, Column], frames: dict[str, Frame], rows: int) -> list[Way]:
    def with_threads(workers: int) -> Callable[[Any], Any]:
        return lambda _: rules.run_blocks(["traktamente"], columns, frames, workers=workers)["traktamente"].values

    return [Way(name, rows, with_threads(workers)) for workers, name in enumerate(OURS, start=1)]


def loop(run: Callable[[], Sequence[int]]) -> Way:
    return Way("a loop in Python", SAMPLE, lambda _: run())


def openfisca(name: str, rows: int, target: str, inputs: dict[str, Any], rules: Any) -> Way:
    return Way(
        name,
        rows,
        lambda empty: peer.calculate(empty, target, inputs),
        lambda: peer.simulation(rules, rows),
    )


def measure(console: Console, title: str, ways: list[Way]) -> None:
    """Prints how fast each way is, once all have been seen to give the same öre on the trips that they share."""
    expected = ways[0].run(ways[0].prepare())
    for way in ways[1:]:
        made = way.run(way.prepare())
        different = np.flatnonzero(np.asarray(made) != expected[: len(made)])
        assert not different.size, f"{title}: {way.name} differs from {ways[0].name} in row {different[0]}"
    for turn in range(ROUNDS):
        for place in range(len(ways)):
            ways[(turn + place) % len(ways)].once()
    console.print(table(title, ways))


def table(title: str, ways: list[Way]) -> Table:
    shown = Table("way", title=title, title_justify="left")
    for heading in ("M trips/s", "lowest–highest", "CPU ns/trip", *OURS):
        shown.add_column(heading, justify="right", no_wrap=True)
    for way in ways:
        millions = [rate / 1e6 for rate in way.rates]
        times = (f"× {statistics.median(np.divide(ours.rates, way.rates)):.2f}" for ours in ways[: len(OURS)])
        shown.add_row(
            way.name,
            f"{statistics.median(millions):.2f}",
            f"{min(millions):.2f}–{max(millions):.2f}",
            f"{statistics.median(way.work):,.0f}",
            *times,
        )
    return shown


if __name__ == "__main__":
    main()
