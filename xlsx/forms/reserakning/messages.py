"""What the form itself says of wrong input: one cell for each field and each row of a table."""

from __future__ import annotations

from typing import Final

from xlsx.forms.reserakning import coding, control, costs, days, head, route
from xlsx.forms.reserakning.texts import (
    CLOCK_HINT,
    DATE_HINT,
    HOURS_HINT,
    KM_HINT,
    KRONOR_HINT,
    MOMENT_HINT,
    amount,
    first_of,
    listed,
    number,
    text,
    when,
)
from xlsx.forms.reserakning.workings import Block, Workings

_BAG: Final = '"*bagage*"'


def write_messages(workings: Workings) -> Block:
    """All messages under each other; `formularfel` is their defined name."""
    formulas = [*_head(), *_days(), *_route(), *_costs(), *_coding(), *_control()]
    block = workings.block(3, len(formulas), ("nr", "fel"))
    sheet = block.sheet
    for line, formula in zip(block.lines, formulas, strict=True):
        fault = block.at("fel").format(row=line + 1)
        above = "0" if line == block.top + 1 else block.at("nr").format(row=line)
        sheet.shown(line, block.columns["nr"], f'{above}+IF({fault}="",0,1)', look="etikett")
        sheet.shown(line, block.columns["fel"], formula, look="etikett")
    workings.book.name("formularfel", block.area("fel"))
    return block


def _head() -> list[str]:
    place = head.SHEET
    begun = 'OR(avresa<>"",hemkomst<>"")'
    missing = [
        when(f'AND({begun},{name}="")', f"{place}, {label}: uppgiften saknas.")
        for name, label in (("namn", "Namn"), ("anstallningsnr", "Anställningsnr"))
    ]
    no_clock = f"klockslaget saknas. {MOMENT_HINT} En resa som börjar eller slutar vid midnatt skrivs 00:01 eller 23:59."
    departure = when("avresa=INT(avresa)", f"{place}, Avresa: {no_clock}")
    order = first_of(
        ("hemkomst=INT(hemkomst)", f"{place}, Hemkomst: {no_clock}"),
        ("hemkomst<=avresa", f"{place}, Hemkomst: hemkomsten ligger före avresan."),
        (
            "INT(hemkomst)-INT(avresa)>30",
            f"{place}, Hemkomst: resan är längre än {days.DAYS} dygn. Dela den på flera reseräkningar.",
        ),
    )
    compared = f'IF(ISNUMBER(avresa),{order},{when("hemkomst=INT(hemkomst)", f"{place}, Hemkomst: {no_clock}")})'
    salary = first_of(
        (
            'AND(fardtid_ger_lon=1,manadslon="")',
            f"{place}, Månadslön: saknas, och då kan färdtidsersättningen inte räknas.",
        ),
        ("AND(fardtid_ger_lon=1,manadslon=0)", f"{place}, Månadslön: är 0, och då kan färdtiden inte ersättas."),
        otherwise=amount("manadslon", f"{place}, Månadslön", KRONOR_HINT),
    )
    share = "Skriv en andel i procent, till exempel 75 %."
    return [
        *missing,
        when('AND(avresa="",hemkomst<>"")', f"{place}, Avresa: uppgiften saknas. {MOMENT_HINT}",
             number("avresa", f"{place}, Avresa", MOMENT_HINT, departure)),
        when('AND(hemkomst="",avresa<>"")', f"{place}, Hemkomst: uppgiften saknas. {MOMENT_HINT}",
             number("hemkomst", f"{place}, Hemkomst", MOMENT_HINT, compared)),
        listed("roll", "lista_roll", f"{place}, Roll"),
        salary,
        number("sysselsattningsgrad", f"{place}, Sysselsättningsgrad", share,
               when("OR(sysselsattningsgrad<=0,sysselsattningsgrad>1)", f"{place}, Sysselsättningsgrad: {share}")),
        *(
            number(name, f"{place}, {label}", CLOCK_HINT,
                   when(f"OR({name}<0,{name}>=1)", f"{place}, {label}: {CLOCK_HINT}"))
            for name, label in (("arbetstid_start", "Arbetstid från"), ("arbetstid_slut", "Arbetstid till"))
        ),
        listed("land", "lista_land", f"{place}, Land"),
        amount("avstand", f"{place}, Avstånd", KM_HINT),
        listed("fardmedel", "lista_fardmedel", f"{place}, Färdmedel"),
        when('AND(flyger=1,fardmedel<>"flyg")', f"{place}, Färdmedel: en sträcka är flugen. Välj flyg som färdmedel."),
        listed("typ", "lista_typ", f"{place}, Drivmedel eller klass"),
        number("langtid_fran", f"{place}, Samma ort sedan", DATE_HINT),
        listed("godkand_av", "lista_godkannare", f"{place}, Godkänd av"),
        number("godkand_datum", f"{place}, Godkänd datum", DATE_HINT),
    ]  # fmt: skip


