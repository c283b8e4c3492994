"""What is wrong in the rows of cars, expenses, tickets and accounts."""

from __future__ import annotations

from typing import Final

from xlsx.forms.reserakning import coding, costs
from xlsx.forms.reserakning.texts import DATE_HINT, KM_HINT, KRONOR_HINT, amount, first_of, listed, number, text, when

_BAG: Final = '"*bagage*"'


def of_costs() -> list[str]:
    """A message for each row of the three tables and for what is settled."""
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
            f'IF(OR(ISNUMBER({km}),{km}=""),IF(OR(ISNUMBER({price}),{price}=""),{rest},'
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


def of_coding() -> list[str]:
    """A message for each row of accounts, and for their sum."""
    place, made = coding.SHEET, []
    for row in range(coding.TOP + 2, coding.TOP + 2 + coding.ROWS):
        where = f"{place}, rad {row}"
        account, unit, share, kronor = (f"{place}!${column}{row}" for column in "ABHI")
        rest = first_of(
            (f'AND({share}="",{kronor}="")', f"{where}: skriv en andel i procent eller ett belopp i kronor."),
            (f'AND({share}<>"",{kronor}<>"")', f"{where}: skriv antingen andel eller kronor, inte båda."),
            (f'OR({account}="",{unit}="")', f"{where}: konto och ansvar behövs."),
            otherwise=f'IF({share}="",{number(kronor, f"{where}, Kronor", KRONOR_HINT)},'
            f"{amount(share, f'{where}, Andel', 'Skriv en andel i procent, till exempel 50 %.')})",
        )
        filled = "&".join(f"{place}!${column}{row}" for column in "ABCDEFGHI")
        made.append(f'IF({filled}="","",{rest})')
    too_little, too_much = text(" kr är inte konterade."), text(" kr för mycket är konterade.")
    left = f"{text(f'{place}: ')}&FIXED(ABS(kvar_att_kontera),2)&IF(kvar_att_kontera>0,{too_little},{too_much})"
    some = 'COUNTIF(kontering_belopp,">0")+COUNTIF(kontering_belopp,"<0")'
    wrong = f"IF(ISNUMBER(kvar_att_kontera),IF(ABS(kvar_att_kontera)>0.004,IF({some}>0,1,0),0),0)=1"
    nothing = f"IF(ISNUMBER(att_kontera),IF(ABS(att_kontera)>0.004,IF({some}>0,0,1),0),0)=1"
    missing = f"{place}: kostnaden är inte konterad. Fyll i minst en rad med konto, ansvar och andel."
    made.append(f"IF({wrong},{left},{when(nothing, missing)})")
    return made
