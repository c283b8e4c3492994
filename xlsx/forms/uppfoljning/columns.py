# ruff: noqa: E501 (a table is read by its columns)
"""The columns of the sheet Data: those that are filled in or pasted, and those that the form makes of them.

A column's cells have the defined name `data_…`. Amounts are kronor, distances kilometres there and back.
"""

from __future__ import annotations

from typing import Final

from core.vocabulary import CAR_MODES
from xlsx.forms.book import InputColumn

HEADING_ROW: Final = 3
"""From 0; the first trip is on the row below."""
FIRST: Final = HEADING_ROW + 2
"""The first trip's row as Excel counts."""

INPUTS: Final = (
    InputColumn("Underlag", "text", "underlag", hint="Varifrån raden kommer, till exempel fil och rad. Frivilligt."),
    InputColumn("Avdelning", "text", "avdelning", hint="Skrivs som i listan över enheter på bladet Förutsättningar."),
    InputColumn(
        "Avresa",
        "tidpunkt",
        "avresa",
        hint="Datum och klockslag, till exempel 2026-03-10 07:30. Resan räknas till avresans år och månad.",
    ),
    InputColumn("Hemkomst", "tidpunkt", "hemkomst", hint="Datum och klockslag. Ger nätterna när Nätter är tom."),
    InputColumn("Färdmedel", "val", "fardmedel", "lista_fardmedel", hint="Välj ur listan."),
    InputColumn("Drivmedel / klass", "text", "typ"),
    InputColumn("Från", "text", "fran"),
    InputColumn("Till", "text", "till"),
    InputColumn("Land", "text", "land", hint="Tomt betyder Sverige."),
    InputColumn("Km", "km", "km", hint="Hela resan, fram och tillbaka."),
    InputColumn(
        "Km är", "val", "km_ar", ("uppgivna", "beräknade"), hint="Beräknade: avståndet är uppskattat mellan orterna."
    ),
    InputColumn("Nätter", "antal", "natter", hint="Tomt betyder att nätterna räknas ur Avresa och Hemkomst."),
    InputColumn(
        "Person", "visat", "person", hint="Ett löpnummer eller annan pseudonym. Namn och personnummer behövs inte."
    ),
    InputColumn("Biljett, kr", "kr", "biljett", hint="Kolumnen Kostnad i ett omräknat blad."),
    InputColumn("Hotell, kr", "kr", "hotell"),
    InputColumn("Ersättning totalt, kr", "kr", "ersattning", hint="Det som betalas till resenären, utlägg medräknade."),
    InputColumn("Klimatpåslag, kr", "kr", "klimatpaslag"),
    InputColumn(
        "Utsläpp med höghöjdseffekt, kg CO2e",
        "kg",
        "kg_med",
        hint="Kolumnen Utsläpp kg CO2e i ett omräknat blad, när policyn räknar med höghöjdseffekten.",
    ),
    InputColumn(
        "Utsläpp utan höghöjdseffekt, kg CO2e",
        "kg",
        "kg_utan",
        hint="Räknas ur kolumnen till vänster när den är tom, och tvärtom.",
    ),
    InputColumn("Fel vid omräkningen", "text", "fel"),
)

CARS: Final = (*CAR_MODES, "lätt lastbil", "taxi")
"""Modes that are added up as cars."""

WIDTHS: Final = (9, 23, 15, 15, 13, 10, 12, 12, 11, 10, 10, 7, 9, 11, 11, 11, 11, 12, 12, 18, 34)
"""Of the columns that are seen; the rest are hidden."""

ROW_FAULTS: Final = (
    "Avresa saknas. Skriv datum och klockslag, till exempel 2026-03-10 07:30.",
    "Avresa är inget datum. Skriv till exempel 2026-03-10 07:30.",
    "Hemkomst är inget datum. Skriv till exempel 2026-03-12 20:00.",
    "Hemkomsten ligger före avresan.",
    "Färdmedel saknas. Välj ur listan.",
    "Färdmedlet finns inte i listan. Välj ur listan.",
    "Km är inget tal från 0. Skriv till exempel 42,5.",
    "Nätter är inget tal från 0. Skriv till exempel 2.",
    "Ett belopp eller utsläpp är ingen siffra. Skriv till exempel 1234,50.",
    "En cell innehåller ett fel. Skriv in värdet på nytt.",
)
"""What may be wrong in a row, in the order in which it is looked for."""