def _days() -> list[str]:
    place = days.SHEET
    made = [
        first_of(
            ("ISERROR(tillagg_prov)", "Tillägget Färdkost är inte igång, så beloppen räknas inte om."),
            (
                "AND(resa_ok=1,dagar_ok=0)",
                f"{place}: traktamentet kan inte räknas. Kontrollera land, måltider och resvägens rader.",
            ),
            (
                'AND(dagar_ok=1,COUNTIF(dygn_traktamente,"–")>0)',
                f"{place}: beloppet för minst ett dygn är inte känt. Kontrollera land och år.",
            ),
        )
    ]
    for row in range(days.TOP + 2, days.TOP + 2 + days.DAYS):
        where = f"{place}, rad {row}"
        last = f"{place}!$B{row}=INT(hemkomst)"
        breakfast, lunch, dinner, night, leave = (f"{place}!${column}{row}" for column in "DEFGH")
        filled = "&".join((breakfast, lunch, dinner, night, leave))
        inside = first_of(
            (f'{lunch}="hotell"', f"{where}, Lunch: hotell gäller bara frukost."),
            (f'{dinner}="hotell"', f"{where}, Middag: hotell gäller bara frukost."),
            (f'AND({night}="ja",{last})', f"{where}, Egen natt: efter sista dygnet finns ingen natt på resan."),
            otherwise=listed(
                breakfast, "lista_maltid", f"{where}, Frukost",
                listed(lunch, "lista_maltid", f"{where}, Lunch", listed(dinner, "lista_maltid", f"{where}, Middag")),
            ),
        )  # fmt: skip
        beyond = when("resa_ok=1", f"{where}: dygnet hör inte till resan. Ta bort uppgifterna.")
        made.append(f'IF({filled}="","",IF({place}!$B{row}="",{beyond},{inside}))')
    return made


