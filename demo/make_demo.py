"""Makes the demo sheet: 420 invented trips of a municipality, 2024–2026. Same seed, same sheet; no real persons.

python demo/make_demo.py
"""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple

import xlsxwriter

OUT: Final = Path(__file__).with_name("resor-2024-2026.xlsx")
TRIPS: Final = 420
FIRST, LAST = date(2024, 1, 8), date(2026, 10, 30)
HEADER_ROW: Final = 3

HEADINGS: Final = {
    "Rese-ID": 10,
    "Anställningsnr": 14,
    "Avdelning": 26,
    "Roll": 14,
    "Avresa": 17,
    "Hemkomst": 17,
    "Land": 14,
    "Resmål": 16,
    "Avstånd till förrättningen": 14,
    "Måltider": 20,
    "Privat logi nätter": 11,
    "Färdmedel": 15,
    "Drivmedel / klass": 13,
    "Km": 9,
    "Normal sträcka": 11,
    "Från": 13,
    "Till": 13,
    "Biljettkostnad": 13,
    "Hotellkostnad": 13,
    "Utlägg": 11,
    "Månadslön": 12,
    "Bilavtal": 9,
    "Syfte": 26,
    "Skäl": 24,
    "Godkänd av": 20,
    "Godkänd datum": 13,
    "Inlämnad": 12,
    "Kvitton": 9,
    "Digitalt övervägt": 10,
    "Tåg undersökt": 10,
    "Anmäld utrikes": 12,
    "Ombokad": 12,
    "Ombokning anmäld": 10,
    "Bokningsdatum": 13,
    "Bokad i avtal": 9,
    "Hotell i avtal": 9,
    "SMS-biljett": 9,
    "Andra signatur": 12,
    "Eget periodkort": 10,
    "Periodkort beslutat av": 18,
    "Förskott": 9,
    "Böter": 8,
    "Parkeringsböter": 12,
    "Återbetalning": 12,
    "Återbetalning lämnad": 12,
    "Bonus behållen": 10,
    "Övertid timmar": 9,
    "Ledighet i anslutning": 11,
    "Egen förlängning": 11,
    "Prisjämförelse gjord": 13,
    "Pris förrättningens dag": 12,
    "Pris vald dag": 10,
    "Kurs": 7,
    "Program utlämnat": 12,
    "Pass giltigt till": 12,
    "Avsteg": 16,
    "Avsteg skäl": 24,
}

DEPARTMENTS: Final = (
    "Kommunledningsförvaltningen",
    "Socialförvaltningen",
    "Utbildningsförvaltningen",
    "Samhällsbyggnad",
    "Kultur och fritid",
    "Miljö och hälsa",
)
PURPOSES: Final = (
    "Nätverksträff",
    "Konferens",
    "Studiebesök",
    "Utbildningsdag",
    "Samverkansmöte",
    "Tillsynsbesök",
    "Upphandlingsmöte",
)


class Destination(NamedTuple):
    """Where trips go: place, country, one-way kilometres, IATA code where one flies, weight."""

    place: str
    country: str
    km: int
    airport: str
    weight: int


DESTINATIONS: Final = (
    Destination("Norrköping", "Sverige", 44, "", 10),
    Destination("Motala", "Sverige", 48, "", 5),
    Destination("Mjölby", "Sverige", 34, "", 4),
    Destination("Jönköping", "Sverige", 130, "", 7),
    Destination("Örebro", "Sverige", 118, "", 6),
    Destination("Stockholm", "Sverige", 198, "", 22),
    Destination("Göteborg", "Sverige", 275, "GOT", 9),
    Destination("Malmö", "Sverige", 400, "MMX", 6),
    Destination("Umeå", "Sverige", 830, "UME", 4),
    Destination("Köpenhamn", "Danmark", 425, "CPH", 4),
    Destination("Oslo", "Norge", 480, "OSL", 3),
    Destination("Bryssel", "Belgien", 1330, "BRU", 5),
    Destination("Berlin", "Tyskland", 850, "BER", 3),
    Destination("Haag", "Nederländerna", 1180, "AMS", 2),
    Destination("Tallinn", "Estland", 390, "TLL", 2),
)

Row = dict[str, Any]


