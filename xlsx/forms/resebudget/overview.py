"""The sheet `Översikt`: costs and emissions by kind, unit, month and mode, against the frames, with charts."""

from __future__ import annotations

from typing import Any, Final

from xlsxwriter.utility import xl_col_to_name

from core.vocabulary import FARDMEDEL
from xlsx.forms.book import FormSheet
from xlsx.forms.resebudget.layout import GENERAL_AT, KINDS, MONTHS, OTHERS, UNITS, Budget

_WIDE: Final = 12
_KINDS_AT: Final = 6
_UNITS_AT: Final = _KINDS_AT + len(KINDS) + 8
_MODES_AT: Final = _UNITS_AT + UNITS + 5
_MODES: Final = tuple(word for word in FARDMEDEL.words if word not in ("moped", "mc"))
_FRAMES_AT: Final = _MODES_AT + len(_MODES) + 3
_MONTHS_AT: Final = _FRAMES_AT + 18
_CHART_AT: Final = _MONTHS_AT + len(MONTHS) + 3
_CHART_ROWS: Final = 20
COLOURS: Final = (
    "#1F3A5F",
    "#3E7CB1",
    "#81A4CD",
    "#2F6B4F",
    "#7FB069",
    "#E6AA68",
    "#CA3C25",
    "#8D6A9F",
    "#5C5C5C",
)


def write_overview(budget: Budget) -> None:
    """The sheet with its tables and charts."""
    sheet = budget.overview
    sheet.text(0, 0, "Översikt", "titel")
    sheet.raw.set_row(0, 24)
    sheet.shown_across(1, 0, _WIDE - 1, '="Resebudget"&IF(ISNUMBER(budgetar)," "&budgetar,"")', "fet")
    sheet.shown_across(2, 0, _WIDE - 1, '=IF(arsfraga="",belopp_text,arsfraga)', "fel")
    sheet.shown_across(3, 0, _WIDE - 1, "=ej_med_text", "fel")
    _by_kind(sheet)
    _by_unit(sheet)
    _by_mode(sheet)
    _by_month(sheet)
    _labels(budget)
    _charts(budget)
    sheet.raw.set_h_pagebreaks([_MODES_AT - 2, _MONTHS_AT - 2])
    sheet.raw.print_area(0, 0, _CHART_AT + _CHART_ROWS, _WIDE - 1)


def _headings(sheet: FormSheet, row: int, headings: tuple[str, ...], height: float = 26) -> None:
    for at, heading in enumerate(headings):
        sheet.text(row, at, heading, "kolumnrubrik", align="left" if not at else "right")
    sheet.raw.set_row(row, height)


def _note(sheet: FormSheet, row: int, column: int) -> None:
    """Which figures a total is made with, beside it."""
    sheet.shown(row, column, "=belopp_text", look="etikett", font_size=8)


def _by_kind(sheet: FormSheet) -> None:
    sheet.heading(_KINDS_AT - 2, "Kostnad per slag", _WIDE)
    _headings(sheet, _KINDS_AT - 1, ("Slag", "Kr", "Andel"), 15)
    for row, (name, heading) in enumerate(KINDS.items(), _KINDS_AT):
        sheet.text(row, 0, heading)
        sheet.shown(row, 1, f"=ROUND(SUM(rad_{name}),2)", "kr", name=f"summa_{name}")
        sheet.shown(row, 2, f'=IF(summa_totalt=0,"",summa_{name}/summa_totalt)', "procent")
    row = _KINDS_AT + len(KINDS)
    sheet.text(row, 0, "Total kostnad", "fet")
    sheet.shown(row, 1, "=ROUND(SUM(rad_totalt),2)", "kr", name="summa_totalt", look="summa")
    sheet.text(row + 1, 0, "Utsläpp, kg CO2e", "fet")
    sheet.shown(row + 1, 1, "=ROUND(SUM(rad_kg),3)", "kg", name="summa_utslapp_kg", look="summa")
    for total in (row, row + 1):
        _note(sheet, total, 2)
    facts = (
        ("Antal resor", "=SUMIFS(rad_antal,rad_sund,1)", "antal", "summa_resor_antal"),
        ("Planerade rader", "=antal_planerade", "antal", ""),
        ("Rader som inte är med", "=ej_med", "antal", "summa_ej_med_antal"),
    )
    for row, (label, formula, kind, name) in enumerate(facts, _KINDS_AT + len(KINDS) + 2):
        sheet.text(row, 0, label)
        sheet.shown(row, 1, formula, kind, name=name)


