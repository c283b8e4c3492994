"""The trips on the sheet of calculations: inputs read by name, checked, handed to our functions, answers per row.

One RESEJAMFORELSE makes all trips' costs: it knows which amounts count per person and which per vehicle, the zone,
the estimated distance and what is wrong with a row. Nothing is travelled in working hours in it; the travel time that
is planned in hours is paid by FARDTIDSERSATTNING.
"""

from __future__ import annotations

import re
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from xlsx.comparing import BY_NAME, FIELDS
from xlsx.forms.resebudget.layout import (
    ANSWERED,
    DISTANCE,
    FIRST_TRIP,
    KINDS,
    LAST_TRIP,
    PAID_TIME,
    PASSED,
    TRIPS,
    Budget,
    is_fleet,
    is_own_car,
    told,
    whole,
)
from xlsx.forms.resebudget.trips import INPUTS

_BLANK: Final = re.compile(r"\{([\w åäöÅÄÖ]+)\}")

_TEXTS: Final = ("enhet", "manad", "resa", "fran", "till", "land", "fardmedel", "typ", "bilavtal")

_PASSED: Final = {
    "Alternativ": '=IF({duger}=1,{nummer}&"","")',
    "Färdmedel": "{fardmedel}",
    "Typ": "{typ}",
    "Avresa": "{avresa}",
    "Framme": "{avresa}",
    "Hemfärd börjar": "{hemkomst}",
    "Hemkomst": "{hemkomst}",
    "Biljett": "{biljett}",
    "Hotell": '=IF({duger}=1,IF({natter_antal}>0,{natter_antal}*{hotell},0),"")',
    "Utlägg": "{ovrigt}",
    "Km": "{km}",
    "Bilkostnad": '=IF(AND({duger}=1,ISNUMBER(bilkostnad_mil),ISNUMBER({km}),<fleet>),{km}/10*bilkostnad_mil,"")',
    "Antal bilar": "{bilar}",
    "Bilavtal": "{bilavtal}",
    "Måltider": '=IF(AND({duger}=1,{natter_antal}>0,hotellfrukost="ja"),"-"&REPT(",Fh",{natter_antal}),"")',
    "Månadslön": '=IF({duger}=1,0,"")',
    "Antal personer": "{personer}",
    "Land": "{land}",
    "Från": "{fran}",
    "Till": "{till}",
}
"""What RESEJAMFORELSE is given, by its headings."""

_SUMS: Final = {
    "traktamente": "<samlat_traktamente>+<samlat_nattraktamente>",
    "resetillagg": "<samlat_resetillagg>",
    "bilersattning": "IF(<own>,<samlad_bilkostnad>,0)",
    "kommunens_bilar": "IF(<own>,0,<samlad_bilkostnad>)",
    "biljetter": "<samlad_biljett>",
    "hotell": "<samlat_hotell>",
    "ovrigt": "<samlat_utlagg>",
    "klimatpaslag": "<samlat_klimatpaslag>",
}
"""What a kind of cost is made of, for one trip with all who travel."""


_NAMED: Final = (
    *("ifylld", "sund", "enhet", "manad", "fardmedel", "antal", "land_raknat", "land_nummer"),
    *(f"kr_{name}" for name in KINDS),
    *("totalt", "kg"),
)
"""The columns that other sheets sum, named `rad_…`."""


def _input(name: str) -> str:
    cell = f"INDEX(resor_{name},{{nummer}})"
    return f'=TRIM({cell}&"")' if name in _TEXTS else f'=IF({cell}="","",{cell})'


def _checks() -> str:
    """One text of all that is wrong with a row, as far as the form can see."""
    amount = "ISNUMBER({%s})"
    parts = (
        'IF({enhet}="","Enhet saknas. ",IF(ISNUMBER(MATCH({enhet},enheter_namn,0)),"",'
        '"Enheten "&{enhet}&" finns inte på Förutsättningar. "))',
        'IF(ISNUMBER(MATCH({manad},lista_manader,0)),"","Månad ska vara månadens namn, till exempel mars. ")',
        f'IF({whole("{antal}", 0, 10_000)},"","Antal resor ska vara ett heltal. ")',
        f'IF({whole("{personer}", 1, 1000)},"","Personer per resa ska vara ett heltal, minst 1. ")',
        f'IF(OR({{natter}}="",{whole("{natter}", 0, 30)}),"","Nätter ska vara ett heltal, högst 30. ")',
        f'IF(OR({{natter}}="",{{natter}}=0),"",IF({amount % "hotell"},IF({{hotell}}<0,"Hotell per natt kan inte vara '
        'under 0. ",""),"Hotell per natt ska vara ett belopp; skriv 0 om hotellet inte kostar något. "))',
        f'IF({{fardtid}}="","",IF({amount % "fardtid"},IF({{fardtid}}<0,"Färdtid kan inte vara under 0. ",'
        'IF(AND({fardtid}>0,{lon}=""),"Månadslön saknas på Förutsättningar; den behövs för färdtiden. ","")),'
        '"Färdtid ska vara timmar, till exempel 2,5. "))',
        'IF({fardmedel}="","Färdmedel saknas. ","")',
    )
    return '=IF({ifylld}=0,"",TRIM(' + "&".join(parts) + "))"


