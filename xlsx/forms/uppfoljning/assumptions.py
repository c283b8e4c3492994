"""The sheet Förutsättningar: the year, the units, limits and targets; and the values that other sheets need of them."""

from __future__ import annotations

from typing import Any, Final

from core.catalogue import all_rules
from core.engine.clock import day_number
from core.klimat.factors import standard_set
from core.vocabulary import FARDMEDEL
from xlsx.forms.book import COMPUTED, FormBook, FormSheet, InputColumn
from xlsx.forms.setting import FormSetting
from xlsx.forms.uppfoljning.columns import CARS, ROW_FAULTS
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.measures import counted

NAME: Final = "Förutsättningar"
WIDTHS: Final = (38, 15, 15, 15, 15, 15)
TARGET_YEAR: Final = 2030

TRAIN: Final = "kontroll_tag_i_stallet_for_flyg"
SHORT_FLIGHT: Final = 50
MIL: Final = 10_000
AWAY: Final = 5
"""Mil one way from where a trip counts as one that the train can be the norm for."""
_STOCKHOLM: Final = "S-4"
_FEWEST, _MOST = "2000", "2100"

UNIT_COLUMNS: Final = (
    InputColumn("Enhet", "text", "namn", hint="Skrivs som i kolumnen Avdelning på bladet Data."),
    InputColumn("Årsarbetare", "timmar", "arsarbetare", hint="Årsarbetskrafter i medeltal under året."),
    InputColumn(
        "Förra året, kg CO2e", "kg", "forra_kg", hint="Tomt: räknas ur bladet Data om förra årets resor är där."
    ),
    InputColumn(
        "Förra året, kr", "hela kr", "forra_kr", hint="Resekostnad med klimatpåslag. Tomt: räknas ur bladet Data."
    ),
    InputColumn("Basåret, kg CO2e", "kg", "bas_kg", hint="Tomt: räknas ur bladet Data om basårets resor är där."),
    InputColumn("Basåret, kr", "hela kr", "bas_kr", hint="Resekostnad med klimatpåslag. Tomt: räknas ur bladet Data."),
)
_FIRST_OF_UNITS: Final = 40
"""Row of the units on the sheet of calculations."""
REST: Final = "Ej fördelat på enhet"


def write_assumptions(book: FormBook, setting: FormSetting, content: Followup) -> tuple[FormSheet, int]:
    """Write the sheet. Gives it and the row, from 0, of the first unit in its table."""
    sheet = book.sheet(NAME, WIDTHS)
    width = len(WIDTHS)
    sheet.text(0, 0, "Uppföljning av tjänsteresor", "titel")
    sheet.raw.set_row(0, 24)
    sheet.shown_across(1, 0, width - 1, _STATUS, "text", 26)
    row = _year(sheet, content, setting, 3)
    row = _limits(sheet, setting, content, row)
    row = _targets(sheet, row)
    last = _units(sheet, content, row)
    sheet.raw.print_area(0, 0, last, width - 1)
    return sheet, row + 2


_STATUS: Final = (
    '="Bladen räknas med vanliga formler och behöver inte tillägget. Resorna är beräknade "&'
    f'{COMPUTED}&IF(regelversion="",""," med Färdkosts regler version "&regelversion)&", policy "&policy&"."'
)


def _year(sheet: FormSheet, content: Followup, setting: FormSetting, row: int) -> int:
    sheet.heading(row, "Vad som följs upp", len(WIDTHS))
    lines: tuple[tuple[str, str, str, Any, str, int], ...] = (
        ("Nämnd, styrelse eller bolag", "text", "organisation", None, "", 3),
        ("År", "antal", "ar", content.year or setting.made.year, "Det år som följs upp, till exempel 2026.", 1),
        ("Basår", "antal", "basar", content.base_year, "Året som målen räknas från. Får vara tomt.", 1),
        ("Upprättad av", "text", "upprattad_av", None, "", 3),
        ("Datum", "datum", "upprattad", None, "", 1),
    )
    for at, (label, kind, name, value, hint, last) in enumerate(lines, row + 1):
        sheet.text(at, 0, label)
        if name == "ar" and content.is_fixed:
            _fixed(sheet, at, kind, name, value, align="left")
        elif kind == "antal":
            sheet.input(at, 1, kind, name, value, hint=hint, align="left")
        else:
            sheet.input(at, 1, kind, name, value, hint=hint, last_column=last if last > 1 else None)
    return row + len(lines) + 2


