"""The first sheet: who travelled where and why, what it comes to, and who signs."""

from __future__ import annotations

from typing import Final

from xlsx.forms.book import COMPUTED, FormSheet

SHEET: Final = "Reseräkning"
WIDTHS: Final = (27, 24, 29, 24)

_LEFT, _RIGHT, _COLUMNS = 0, 2, 4

Field = tuple[str, str, str, str | None, str]
"""Label, defined name, kind, list, hint."""

PERSON: Final[tuple[tuple[Field, Field | None], ...]] = (
    (("Namn", "namn", "text", None, ""), ("Anställningsnr", "anstallningsnr", "text", None, "")),
    (
        ("Roll", "roll", "val", "lista_roll", "Förtroendevalda får ingen färdtidsersättning."),
        ("Enhet", "enhet", "text", None, ""),
    ),
    (
        ("Månadslön, kr", "manadslon", "kr", None, "Behövs bara när du begär färdtidsersättning."),
        ("Sysselsättningsgrad", "sysselsattningsgrad", "procent", None, "Till exempel 75 %. Tomt är heltid."),
    ),
    (
        ("Arbetstid från", "arbetstid_start", "klockslag", None, "Din ordinarie arbetstid. Tomt är policyns."),
        ("Arbetstid till", "arbetstid_slut", "klockslag", None, "Din ordinarie arbetstid. Tomt är policyns."),
    ),
    (
        ("Tjänsteställe", "tjanstestalle", "text", None, "Arbetsplatsen där du arbetar flest dagar."),
        ("Enskilt bilavtal", "bilavtal", "ja", None, ""),
    ),
)
TRIP: Final[tuple[tuple[Field, Field | None], ...]] = (
    (
        ("Avresa", "avresa", "tidpunkt", None, "Datum och klockslag då resan började: 2026-03-10 07:30."),
        ("Hemkomst", "hemkomst", "tidpunkt", None, "Datum och klockslag då resan slutade: 2026-03-12 19:15."),
    ),
    (
        ("Resan började i", "avresa_plats", "val", "lista_plats", ""),
        ("Resan slutade i", "hemkomst_plats", "val", "lista_plats", ""),
    ),
    (
        ("Från (ort)", "fran", "text", None, "Orten där resan började."),
        ("Resmål (ort)", "resmal", "text", None, "Orten där du hade din förrättning."),
    ),
    (
        ("Land", "land", "val", "lista_land", "Tomt är Sverige. Flera länder skrivs på bladet Resväg."),
        ("Avstånd enkel väg, km", "avstand", "km", None, "Till förrättningen. Över 50 km är utanför orten."),
    ),
    (
        ("Färdmedel", "fardmedel", "val", "lista_fardmedel", "Det färdmedel som den längsta sträckan gjordes med."),
        ("Drivmedel eller klass", "typ", "val", "lista_typ", ""),
    ),
    (
        ("Samma ort sedan", "langtid_fran", "datum", None, "Bara när arbetet på orten varar mer än tre månader."),
        None,
    ),
)
APPROVAL: Final[tuple[tuple[Field, Field | None], ...]] = (
    (
        ("Godkänd av (roll)", "godkand_av", "val", "lista_godkannare", "Den roll som godkände resan i förväg."),
        ("Godkänd datum", "godkand_datum", "datum", None, ""),
    ),
)

PAID: Final = (
    ("Traktamente", "summa_traktamente"),
    ("Traktamente, skattefri del", "summa_skattefritt"),
    ("Traktamente, skattepliktig del", "summa_skattepliktigt"),
    ("Nattraktamente", "summa_nattraktamente"),
    ("Resetillägg", "summa_resetillagg"),
    ("Färdtidsersättning", "summa_fardtidsersattning"),
    ("Bilersättning, skattefri", "summa_bil_skattefri"),
    ("Bilersättning, skattepliktig", "summa_bil_skattepliktig"),
    ("Utlägg", "summa_utlagg"),
    ("Ersättning totalt", "summa_ersattning"),
    ("Skattepliktigt totalt", "summa_skattepliktigt_totalt"),
)
SETTLED: Final = (
    ("Egen förlängning, avdrag", "summa_egen_forlangning"),
    ("Återbäring till kommunen", "summa_aterbaring"),
    ("Förskott", "summa_forskott"),
    ("Att betala ut", "summa_utbetalning"),
    ("Att betala tillbaka", "summa_aterbetalning"),
    ("Måltidsavdrag (är avdraget)", "summa_maltidsavdrag"),
    ("Kostförmån (skattepliktig)", "summa_kostforman"),
    ("Biljetter och hotell, enheten", "summa_biljetter"),
    ("Klimatpåslag, enheten", "summa_klimatpaslag"),
    ("Enhetens kostnad totalt", "summa_kostnad"),
    ("Utsläpp, kg CO2e", "summa_utslapp"),
)
_CERTIFIED: Final = (
    "Resenären intygar att uppgifterna är riktiga och att utläggen har gjorts i tjänsten. Chefen intygar att "
    "kostnaderna är försvarliga med hänsyn till uppdraget."
)
_SPACE: Final = 6
"""Points between sections."""
_BOLD: Final = ("summa_ersattning", "summa_utbetalning", "summa_kostnad")