def _labels(budget: Budget) -> None:
    """What the totals are called where they are listed without the sheet around them."""
    labels = {
        "totalt": '="Total kostnad"&IF(belopp_text="","",", "&belopp_text)',
        "utslapp_kg": '="Utsläpp"&IF(belopp_text="","",", "&belopp_text)',
        "ramar_kr": '="Enheternas budgetramar"',
        "kvar_kr": '="Kvar av budgetramarna"',
        "ramar_kg": '="Enheternas ramar för utsläpp"',
        "kvar_kg": '="Kvar av ramarna för utsläpp"',
    }
    for row, (name, formula) in enumerate(labels.items(), GENERAL_AT):
        budget.calculation.shown(row, OTHERS + 2, formula, name=f"label_{name}", look="etikett")


def _by_unit(sheet: FormSheet) -> None:
    sheet.heading(_UNITS_AT - 2, "Per enhet, mot ramarna", _WIDE)
    headings = (
        "Enhet",
        "Kr",
        "Budgetram, kr",
        "Kvar, kr",
        "Mot ramen i kr",
        "Kg CO2e",
        "Ram, kg",
        "Kvar, kg",
        "Mot ramen i kg",
    )
    _headings(sheet, _UNITS_AT - 1, headings)
    first, last = _UNITS_AT + 1, _UNITS_AT + UNITS
    for number in range(1, UNITS + 1):
        row = _UNITS_AT + number - 1
        line, unit = row + 1, f"INDEX(enheter_namn,{number})"
        sheet.shown(row, 0, f'=IF({unit}="","",{unit})')
        for at, of, frame, kind in ((1, "totalt", "kr", "kr"), (5, "kg", "kg", "kg")):
            value, limit = f"{xl_col_to_name(at)}{line}", f"{xl_col_to_name(at + 1)}{line}"
            given = f"INDEX(enheter_ram_{frame},{number})"
            sheet.shown(row, at, f'=IF($A{line}="","",SUMIFS(rad_{of},rad_enhet,$A{line}))', kind)
            sheet.shown(row, at + 1, f'=IF($A{line}="","",IF(ISNUMBER({given}),{given},"–"))', kind, align="right")
            sheet.shown(
                row, at + 2, f'=IF(ISNUMBER({limit}),{limit}-{value},IF($A{line}="","","–"))', kind, align="right"
            )
            sheet.shown(row, at + 3, f'=IF(ISNUMBER({limit}),IF({value}>{limit},"Över ramen","Inom ramen"),"")')
    row = _UNITS_AT + UNITS
    sheet.text(row, 0, "Alla enheter", "fet")
    for at, of, kind in ((1, "kr", "kr"), (5, "kg", "kg")):
        letters = [xl_col_to_name(at + step) for step in range(3)]
        sums = [f"ROUND(SUM({letter}{first}:{letter}{last}),3)" for letter in letters]
        sheet.shown(row, at, f"={sums[0]}", kind, look="summa")
        sheet.shown(row, at + 1, f"={sums[1]}", kind, look="summa", name=f"summa_ramar_{of}")
        sheet.shown(row, at + 2, f"={sums[2]}", kind, look="summa", name=f"summa_kvar_{of}")
    sheet.text(row + 1, 0, "Kvar räknas bara för enheter som har en ram.", "underrubrik")
    _note(sheet, row, 9)
    over = sheet.book.styles.get("fel", bg_color="#F6D5D5", text_wrap=False)
    for at in (4, 8):
        area = f"{xl_col_to_name(at)}{first}:{xl_col_to_name(at)}{last}"
        sheet.raw.conditional_format(area, {"type": "cell", "criteria": "==", "value": '"Över ramen"', "format": over})


def _by_mode(sheet: FormSheet) -> None:
    sheet.heading(_MODES_AT - 2, "Per färdmedel", _WIDE)
    _headings(sheet, _MODES_AT - 1, ("Färdmedel", "Antal resor", "Kr", "Kg CO2e", "Kg per resa"), 15)
    for row, word in enumerate(_MODES, _MODES_AT):
        line = row + 1
        sheet.text(row, 0, word)
        count = f"SUMIFS(rad_antal,rad_sund,1,rad_fardmedel,$A{line})"
        sheet.shown(row, 1, f'=IF({count}=0,"",{count})', "antal")
        for at, of, kind in ((2, "totalt", "kr"), (3, "kg", "kg")):
            sheet.shown(row, at, f'=IF($B{line}="","",SUMIFS(rad_{of},rad_fardmedel,$A{line}))', kind)
        sheet.shown(row, 4, f'=IF($B{line}="","",D{line}/B{line})', "kg")
    row, first, last = _MODES_AT + len(_MODES), _MODES_AT + 1, _MODES_AT + len(_MODES)
    sheet.text(row, 0, "Alla färdmedel", "fet")
    for at, kind in ((1, "antal"), (2, "kr"), (3, "kg")):
        letter = xl_col_to_name(at)
        sheet.shown(row, at, f"=SUM({letter}{first}:{letter}{last})", kind, look="summa")
    _note(sheet, row + 1, 1)


