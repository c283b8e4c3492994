"""Own car, expenses, tickets and hotels, and what is settled against the claim."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import FormSheet, InputColumn
from xlsx.forms.reserakning.lists import FINES, HOTEL
from xlsx.forms.reserakning.workings import Block, Workings

SHEET: Final = "Bil och utlägg"
QUOTED: Final = f"'{SHEET}'"
WIDTHS: Final = (11, 20, 13, 22, 25, 13, 14, 11, 12, 11, 11, 14, 11, 10, 13)

CAR_TOP, CAR_ROWS = 3, 10
EXPENSE_TOP, EXPENSE_ROWS = 18, 15
TICKET_TOP, TICKET_ROWS = 38, 10
SETTLED_TOP = 53

_DISTANCE: Final = "Från arbetsplatsen. Började eller slutade resan i hemmet och hemmet ligger närmare: från hemmet."
_PAID: Final = "I kronor. Utländsk valuta: kronorna enligt kvittot eller kontoutdraget."
_CAR: Final = (
    "räknas", "km", "normal", "dag", "bil", "mer", "skattefri", "skattepliktig", "totalt", "medel", "drivmedel",
    "co2", "påslag",
)  # fmt: skip
_TICKET: Final = ("räknas", "medel", "km", "kostnad", "klass", "zon", "dag", "co2", "påslag")


def car_block(workings: Workings) -> Block:
    """Own car: what each row gives."""
    return workings.block(CAR_TOP, CAR_ROWS, _CAR)


def ticket_block(workings: Workings) -> Block:
    """Tickets: what each row emits and is charged."""
    return workings.block(TICKET_TOP, TICKET_ROWS, _TICKET)


def write_costs(sheet: FormSheet, cars: Block, tickets: Block) -> None:
    """Fill the sheet and its calculations."""
    sheet.text(0, 0, "Bil, utlägg och biljetter", "titel")
    sheet.raw.set_row(0, 22)
    _cars(sheet, cars)
    _expenses(sheet)
    _tickets(sheet, tickets)
    _settled(sheet)
    sheet.raw.freeze_panes(1, 0)
    sheet.raw.set_h_pagebreaks([TICKET_TOP - 1])
    _calculate_cars(cars)
    _calculate_tickets(tickets)


def _cars(sheet: FormSheet, block: Block) -> None:
    sheet.heading(CAR_TOP - 1, "Egen bil och förmånsbil", len(WIDTHS))

    def shown(name: str) -> str:
        return f'IF({block.at("räknas")}=0,"",IFERROR({block.at(name)},"–"))'

    columns = [
        InputColumn("Datum", "datum", "datum"),
        InputColumn("Bil", "val", "slag", "lista_bil", "Tomt är egen bil."),
        InputColumn("Drivmedel", "val", "drivmedel", "lista_typ"),
        InputColumn("Motiv till bil", "val", "motiv", "lista_bilskal", "Varför kommunens bil eller tåg inte gick."),
        InputColumn("Resväg", "text", "resvag", hint="Från, via och till."),
        InputColumn("Registrering", "text", "registrering"),
        InputColumn("Samåkande", "text", "samakande", hint="Namn på dem som åkte med."),
        InputColumn("Körda km", "km", "km", hint=_DISTANCE),
        InputColumn("Normal väg till arbetet, km", "km", "normal", hint="Bara när resan ersätter resan till arbetet."),
        InputColumn("Mersträcka, km", "km", "mer", formula=shown("mer")),
        InputColumn("Skattefritt", "kr", "skattefri", formula=shown("skattefri")),
        InputColumn("Skattepliktigt", "kr", "skattepliktig", formula=shown("skattepliktig")),
        InputColumn("Ersättning", "kr", "totalt", formula=shown("totalt")),
        InputColumn("Kg CO2e", "kg", "co2", formula=shown("co2")),
        InputColumn("Klimatpåslag", "kr", "paslag", formula=shown("påslag")),
    ]
    sheet.table(CAR_TOP, 0, columns, CAR_ROWS, "bil", height=38)
    names = ("km", "normal", "mer", "skattefri", "skattepliktig", "totalt", "co2", "paslag")
    kinds = ("km", "", "km", "kr", "kr", "kr", "kg", "kr")
    _totals(sheet, CAR_TOP + CAR_ROWS + 1, 7, "bil", names, kinds)


def _expenses(sheet: FormSheet) -> None:
    sheet.heading(EXPENSE_TOP - 1, "Utlägg som du har betalat (kvitto till varje rad)", len(WIDTHS))
    fines = ",".join(f'B{{row}}="{word}"' for word in FINES)
    paid = f'IF(H{{row}}="","",IF(ISNUMBER(H{{row}}),IF(H{{row}}<0,"–",IF(OR({fines}),0,H{{row}})),"–"))'
    columns = [
        InputColumn("Datum", "datum", "datum"),
        InputColumn("Slag", "val", "slag", "lista_utlagg"),
        InputColumn("Kvitto nr", "text", "kvitto"),
        InputColumn("Vad", "text", "vad"),
        InputColumn("Skäl (taxi, representation)", "text", "skal", hint="Taxi: kollektivtrafik saknas eller betydande "
                    "olägenhet. Bagage är inget skäl."),
        InputColumn("Drivmedel (taxi)", "val", "drivmedel", "lista_typ"),
        InputColumn("Attest sms-biljett", "text", "attest", hint="Chefens signatur när sms-biljetten saknar kvitto."),
        InputColumn("Belopp, kr", "kr", "belopp", hint=_PAID),
        InputColumn("varav moms", "kr", "moms"),
        InputColumn("Ersätts", "kr", "ersatts", formula=paid),
    ]  # fmt: skip
    sheet.table(EXPENSE_TOP, 0, columns, EXPENSE_ROWS, "utlagg", height=26)
    last = EXPENSE_TOP + EXPENSE_ROWS + 1
    _totals(sheet, last, 7, "utlagg", ("belopp", "moms", "ersatts"), ("kr", "kr", "kr"))


def _tickets(sheet: FormSheet, block: Block) -> None:
    sheet.heading(TICKET_TOP - 1, "Biljetter, hyrda och egna fordon i kommunen, hotell", len(WIDTHS))

    def shown(name: str) -> str:
        return f'IF({block.at("räknas")}=0,"",IFERROR({block.at(name)},"–"))'

    columns = [
        InputColumn("Datum", "datum", "datum"),
        InputColumn("Färdmedel eller hotell", "val", "slag", "lista_biljett"),
        InputColumn("Klass, drivmedel", "val", "klass", "lista_typ"),
        InputColumn("Sträcka eller hotell", "text", "vad"),
        InputColumn("Leverantör, kvitto nr", "text", "kvitto", hint="Kvittots nummer när du själv har betalat."),
        InputColumn("Zon", "val", "zon", "lista_zon", "Behövs för klimatpåslag under en del policyer."),
        InputColumn("Betald av", "val", "betald_av", "lista_betalare", "Tomt är enheten."),
        InputColumn("Km, enkel väg", "km", "km"),
        InputColumn("Pris, kr", "kr", "pris"),
        InputColumn("Ersätts dig", "kr", "ersatts", formula=_own_ticket()),
        InputColumn("Kg CO2e", "kg", "co2", formula=shown("co2")),
        InputColumn("Klimatpåslag", "kr", "paslag", formula=shown("påslag")),
    ]
    sheet.table(TICKET_TOP, 0, columns, TICKET_ROWS, "biljett", height=26)
    names, kinds = ("km", "pris", "ersatts", "co2", "paslag"), ("km", "kr", "kr", "kg", "kr")
    _totals(sheet, TICKET_TOP + TICKET_ROWS + 1, 7, "biljett", names, kinds)
    note = "En rad för varje enkel resa. Taxi som står bland utläggen kan skrivas här med km men utan pris."
    sheet.text(TICKET_TOP + TICKET_ROWS + 1, 0, note)


def _own_ticket() -> str:
    own = 'IF(G{row}="resenären",IF(ISNUMBER(I{row}),IF(I{row}<0,"–",I{row}),"–"),"")'
    return f'IF(I{{row}}="","",{own})'


def _totals(
    sheet: FormSheet, row: int, column: int, table: str, names: tuple[str, ...], kinds: tuple[str, ...]
) -> None:
    sheet.text(row, column - 1, "Summa", "fet")
    for place, (name, kind) in enumerate(zip(names, kinds, strict=True), column):
        if kind:
            of = f"{table}_{name}"
            sheet.shown(row, place, f'IF(COUNTIF({of},"–")>0,"–",SUM({of}))', kind, look="summa")


def _settled(sheet: FormSheet) -> None:
    sheet.heading(SETTLED_TOP - 1, "Förskott, återbäring och egen förlängning", len(WIDTHS))
    left = (
        ("Förskott som du har fått, kr", "forskott", "kr", "Dras av från utbetalningen."),
        ("Återbäring eller förseningsersättning, kr", "aterbetalning", "kr", "Tillhör kommunen."),
        ("Återbäringen är redan lämnad", "aterbetalning_lamnad", "ja", "ja: den dras inte av här."),
    )
    right = (
        ("Resan är förlängd på eget initiativ", "egen_forlangning", "ja", "ja när du själv valde en annan dag."),
        ("Ledighet i anslutning till resan", "ledighet", "ja", "ja vid semester eller annan ledighet."),
        ("Biljettpris dagen förrättningen krävde, kr", "pris_tjanst", "kr", "Från prisjämförelsen före resan."),
        ("Biljettpris dagen du valde, kr", "pris_vald", "kr", "Från prisjämförelsen före resan."),
        ("Prisjämförelse gjord före resan", "prisjamforelse", "ja", ""),
    )
    for first, value, fields in ((1, 3, left), (4, 7, right)):
        for line, (label, name, kind, hint) in enumerate(fields, SETTLED_TOP):
            sheet.text(line, first, label, indent=1 if first > 1 else 0)
            sheet.input(line, value, kind, name, hint=hint)


def _calculate_cars(block: Block) -> None:
    at = block.at
    date, kind, fuel, km, normal = (f"{QUOTED}!${letter}{{row}}" for letter in "ABCHI")
    block.put("räknas", f'IF({km}="",0,1)', "antal")
    block.put("km", f'IF({at("räknas")}=0,0,IF(ISNUMBER({km}),{km},"fel"))', "km")
    block.put("normal", f'IF({normal}="",0,{normal})', "km")
    block.put("dag", f'IF(ISNUMBER({date}),INT({date}),IF({at("räknas")}=0,provdag,"fel"))', "datum")
    block.put("bil", f'IF({kind}="","egen",{kind})')
    own = f'IF(LEFT({at("bil")},10)="förmånsbil","förmånsbil",{at("bil")})'
    mode = f'IF({at("bil")}="egen","privat bil",{own})'
    block.put("medel", f'IF({at("räknas")}=0,"gång",{mode})')
    of_kind = f'IF({at("bil")}="förmånsbil el","el",IF({at("bil")}="förmånsbil diesel","diesel",""))'
    block.put("drivmedel", f'IF({fuel}="",{of_kind},{fuel})')
    some = f"SUM({block.area('räknas')})>0"
    block.spill("mer", f"IF({some},MERSTRACKA({block.area('km')},{block.area('normal')}),0)", "km")
    parts = f"{block.area('mer')},{block.area('dag')},{block.area('bil')},bilavtal,policy"
    block.spill("skattefri", f"IF({some},BILERSATTNINGDELAR({parts}),0)", "kr")
    what = f"{block.area('medel')},{block.area('km')},{block.area('drivmedel')},{block.area('dag')}"
    block.spill("co2", f"IF({some},UTSLAPP({what},policy),0)", "kg")
    charge = (
        f"KLIMATPASLAG({block.area('medel')},0,{block.area('km')},{block.area('drivmedel')},resans_zon,"
        f"{block.area('dag')},policy)"
    )
    block.spill("påslag", f"IF({some},{charge},0)", "kr")


def _calculate_tickets(block: Block) -> None:
    at = block.at
    date, kind, fare, zone, km, price = (f"{QUOTED}!${letter}{{row}}" for letter in "ABCFHI")
    block.put("räknas", f'IF({kind}="",0,IF({kind}="{HOTEL}",0,1))', "antal")
    block.put("medel", f'IF({at("räknas")}=0,"gång",{kind})')
    block.put("km", f'IF({at("räknas")}=0,0,IF({km}="","",{km}))', "km")
    block.put("kostnad", f'IF({at("räknas")}=0,0,IF({price}="",0,{price}))', "kr")
    block.put("klass", f'IF({fare}="","",IF({at("räknas")}=0,"",{fare}))')
    block.put("zon", f'IF({zone}="",resans_zon,{zone})')
    elsewhere = f'IF({at("räknas")}=0,provdag,IF({date}="",IF(resa_ok=1,INT(avresa),"fel"),"fel"))'
    block.put("dag", f"IF(ISNUMBER({date}),INT({date}),{elsewhere})", "datum")
    some = f"SUM({block.area('räknas')})>0"
    what = f"{block.area('medel')},{block.area('km')},{block.area('klass')},{block.area('dag')}"
    block.spill("co2", f"IF({some},UTSLAPP({what},policy),0)", "kg")
    charge = ",".join(block.area(name) for name in ("medel", "kostnad", "km", "klass", "zon", "dag"))
    block.spill("påslag", f"IF({some},KLIMATPASLAG({charge},policy),0)", "kr")