STATUS: Final = (
    'IF(ISERROR(tillagg_prov),"Tillägget Färdkost är inte igång: beloppen är från senaste beräkningen, "&'
    f'{COMPUTED}&".","Beräknad "&{COMPUTED}&'
    'IF(regelversion="","",", regelversion "&regelversion)&", policy "&policy&".")'
)
FAULTS: Final = (
    'IF(antal_fel=0,"",IF(antal_fel=1,"En uppgift behöver",antal_fel&" uppgifter behöver")'
    '&" rättas. Se bladet Kontroll.")'
)


def write_head(sheet: FormSheet, sums: dict[str, str]) -> None:
    """Fill the sheet. sums: the formula of each total by its defined name."""
    sheet.text(0, 0, "Reseräkning", "titel")
    sheet.raw.set_row(0, 24)
    sheet.shown_across(1, 0, 3, STATUS, "underrubrik", 13)
    sheet.shown_across(2, 0, 3, FAULTS, "fel", 13)
    row = _section(sheet, 3, "Resenär", PERSON)
    row = _section(sheet, row, "Resa", ())
    for label, name, hint in (
        ("Syfte", "syfte", "Vad skulle göras på resan?"),
        ("Skäl", "skal", "Varför behövde resan göras, och varför med det färdmedlet?"),
    ):
        sheet.text(row, 0, label)
        sheet.input(row, 1, "text", name, hint=hint, last_column=3)
        row += 1
    row = _fields(sheet, row, TRIP)
    row = _section(sheet, row, "Godkännande före resan", APPROVAL)
    sheet.text(row, 0, "Policyn kräver")
    approver = 'IF(fardmedel="","",IFERROR(policyns_godkannare,"–"))'
    sheet.shown(row, 1, approver, name="godkannare")
    row = _sums(sheet, row + 1, sums)
    _signatures(sheet, row)
    sheet.raw.fit_to_pages(1, 1)
    sheet.raw.freeze_panes(3, 0)


def _section(sheet: FormSheet, row: int, title: str, fields: tuple[tuple[Field, Field | None], ...]) -> int:
    return _fields(sheet, _band(sheet, row, title), fields)


def _band(sheet: FormSheet, row: int, title: str) -> int:
    """A little space and a section's heading; gives the row after."""
    sheet.raw.set_row(row, _SPACE)
    sheet.heading(row + 1, title, _COLUMNS)
    return row + 2


def _fields(sheet: FormSheet, row: int, fields: tuple[tuple[Field, Field | None], ...]) -> int:
    for pair in fields:
        for column, field in zip((_LEFT, _RIGHT), pair, strict=True):
            if field is not None:
                label, name, kind, choices, hint = field
                sheet.text(row, column, label, indent=1 if column else 0)
                after = "avresa" if name == "hemkomst" else ""
                sheet.input(row, column + 1, kind, name, choices=choices, hint=hint, after=after, align="left")
        row += 1
    return row


def _sums(sheet: FormSheet, row: int, sums: dict[str, str]) -> int:
    first = _band(sheet, row, "Sammanställning, kr")
    for column, listed in ((_LEFT, PAID), (_RIGHT, SETTLED)):
        for line, (label, name) in enumerate(listed, first):
            bold = name in _BOLD
            sheet.text(line, column, label, "fet" if bold else "etikett", indent=1 if column else 0)
            kind = "kg" if name == "summa_utslapp" else "kr"
            sheet.shown(line, column + 1, sums[name], kind, name, look="summa" if bold else "resultat")
    return first + max(len(PAID), len(SETTLED))


def _signatures(sheet: FormSheet, row: int) -> None:
    first = _band(sheet, row, "Underskrifter")
    sheet.text_across(first, 0, 3, _CERTIFIED, "text", 26)
    for line, label in enumerate(("Resenär", "Behörig chef", "Attest"), first + 1):
        sheet.raw.set_row(line, 24)
        sheet.text(line, 0, f"{label}, namnteckning", valign="bottom")
        sheet.text(line, 1, "", "linje")
        sheet.text(line, 2, "Datum", valign="bottom", indent=1)
        sheet.text(line, 3, "", "linje")