def _by_month(sheet: FormSheet) -> None:
    sheet.heading(_MONTHS_AT - 2, "Per månad", _WIDE)
    _headings(sheet, _MONTHS_AT - 1, ("Månad", *KINDS.values(), "Totalt, kr", "Kg CO2e"), 26)
    for row, month in enumerate(MONTHS, _MONTHS_AT):
        line = row + 1
        sheet.text(row, 0, month)
        for at, (name, kind) in enumerate([*((name, "kr") for name in KINDS), ("totalt", "kr"), ("kg", "kg")], 1):
            summed = f"SUMIFS(rad_{name},rad_manad,$A{line})"
            sheet.shown(row, at, f'=IF({summed}=0,"",{summed})', kind)
    row = _MONTHS_AT + len(MONTHS)
    sheet.text(row, 0, "Hela året", "fet")
    for at in range(1, len(KINDS) + 3):
        letter = xl_col_to_name(at)
        kind = "kg" if at == len(KINDS) + 2 else "kr"
        sheet.shown(row, at, f"=SUM({letter}{_MONTHS_AT + 1}:{letter}{row})", kind, look="summa")
    _note(sheet, row + 1, 1)


def _charts(budget: Budget) -> None:
    sheet, name = budget.overview, budget.overview.name
    last_month = _MONTHS_AT + len(MONTHS) - 1
    stacked = budget.book.chart({"type": "column", "subtype": "stacked"})
    for at, (kind, colour) in enumerate(zip(KINDS.values(), COLOURS, strict=True), 1):
        stacked.add_series(
            {
                "name": kind,
                "categories": [name, _MONTHS_AT, 0, last_month, 0],
                "values": [name, _MONTHS_AT, at, last_month, at],
                "fill": {"color": colour},
                "gap": 40,
            }
        )
    _place(sheet, stacked, "Kostnad per månad, kr", _CHART_AT, 0, 1150, 380)
    modes = budget.book.chart({"type": "bar"})
    modes.add_series(
        {
            "name": "Kg CO2e",
            "categories": [name, _MODES_AT, 0, _MODES_AT + len(_MODES) - 1, 0],
            "values": [name, _MODES_AT, 3, _MODES_AT + len(_MODES) - 1, 3],
            "fill": {"color": COLOURS[3]},
            "gap": 40,
        }
    )
    modes.set_legend({"none": True})
    modes.set_y_axis({"reverse": True})
    _place(sheet, modes, "Kg CO2e per färdmedel", _MODES_AT - 1, 6, 570, 390)
    _frames(budget, 1, "Planerat och ram per enhet, kr", (_KINDS_AT - 1, 6, 570, 290))
    _frames(budget, 5, "Planerat och ram per enhet, kg CO2e", (_FRAMES_AT, 0, 1150, 320))


def _frames(budget: Budget, column: int, title: str, place: tuple[int, int, int, int]) -> None:
    """What the units plan beside their frames."""
    name = budget.overview.name
    frames = budget.book.chart({"type": "column"})
    for at, label, colour in ((column, "Planerat", COLOURS[1]), (column + 1, "Ram", COLOURS[5])):
        frames.add_series(
            {
                "name": label,
                "categories": [name, _UNITS_AT, 0, _UNITS_AT + UNITS - 1, 0],
                "values": [name, _UNITS_AT, at, _UNITS_AT + UNITS - 1, at],
                "fill": {"color": colour},
            }
        )
    _place(budget.overview, frames, title, *place)


def _place(sheet: FormSheet, chart: Any, title: str, row: int, column: int, width: int, height: int) -> None:
    font = {"name": "Arial", "size": 9}
    chart.set_title({"name": title, "name_font": {**font, "size": 11}, "overlay": False})
    chart.set_size({"width": width, "height": height})
    sheet.raw.insert_chart(row, column, chart, {"object_position": 1})
