"""The lines of the tables: the trips by unit, by mode of travel and by month, with figures of earlier years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from core.vocabulary import FARDMEDEL
from xlsx.forms.book import FormSheet
from xlsx.forms.uppfoljning.assumptions import REST
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.figures import Figure, Line
from xlsx.forms.uppfoljning.measures import Condition, Year, total

ALL: Final = "Alla resor"
MONTHS: Final = (
    "Januari", "Februari", "Mars", "April", "Maj", "Juni", "Juli", "Augusti", "September", "Oktober", "November",
    "December",
)  # fmt: skip
_FLIGHT: Final[Condition] = ("fardmedel", '"flyg"')
SHORT_FLIGHTS: Final = (_FLIGHT, ("km", '"<"&flyggrans_km'))
LONG_FLIGHTS: Final = (_FLIGHT, ("km", '">="&flyggrans_km'))
CARS: Final[Condition] = ("grupp", '"bil"')
"""Cars of every kind, light lorries and taxis."""


def mode(word: str) -> Condition:
    """Trips by one mode of travel."""
    return "fardmedel", f'"{word}"'


def earlier(measure: str, year: Year) -> Figure:
    """A column with last year's or the base year's total, empty where there are no trips of that year."""
    heading = {"forra": "Förra året", "bas": "Basåret"}[year]
    return Figure(
        year,
        f"{heading}, {'kg CO2e' if measure.startswith('kg') else 'kr'}",
        "kg" if measure.startswith("kg") else "kr",
        of=lambda conditions: f'IF({year}_resor=0,"",{total(measure, *conditions, year=year)})',
    )


def change(of: str, year: Year) -> Figure:
    """A column with the change from an earlier year."""
    return Figure(f"andring_{year}", "Ändring", "ändring", cells=f'IF(N({{{year}}})>0,{{{of}}}/{{{year}}}-1,"")')


def by_unit(units: FormSheet, first: int, content: Followup, measure: str = "") -> list[Line]:
    """A line per unit of the sheet Förutsättningar, whose table of units begins at row `first`.

    measure: the column of Data that last year's and the base year's figures are of.
    """
    lines = []
    for row in range(first, first + content.unit_rows):
        name = units.at(row, 0)
        own = {"per": _per(units.at(row, 1), measure)}
        for year, column in _earlier_columns(measure):
            inputs = units.at(row, column)
            counted = total(measure, ("avdelning", "{label}"), year=year)
            own[year] = f'IF(ISNUMBER({inputs}),{inputs},IF({year}_resor=0,"",{counted}))'
        lines.append(Line(f'=IF({name}="","",{name})', (("avdelning", "{label}"),), own=own, optional=True))
    return [*lines, _rest_of_units(measure), _all_units(measure)]


PER_EMPLOYEE: Final = 'IF(AND(N(arsarbetare)>0,utan_arsarbetare=0),{{{0}}}/arsarbetare,"")'
"""Per årsarbetare of them all; nothing until every unit has stated its own."""


def _value(measure: str) -> str:
    """The column that is set against årsarbetare."""
    return "kg" if measure.startswith("kg") else "natter" if measure.startswith("natter") else "kostnad"


def _per(employees: str, measure: str) -> str:
    return f'IF(N({employees})>0,{{{_value(measure)}}}/{employees},"")'


def _earlier_columns(measure: str) -> Sequence[tuple[Year, int]]:
    if not measure or measure.startswith("natter"):
        return ()
    return (("forra", 2), ("bas", 4)) if measure.startswith("kg") else (("forra", 3), ("bas", 5))


def _rest_of_units(measure: str) -> Line:
    own = {"per": _per("ovriga_arsarbetare", measure)}
    for year, _ in _earlier_columns(measure):
        inputs = f"ovriga_{year}_{'kg' if measure.startswith('kg') else 'kr'}"
        listed = total(measure, ("enhet_finns", "1"), year=year)
        own[year] = f'IF(ISNUMBER({inputs}),{inputs},IF({year}_resor=0,"",{total(measure, year=year)}-{listed}))'
    return Line(REST, kind="rest", own=own)


def _all_units(measure: str) -> Line:
    own: dict[str, str] = {year: 'IF(COUNT({above})=0,"",SUM({above}))' for year, _ in _earlier_columns(measure)}
    return Line(ALL, kind="all", own={"per": PER_EMPLOYEE.format(_value(measure)), **own})


def by_mode() -> list[Line]:
    """A line per mode, flights by distance; the rest are trips whose mode is not stated or not known."""
    flights = [
        Line('="Flyg under "&flyggrans&" mil"', SHORT_FLIGHTS),
        Line('="Flyg "&flyggrans&" mil och längre"', LONG_FLIGHTS),
        Line("Flyg, sträckan saknas", (_FLIGHT, ("km", '""'))),
    ]
    words = sorted((word for word in FARDMEDEL.words if word != "flyg"), key=_order)
    others = [
        Line("Digitalt möte (ingen resa)" if word == "digitalt" else word.capitalize(), (mode(word),)) for word in words
    ]
    return [*flights, *others, Line("Okänt eller ej angivet", kind="rest"), Line(ALL, kind="all")]


def _order(word: str) -> int:
    """Public transport first, then cars, then what gives next to no emissions."""
    order = ("tåg", "buss", "spårvagn", "färja", "taxi")
    if word in order:
        return order.index(word)
    last = ("moped", "mc", "gång", "cykel", "elcykel", "digitalt")
    return 50 + last.index(word) if word in last else 20 + FARDMEDEL[word]


def by_month() -> list[Line]:
    """A line per month of departure."""
    lines = [
        Line(name, (("avresa", f'">="&{{year}}_manad_{number}'), ("avresa", f'"<"&{{year}}_manad_{number + 1}')))
        for number, name in enumerate(MONTHS, 1)
    ]
    return [*lines, Line(ALL, kind="all")]
