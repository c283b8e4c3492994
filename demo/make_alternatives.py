"""Makes the demo workbook of travel alternatives: two errands, a sheet each; invented prices and times.

python demo/make_alternatives.py, then
fardkost compare demo/alternativ.xlsx
fardkost compare demo/alternativ.xlsx --sheet "Stockholm–Göteborg" --policy stockholm
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import xlsxwriter

OUT: Final = Path(__file__).with_name("alternativ.xlsx")

HEADINGS: Final = {
    "Alternativ": 22,
    "Färdmedel": 12,
    "Typ": 10,
    "Avresa": 17,
    "Framme": 17,
    "Förrättning börjar": 17,
    "Förrättning slutar": 17,
    "Hemfärd börjar": 17,
    "Hemkomst": 17,
    "Biljett": 10,
    "Hotell": 10,
    "Km": 9,
    "Arbetstid ombord": 11,
    "Sovplats": 10,
    "Måltider": 16,
    "Månadslön": 11,
    "Land": 12,
}

BRUSSELS: Final = (
    {
        "Alternativ": "Flyg kvällen före",
        "Färdmedel": "flyg",
        "Typ": "ekonomi",
        "Avresa": "2024-03-12 14:00",
        "Framme": "2024-03-12 20:30",
        "Förrättning börjar": "2024-03-13 09:00",
        "Förrättning slutar": "2024-03-13 16:00",
        "Hemkomst": "2024-03-13 23:00",
        "Biljett": 4200,
        "Hotell": 1450,
        "Km": 2600,
        "Arbetstid ombord": 1,
        "Måltider": "-, FhL",
        "Månadslön": 42900,
        "Land": "Belgien",
    },
    {
        "Alternativ": "Nattåg och hotell",
        "Färdmedel": "tåg",
        "Typ": "Europa",
        "Avresa": "2024-03-11 17:30",
        "Framme": "2024-03-12 14:00",
        "Förrättning börjar": "2024-03-13 09:00",
        "Förrättning slutar": "2024-03-13 16:00",
        "Hemfärd börjar": "2024-03-13 16:30",
        "Hemkomst": "2024-03-14 12:30",
        "Biljett": 3600,
        "Hotell": 1450,
        "Km": 2900,
        "Arbetstid ombord": 7,
        "Sovplats": "ja",
        "Måltider": "-, -, FhL, -",
        "Månadslön": 42900,
        "Land": "Belgien",
    },
    {"Alternativ": "Digitalt möte", "Färdmedel": "digitalt", "Land": "Belgien"},
)

GOTHENBURG: Final = (
    {
        "Alternativ": "Flyg",
        "Färdmedel": "flyg",
        "Typ": "ekonomi",
        "Avresa": "2026-03-10 06:00",
        "Förrättning börjar": "2026-03-10 10:00",
        "Förrättning slutar": "2026-03-10 15:00",
        "Hemkomst": "2026-03-10 19:30",
        "Biljett": 2400,
        "Km": 790,
        "Arbetstid ombord": "0:30",
        "Månadslön": 39600,
    },
    {
        "Alternativ": "Tåg",
        "Färdmedel": "tåg",
        "Avresa": "2026-03-10 05:30",
        "Förrättning börjar": "2026-03-10 10:00",
        "Förrättning slutar": "2026-03-10 15:00",
        "Hemkomst": "2026-03-10 19:15",
        "Biljett": 1290,
        "Km": 910,
        "Arbetstid ombord": 3,
        "Månadslön": 39600,
    },
    {
        "Alternativ": "Egen bil",
        "Färdmedel": "privat bil",
        "Typ": "bensin",
        "Avresa": "2026-03-10 04:30",
        "Förrättning börjar": "2026-03-10 10:00",
        "Förrättning slutar": "2026-03-10 15:00",
        "Hemkomst": "2026-03-10 20:30",
        "Km": 940,
        "Månadslön": 39600,
    },
)

SHEETS: Final = {"Linköping–Bryssel": BRUSSELS, "Stockholm–Göteborg": GOTHENBURG}


def main() -> None:
    """Write the workbook."""
    with xlsxwriter.Workbook(OUT) as book:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        header = book.add_format({"bold": True, "bg_color": "#DDEBF7", "bottom": 1, "text_wrap": True})
        for name, alternatives in SHEETS.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 1)
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            for column, (title, width) in enumerate(HEADINGS.items()):
                sheet.set_column(column, column, width)
                sheet.write_string(0, column, title, header)
            for row, alternative in enumerate(alternatives, 1):
                _write(sheet, row, alternative, moment)


def _write(sheet: Any, row: int, alternative: dict[str, Any], moment: Any) -> None:
    for column, title in enumerate(HEADINGS):
        value = alternative.get(title)
        if isinstance(value, str) and value[:2] == "20":
            sheet.write_datetime(row, column, datetime.fromisoformat(value), moment)
        elif value is not None:
            sheet.write(row, column, value)


if __name__ == "__main__":
    main()