def day_in(rng: random.Random) -> date:
    """A working day within the years of the demo."""
    while True:
        day = FIRST + timedelta(days=rng.randrange((LAST - FIRST).days))
        if day.weekday() < 5:
            return day


def moment(rng: random.Random, day: date, first_hour: int, last_hour: int) -> datetime:
    """A quarter of an hour between two hours, never midnight."""
    return datetime.combine(day, time(rng.randrange(first_hour, last_hour), rng.choice((0, 15, 30, 45))))


def mode_for(rng: random.Random, there: Destination, nights: int) -> tuple[str, str]:
    """A likely mode and fuel or class."""
    if there.airport and there.km > 700 and rng.random() < 0.8:
        return "flyg", "ekonomi"
    if there.airport and there.country != "Sverige" and rng.random() < 0.55:
        return "flyg", "ekonomi"
    if there.airport and rng.random() < 0.12:
        return "flyg", "ekonomi"
    if there.km > 150:
        return rng.choices([("tåg", ""), ("hyrbil", "bensin"), ("buss", "")], (14, 2, 1))[0]
    choices = [
        ("tåg", ""),
        ("poolbil", "el"),
        ("verksamhetsbil", "biogas"),
        ("privat bil", "bensin"),
        ("förmånsbil", "diesel"),
        ("buss", ""),
    ]
    return rng.choices(choices, (7, 6, 4, 5, 1, 2))[0]


def meals_for(rng: random.Random, days: int) -> str:
    """Free meals per day: lunch at conferences, hotel breakfast after each night."""
    if days == 1:
        return rng.choices(("", "L"), (3, 1))[0]
    first = rng.choice(("", "M", "LM", "L"))
    middle = [rng.choice(("Fh", "FhL", "FhLM", "FhLMr")) for _ in range(days - 2)]
    return ", ".join([first or "-", *middle, rng.choice(("Fh", "FhL", "F"))])


def trip(rng: random.Random, number: int) -> Row:
    """One ordinary trip."""
    there = rng.choices(DESTINATIONS, [one.weight for one in DESTINATIONS])[0]
    abroad = there.country != "Sverige"
    nights = rng.choices((0, 1, 2, 3), (5, 5, 2, 1) if there.km < 250 else (1, 6, 4, 2))[0]
    nights = max(nights, 1) if abroad else nights
    first = day_in(rng)
    if abroad and first.year == 2025 and rng.random() < 0.85:
        first = first.replace(year=rng.choice((2024, 2026)), day=min(first.day, 28))
    leaves = moment(rng, first, 5, 9) if rng.random() < 0.75 else moment(rng, first, 10, 18)
    returns = moment(rng, first + timedelta(days=nights), max(leaves.hour + 5, 14) if nights == 0 else 14, 24)
    mode, kind = mode_for(rng, there, nights)
    flies, drives = (
        mode == "flyg",
        mode in ("privat bil", "förmånsbil", "poolbil", "verksamhetsbil", "hyrbil"),
    )
    fare = {"flyg": (1400, 5200), "tåg": (190, 1450), "buss": (120, 420)}.get(mode)
    private_night = nights > 0 and rng.random() < 0.06
    elected = rng.random() < 0.05
    approved = first - timedelta(days=rng.randrange(3, 25))
    claimed = returns.date() + timedelta(days=rng.choices((3, 12, 28, 75), (6, 5, 3, 1))[0])
    return {
        "Rese-ID": f"R{number:05d}",
        "Anställningsnr": f"9{rng.randrange(100, 190):05d}",
        "Avdelning": rng.choice(DEPARTMENTS),
        "Roll": "förtroendevald" if elected else "anställd",
        "Avresa": leaves,
        "Hemkomst": returns,
        "Land": there.country,
        "Resmål": there.place,
        "Avstånd till förrättningen": there.km,
        "Måltider": meals_for(rng, nights + 1),
        "Privat logi nätter": 1 if private_night else None,
        "Färdmedel": mode,
        "Drivmedel / klass": kind,
        "Km": round(2 * there.km + rng.uniform(0, 24), 1) if drives else (None if flies else 2 * there.km),
        "Normal sträcka": round(rng.uniform(2, 24), 1) if mode == "privat bil" and rng.random() < 0.5 else None,
        "Från": "ARN" if flies else "Linköping",
        "Till": there.airport if flies else there.place,
        "Biljettkostnad": rng.randrange(*fare) if fare else (690 * (nights + 1) if mode == "hyrbil" else None),
        "Hotellkostnad": rng.randrange(950, 2100) * (nights - private_night) if nights > private_night else None,
        "Utlägg": rng.choice((None, None, None, 85, 140, 265.5)),
        "Månadslön": None if elected else rng.randrange(29_500, 58_000, 100),
        "Bilavtal": "ja" if mode == "privat bil" and rng.random() < 0.25 else "nej",
        "Syfte": rng.choice(PURPOSES),
        "Skäl": rng.choice(("Deltar som föredragande", "Kräver närvaro på plats", "Gemensam planering", "")),
        "Godkänd av": rng.choices(("behörig chef", "förvaltningschef", ""), (9, 2, 1))[0],
        "Godkänd datum": approved,
        "Inlämnad": claimed,
        "Kvitton": "ja" if fare else "nej",
    }


