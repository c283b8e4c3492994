"""The alternatives on the sheet of calculations: handed to RESEJAMFORELSE, and what is wrong with them."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_col_to_name

from xlsx.comparing import FIELDS
from xlsx.forms.resebudget.layout import ALTERNATIVES, ALTERNATIVES_AT, ANSWERED, OTHERS, PASSED, Budget, told, whole

_PASSED: Final = {
    "Alternativ": "nummer",
    "Färdmedel": "fardmedel",
    "Typ": "typ",
    "Avresa": "avresa",
    "Hemkomst": "hemkomst",
    "Biljett": "biljett",
    "Hotell": "hotell",
    "Utlägg": "ovrigt",
    "Km": "km",
    "Antal bilar": "bilar",
    "Arbetstid ombord": "arbete",
}
_SHARED: Final = {
    "Förrättning börjar": "forrattning_borjar",
    "Förrättning slutar": "forrattning_slutar",
    "Månadslön": "manadslon",
    "Antal personer": "stracka_personer",
    "Land": "stracka_land",
    "Från": "stracka_fran",
    "Till": "stracka_till",
    "Arbetstid start": "arbetstid_start",
    "Arbetstid slut": "arbetstid_slut",
}


def write_alternative_figures(budget: Budget) -> None:
    """Write the calculations."""
    sheet, top = budget.calculation, ALTERNATIVES_AT
    headings = (*_PASSED, *_SHARED)
    for at, heading in enumerate(headings, PASSED):
        sheet.raw.write_string(top, at, heading)
    used_at = PASSED - 1
    for number in range(1, ALTERNATIVES + 1):
        row, used = top + number, f"${xl_col_to_name(used_at)}{top + number + 1}"
        mode = f"INDEX(alternativ_fardmedel,{number})"
        times = f"AND(ISNUMBER(INDEX(alternativ_avresa,{number})),ISNUMBER(INDEX(alternativ_hemkomst,{number})))"
        route = "AND(ISNUMBER(forrattning_borjar),ISNUMBER(forrattning_slutar))"
        formula = f'=IF(AND({route},{mode}<>""),IF(OR({mode}="digitalt",{times}),1,0),0)'
        sheet.raw.write_formula(row, used_at, formula, None, "")
        for at, name in enumerate(_PASSED.values(), PASSED):
            cell = f'"{number}"' if name == "nummer" else f"INDEX(alternativ_{name},{number})"
            blank = cell if name == "nummer" else f'IF({cell}="","",{cell})'
            sheet.raw.write_formula(row, at, f'=IF({used}=1,{blank},"")', None, "")
        for at, name in enumerate(_SHARED.values(), PASSED + len(_PASSED)):
            travelled = f'AND({used}=1,{mode}<>"digitalt")' if name.startswith("forrattning") else f"{used}=1"
            sheet.raw.write_formula(row, at, f'=IF({travelled},IF({name}="","",{name}),"")', None, "")
    used_area = sheet.at(top + 1, used_at, top + ALTERNATIVES, used_at)
    trips = f'SUMPRODUCT(({used_area}=1)*(alternativ_fardmedel<>"digitalt"))'
    written = "COUNTA(alternativ_avresa,alternativ_hemkomst,alternativ_biljett,alternativ_km)"
    rate = 'IFERROR(SATS("maximibelopp",INT(forrattning_borjar),policy),"")'
    rows: tuple[tuple[str, str, bool], ...] = (
        ("jamforelse_ifyllt", f"={written}", False),
        ("jamforelse_antal", f"={trips}", False),
        ("jamforelse_sats", f'=IF(ISNUMBER(forrattning_borjar),{rate},"")', True),
        ("jamforelse_text", _figures_text(), False),
    )
    for row, (name, formula, ours) in enumerate(rows, top):
        sheet.raw.write_string(row, OTHERS, name)
        if ours:
            sheet.calculated(row, OTHERS + 1, formula, name)
        else:
            sheet.shown(row, OTHERS + 1, formula, name=name, look="etikett")
    given = sheet.at(top, PASSED, top + ALTERNATIVES, PASSED + len(headings) - 1)
    sheet.calculated(
        top,
        ANSWERED,
        f'=IF(AND(jamforelse_antal>0,ISNUMBER(jamforelse_sats)),IFERROR(RESEJAMFORELSE({given},policy),"–"),"")',
    )


def _figures_text() -> str:
    year = "YEAR(forrattning_borjar)"
    return (
        '=IF(OR(jamforelse_antal=0,NOT(ISNUMBER(jamforelse_sats))),"Inget är räknat än.",'
        f'"Räknat med "&{year}&" års belopp"&IF(OR(budgetar="",budgetar={year}),"","; budgetåret är "&budgetar&'
        'IF(AND(ISNUMBER(budgetar),beslutat=0),", vars belopp inte är beslutade",""))&".")'
    )


def alternative_messages() -> list[str]:
    """Formulas of what is wrong with the route and the rows; each is blank where nothing is."""
    used = "jamforelse_ifyllt>0"
    moments = "NOT(AND(ISNUMBER(forrattning_borjar),ISNUMBER(forrattning_slutar)))"
    return [
        f'=IF({used},IF({moments},"Alternativ: Förrättning börjar och Förrättning slutar ska vara datum och klockslag, '
        'till exempel 2026-03-10 09:00.",IF(AND(jamforelse_sats="",NOT(ISERROR(provcell))),"Alternativ: "&'
        'YEAR(forrattning_borjar)&" års belopp är inte beslutade. Skriv dagar i ett år vars belopp är beslutade.",""))'
        ',"")',
        f'=IF(OR(stracka_personer="",{whole("stracka_personer", 1, 1000)}),"",'
        '"Alternativ: Antal personer ska vara ett heltal, minst 1.")',
        *(_row_message(number) for number in range(1, ALTERNATIVES + 1)),
    ]


def _row_message(number: int) -> str:
    def cell(name: str) -> str:
        return f"INDEX(alternativ_{name},{number})"

    filled = "&".join(cell(name) for name in ("typ", "avresa", "hemkomst", "biljett", "hotell", "ovrigt", "km"))
    times = f"AND(ISNUMBER({cell('avresa')}),ISNUMBER({cell('hemkomst')}))"
    answer = ANSWERED + [item.name for item in FIELDS].index("kommunens_kostnad")
    said = ANSWERED + [item.name for item in FIELDS].index("anmarkning")
    top, last = ALTERNATIVES_AT + 1, ALTERNATIVES_AT + ALTERNATIVES + 2
    at = [f"${xl_col_to_name(column)}${top}:${xl_col_to_name(column)}${last}" for column in (ANSWERED, answer, said)]
    place = f'MATCH("{number}",{at[0]},0)'
    reason = told(f"INDEX({at[2]},{place})")
    failed = f'IFERROR(IF(ISNUMBER(INDEX({at[1]},{place})),"","Alternativ, rad {number}: "&{reason}),"")'
    return (
        f'=IF({filled}="","",IF({cell("fardmedel")}="","Alternativ, rad {number}: Färdmedel saknas.",'
        f'IF(OR({cell("fardmedel")}="digitalt",{times}),{failed},"Alternativ, rad {number}: Avresa och Hemkomst ska '
        'vara datum och klockslag, till exempel 2026-03-10 06:30.")))'
    )


def preferred(budget: Budget) -> str:
    """The names of the alternatives that the policy ranks first, that cost least and that emit least."""
    top, sheet = ALTERNATIVES_AT, budget.calculation
    order = [item.name for item in FIELDS]

    def area(name: str) -> str:
        at = ANSWERED + order.index(name)
        return sheet.at(top + 1, at, top + ALTERNATIVES, at)

    def named(place: str) -> str:
        number = f"VALUE(INDEX({area('namn')},{place}))"
        own, mode = f"INDEX(alternativ_namn,{number})", f"INDEX(alternativ_fardmedel,{number})"
        return f'IF({own}="",{mode},{own})'

    rank = area("fardmedelsrang")
    lowest = f"SMALL({rank},COUNTIF({rank},0)+1)"
    preferred = f"MATCH({lowest},{rank},0)"
    cheapest, cleanest = f"MATCH(1,{area('rang_kostnad')},0)", f"MATCH(1,{area('rang_utslapp')},0)"
    parts = (("Policyn sätter först: ", preferred), ("Billigast: ", cheapest), ("Lägst utsläpp: ", cleanest))
    said = "&".join(f'IFERROR("{label}"&{named(place)}&". ","")' for label, place in parts)
    return f"=TRIM({said})"