def _route() -> list[str]:
    place = route.SHEET
    made = []
    for row in range(route.TOP + 2, route.TOP + 2 + route.ROWS):
        where = f"{place}, rad {row}"
        start, end, doing, country, mode = (f"{place}!${column}{row}" for column in "ABCDE")
        above = f"{place}!$B${route.TOP + 2}:$B{row - 1}"
        overlap = (
            when(f"{start}<MAX({above})-0.00001", f"{where}: börjar innan en tidigare rad har slutat.", "{next}")
            if row > route.TOP + 2
            else "{next}"
        )
        leg = f'OR({doing}="",{doing}="resa",{doing}="resa utan färdtid")'
        monday = f"INT({{0}})-WEEKDAY({{0}},2)"
        weeks = f'AND({monday.format(start)}<>{monday.format(f"({end}-0.0001)")},{leg})'
        abroad = f"IF(har_resvag=1,IF({leg},{{0}},0),0)=1"
        checks = first_of(
            (f"{end}<{start}-1", f"{where}, Slutar: ligger före början."),
            (f"AND({end}<={start},har_resvag=0)", f"{where}, Slutar: ligger före början."),
            (
                f"AND(resa_ok=1,OR({start}<avresa-0.00001,{end}>hemkomst+0.00001))",
                f"{where}: tiden ligger utanför resan, före avresan eller efter hemkomsten.",
            ),
            (weeks, f"{where}: går över natten till måndag. Dela raden vid midnatt, färdtid räknas per kalendervecka."),
            (abroad.format(f'IF({country}="",1,0)'), f"{where}, Till land: fyll i landet som sträckan kom till."),
            (abroad.format(f'IF({mode}="",1,0)'), f"{where}, Färdmedel: fyll i färdmedlet."),
            otherwise=listed(
                doing, "lista_aktivitet", f"{where}, Vad du gjorde",
                listed(country, "lista_land", f"{where}, Till land",
                       listed(mode, "lista_fardmedel", f"{where}, Färdmedel")),
            ),
        )  # fmt: skip
        ends = f"IF(ISNUMBER({end}),{overlap.replace('{next}', checks)},{_missing(end, f'{where}, Slutar')})"
        starts = f"IF(ISNUMBER({start}),{ends},{_missing(start, f'{where}, Börjar')})"
        filled = "&".join((start, end, doing, country, mode))
        made.append(f'IF({filled}="","",{starts})')
    first = f"ABS(MIN(resrad_avgangar)-avresa)>0.0007"
    made.append(
        first_of(
            (f"IF(har_resvag=1,IF({first},1,0),0)=1", f"{place}: första resan ska börja vid avresan på bladet {head.SHEET}."),
            (
                "IF(har_resvag=1,IF(ABS(MAX(resrad_ankomster)-hemkomst)>0.0007,1,0),0)=1",
                f"{place}: sista resan ska sluta vid hemkomsten på bladet {head.SHEET}.",
            ),
            (
                'AND(har_resvag=1,langtid_fran<>"")',
                f"{place}: Samma ort sedan räknas inte för resor över flera länder. Skriv i stället land på bladet "
                f"{head.SHEET} och lämna Till land tomt.",
            ),
        )
    )
    last = f"INDEX(stracka_timmar,MATCH(MAX(resrad_ankomster),resrad_ankomster,0))"
    own_time = f'AND(egen_forlangning="ja",fardtid_ger_lon=1,N(IFERROR({last},0))>0)'
    both = 'AND(ISNUMBER(overtid),N(overtid)>0,SUM(stracka_timmar)>0)'
    made.append(
        first_of(
            (
                own_time,
                f"{place}: resan är förlängd på eget initiativ, och då ger hemresan ingen färdtidsersättning. Välj resa "
                "utan färdtid på hemresans rader.",
            ),
            (both, f"{place}: både övertid och färdtid är begärda. Samma timmar ersätts bara en gång."),
        )
    )
    for row in range(route.WEEKS_TOP + 2, route.WEEKS_TOP + 2 + route.WEEKS):
        made.append(amount(f"{place}!$D{row}", f"{place}, rad {row}, Tidigare samma vecka", HOURS_HINT))
    return made


def _missing(cell: str, place: str) -> str:
    """Says that a point in time is missing, or cannot be read."""
    unread = f"{text(f'{place}: ”')}&{cell}&{text(f'” går inte att läsa. {MOMENT_HINT}')}"
    return f'IF({cell}="",{text(f"{place}: uppgiften saknas. {MOMENT_HINT}")},{unread})'


def _costs() -> list[str]:
    return [*_car_rows(), *_expense_rows(), *_ticket_rows(), *_settled()]


def _dated(cell: str, place: str, otherwise: str) -> str:
    """A date that must be there."""
    unread = f"{text(f'{place}, Datum: ”')}&{cell}&{text(f'” går inte att läsa. {DATE_HINT}')}"
    blank = text(f"{place}, Datum: uppgiften saknas. {DATE_HINT}")
    return f'IF(ISNUMBER({cell}),{otherwise},IF({cell}="",{blank},{unread}))'


