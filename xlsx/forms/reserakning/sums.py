"""The single values of the travel claim: what the trip is, and the totals of the first sheet."""

from __future__ import annotations

from typing import Final

from xlsx.forms.reserakning.workings import Block, Workings

_SINGLES: Final = 40
_FLOWN: Final = 'COUNTIF(biljett_slag,"flyg")+COUNTIF(stracka_fardmedel,"flyg")'

_FULL_TIME: Final = (
    'IF(ISNUMBER(manadslon),IF(sysselsattningsgrad="",MAX(0,manadslon),IF(ISNUMBER(sysselsattningsgrad),'
    "IF(AND(sysselsattningsgrad>0,sysselsattningsgrad<=1),ROUND(MAX(0,manadslon)/sysselsattningsgrad,2),0),0)),0)"
)
_EXTENDED: Final = 'AND(ISNUMBER(pris_tjanst),ISNUMBER(pris_vald),OR(egen_forlangning="ja",ledighet="ja"))'


def write_singles(workings: Workings, legs: Block, days: Block, tickets: Block) -> None:
    """The values that other formulas name."""
    block = workings.block(3, _SINGLES, ("värde för", "värde"))
    restid, charged = legs.area("restid"), tickets.area("påslag")
    clocks = "IF(avresa>INT(avresa),IF(hemkomst>INT(hemkomst),1,0),0)"
    span = f"IF(hemkomst>avresa,IF(INT(hemkomst)-INT(avresa)<31,{clocks},0),0)"
    abroad = 'COUNTIF(stracka_land,"?*")-COUNTIF(stracka_land,"Sverige")'
    earned = 'IF(roll="förtroendevald",0,IF(utanfor_orten="nej",0,IF(SUM(stracka_timmar)>0,1,0)))'
    plain: tuple[tuple[str, str, bool], ...] = (
        ("tillagg_prov", 'SATS("maximibelopp",DATE(2026,1,1),policy)', True),
        ("resa_ok", f"IF(ISNUMBER(avresa),IF(ISNUMBER(hemkomst),{span},0),0)", False),
        ("antal_dygn", "IF(resa_ok=1,INT(hemkomst)-INT(avresa)+1,0)", False),
        ("provdag", "IF(resa_ok=1,INT(avresa),DATE(2026,1,1))", False),
        ("har_resvag", f"IF(resa_ok=1,IF({abroad}>0,1,0),0)", False),
        ("resans_land", 'IF(land="","Sverige",land)', False),
        ("inrikes", 'IF(AND(resans_land="Sverige",har_resvag=0),"ja","nej")', False),
        ("resans_zon", 'IF(inrikes="ja","inrikes","utrikes")', False),
        ("ortens_radie", 'SATS("verksamhetsort_radie",provdag,policy)', True),
        ("utanfor_orten", 'IF(ISNUMBER(avstand),IF(avstand>IFERROR(ortens_radie,50),"ja","nej"),"ja")', False),
        ("maltider_text", f'TEXTJOIN(",",TRUE,{days.area("måltider")})', False),
        ("dagar_ok", f"IF(resa_ok=1,IF(ISERROR({_header(days)}),0,1),0)", False),
        ("resetillagg_kr", 'IF(resa_ok=1,RESETILLAGG(avresa,hemkomst,inrikes,utanfor_orten,policy),"")', True),
        ("policyns_godkannare", 'IF(fardmedel="","",GODKANNARE(fardmedel,IF(inrikes="ja","nej","ja"),policy))', True),
        ("fardtidens_grans", 'SATS("fardtid_nivagrans",provdag,policy)', True),
        ("heltidslon", _FULL_TIME, False),
        ("fardtid_timmar_ok", f'IF(SUM({restid})=0,1,IF(COUNTIF(stracka_timmar,"–")>0,0,1))', False),
        ("fardtid_ger_lon", f"IF(resa_ok=1,{earned},0)", False),
        ("fardtid_ok", "IF(fardtid_ger_lon=1,IF(fardtid_timmar_ok=1,IF(heltidslon>0,1,0),0),0)", False),
        ("flyger", f"IF({_FLOWN}>0,1,0)", False),
        ("klimat_rad", f"IFERROR(MATCH(MAX({charged}),{charged},0),MATCH(1,{tickets.area('räknas')},0))", False),
        ("forlangning_kr", f"IF({_EXTENDED},FORLANGDRESA(pris_tjanst,pris_vald),0)", True),
    )
    for line, (name, formula, own) in enumerate(plain):
        workings.single(block, line, name, formula, own)


def _header(days: Block) -> str:
    return days.sheet.at(days.top, days.columns["svar_datum"])


def _of_trip(value: str) -> str:
    """A value that is blank until the trip is filled in, and a dash where it cannot be computed."""
    return f'IF(resa_ok=0,"",IFERROR({value},"–"))'


def _column(name: str) -> str:
    return f'IF(COUNTIF({name},"–")>0,"–",SUM({name}))'


def _dash(*names: str) -> str:
    """How many of the totals are a dash."""
    return "+".join(f'({name}="–")' for name in names)