def _helpers() -> dict[str, str]:
    """The columns of a row before our functions are asked, in order."""
    everything = "&".join(f"{{{name}}}" for name in INPUTS)
    own_salary = "INDEX(enheter_manadslon,MATCH({enhet},enheter_namn,0))"
    return {
        **{name: _input(name) for name in INPUTS},
        "ifylld": f'=IF({everything}="",0,1)',
        "lon": f"=IF(ISNUMBER({own_salary}),IF({own_salary}>0,{own_salary},manadslon),IF(ISNUMBER(manadslon),"
        'manadslon,""))',
        "eget": _checks(),
        "duger": '=IF(AND({ifylld}=1,{eget}="",raknas=1),1,0)',
        "natter_antal": "=IF(AND({duger}=1,ISNUMBER({natter})),{natter},0)",
        "dag": '=IF({duger}=1,DATE(raknear,MATCH({manad},lista_manader,0),1),"")',
        "avresa": '=IF({duger}=1,{dag}+avresa_klocka,"")',
        "hemkomst": '=IF({duger}=1,{dag}+{natter_antal}+hemkomst_klocka,"")',
        "inom_orten": "=IF(AND({duger}=1,ISNUMBER({km}),ISNUMBER(radie)),IF({km}/2<=radie,1,0),0)",
        "timmar": '=IF(AND({duger}=1,ISNUMBER({fardtid}),{inom_orten}=0,{fardmedel}<>"digitalt"),{fardtid},0)',
        # Where nothing is paid our function is handed something that it can read.
        "lonedag": '=IF({duger}=1,{dag},IF(ISNUMBER(raknear),DATE(raknear,1,1),""))',
        "betald_lon": "=IF({timmar}>0,{lon},1)",
        "skattas": '=IF(AND({duger}=1,{km}="",{fran}<>"",{till}<>"",{fardmedel}<>"digitalt"),1,0)',
    }


def _results() -> dict[str, str]:
    """The columns of a row from the answers, in order."""
    answers = "AND(ISNUMBER(<kommunens_kostnad>),ISNUMBER(<samlat_utslapp>),ISNUMBER(<paid>))"
    sums = {f"kr_{name}": f'=IF({{sund}}=0,"",ROUND({{antal}}*({what}),2))' for name, what in _SUMS.items()}
    sums["kr_fardtidsersattning"] = '=IF({sund}=0,"",ROUND({antal}*{personer}*<paid>,2))'
    return {
        "plats": f'=IF({{duger}}=1,IFERROR(MATCH({{nummer}}&"",{_answer("namn")},0),0),0)',
        "sund": f"=IF({{plats}}=0,0,IF({answers},1,0))",
        **{f"kr_{name}": sums[f"kr_{name}"] for name in KINDS},
        "totalt": '=IF({sund}=0,"",' + "+".join(f"{{kr_{name}}}" for name in KINDS) + ")",
        "per_resa": '=IF({sund}=0,"",IF({antal}=0,"",ROUND({totalt}/{antal},2)))',
        "kg_resa": '=IF({sund}=0,"",<samlat_utslapp>)',
        "kg": '=IF({sund}=0,"",ROUND({antal}*<samlat_utslapp>,3))',
        "km_raknat": '=IF({sund}=0,"",IF(ISNUMBER({km}),{km},IF(ISNUMBER(<distance>),2*<distance>*'
        'IF({fardmedel}="tåg",paslag_jarnvag,IF({fardmedel}="buss",paslag_buss,paslag_rak))/100,"")))',
        "motorns": '=IF(OR({plats}=0,{sund}=1),"",IF(ISNUMBER(<paid>),"",'
        '"Färdtidsersättning kan inte räknas; kontrollera Färdtid och månadslön. ")&'
        f'SUBSTITUTE(SUBSTITUTE({told("<anmarkning>")},". Billigast; ","; ")," Billigast",""))',
        "fel": '=IF({ifylld}=0,"",IF({eget}<>"","Resor, rad "&{nummer}&": "&{eget},IF({motorns}="","",'
        '"Resor, rad "&{nummer}&": "&{motorns})))',
        "land_raknat": '=IF({sund}=1,{land},"")',
        "land_nummer": '=IF({land_raknat}="","",IF(COUNTIF(<land above>,{land_raknat})=0,MAX(<number above>)+1,""))',
        "anm": '=IF({ifylld}=0,"",IF({eget}<>"",{eget},IF(raknas=0,"Räknas när Förutsättningar är ifyllda.",'
        'IF({plats}=0,"",IF({sund}=0,{motorns},TRIM('
        'IF(AND({skattas}=1,{km_raknat}<>""),"Km beräknade, bara för utsläpp och klimatpåslag. ","")'
        '&IF({inom_orten}=1,"Inom verksamhetsorten: inga tillägg. ","")'
        '&IF(<fardmedelsrang>=0,"Inte tillåtet enligt policyn. ","")'
        '&IF(AND({fardmedel}="flyg",<godkannare><>""),"Godkänns av "&<godkannare>&". ","")))))))',
    }