def _limits(sheet: FormSheet, setting: FormSetting, content: Followup, row: int) -> int:
    sheet.heading(row, "Gränser och faktorer", len(WIDTHS))
    longest, status = in_force(setting, TRAIN)
    refs = ", ".join(setting.law.figures[TRAIN].refs)
    shares = without_altitude()
    lines = (
        ("Kort flygning, under (mil enkel väg)", "flyggrans", SHORT_FLIGHT, "0.0",
         "Statens miljöledning delar flyget vid 50 mil (förordning 2009:907)."),
        ("Tåg är norm från (mil enkel väg)", "tagnorm_fran", AWAY, "0.0",
         "Färdkosts förval: utanför den vanliga verksamhetsorten, 50 km."),
        ("Tåg är norm till (mil enkel väg)", "tagnorm_till", longest / MIL, "0.0",
         f"Policyns gräns för tåg före flyg ({refs}); {status}."),
        ("Flyg utan höghöjdseffekt, inrikes", "andel_inrikes", shares["inrikes"], "0.0%",
         f"Andel som inte är höghöjdseffekt, ur {standard_set().name}."),
        ("Flyg utan höghöjdseffekt, Europa", "andel_europa", shares["Europa"], "0.0%",
         "Används där en rad på bladet Data har bara det ena utsläppstalet."),
        ("Flyg utan höghöjdseffekt, övriga världen", "andel_varlden", shares["övriga världen"], "0.0%",
         ""),
    )  # fmt: skip
    for at, (label, name, value, form, note) in enumerate(lines, row + 1):
        sheet.text(at, 0, label)
        kind = "procent" if form.endswith("%") else "km"
        if content.is_fixed and name != "flyggrans":
            _fixed(sheet, at, kind, name, value, num_format=form)
        else:
            sheet.input(at, 1, kind, name, value, num_format=form)
        sheet.text(at, 2, note, italic=True, indent=1)
    return row + len(lines) + 2


def _fixed(sheet: FormSheet, row: int, kind: str, name: str, value: Any, **more: Any) -> None:
    """A value that the rows were computed with, and that is not to be changed in the workbook."""
    sheet.value(row, 1, value, sheet.book.styles.get("resultat", kind, **more))
    sheet.book.name(name, sheet.at(row, 1))


def in_force(setting: FormSetting, name: str) -> tuple[float, str]:
    """A distance among the figures on the form's day, in metres, and its status."""
    entry = setting.law.figures[name].entry(day_number(setting.made))
    if entry is None or entry.value is None:
        raise ValueError(f"the figure {name} has no value on {setting.made}")
    return entry.value, entry.status


def without_altitude() -> dict[str, float]:
    """By band, the share of a flight's emissions (economy) that is not the effect of altitude."""
    rows = [row for row in standard_set().rows if row["fardmedel"] == "flyg" and row["typ"] == "ekonomi"]
    return {row["band"]: round(float(row["kg_utan_hojd"]) / float(row["kg_med_hojd"]), 4) for row in rows}


def _targets(sheet: FormSheet, row: int) -> int:
    styles = sheet.book.styles
    sheet.heading(row, f"Mål {TARGET_YEAR}", len(WIDTHS))
    for column, heading in enumerate(("Mål", "Målvärde", "Målår")):
        sheet.raw.write_string(row + 1, column, heading, styles.get("kolumnrubrik", "antal" if column else "visat"))
    sheet.raw.merge_range(row + 1, 3, row + 1, 5, "Källa", styles.get("kolumnrubrik", indent=1))
    at = row + 2
    sheet.text(at, 0, "Stockholm: utsläppen halveras")
    sheet.raw.write_number(at, 1, 0.5, styles.get("resultat", "procent"))
    sheet.raw.write_number(at, 2, TARGET_YEAR, styles.get("resultat", "antal"))
    source = f"{_STOCKHOLM}, från policydokument; gäller konsumtionens utsläpp, basår anges inte."
    sheet.raw.merge_range(at, 3, at, 5, source, styles.get("text", indent=1))
    sheet.book.name("mal_stockholm", sheet.at(at, 1))
    sheet.book.name("mal_stockholm_ar", sheet.at(at, 2))
    sheet.raw.set_row(at, 25)
    own = (
        ("Eget: minskning av utsläppen från basåret", "procent", "mal_minskning", "Andel, till exempel 60 %."),
        ("Eget: kg CO2e per årsarbetare", "kg", "mal_kg", "Utsläpp med höghöjdseffekt."),
        ("Eget: tågandel där tåg är norm", "procent", "mal_tag", "Andel av resorna, till exempel 90 %."),
    )
    first = at + 1
    for at, (label, kind, name, note) in enumerate(own, first):
        sheet.text(at, 0, label)
        sheet.input(at, 1, kind, name)
        sheet.input(at, 2, "antal", f"{name}_ar", TARGET_YEAR)
        sheet.text(at, 3, note, italic=True, indent=1)
    text = " ".join(all_rules()[_STOCKHOLM].text.split())
    sheet.text_across(at + 1, 0, 5, f"Stockholms mål enligt dokumentet ({_STOCKHOLM}): {text}", "text", 38)
    return at + 3