def _added(*names: str) -> str:
    """Totals added up, a dash where one of them is a dash."""
    return f'IF({_dash(*names)}>0,"–",ROUND(SUM({",".join(names)}),2))'


def total_formulas(days: Block) -> dict[str, str]:
    """The formula of every total on the first sheet."""
    taken_back = f"SUM({days.area('avgår')})"
    pay = _column("vecka_kr")
    refund = 'IF(aterbetalning="",0,IF(ISNUMBER(aterbetalning),aterbetalning,"–"))'
    own_and_unit = 'IF(biljett_pris_summa="–","–",IF(biljett_egna="–","–",biljett_pris_summa-biljett_egna))'
    return {
        "summa_traktamente": _of_trip(_column("dygn_traktamente")),
        "summa_skattefritt": _of_trip(_column("dygn_skattefritt")),
        "summa_skattepliktigt": _of_trip(_column("dygn_skattepliktigt")),
        "summa_nattraktamente": _of_trip(_column("dygn_natt_kr")),
        "summa_resetillagg": _of_trip(f"resetillagg_kr-{taken_back}"),
        "summa_fardtidsersattning": _of_trip(f'IF(roll="förtroendevald",0,IF(fardtid_timmar_ok=0,"–",{pay}))'),
        "summa_bil_skattefri": _column("bil_skattefri"),
        "summa_bil_skattepliktig": _column("bil_skattepliktig"),
        "summa_utlagg": _added("utlagg_summa", "biljett_egna"),
        "summa_ersattning": _added(
            "summa_traktamente", "summa_nattraktamente", "summa_resetillagg", "summa_fardtidsersattning",
            "summa_bil_skattefri", "summa_bil_skattepliktig", "summa_utlagg",
        ),
        "summa_skattepliktigt_totalt": _added(
            "summa_skattepliktigt", "summa_resetillagg", "summa_fardtidsersattning", "summa_bil_skattepliktig"
        ),
        "summa_egen_forlangning": 'IFERROR(forlangning_kr,"–")',
        "summa_aterbaring": refund,
        "summa_forskott": 'IF(forskott="",0,IF(ISNUMBER(forskott),forskott,"–"))',
        "summa_utbetalning": 'IF(netto="–","–",MAX(0,netto))',
        "summa_aterbetalning": 'IF(netto="–","–",MAX(0,0-netto))',
        "summa_maltidsavdrag": _of_trip(_column("dygn_avdrag")),
        "summa_kostforman": _of_trip(_column("dygn_kostforman")),
        "summa_biljetter": own_and_unit,
        "summa_klimatpaslag": _added("bil_paslag_summa", "biljett_paslag_summa"),
        "summa_kostnad": (
            f'IF({_dash("summa_ersattning", "summa_biljetter", "summa_klimatpaslag")}+'
            f'{_dash("summa_egen_forlangning", "summa_aterbaring")}>0,"–",ROUND(summa_ersattning+summa_biljetter+'
            "summa_klimatpaslag-summa_egen_forlangning-summa_aterbaring,2))"
        ),
        "summa_utslapp": _added("bil_co2_summa", "biljett_co2_summa"),
    }  # fmt: skip


def write_partial_sums(workings: Workings) -> None:
    """Sums of table columns, and what is left to pay."""
    block = workings.block(3, _SINGLES, ("summa av", "kr"))
    kept = 'IF(aterbetalning_lamnad="ja",0,summa_aterbaring)'
    parts = _dash("summa_ersattning", "summa_egen_forlangning", "summa_aterbaring", "summa_forskott")
    formulas = (
        ("utlagg_summa", _column("utlagg_ersatts")),
        ("biljett_egna", _column("biljett_ersatts")),
        ("biljett_pris_summa", 'IF(COUNTA(biljett_pris)>COUNT(biljett_pris),"–",SUM(biljett_pris))'),
        ("bil_paslag_summa", _column("bil_paslag")),
        ("biljett_paslag_summa", _column("biljett_paslag")),
        ("bil_co2_summa", _column("bil_co2")),
        ("biljett_co2_summa", _column("biljett_co2")),
        ("netto", f'IF({parts}>0,"–",ROUND(summa_ersattning-summa_egen_forlangning-{kept}-summa_forskott,2))'),
        ("hotell_summa", 'SUMIFS(biljett_pris,biljett_slag,"hotell")'),
        ("utlagg_utan_kvitto", 'COUNTIF(utlagg_belopp,">0")-COUNTIFS(utlagg_belopp,">0",utlagg_kvitto,"?*")'),
        (
            "biljett_utan_kvitto",
            'COUNTIFS(biljett_betald_av,"resenären",biljett_pris,">0")-'
            'COUNTIFS(biljett_betald_av,"resenären",biljett_pris,">0",biljett_kvitto,"?*")',
        ),
        ("antal_fel", 'COUNTIF(formularfel,"?*")'),
    )
    for line, (name, formula) in enumerate(formulas):
        workings.single(block, line, name, formula, kind="kr")