def write_trip_figures(budget: Budget) -> dict[str, int]:
    """Write the calculations. Gives the column of each of their names on the sheet."""
    sheet = budget.calculation
    helpers, results = _helpers(), _results()
    columns = {name: number for number, name in enumerate(("nummer", *helpers, *results))}
    columns |= {name: len(columns) + number for number, name in enumerate(("fel_plats", "fel_text"))}
    columns |= {f"till {title}": PASSED + number for number, title in enumerate(_PASSED)}
    for number, row in enumerate(range(FIRST_TRIP, LAST_TRIP + 1), 1):
        sheet.raw.write_number(row, 0, number)
        for name, formula in (helpers | results).items():
            sheet.raw.write_formula(row, columns[name], sheet.book.formula(_in_row(formula, row, columns)), None, "")
        for title, formula in _PASSED.items():
            whole_formula = formula if formula.startswith("=") else f'=IF({{duger}}=1,{formula},"")'
            at = columns[f"till {title}"]
            sheet.raw.write_formula(row, at, sheet.book.formula(_in_row(whole_formula, row, columns)), None, "")
    for name, column in columns.items():
        sheet.raw.write_string(FIRST_TRIP - 1, column, name.removeprefix("till "))
    for name in _NAMED:
        sheet.book.name(f"rad_{name.removeprefix('kr_')}", budget.column(columns[name]))
    _ask(budget, columns)
    return columns


def _ask(budget: Budget, columns: dict[str, int]) -> None:
    """The three spilled formulas over all trips."""
    sheet = budget.calculation

    def of(name: str) -> str:
        return budget.column(columns[name])

    given = sheet.at(FIRST_TRIP - 1, PASSED, LAST_TRIP, PASSED + len(_PASSED) - 1)
    sheet.calculated(
        FIRST_TRIP - 1, ANSWERED, f'=IF(SUM({of("duger")})=0,"",IFERROR(RESEJAMFORELSE({given},policy),"–"))'
    )
    paid = f"FARDTIDSERSATTNING({of('timmar')},{of('betald_lon')},0,{of('lonedag')},policy)"
    sheet.calculated(FIRST_TRIP, PAID_TIME, f'=IF({of("timmar")}>0,IFERROR({paid},"–"),0)')
    distance = f'IFERROR(AVSTAND({of("fran")},{of("till")}),"")'
    sheet.calculated(FIRST_TRIP, DISTANCE, f'=IF({of("skattas")}=1,{distance},"")')


def _in_row(formula: str, row: int, columns: dict[str, int]) -> str:
    """The formula with the names of columns in place of `{…}`, and of answers in place of `<…>`."""
    mode = f"${xl_col_to_name(columns['fardmedel'])}{row + 1}"
    text = formula.replace("<own>", is_own_car(mode)).replace("<fleet>", is_fleet(mode))
    text = text.replace("<paid>", f"${xl_col_to_name(PAID_TIME)}{row + 1}")
    text = text.replace("<distance>", f"${xl_col_to_name(DISTANCE)}{row + 1}")
    for mark, name in (("<land above>", "land_raknat"), ("<number above>", "land_nummer")):
        letter = xl_col_to_name(columns[name])
        text = text.replace(mark, f"${letter}${FIRST_TRIP}:${letter}{row}")
    for name in BY_NAME:
        if f"<{name}>" in text:
            text = text.replace(f"<{name}>", f"INDEX({_answer(name)},{{plats}})")
    return _BLANK.sub(lambda found: f"${xl_col_to_name(columns[found[1]])}{row + 1}", text)


def _answer(name: str) -> str:
    """The column of a field of RESEJAMFORELSE's answer, with its heading."""
    letter = xl_col_to_name(ANSWERED + [item.name for item in FIELDS].index(name))
    return f"${letter}${FIRST_TRIP}:${letter}${FIRST_TRIP + TRIPS + 1}"
