"""What the form itself says of wrong input: one cell for each field and each row of a table."""

from __future__ import annotations

from xlsx.forms.reserakning import control, days, head
from xlsx.forms.reserakning.messages_costs import of_coding, of_costs
from xlsx.forms.reserakning.messages_trip import of_days, of_route
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
    when,
)
from xlsx.forms.reserakning.workings import Block, Workings


def write_messages(workings: Workings) -> Block:
    """All messages under each other; `formularfel` is their defined name."""
    formulas = [*_head(), *of_days(), *of_route(), *of_costs(), *of_coding(), *_control()]
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
    no_clock = (
        f"klockslaget saknas. {MOMENT_HINT} En resa som börjar eller slutar vid midnatt skrivs 00:01 eller 23:59."
    )
    departure = when("avresa=INT(avresa)", f"{place}, Avresa: {no_clock}")
    order = first_of(
        ("hemkomst=INT(hemkomst)", f"{place}, Hemkomst: {no_clock}"),
        ("hemkomst<=avresa", f"{place}, Hemkomst: hemkomsten ligger före avresan."),
        (
            "INT(hemkomst)-INT(avresa)>30",
            f"{place}, Hemkomst: resan är längre än {days.DAYS} dygn. Dela den på flera reseräkningar.",
        ),
    )
    compared = f"IF(ISNUMBER(avresa),{order},{when('hemkomst=INT(hemkomst)', f'{place}, Hemkomst: {no_clock}')})"
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
