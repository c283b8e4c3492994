"""What is wrong in the days, the way travelled and the weeks."""

from __future__ import annotations

from xlsx.forms.reserakning import days, head, route
from xlsx.forms.reserakning.texts import HOURS_HINT, MOMENT_HINT, amount, first_of, listed, text, when


def of_days() -> list[str]:
    """A message for each day, and first those of the days as a whole."""
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
                f"{place}: minst ett dygns belopp kan inte räknas. Kontrollera land, år och måltider.",
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
            (f'AND({night}="ja",hemkomst<{place}!$B{row}+1.25)', f"{where}, Egen natt: natten 00–06 var inte hel."),
            otherwise=listed(
                breakfast, "lista_maltid", f"{where}, Frukost",
                listed(lunch, "lista_maltid", f"{where}, Lunch", listed(dinner, "lista_maltid", f"{where}, Middag")),
            ),
        )  # fmt: skip
        beyond = when("resa_ok=1", f"{where}: dygnet hör inte till resan. Ta bort uppgifterna.")
        made.append(f'IF({filled}="","",IF({place}!$B{row}="",{beyond},{inside}))')
    return made


def of_route() -> list[str]:
    """A message for each row of the way, for the way as a whole and for each week."""
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
        timed = f'OR({doing}="",{doing}="resa",{doing}="väntan")'
        leg = f'OR({doing}="",{doing}="resa",{doing}="resa utan färdtid")'
        monday = "INT({0})-WEEKDAY({0},2)"
        weeks = f"AND({monday.format(start)}<>{monday.format(f'({end}-0.0001)')},{timed})"
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
    first = "ABS(MIN(resrad_avgangar)-avresa)>0.0007"
    made.append(
        first_of(
            (
                f"IF(har_resvag=1,IF({first},1,0),0)=1",
                f"{place}: första resan ska börja vid avresan på bladet {head.SHEET}.",
            ),
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
    last = "INDEX(stracka_timmar,MATCH(MAX(resrad_ankomster),resrad_ankomster,0))"
    own_time = f'AND(egen_forlangning="ja",fardtid_ger_lon=1,N(IFERROR({last},0))>0)'
    both = "AND(ISNUMBER(overtid),N(overtid)>0,SUM(stracka_timmar)>0)"
    made.append(
        first_of(
            (
                own_time,
                f"{place}: resan är förlängd på eget initiativ, och då ger hemresan ingen färdtidsersättning. Välj "
                "resa utan färdtid på hemresans rader.",
            ),
            (both, f"{place}: både övertid och färdtid är begärda. Samma timmar ersätts bara en gång."),
        )
    )
    weeks_rows = range(route.WEEKS_TOP + 2, route.WEEKS_TOP + 2 + route.WEEKS)
    return made + [
        amount(f"{place}!$D{row}", f"{place}, rad {row}, Tidigare samma vecka", HOURS_HINT) for row in weeks_rows
    ]


def _missing(cell: str, place: str) -> str:
    """Says that a point in time is missing, or cannot be read."""
    unread = f"{text(f'{place}: ”')}&{cell}&{text(f'” går inte att läsa. {MOMENT_HINT}')}"
    return f'IF({cell}="",{text(f"{place}: uppgiften saknas. {MOMENT_HINT}")},{unread})'