def kept_rules(rng: random.Random, row: Row) -> Row:
    """What the controls ask about: mostly as the policy wants it, sometimes not."""

    def yes(share: float) -> str:
        return "ja" if rng.random() < share else "nej"

    first = row["Avresa"].date()
    abroad, fare = row["Land"] != "Sverige", row["Biljettkostnad"] or 0
    course, leave, rebooked = rng.random() < 0.12, rng.random() < 0.06, rng.random() < 0.1
    sms, refund, deviates = row["Färdmedel"] == "buss" and rng.random() < 0.4, rng.random() < 0.04, rng.random() < 0.05
    reported = first - timedelta(days=rng.choice((4, 9, 14, 20)))
    return {
        "Digitalt övervägt": yes(0.94),
        "Tåg undersökt": yes(0.8) if abroad else None,
        "Anmäld utrikes": reported if abroad and rng.random() < 0.9 else None,
        "Ombokad": first - timedelta(days=rng.randrange(1, 6)) if rebooked else None,
        "Ombokning anmäld": yes(0.5) if rebooked else None,
        "Bokningsdatum": first - timedelta(days=rng.choice((5, 16, 30, 45))),
        "Bokad i avtal": yes(0.95),
        "Hotell i avtal": yes(0.92) if row["Hotellkostnad"] else None,
        "SMS-biljett": "ja" if sms else "nej",
        "Andra signatur": None,
        "Eget periodkort": yes(0.02),
        "Periodkort beslutat av": rng.choice(("behörig chef", "förvaltningschef")) if rng.random() < 0.02 else None,
        "Förskott": 1500 if rng.random() < 0.01 else None,
        "Böter": 800 if rng.random() < 0.005 else None,
        "Parkeringsböter": 600 if rng.random() < 0.01 else None,
        "Återbetalning": 125 if refund else None,
        "Återbetalning lämnad": yes(0.5) if refund else None,
        "Bonus behållen": yes(0.02),
        "Övertid timmar": rng.choice((1, 2.5)) if rng.random() < 0.03 else None,
        "Ledighet i anslutning": "ja" if leave else "nej",
        "Egen förlängning": yes(0.5) if leave else "nej",
        "Prisjämförelse gjord": yes(0.6) if leave else None,
        "Pris förrättningens dag": fare if leave and fare else None,
        "Pris vald dag": fare + rng.choice((0, 180)) if leave and fare else None,
        "Kurs": "ja" if course else "nej",
        "Program utlämnat": first - timedelta(days=rng.choice((6, 12, 20))) if course else None,
        "Pass giltigt till": date(rng.choice((2025, 2027, 2029)), 5, 31) if abroad else None,
        "Avsteg": "behörig chef" if deviates else None,
        "Avsteg skäl": rng.choice(("Sista tåget hade gått", "Akut ärende", "")) if deviates else None,
    }


def broken(rows: list[Row]) -> None:
    """Faults such as they come: each in a row of its own."""
    rows[37]["Hemkomst"] = rows[37]["Avresa"] - timedelta(hours=5)
    rows[88]["Km"] = "ca 90"
    rows[131]["Land"] = "Tysklnd"
    rows[174]["Avresa"] = rows[174]["Avresa"].date().isoformat()
    rows[216]["Måltider"] = "FhLM, Fh, Fh, Fh, Fh, Fh, Fh"
    rows[259]["Km"] = -42
    rows[301]["Färdmedel"] = "bil"
    rows[343]["Månadslön"] = 1_000_000_000
    rows[385]["Hemkomst"] = None


