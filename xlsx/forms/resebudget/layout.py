"""Where things stand in the budget's workbook, and the words that its sheets share.

Rows and columns count from 0.
"""

from __future__ import annotations

from typing import Final

from core.jamforelse.rules import FLEET, OWN_CARS
from xlsx.forms.book import FormBook, FormSheet

UNITS: Final = 12
TRIPS: Final = 80
ALTERNATIVES: Final = 6

MONTHS: Final = (
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
)

FIRST_TRIP: Final = 8
"""The row of the first trip, on every sheet that has a row per trip."""
LAST_TRIP: Final = FIRST_TRIP + TRIPS - 1
GENERAL_AT: Final = LAST_TRIP + 2
"""The first row of what is said of the assumptions and the units."""
ALTERNATIVES_AT: Final = GENERAL_AT + 12 + UNITS
"""The first row of the alternatives' calculation."""
FIGURES_AT: Final = ALTERNATIVES_AT + 16
"""The first row of the figures' explanations."""

PASSED: Final = 60
"""The first column of what is handed to our functions."""
ANSWERED: Final = 84
"""The first column of what RESEJAMFORELSE answers."""
PAID_TIME: Final = 112
DISTANCE: Final = 114
OTHERS: Final = 116
COUNT: Final = 120
"""Columns of other answers with a row per trip, of single values, and of the messages' numbers."""

KINDS: Final = {
    "traktamente": "Traktamente",
    "resetillagg": "Resetillägg",
    "fardtidsersattning": "Ersättning för färdtid",
    "bilersattning": "Bilersättning",
    "kommunens_bilar": "Kommunens bilar",
    "biljetter": "Biljetter",
    "hotell": "Hotell",
    "ovrigt": "Övrigt",
    "klimatpaslag": "Klimatpåslag",
}
"""The kinds of cost, which add up to the total, and their headings."""


class Budget:
    """The workbook in the making: its sheets, in order."""

    def __init__(self, book: FormBook) -> None:
        self.book = book
        self.assumptions: FormSheet = book.sheet("Förutsättningar", [30, 18, 16, 16, 16, 24])
        self.trips: FormSheet = book.sheet("Resor", TRIP_WIDTHS, landscape=True, tab="#2F6B4F")
        self.costs: FormSheet = book.sheet("Kostnad per resa", COST_WIDTHS, landscape=True)
        self.compared: FormSheet = book.sheet("Alternativ", ALTERNATIVE_WIDTHS, landscape=True, tab="#2F6B4F")
        self.overview: FormSheet = book.sheet("Översikt", OVERVIEW_WIDTHS, landscape=True)
        self.sources: FormSheet = book.sheet("Underlag", [50, 10, 13, 16, 60, 12, 18, 18], landscape=True)
        self.calculation: FormSheet = book.calculation

    def column(self, column: int, first: int = FIRST_TRIP, last: int = LAST_TRIP) -> str:
        """A column of the calculations, the trips' rows unless others are said."""
        return self.calculation.at(first, column, last, column)


TRIP_WIDTHS: Final = (4, 16.5, 10, 17, 7, 9, 11, 11, 10, 13.5, 9, 7, 9.5, 9.5, 8, 6, 8, 8, 9.5, 12.5, 9.5, 42)
COST_WIDTHS: Final = (4, 18, 20, 7, 12, 11, 12, 13, 12, 12, 12, 11, 13, 13, 13, 10, 10, 11)
ALTERNATIVE_WIDTHS: Final = (25, 15, 13, 17, 17, 14, 14, 14, 10, 8, 11)
OVERVIEW_WIDTHS: Final = (24, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13, 13)


def among(value: str, words: tuple[str, ...]) -> str:
    """A condition: the value is one of the words."""
    return "OR(" + ",".join(f'{value}="{word}"' for word in words) + ")"


def is_fleet(value: str) -> str:
    """A condition: the mode is one of the municipality's cars."""
    return among(value, FLEET)


def is_own_car(value: str) -> str:
    """A condition: the mode is a car that the traveller is paid for."""
    return among(value, OWN_CARS)


def told(remark: str) -> str:
    """A remark of RESEJAMFORELSE's without what is said of every alternative with several persons."""
    always = "beloppen gäller alla personer tillsammans"
    first = always.capitalize()
    changes = {f". {first}; ": "; ", f"; {always}": "", f"{always}; ": "", f" {first}": "", always: ""}
    for text, instead in changes.items():
        remark = f'SUBSTITUTE({remark},"{text}","{instead}")'
    return remark


def whole(value: str, least: int, most: int) -> str:
    """A condition: the value is a whole number between two."""
    return f"IF(ISNUMBER({value}),AND({value}>={least},{value}<={most},INT({value})={value}),FALSE)"
