"""The year whose figures are used, the line of state, and what is wrong with the assumptions."""

from __future__ import annotations

from xlsx.forms.book import COMPUTED
from xlsx.forms.resebudget.layout import GENERAL_AT, OTHERS, UNITS, Budget, whole


def write_year(budget: Budget) -> None:
    """Which year's figures are used, whether they are decided, the line of state and the messages."""
    sheet = budget.calculation
    at = GENERAL_AT
    single = (
        ("provcell", "=TIMLON(33000,policy)"),
        ("budgetarets_sats", f'=IF({_year("budgetar")},IFERROR(SATS("maximibelopp",DATE(budgetar,7,1),policy),""),"")'),
        (
            "valda_arets_sats",
            f'=IF({_year("belopp_ar")},IFERROR(SATS("maximibelopp",DATE(belopp_ar,7,1),policy),""),"")',
        ),
        ("radie", '=IF(ISNUMBER(raknear),SATS("verksamhetsort_radie",DATE(raknear,7,1),policy),"")'),
        ("paslag_rak", _way("rak väg")),
        ("paslag_jarnvag", _way("järnväg")),
        ("paslag_buss", _way("busslinje")),
    )
    for row, (name, formula) in enumerate(single):
        sheet.raw.write(at + row, OTHERS, name)
        sheet.calculated(at + row, OTHERS + 1, formula, name)
    plain = (
        ("beslutat", "=IF(ISNUMBER(budgetarets_sats),1,0)"),
        (
            "raknear",
            f'=IF(NOT({_year("budgetar")}),"",IF(belopp_ar<>"",IF(ISNUMBER(valda_arets_sats),belopp_ar,""),'
            'IF(beslutat=1,budgetar,"")))',
        ),
        ("antal_planerade", "=SUM(rad_ifylld)"),
        (
            "raknas",
            "=IF(AND(ISNUMBER(raknear),ISNUMBER(avresa_klocka),ISNUMBER(hemkomst_klocka)),"
            "IF(AND(avresa_klocka>0,avresa_klocka<1,hemkomst_klocka>0,hemkomst_klocka<1),1,0),0)",
        ),
        (
            "belopp_text",
            '=IF(raknear="","",IF(raknear=budgetar,"räknat med "&raknear&" års belopp",'
            '"räknat med "&raknear&" års belopp; "&budgetar&" års är "&'
            'IF(beslutat=1,"beslutade men inte valda","inte beslutade")))',
        ),
        ("arsfraga", f'=IF(OR({_year("budgetar")},antal_planerade>0),{_year_question()},"")'),
        ("statusrad", _state()),
        ("ej_med", "=antal_planerade-SUM(rad_sund)"),
        (
            "ej_med_text",
            '=IF(ej_med=0,"",IF(ej_med=1,"1 ifylld rad är inte med i summorna",ej_med&'
            '" ifyllda rader är inte med i summorna")&"; se Anmärkning på bladet Resor.")',
        ),
    )
    for row, (name, formula) in enumerate(plain, len(single)):
        sheet.raw.write(at + row, OTHERS, name)
        sheet.shown(at + row, OTHERS + 1, formula, name=name, look="etikett")


def messages() -> list[str]:
    """Formulas of what is wrong with the assumptions and the units, each blank where nothing is."""
    used = "antal_planerade>0"
    return [
        '=IF(arsfraga="","","Förutsättningar: "&arsfraga)',
        f'=IF({used},IF({_clock("avresa_klocka")},"","{_place("Avresa, klockslag")} skriv när resorna vanligen '
        'börjar, till exempel 07:00."),"")',
        f'=IF({used},IF({_clock("hemkomst_klocka")},"","{_place("Hemkomst, klockslag")} skriv när resorna vanligen '
        'slutar, till exempel 18:00."),"")',
        f'=IF(OR(hotellfrukost="",hotellfrukost="ja",hotellfrukost="nej"),"","{_place("Hotellfrukost ingår")} '
        'svara ja eller nej.")',
        _amount("manadslon", "Månadslön i snitt, kr", "ett belopp i kronor, till exempel 33000"),
        f'=IF(OR(arbetstid_start="",{_clock("arbetstid_start")}),"","{_place("Arbetstid börjar")} skriv ett klockslag, '
        'till exempel 08:00.")',
        f'=IF(OR(arbetstid_slut="",{_clock("arbetstid_slut")}),"","{_place("Arbetstid slutar")} skriv ett klockslag, '
        'till exempel 17:00.")',
        _amount("bilkostnad_mil", "Kommunens bilar, kr per mil", "ett belopp i kronor, till exempel 25"),
        *(_unit(number) for number in range(1, UNITS + 1)),
    ]


def _place(label: str) -> str:
    return f"Förutsättningar, {label}:"


def _year(name: str) -> str:
    return whole(name, 2010, 2099)


def _clock(name: str) -> str:
    return f"IF(ISNUMBER({name}),AND({name}>0,{name}<1),FALSE)"


def _amount(name: str, label: str, wanted: str) -> str:
    return f'=IF({name}="","",IF(ISNUMBER({name}),IF({name}>=0,"",{_say(label, wanted)}),{_say(label, wanted)}))'


def _say(label: str, wanted: str) -> str:
    return f'"{_place(label)} skriv {wanted}."'


def _way(key: str) -> str:
    return f'=IF(ISNUMBER(raknear),SATS("farvagspaslag/{key}",DATE(raknear,7,1),policy),"")'


def _unit(number: int) -> str:
    name, salary = f"INDEX(enheter_namn,{number})", f"INDEX(enheter_manadslon,{number})"
    frames = f"INDEX(enheter_ram_kr,{number})", f"INDEX(enheter_ram_kg,{number})"
    place = f"Förutsättningar, Enheter, rad {number}:"
    numbers = ",".join(f'AND({one}<>"",NOT(ISNUMBER({one})))' for one in (*frames, salary))
    return (
        f'=IF({name}&{frames[0]}&{frames[1]}&{salary}="","",IF({name}="","{place} enhetens namn saknas.",'
        f'IF(IFERROR(MATCH({name},enheter_namn,0),{number})<{number},"{place} enheten "&{name}&" finns redan.",'
        f'IF(OR({numbers}),"{place} ramar och lön skrivs som tal, till exempel 250000.",""))))'
    )


def _year_question() -> str:
    given = (
        'budgetar&" års belopp är inte beslutade. Ange på Förutsättningar vilket års belopp budgeten ska räknas med."'
    )
    return (
        f'IF(NOT({_year("budgetar")}),"Ange Budgetår med fyra siffror, till exempel 2026.",'
        f'IF(belopp_ar="",IF(OR(beslutat=1,ISERROR(provcell)),"",{given}),'
        f'IF(NOT({_year("belopp_ar")}),"Räkna med beloppen för år: skriv ett år med fyra siffror, till exempel 2026.",'
        'IF(OR(ISNUMBER(valda_arets_sats),ISERROR(provcell)),"","Räkna med beloppen för år: "&belopp_ar&'
        '" års belopp finns inte. Välj ett år vars belopp är beslutade."))))'
    )


def _state() -> str:
    return (
        "=IF(ISERROR(provcell),IF(ERROR.TYPE(provcell)=5,"
        '"Tillägget Färdkost är inte laddat: inget räknas om förrän det är det.",'
        'IF(ERROR.TYPE(provcell)=3,"Inget kan räknas: policyn "&policy&" går inte att läsa.","Beräkning pågår.")),'
        f'"Värdena är beräknade "&{COMPUTED}&'
        'IF(regelversion="","",", regler "&regelversion)&". Policy: "&policy&".")'
    )
