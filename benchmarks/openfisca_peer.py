"""The same rules as OpenFisca variables, vectorised as OpenFisca's users write them.

A trip is the person entity; figures are OpenFisca parameters. A domestic trip is written in three ways: as a
variable per calendar year that is added up, which is how OpenFisca dates its figures; at once, a closed form over
the year that the trip begins and the year that it ends; and day by day, which alone has room for what `core` can
say of a day (meals, three months at one place, its own amount). A trip abroad has numbered variables for up to four
legs and a loop over its days. Numbers are OpenFisca's own `int`: 32 bits, half of what `core` moves. What the trip as
a whole has is a yearly variable of the year of the report, since formulas for eternity fail in OpenFisca-core 46.
Importing this module raises ImportError where openfisca-core is not installed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import YEAR
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.simulations import Simulation
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks.plain import COMPARED_FROM, DAY, DOMESTIC, NIGHT_ENDS, WHOLE_DEPARTURE_UNTIL, WHOLE_RETURN_FROM, Amounts

YEARS: Final = tuple(DOMESTIC)
REPORT: Final = str(YEARS[-1])
LEGS: Final = (1, 2, 3, 4)
_DAY_ZERO: Final = dt.date(1970, 1, 1)
Trip = build_entity("trip", "trips", "A business trip", is_person=True)


def _starts_of_years() -> NDArray[np.int64]:
    return np.array([f"{year}-01-01" for year in YEARS[1:]], "datetime64[D]").astype(np.int64)


def _year_index(day: Any) -> Any:
    """0 for the first of YEARS, and so on."""
    return sum((day >= start).astype(np.int32) for start in _starts_of_years())


class departs(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "Departure, minutes since 1970-01-01"


class returns(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "Return, minutes since 1970-01-01"


class has_night_away(Variable):  # noqa: N801
    value_type = bool
    entity = Trip
    definition_period = YEAR

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        first_midnight = -(-trip("departs", period) // DAY) * DAY
        return first_midnight + NIGHT_ENDS <= trip("returns", period)


class first_day(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        return trip("departs", period) // DAY


class last_day(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        return trip("returns", period) // DAY


class half_departure(Variable):  # noqa: N801
    value_type = bool
    entity = Trip
    definition_period = YEAR

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        return trip("departs", period) - trip("first_day", period) * DAY > WHOLE_DEPARTURE_UNTIL


class half_return(Variable):  # noqa: N801
    value_type = bool
    entity = Trip
    definition_period = YEAR

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        return trip("returns", period) - trip("last_day", period) * DAY < WHOLE_RETURN_FROM


class domestic_allowance_of_year(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "Traktamente for the days of one calendar year of a trip in Sweden, öre"

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        first, last = trip("first_day", REPORT), trip("last_day", REPORT)
        begins, ends = (np.int32((date - _DAY_ZERO).days) for date in (period.start.date, period.stop.date))
        days = np.maximum(np.minimum(last, ends) - np.maximum(first, begins) + 1, 0)
        half_first = trip("half_departure", REPORT) & (first >= begins) & (first <= ends)
        half_last = trip("half_return", REPORT) & (last >= begins) & (last <= ends)
        half_days = 2 * days - half_first - half_last
        return trip("has_night_away", REPORT) * half_days * (parameters(period).domestic // 2)


class domestic_allowance(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "Traktamente of a trip in Sweden, öre"

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        return sum(trip("domestic_allowance_of_year", str(year)) for year in YEARS)


class domestic_allowance_at_once(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "The same in one closed form"

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        amounts = np.array([parameters(f"{year}-01-01").domestic for year in YEARS], np.int32)
        first, last = trip("first_day", period), trip("last_day", period)
        first_year, last_year = _year_index(first), _year_index(last)
        of_first, of_last = amounts[first_year], amounts[last_year]
        new_year = _starts_of_years()[np.minimum(first_year, len(YEARS) - 2)].astype(np.int32)
        after = np.where(last_year > first_year, last - new_year + 1, 0)
        before = last - first + 1 - after
        halves = trip("half_departure", period) * of_first + trip("half_return", period) * of_last
        return trip("has_night_away", period) * (before * of_first + after * of_last - halves // 2)


class domestic_allowance_by_day(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "The same in a loop over the days"

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        amounts = np.array([parameters(f"{year}-01-01").domestic for year in YEARS], np.int32)
        return _sum_of_days(trip, period, lambda day: amounts[_year_index(day)])


def _sum_of_days(trip: Any, period: Any, amount_of: Callable[[Any], Any]) -> Any:
    """The amounts of all days of each trip, half ones halved; 0 without a night away."""
    first, last = trip("first_day", period), trip("last_day", period)
    total = trip.filled_array(0, np.int32)
    for number in range(int((last - first).max()) + 1):
        day = first + number
        amount = amount_of(day)
        half = (number == 0) & trip("half_departure", period) | (day == last) & trip("half_return", period)
        total += np.where(day <= last, np.where(half, amount // 2, amount), 0)
    return trip("has_night_away", period) * total


def _leg_variables() -> Iterator[type[Variable]]:
    """Inputs and stays of legs 1 to 4: the stay before the leg, in the country where it begins."""
    for number in LEGS:
        for name in ("leg_departs", "leg_arrives", "leg_to", "leg_mode"):
            yield _variable(f"{name}_{number}", int)
        yield _variable(f"stay_country_{number}", int, _stay_country(number))
        yield _variable(f"stay_start_{number}", int, _stay_start(number))
        yield _variable(f"stay_end_{number}", int, _stay_end(number))


def _variable(name: str, value_type: type, formula: Any = None) -> type[Variable]:
    content = {"value_type": value_type, "entity": Trip, "definition_period": YEAR}
    return type(name, (Variable,), {**content, **({} if formula is None else {"formula": formula})})


def _stay_country(number: int) -> Any:
    def formula(trip: Any, period: Any, parameters: Any) -> Any:
        return trip(f"leg_to_{number - 1}", period) if number > 1 else trip.filled_array(0, np.int32)

    return formula


def _stay_start(number: int) -> Any:
    def formula(trip: Any, period: Any, parameters: Any) -> Any:
        return trip(f"leg_arrives_{number - 1}", period) if number > 1 else trip("leg_departs_1", period)

    return formula


def _stay_end(number: int) -> Any:
    def formula(trip: Any, period: Any, parameters: Any) -> Any:
        leaves, arrives = trip(f"leg_departs_{number}", period), trip(f"leg_arrives_{number}", period)
        abroad = trip(f"stay_country_{number}", period) != trip(f"leg_to_{number}", period)
        borderless = parameters("2024-01-01").borderless_modes
        international = np.isin(trip(f"leg_mode_{number}", period), borderless)
        return np.where(abroad & international, leaves, np.maximum(leaves, arrives))

    return formula


class abroad_allowance(Variable):  # noqa: N801
    value_type = int
    entity = Trip
    definition_period = YEAR
    label = "Traktamente of a trip over several countries, öre"

    def formula(trip: Any, period: Any, parameters: Any) -> Any:  # noqa: N805
        table = np.array([parameters(f"{year}-01-01").by_country for year in YEARS], np.int32)
        starts = [trip(f"stay_start_{number}", period) for number in LEGS]
        ends = [trip(f"stay_end_{number}", period) for number in LEGS]
        countries = [trip(f"stay_country_{number}", period) for number in LEGS]
        return _sum_of_days(trip, period, lambda day: _amount_of_day(day, starts, ends, countries, table))


def _amount_of_day(day: Any, starts: list[Any], ends: list[Any], countries: list[Any], table: Any) -> Any:
    """The amount of the country of the longest stay 06–24, the higher when equal; Sweden's where no time counts."""
    from_, to, year = day * DAY + COMPARED_FROM, (day + 1) * DAY, _year_index(day)
    minutes = [
        np.maximum(np.minimum(end, to) - np.maximum(start, from_), 0) for start, end in zip(starts, ends, strict=True)
    ]
    best, amount = np.zeros_like(day), table[year, 0]
    for own, country in zip(minutes, countries, strict=True):
        together = sum((other == country) * time for time, other in zip(minutes, countries, strict=True))
        offered = table[year, country]
        better = (own > 0) & ((together > best) | (together == best) & (offered > amount))
        best, amount = np.where(better, together, best), np.where(better, offered, amount)
    return amount