def _units(sheet: FormSheet, content: Followup, row: int) -> int:
    width = len(WIDTHS)
    sheet.heading(row, "Enheter", width)
    rows = content.unit_rows
    values = [(unit,) + (None,) * (len(UNIT_COLUMNS) - 1) for unit in content.units]
    sheet.table(row + 1, 0, UNIT_COLUMNS, rows, "enheter", 26, values)
    if content.is_fixed:
        for at in range(row + 2, row + 2 + rows):
            unit = content.units[at - row - 2] if at - row - 2 < len(content.units) else None
            sheet.value(at, 0, unit, sheet.book.styles.get("resultat", "text"))
    at = row + rows + 2
    sheet.text(at, 0, REST, "resultat")
    for column, one in enumerate(UNIT_COLUMNS[1:], 1):
        sheet.input(at, column, one.kind, f"ovriga_{one.name}", hint=one.hint)
    styles = sheet.book.styles
    sheet.text(at + 1, 0, "Summa", "summa")
    for column, one in enumerate(UNIT_COLUMNS[1:], 1):
        area = f"enheter_{one.name},ovriga_{one.name}"
        formula = f'=IF(COUNT({area})=0,"",SUM({area}))'
        sheet.raw.write_formula(at + 1, column, formula, styles.get("summa", one.kind), "")
    sheet.book.name("arsarbetare", sheet.at(at + 1, 1))
    return at + 2


def write_calculation(book: FormBook, setting: FormSetting, content: Followup) -> None:
    """The days between which a year's trips are, how many trips earlier years have, and the lists."""
    book.choices("fardmedel", FARDMEDEL.words)
    book.choices("bilar", CARS)
    book.choices("radfel", ROW_FAULTS)
    sheet = book.calculation
    is_year = f"AND(ISNUMBER({{0}}),N({{0}})>={_FEWEST},N({{0}})<={_MOST})"
    years = (("ar", "ar", 0), ("forra", "ar", -1), ("bas", "basar", 0))
    for row, (name, source, less) in enumerate(years):
        sheet.text(row, 0, name)
        for column, (end, more) in enumerate((("fran", less), ("till", less + 1)), 1):
            formula = f"=IF({is_year.format(source)},DATE({source}{more:+d},1,1),0)"
            sheet.shown(row, column, formula, "datum", f"{name}_{end}", "etikett")
    for row, year in enumerate(("forra", "bas"), 3):
        sheet.text(row, 0, f"resor {year}")
        sheet.shown(row, 1, "=" + counted(year=year), "antal", f"{year}_resor", "etikett")  # type: ignore[arg-type]
    sheet.text(5, 0, "gräns km")
    sheet.shown(5, 1, "=20*N(flyggrans)", "antal", "flyggrans_km", "etikett")
    sheet.text(6, 0, "långflyg km")
    sheet.raw.write_number(6, 1, in_force(setting, "langflyg_fran")[0] / 1000, book.styles.get("etikett"))
    book.name("langflyg_km", sheet.at(6, 1))
    if content.version:
        sheet.text(6, 3, "regelversion")
        sheet.text(6, 4, content.version)
        book.name("regelversion", sheet.at(6, 4))
    sheet.text(7, 0, "enheter utan årsarbetare")
    formula = '=SUMPRODUCT((enheter_namn<>"")*(enheter_arsarbetare=""))'
    sheet.shown(7, 1, formula, "antal", "utan_arsarbetare", "etikett")
    for row, (year, source, less) in enumerate(years, 8):
        sheet.text(row, 0, f"månader {year}")
        for month in range(1, 14):
            formula = f"=IF({year}_fran=0,0,DATE({source}{less:+d},{month},1))"
            sheet.shown(row, month, formula, "datum", f"{year}_manad_{month}", "etikett")
    first, last = _FIRST_OF_UNITS, _FIRST_OF_UNITS + content.unit_rows - 1
    for row, number in zip(range(first, last + 1), range(1, content.unit_rows + 1), strict=True):
        name = f"INDEX(enheter_namn,{number})"
        formula = f'=IFERROR(IF({name}="",0,IF(COUNTIF(enheter_namn,{name})>1,1,0)),0)'
        sheet.shown(row, 0, formula, "antal", look="etikett")
    sheet.text(first - 1, 1, "dubbla enheter")
    sheet.shown(first - 1, 2, f"=SUM({sheet.at(first, 0, last, 0)})", "antal", "dubbla_enheter", "etikett")
