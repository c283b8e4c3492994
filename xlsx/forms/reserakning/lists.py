"""What the drop-downs of the travel claim offer."""

from __future__ import annotations

import unicodedata
from typing import Final

from core.kontroll.words import ROLLER
from core.vocabulary import BIL, COUNTRIES, FARDMEDEL, TYP, ZON
from xlsx.forms.book import FormBook

MEALS: Final = ("kost", "hotell", "transport", "extern", "intern", "affärskontakt")
"""The six kinds of free meals, in the order of their letters."""
MEAL_LETTERS: Final = ("", "h", "t", "r", "i", "a")

ACTIVITIES: Final = ("resa", "väntan", "resa utan färdtid", "möte", "arbete", "transport av brukare", "ledig")
EXPENSES: Final = (
    "taxi",
    "sms-biljett",
    "parkering",
    "trängselskatt och vägavgift",
    "visum",
    "vaccination",
    "representation",
    "annat utlägg",
    "böter",
    "parkeringsböter",
)
FINES: Final = ("böter", "parkeringsböter")
HOTEL: Final = "hotell"
_NO_TICKET: Final = ("privat bil", "förmånsbil", "moped", "mc", "digitalt")
TICKETS: Final = (*(word for word in FARDMEDEL.words if word not in _NO_TICKET), HOTEL)
CAR_REASONS: Final = ("ingen ledig bil", "svårt att hämta bil", "annan omständighet", "bilavtal")
PLACES: Final = ("bostaden", "tjänstestället", "annan plats")
ROLES: Final = ("anställd", "förtroendevald")
PAYERS: Final = ("enheten", "resenären")
_LAST: Final = str.maketrans("åäö", "{|}")
_OTHERS: Final = "Övriga länder och områden"


def write_lists(book: FormBook) -> None:
    """Put every list on the hidden sheet of lists, each with its defined name `lista_…`."""
    names = [COUNTRIES.name(code) for code in range(len(COUNTRIES))]
    rest = sorted((name for name in names if name not in ("Sverige", _OTHERS)), key=_alphabet)
    book.choices("land", ["Sverige", *rest, _OTHERS])
    book.choices("fardmedel", FARDMEDEL.words)
    book.choices("typ", TYP.words)
    book.choices("zon", ZON.words)
    book.choices("bil", BIL.words)
    book.choices("godkannare", ROLLER.words)
    book.choices("maltid", MEALS)
    book.choices("aktivitet", ACTIVITIES)
    book.choices("utlagg", EXPENSES)
    book.choices("biljett", TICKETS)
    book.choices("bilskal", CAR_REASONS)
    book.choices("plats", PLACES)
    book.choices("roll", ROLES)
    book.choices("betalare", PAYERS)


def _alphabet(name: str) -> str:
    """A key that sorts å, ä and ö last, in that order, and other letters with marks with those without."""
    ours = name.casefold().translate(_LAST)
    return unicodedata.normalize("NFD", ours).encode("ascii", "ignore").decode()