LEG_HEADINGS: Final = {
    "Rese-ID": 10,
    "Avgång": 17,
    "Ankomst": 17,
    "Till": 16,
    "Färdmedel": 13,
    "Sovplats": 10,
}


def legs_of(rng: random.Random, row: Row) -> list[Row]:
    """Out and home of one trip, at times within it."""
    leaves, returns = row["Avresa"], row["Hemkomst"]
    hours = {"flyg": 4, "tåg": 3, "buss": 4}.get(row["Färdmedel"], 2)
    length = timedelta(hours=hours, minutes=rng.choice((0, 10, 20, 35, 50)))
    mode, berth = row["Färdmedel"], "nej"
    return [
        {"Rese-ID": row["Rese-ID"], "Avgång": leaves, "Ankomst": leaves + length, "Till": row["Land"]}
        | {"Färdmedel": mode, "Sovplats": berth},
        {"Rese-ID": row["Rese-ID"], "Avgång": returns - length, "Ankomst": returns, "Till": "Sverige"}
        | {"Färdmedel": mode, "Sovplats": berth},
    ]


def make_rows() -> tuple[list[Row], list[Row]]:
    """Trips in order of departure, and the legs of those over night that state them."""
    rng = random.Random(20240108)
    rows = sorted((trip(rng, number) for number in range(1, TRIPS + 1)), key=lambda row: row["Avresa"])
    for number, row in enumerate(rows, 1):
        row["Rese-ID"] = f"R{number:05d}"
    over_night = [row for row in rows if row["Hemkomst"].date() > row["Avresa"].date()]
    legs = [leg for row in over_night if rng.random() < 0.7 for leg in legs_of(rng, row)]
    more = random.Random(20240109)
    rows = [row | kept_rules(more, row) for row in rows]
    broken(rows)
    return rows, legs


def write(path: Path) -> None:
    """Write the workbook."""
    rows, legs = make_rows()
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": "Exempelresor 2024–2026", "created": datetime(2026, 11, 21)})
        sheet = book.add_worksheet("Resor")
        sheet.write_string(
            0, 0, "Exempelkommunen – tjänsteresor 2024–2026", book.add_format({"bold": True, "size": 14})
        )
        sheet.write_string(
            1,
            0,
            "Påhittade resor för provkörning. Inga verkliga personer.",
            book.add_format({"italic": True}),
        )
        fill(book, sheet, HEADER_ROW, HEADINGS, rows)
        foot = HEADER_ROW + 1 + len(rows)
        bold = book.add_format({"bold": True, "top": 1, "num_format": "#,##0.00"})
        sheet.write_string(foot, 0, "Summa", bold)
        for name in ("Biljettkostnad", "Hotellkostnad", "Utlägg"):
            place = list(HEADINGS).index(name)
            total = sum(row[name] or 0 for row in rows)
            column = xlsxwriter.utility.xl_col_to_name(place)
            sheet.write_formula(foot, place, f"=SUM({column}{HEADER_ROW + 2}:{column}{foot})", bold, total)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        fill(book, book.add_worksheet("Delsträckor"), 0, LEG_HEADINGS, legs)


def fill(book: Any, sheet: Any, top: int, headings: dict[str, int], rows: list[Row]) -> None:
    """Headings and rows, each cell by its kind."""
    head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "text_wrap": True, "valign": "top"})
    clock, day = (
        book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        book.add_format({"num_format": "yyyy-mm-dd"}),
    )
    for place, (heading, width) in enumerate(headings.items()):
        sheet.write_string(top, place, heading, head)
        sheet.set_column(place, place, width)
    for number, row in enumerate(rows, top + 1):
        for place, heading in enumerate(headings):
            value = row[heading]
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, clock)
            elif isinstance(value, date):
                sheet.write_datetime(number, place, value, day)
            elif isinstance(value, int | float):
                sheet.write_number(number, place, value)
            elif value:
                sheet.write_string(number, place, value)


if __name__ == "__main__":
    write(OUT)