def _car_rows() -> list[str]:
    place, made = costs.SHEET, []
    for row in range(costs.CAR_TOP + 2, costs.CAR_TOP + 2 + costs.CAR_ROWS):
        where = f"{place}, rad {row}"
        date, kind, reason, way, plate, km, normal = (f"{costs.QUOTED}!${column}{row}" for column in "ABDEFHI")
        rest = first_of(
            (f'{way}=""', f"{where}, Resväg: fyll i från, via och till."),
            (f'{plate}=""', f"{where}, Registrering: fyll i bilens registreringsnummer."),
            (f'AND({reason}="",bilavtal<>"ja",OR({kind}="",{kind}="egen"))', f"{where}, Motiv till bil: välj varför."),
            (f"IF(ISNUMBER({normal}),IF({normal}>={km},1,0),0)=1", f"{where}: sträckan är inte längre än den vanliga "
             "vägen till arbetet och ersätts inte."),
        )  # fmt: skip
        checks = _dated(
            date, where,
            f'IF({km}="",{text(f"{where}, Körda km: uppgiften saknas. {KM_HINT}")},'
            f"IF(ISNUMBER({km}),IF({km}<0,{text(f'{where}, Körda km: talet är under 0.')},"
            f"IF(ISNUMBER({normal}),{rest},IF({normal}=\"\",{rest},"
            f"{amount(normal, f'{where}, Normal väg', KM_HINT)}))),{amount(km, f'{where}, Körda km', KM_HINT)}))",
        )  # fmt: skip
        filled = "&".join((date, kind, reason, way, km, normal))
        made.append(f'IF({filled}="","",{listed(kind, "lista_bil", f"{where}, Bil", checks)})')
    return made


def _expense_rows() -> list[str]:
    place, made = costs.SHEET, []
    for row in range(costs.EXPENSE_TOP + 2, costs.EXPENSE_TOP + 2 + costs.EXPENSE_ROWS):
        where = f"{place}, rad {row}"
        date, kind, receipt, what, reason, attest, paid, vat = (f"{costs.QUOTED}!${one}{row}" for one in "ABCDEGHI")
        rest = first_of(
            (f'{kind}="böter"', f"{where}: böter betalar du själv; de ersätts inte."),
            (f'{kind}="parkeringsböter"', f"{where}: parkeringsböter ersätts bara efter beslut av förvaltningschef."),
            (f'AND({kind}="taxi",{reason}="")', f"{where}, Skäl: kollektivtrafik saknas eller betydande olägenhet?"),
            (f'AND({kind}="taxi",COUNTIF({reason},{_BAG})>0)', f"{where}, Skäl: bagage är inget skäl för taxi."),
            (
                f'AND({kind}="sms-biljett",{receipt}="",{attest}="")',
                f"{where}, Attest: sms-biljett utan kvitto ska signeras av behörig chef.",
            ),
            (f'AND({kind}<>"sms-biljett",{receipt}="")', f"{where}, Kvitto nr: uppgiften saknas."),
            (f'AND({kind}="annat utlägg",{what}="")', f"{where}, Vad: skriv vad utlägget var."),
            (f"IF(ISNUMBER({vat}),IF({vat}>{paid},1,0),0)=1", f"{where}, varav moms: är större än beloppet."),
            otherwise=amount(vat, f"{where}, varav moms"),
        )
        checks = _dated(
            date, where,
            f'IF({kind}="",{text(f"{where}, Slag: välj ett slag i listan.")},'
            f'IF({paid}="",{text(f"{where}, Belopp: uppgiften saknas. {KRONOR_HINT}")},'
            f"{amount(paid, f'{where}, Belopp', otherwise=rest)}))",
        )  # fmt: skip
        filled = "&".join((date, kind, receipt, what, paid, vat))
        made.append(f'IF({filled}="","",{listed(kind, "lista_utlagg", f"{where}, Slag", checks)})')
    return made


def _ticket_rows() -> list[str]:
    place, made = costs.SHEET, []
    for row in range(costs.TICKET_TOP + 2, costs.TICKET_TOP + 2 + costs.TICKET_ROWS):
        where = f"{place}, rad {row}"
        date, kind, fare, receipt, zone, payer, km, price = (f"{costs.QUOTED}!${one}{row}" for one in "ABCEFGHI")
        rest = first_of(
            (f'AND({kind}<>"hotell",{km}="")', f"{where}, Km: uppgiften saknas, så utsläppen kan inte räknas."),
            (f'AND({payer}="resenären",{price}<>"",{receipt}="")', f"{where}, Kvitto nr: uppgiften saknas."),
            (f'AND({kind}="hotell",{price}="")', f"{where}, Pris: uppgiften saknas. {KRONOR_HINT}"),
            (
                f'AND(ISNUMBER({km}),ISERROR({costs.QUOTED}!$L{row}))',
                f"{where}: klimatpåslaget kan inte räknas.",
            ),
            otherwise=listed(
                fare, "lista_typ", f"{where}, Klass",
                listed(zone, "lista_zon", f"{where}, Zon", listed(payer, "lista_betalare", f"{where}, Betald av")),
            ),
        )  # fmt: skip
        numbers = (
            f"IF(OR(ISNUMBER({km}),{km}=\"\"),IF(OR(ISNUMBER({price}),{price}=\"\"),{rest},"
            f"{amount(price, f'{where}, Pris')}),{amount(km, f'{where}, Km', KM_HINT)})"
        )
        checks = (
            f'IF({kind}="",{text(f"{where}: välj färdmedel eller hotell.")},'
            f'IF(OR({date}="",ISNUMBER({date})),{numbers},{number(date, f"{where}, Datum", DATE_HINT)}))'
        )
        filled = "&".join((date, kind, receipt, km, price))
        made.append(f'IF({filled}="","",{listed(kind, "lista_biljett", f"{where}, Färdmedel", checks)})')
    return made