_FAULT: Final = (
    '=IF(COUNTBLANK(A{row}:T{row})=20,"",IFERROR('
    'IF(C{row}="",1,IF(NOT(ISNUMBER(C{row})),2,IF(OR(C{row}<36526,C{row}>73415),2,'
    'IF(AND(D{row}<>"",NOT(ISNUMBER(D{row}))),3,IF(AND(D{row}<>"",D{row}<C{row}),4,'
    'IF(E{row}="",5,IF(COUNTIF(lista_fardmedel,E{row})=0,6,'
    'IF(AND(J{row}<>"",OR(NOT(ISNUMBER(J{row})),N(J{row})<0)),7,'
    'IF(AND(L{row}<>"",OR(NOT(ISNUMBER(L{row})),N(L{row})<0)),8,'
    "IF(COUNT(N{row}:S{row})+COUNTBLANK(N{row}:S{row})<6,9,0)))))))))),10))"
)
_DOMESTIC: Final = 'OR(I{row}="",I{row}="Sverige")'

MADE: Final = (
    InputColumn("Att rätta", "visat", "att_ratta", formula='=IF(N(V{row})=0,"","Rad "&ROW()&": "&INDEX(lista_radfel,V{row}))'),
    InputColumn("Felkod", "visat", "felkod", formula=_FAULT),
    InputColumn("Felrad", "visat", "felrad", formula='=IF(N(V{row})=0,"",ROW())'),
    InputColumn(
        "Andel utan höjd", "visat", "andel_utan",
        formula=f'=IFERROR(IF(E{{row}}<>"flyg",1,IF({_DOMESTIC},andel_inrikes,IF(N(J{{row}})<2*langflyg_km,andel_europa,andel_varlden))),1)',
    ),
    InputColumn("Kg med", "visat", "kg_med_raknad", formula='=IF(ISNUMBER(R{row}),R{row},IF(ISNUMBER(S{row}),IFERROR(S{row}/X{row},""),""))'),
    InputColumn("Kg utan", "visat", "kg_utan_raknad", formula='=IF(ISNUMBER(S{row}),S{row},IF(ISNUMBER(R{row}),IFERROR(R{row}*X{row},""),""))'),
    InputColumn(
        "Nätter räknade", "visat", "natter_raknade",
        formula='=IFERROR(IF(E{row}="digitalt","",IF(ISNUMBER(L{row}),L{row},IF(AND(ISNUMBER(C{row}),ISNUMBER(D{row})),MAX(0,INT(D{row})-INT(C{row})),""))),"")',
    ),
    InputColumn(
        "Grupp", "visat", "grupp",
        formula='=IFERROR(IF(E{row}="","",IF(COUNTIF(lista_bilar,E{row})>0,"bil",IF(COUNTIF(lista_fardmedel,E{row})>0,"annat","okänt"))),"okänt")',
    ),
    InputColumn("Enheten finns", "visat", "enhet_finns", formula='=IFERROR(IF(B{row}="","",IF(COUNTIF(enheter_namn,B{row})>0,1,0)),0)'),
    InputColumn(
        "Tåg är norm", "visat", "tagnorm",
        formula=f'=IFERROR(IF(AND({_DOMESTIC},ISNUMBER(J{{row}}),E{{row}}<>"",E{{row}}<>"digitalt"),IF(AND(J{{row}}/2>=10*tagnorm_fran,J{{row}}/2<=10*tagnorm_till),1,0),0),0)',
    ),
    InputColumn(
        "Personens nätter", "visat", "natter_person",
        formula=(
            f'=IFERROR(IF(M{{row}}="","",IF(MATCH(M{{row}},data_person,0)<>ROW()-{FIRST - 1},"",'
            'IF(COUNTIFS(data_person,M{row},data_avresa,">="&ar_fran,data_avresa,"<"&ar_till,data_fardmedel,"<>digitalt")=0,"",'
            'SUMIFS(data_natter_raknade,data_person,M{row},data_avresa,">="&ar_fran,data_avresa,"<"&ar_till)))),"")'
        ),
    ),
    InputColumn("Kostnad", "visat", "kostnad", formula='=IFERROR(IF(COUNT(N{row}:Q{row})=0,"",SUM(N{row}:Q{row})),"")'),
)  # fmt: skip
"""Columns that the form makes; only the first is seen."""