def system(amounts: Amounts, countries: list[str], borderless: list[int]) -> TaxBenefitSystem:
    """A tax and benefit system with the figures; a country's code is its place in `countries`, Sweden's 0."""
    rules = TaxBenefitSystem([Trip])
    stated = (departs, returns, has_night_away, first_day, last_day, half_departure, half_return)
    rules.add_variables(*stated, domestic_allowance_of_year, domestic_allowance, domestic_allowance_at_once)
    rules.add_variables(domestic_allowance_by_day, *_leg_variables(), abroad_allowance)
    by_country = {
        f"{year}-01-01": {"value": [amounts.get((year, country), 0) for country in countries]} for year in YEARS
    }
    rules.parameters = ParameterNode(
        "",
        data={
            "domestic": {"values": {f"{year}-01-01": {"value": amount} for year, amount in DOMESTIC.items()}},
            "by_country": {"values": by_country},
            "borderless_modes": {"values": {"2024-01-01": {"value": borderless}}},
        },
    )
    return rules


def simulation(rules: TaxBenefitSystem, rows: int) -> Simulation:
    """An empty simulation of so many trips; building it is not timed."""
    return SimulationBuilder().build_default_simulation(rules, rows)


def calculate(empty: Simulation, target: str, columns: Mapping[str, Any]) -> Any:
    """The column `target` of a simulation that has no inputs yet."""
    for name, values in columns.items():
        empty.set_input(name, REPORT, values)
    return empty.calculate(target, REPORT)