def _settled() -> list[str]:
    place = costs.SHEET
    both = first_of(
        ('AND(pris_tjanst="",pris_vald<>"")', f"{place}: biljettpriset dagen förrättningen krävde saknas."),
        ('AND(pris_vald="",pris_tjanst<>"")', f"{place}: biljettpriset dagen du valde saknas."),
        (
            'AND(pris_vald<>"",pris_tjanst<>"",egen_forlangning<>"ja",ledighet<>"ja")',
            f"{place}: två biljettpriser finns men varken egen förlängning eller ledighet är ja.",
        ),
    )
    return [
        *(
            amount(name, f"{place}, {label}")
            for name, label in (
                ("forskott", "Förskott"),
                ("aterbetalning", "Återbäring"),
                ("pris_tjanst", "Biljettpris dagen förrättningen krävde"),
                ("pris_vald", "Biljettpris dagen du valde"),
            )
        ),
        both,
    ]


def _coding() -> list[str]:
    place, made = coding.SHEET, []
    for row in range(coding.TOP + 2, coding.TOP + 2 + coding.ROWS):
        where = f"{place}, rad {row}"
        account, unit, share, kronor = (f"{place}!${column}{row}" for column in "ABHI")
        rest = first_of(
            (f'AND({share}="",{kronor}="")', f"{where}: skriv en andel i procent eller ett belopp i kronor."),
            (f'AND({share}<>"",{kronor}<>"")', f"{where}: skriv antingen andel eller kronor, inte båda."),
            (f'OR({account}="",{unit}="")', f"{where}: konto och ansvar behövs."),
            otherwise=f"IF({share}=\"\",{number(kronor, f'{where}, Kronor', KRONOR_HINT)},"
            f"{amount(share, f'{where}, Andel', 'Skriv en andel i procent, till exempel 50 %.')})",
        )
        filled = "&".join(f"{place}!${column}{row}" for column in "ABCDEFGHI")
        made.append(f'IF({filled}="","",{rest})')
    left = f'{text(f"{place}: ")}&FIXED(ABS(kvar_att_kontera),2)&IF(kvar_att_kontera>0,{text(" kr är inte konterade.")},{text(" kr för mycket är konterade.")})'
    some = 'COUNTIF(kontering_belopp,">0")+COUNTIF(kontering_belopp,"<0")'
    wrong = f"IF(ISNUMBER(kvar_att_kontera),IF(ABS(kvar_att_kontera)>0.004,IF({some}>0,1,0),0),0)=1"
    nothing = f"IF(ISNUMBER(att_kontera),IF(ABS(att_kontera)>0.004,IF({some}>0,0,1),0),0)=1"
    missing = f"{place}: kostnaden är inte konterad. Fyll i minst en rad med konto, ansvar och andel."
    made.append(f"IF({wrong},{left},{when(nothing, missing)})")
    return made


def _control() -> list[str]:
    place, made = control.SHEET, []
    for pair in control.QUESTIONS:
        for label, name, kind, choices in pair:
            if kind == "datum":
                made.append(number(name, f"{place}, {label}", DATE_HINT))
            elif kind == "timmar":
                made.append(amount(name, f"{place}, {label}", HOURS_HINT))
            elif choices:
                made.append(listed(name, choices, f"{place}, {label}"))
    return made
