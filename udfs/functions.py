"""The worksheet functions, one plain function each. Excel, the server, LibreOffice and the command line call these.

Arguments are what a host hands over: values, lists or ranges. Answers are numbers and texts in the shape of
the arguments, with a CellError in place of each that could not be computed.
"""

from __future__ import annotations

from udfs import arguments as a
from udfs import insight, tables
from udfs.calculation import Answer, Inputs, today
from udfs.coerce import zero_as_blank
from udfs.comparison import compare_table
from udfs.controls import check_table
from udfs.registry import worksheet_function


@worksheet_function("Traktamente", '=TRAKTAMENTE("2024-03-04 07:00";"2024-03-06 20:00")')
def TRAKTAMENTE(
    avresa: a.Avresa,
    hemkomst: a.Hemkomst,
    land: a.Land = None,
    maltider: a.Maltider = None,
    langtid_fran: a.LangtidFran = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Traktamente för en resa i kronor: summan av dygnens belopp efter avdrag för fria måltider.

    Blir 0 när ingen hel natt (00–06) tillbringas borta. Nattraktamente ingår inte.
    """
    trip = Inputs(policy, avresa=avresa, hemkomst=hemkomst, land=land, langtid_fran=langtid_fran)
    return trip.with_meals(maltider).answer("traktamente")


@worksheet_function(
    "Traktamente",
    '=TRAKTAMENTEDAGAR("2024-03-04 12:00";"2024-03-06 20:00";"Sverige";"M, FhLM, FhL")',
    table=True,
)
def TRAKTAMENTEDAGAR(
    avresa: a.Avresa,
    hemkomst: a.Hemkomst,
    land: a.Land = None,
    maltider: a.Maltider = None,
    langtid_fran: a.LangtidFran = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """En resas traktamente dygn för dygn, som tabell med rubriker.

    Visar hel eller halv dag, belopp, måltidsavdrag, skattefri och skattepliktig del och kostförmån.
    """
    trip = Inputs(policy, avresa=avresa, hemkomst=hemkomst, land=land, langtid_fran=langtid_fran)
    return tables.days_of(trip.with_meals(maltider))


@worksheet_function(
    "Traktamente",
    '=UTRIKESTRAKTAMENTE({"2024-03-04 07:00";"2024-03-04 09:20";"Belgien";"flyg"|'
    '"2024-03-06 17:00";"2024-03-06 19:15";"Sverige";"flyg"})',
)
def UTRIKESTRAKTAMENTE(resvag: a.Resvag, maltider: a.Maltider = None, policy: a.PolicyVal = None) -> Answer:
    """Traktamente i kronor för en resa över flera platser, efter landet med längst vistelse varje dygn.

    Resvägen börjar i Sverige och slutar i Sverige. Klockslag är lokal tid på varje plats.
    """
    return tables.journey(resvag, policy).with_meals(maltider).answer("traktamente", ("resa",))


@worksheet_function(
    "Traktamente",
    '=UTRIKESTRAKTAMENTEDAGAR({"2024-03-04 07:00";"2024-03-04 09:20";"Belgien";"flyg"|'
    '"2024-03-06 17:00";"2024-03-06 19:15";"Sverige";"flyg"})',
    table=True,
)
def UTRIKESTRAKTAMENTEDAGAR(resvag: a.Resvag, maltider: a.Maltider = None, policy: a.PolicyVal = None) -> Answer:
    """Traktamente dygn för dygn för en resa över flera platser, som tabell med rubriker."""
    return tables.days_of(tables.journey(resvag, policy).with_meals(maltider))


@worksheet_function("Traktamente", '=NORMALBELOPP("Frankrike";"2024-05-02")')
def NORMALBELOPP(land: a.Land, datum: a.Datum = None, policy: a.PolicyVal = None) -> Answer:
    """Normalbeloppet i kronor per hel dag för ett land; för Sverige maximibeloppet."""
    return Inputs(policy, land=land, datum=datum).preset(datum=today()).require("land").answer("landets_normalbelopp")


@worksheet_function("Traktamente", '=NATTRAKTAMENTE(2;"Sverige";"2024-05-02")')
def NATTRAKTAMENTE(natter: a.Natter, land: a.Land = None, datum: a.Datum = None, policy: a.PolicyVal = None) -> Answer:
    """Nattraktamente i kronor för nätter i privat logi utan betald eller styrkt kostnad."""
    nights = Inputs(policy, privata_natter=natter, land=land, datum=datum).preset(datum=today())
    return nights.answer("nattraktamente")


@worksheet_function("Traktamente", '=MALTIDSAVDRAG(290;"FhLM")')
def MALTIDSAVDRAG(
    dagsbelopp: a.Dagsbelopp,
    maltider: a.EnDagsMaltider,
    utrikes: a.Utrikes = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Avdraget i kronor från en dags traktamente för fria måltider."""
    day = Inputs(policy, dygnsbelopp=dagsbelopp, utrikes=utrikes).require("dygnsbelopp").with_meals(maltider)
    return day.preset(utrikes=False, dag=today(), antal_dygn=1).answer("maltidsavdrag", ("resa", "dygn"))


@worksheet_function("Traktamente", '=KOSTFORMAN("FLM";"2024-05-02")')
def KOSTFORMAN(maltider: a.EnDagsMaltider, datum: a.Datum = None, policy: a.PolicyVal = None) -> Answer:
    """En dags skattepliktiga kostförmån i kronor."""
    day = Inputs(policy, dag=datum).with_meals(maltider)
    return day.preset(dag=today(), antal_dygn=1).answer("dygnets_kostforman", ("resa", "dygn"))


@worksheet_function("Resetillägg och färdtid", '=RESETILLAGG("2024-03-04 07:00";"2024-03-04 16:00")')
def RESETILLAGG(
    avresa: a.Avresa,
    hemkomst: a.Hemkomst,
    inrikes: a.Inrikes = None,
    utanfor_orten: a.UtanforOrten = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Resetillägg i kronor: ett belopp per kalenderdag med mer än fyra timmars bortovaro, på inrikes resor."""
    trip = Inputs(
        policy,
        avresa=avresa,
        hemkomst=hemkomst,
        inrikes=zero_as_blank(inrikes),
        utanfor_orten=zero_as_blank(utanfor_orten),
    )
    return trip.preset(inrikes=True).answer("resetillagg")


@worksheet_function("Resetillägg och färdtid", '=FARDTID("2024-03-04 05:30";"2024-03-04 09:00")')
def FARDTID(
    avfard: a.Avfard,
    ankomst: a.Ankomst,
    arbetstid_start: a.ArbetstidStart = None,
    arbetstid_slut: a.ArbetstidSlut = None,
    sovplats: a.Sovplats = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Timmar av en färd som ligger utanför ordinarie arbetstid.

    Arbetstid är måndag–fredag utom helgdagar. Tiden 22–06 räknas inte när sovplats kunde användas.
    """
    journey = Inputs(
        policy,
        avgang=avfard,
        ankomst=ankomst,
        arbetstid_start=arbetstid_start,
        arbetstid_slut=arbetstid_slut,
        sovplats=sovplats,
    )
    return journey.answer("strackans_fardtid", ("resa", "stracka"))


@worksheet_function("Resetillägg och färdtid", "=TIMLON(33000)")
def TIMLON(manadslon: a.Manadslon, policy: a.PolicyVal = None) -> Answer:
    """Timlön i kronor: månadslönen delad med 165."""
    return Inputs(policy, manadslon=zero_as_blank(manadslon)).preset(datum=today()).answer("timlon")


@worksheet_function("Resetillägg och färdtid", '=FARDTIDSERSATTNING(12;33000;0;"2024-03-04")')
def FARDTIDSERSATTNING(
    timmar: a.Timmar,
    manadslon: a.Manadslon,
    timmar_fore: a.TimmarFore = None,
    datum: a.Datum = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Färdtidsersättning i kronor för timmar i en kalendervecka, i två nivåer.

    Under 30 minuter i veckan ger ingenting. `timmar före` är färdtid som redan ersatts samma vecka.
    """
    week = Inputs(
        policy,
        farddygnsminuter=timmar,
        veckominuter_fore=timmar_fore,
        manadslon=zero_as_blank(manadslon),
        datum=datum,
    )
    week.require("farddygnsminuter").preset(datum=today(), veckominuter_fore=0, person=range(week.shape.rows))
    week.same("farddag", "datum").optional("manadslon")
    return week.answer("fardtidsersattning", ("resa", "stracka", "farddygn"))


@worksheet_function("Bil", '=BILERSATTNING(120;"2024-05-02")')
def BILERSATTNING(
    km: a.Km,
    datum: a.Datum = None,
    bil: a.Bil = None,
    bilavtal: a.Bilavtal = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Bilersättning i kronor, skattefri och skattepliktig del tillsammans. Moped och mc ger 0."""
    trip = Inputs(policy, km=km, datum=datum, bil=bil, bilavtal=bilavtal).preset(datum=today())
    return trip.answer("bilersattning")


@worksheet_function("Bil", '=BILERSATTNINGDELAR(120;"2024-05-02")', table=True)
def BILERSATTNINGDELAR(
    km: a.Km,
    datum: a.Datum = None,
    bil: a.Bil = None,
    bilavtal: a.Bilavtal = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Bilersättning i tre kolumner: skattefritt, skattepliktigt, totalt."""
    trip = Inputs(policy, km=km, datum=datum, bil=bil, bilavtal=bilavtal).preset(datum=today())
    return tables.side_by_side(trip, ("bilersattning_skattefri", "bilersattning_skattepliktig", "bilersattning"))


@worksheet_function("Bil", "=MERSTRACKA(48;17,5)")
def MERSTRACKA(km: a.Km, normal_km: a.NormalKm) -> Answer:
    """Kilometer utöver den vanliga resan till tjänstestället, aldrig under 0."""
    return Inputs(None, km=km, normal_km=normal_km).answer("merstracka")


@worksheet_function("Bil", "=RESTRACKA(42;31;JA)")
def RESTRACKA(km_arbetsplats: a.KmArbetsplats, km_hem: a.KmHem, hemmet: a.Hemmet = None) -> Answer:
    """Kilometer som räknas: från hemmet när resan börjar eller slutar där och hemmet ligger närmare."""
    return Inputs(None, km_arbetsplats=km_arbetsplats, km_hem=km_hem, hemmet=hemmet).answer("restracka")


@worksheet_function("Bil", "=BILAVTAL(NEJ;130;300;0)")
def BILAVTAL(
    verksamhetsbil: a.Verksamhetsbil,
    resor_per_ar: a.ResorPerAr,
    mil_per_ar: a.MilPerAr,
    akutresor_per_vecka: a.AkutresorPerVecka,
    poolbil: a.Poolbil = None,
    villkor: a.Villkor = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Om enskilt bilavtal ska erbjudas, kan erbjudas eller inte (nej)."""
    need = Inputs(
        policy,
        verksamhetsbil=verksamhetsbil,
        resor_per_ar=resor_per_ar,
        mil_per_ar=mil_per_ar,
        akutresor_per_vecka=akutresor_per_vecka,
        poolbil=zero_as_blank(poolbil),
        villkor=villkor,
    )
    return need.preset(datum=today()).answer("bilavtalsratt")


@worksheet_function("Klimat", '=AVSTAND("ARN";"BRU")')
def AVSTAND(fran: a.Fran, till: a.Till) -> Answer:
    """Avstånd fågelvägen i kilometer mellan flygplatser (IATA-kod) eller svenska orter."""
    places = Inputs(None, fran_plats=fran, till_plats=till)
    return places.require("fran_plats", "till_plats").answer("storcirkel")


@worksheet_function("Klimat", '=UTSLAPP("tåg";455)')
def UTSLAPP(
    fardmedel: a.Fardmedel, km: a.Km, typ: a.Typ = None, datum: a.Datum = None, policy: a.PolicyVal = None
) -> Answer:
    """Utsläpp i kg CO2e för en sträcka, med policyns uppsättning av utsläppsfaktorer.

    Typ är drivmedel, flygklass eller slags tåg och buss.
    """
    trip = Inputs(policy, fardmedel=fardmedel, km=km, typ=typ, datum=datum).preset(datum=today())
    return trip.answer("utslapp")


@worksheet_function("Klimat", '=KLIMATPASLAG("flyg";3000;1200;"ekonomi";"Europa";"2024-05-02";"stockholm")')
def KLIMATPASLAG(
    fardmedel: a.Fardmedel,
    kostnad: a.Kostnad,
    km: a.Km = None,
    typ: a.Typ = None,
    zon: a.ZonEllerStracka = None,
    datum: a.Datum = None,
    policy: a.PolicyVal = None,
) -> Answer:
    """Internt klimatpåslag i kronor enligt policyn; det belastar enheten och betalas aldrig till resenären."""
    trip = Inputs(policy, fardmedel=fardmedel, kostnad=kostnad, km=km, typ=typ, datum=datum)
    tables.add_zone_or_route(trip, zon)
    return trip.preset(datum=today()).optional("km", "kostnad").answer("klimatpaslag")


@worksheet_function("Val av färdmedel", '=FARDMEDELSRANG("tåg";"inrikes")')
def FARDMEDELSRANG(fardmedel: a.Fardmedel, zon: a.Zon, policy: a.PolicyVal = None) -> Answer:
    """Färdmedlets plats i policyns rangordning: 1 är första hand, 0 är inte tillåtet."""
    return Inputs(policy, fardmedel=fardmedel, zon=zon).require("zon").answer("fardmedelsrang")


@worksheet_function("Val av färdmedel", '=GODKANNARE("flyg";JA)')
def GODKANNARE(fardmedel: a.Fardmedel, utrikes: a.Utrikes = None, policy: a.PolicyVal = None) -> Answer:
    """Vem som ska godkänna resan enligt policyn."""
    return Inputs(policy, fardmedel=fardmedel, utrikesresa=utrikes).answer("godkannare")


@worksheet_function(
    "Val av färdmedel",
    '=RESEKONTROLL({"Avresa";"Hemkomst";"Färdmedel";"Skäl"|"2024-03-04 07:00";"2024-03-04 17:00";"taxi";""})',
    table=True,
)
def RESEKONTROLL(tabell: a.Reserader, policy: a.PolicyVal = None) -> Answer:
    """Vad policyn och lagen säger om rader av resor, som tabell: rad, regel, grad, anmärkning.

    Grad är stopp, varning eller info. En kontroll vars kolumn saknas görs inte, och det sägs en gång.
    """
    return check_table(tabell, policy)


@worksheet_function(
    "Val av färdmedel",
    '=RESEJAMFORELSE({"Alternativ";"Färdmedel";"Avresa";"Förrättning börjar";"Förrättning slutar";"Hemkomst";'
    '"Biljett";"Km";"Månadslön"|'
    '"Tåg";"tåg";"2024-03-04 06:30";"2024-03-04 10:00";"2024-03-04 15:00";"2024-03-04 18:30";640;400;33000|'
    '"Digitalt";"digitalt";"";"";"";"";0;0;33000})',
    table=True,
)
def RESEJAMFORELSE(alternativ: a.Alternativ, policy: a.PolicyVal = None) -> Answer:
    """Jämför resealternativ: kostnad i delar och totalt, restid, utsläpp, rang och samlad bedömning."""
    return compare_table(alternativ, policy)


@worksheet_function("Val av färdmedel", "=PERIODKORT(4900;30;250)")
def PERIODKORT(
    kortpris: a.Kortpris,
    antal: a.Antal,
    biljettpris: a.Biljettpris,
    rabatterat_pris: a.RabatteratPris = None,
) -> Answer:
    """Kronor som ett periodkort sparar; negativt när kortet inte lönar sig."""
    card = Inputs(None, kortpris=kortpris, antal_resor=antal, biljettpris=biljettpris, rabatterat_pris=rabatterat_pris)
    return card.answer("periodkort")


@worksheet_function("Val av färdmedel", "=FORLANGDRESA(1200;1650)")
def FORLANGDRESA(pris_tjanst: a.PrisTjanst, pris_vald: a.PrisVald) -> Answer:
    """Kronor som medarbetaren själv betalar för att ha förlängt resan på eget initiativ."""
    return Inputs(None, pris_tjanst=pris_tjanst, pris_vald=pris_vald).answer("forlangd_resa")


@worksheet_function("Val av färdmedel", "=SJALVKOSTNAD(480;525)")
def SJALVKOSTNAD(betalt: a.Betalt, begart: a.Begart) -> Answer:
    """Kronor som högst får ersättas: aldrig mer än vad som betalades."""
    return Inputs(None, betalt=betalt, begart=begart).answer("sjalvkostnad")


@worksheet_function("Insyn", '=SATS("maximibelopp";"2024-05-02")')
def SATS(namn: a.Satsnamn, datum: a.Datum = None, policy: a.PolicyVal = None) -> Answer:
    """En sats som reglerna använder, i sin enhet. En sats med nycklar skrivs namn/nyckel."""
    return insight.rate(namn, datum, policy)


@worksheet_function("Insyn", '=REGEL("L-7.4-5")')
def REGEL(id: a.RegelId) -> Answer:  # noqa: A002  # the name in the contract
    """Regelns text på svenska med dess källa."""
    return insight.rule_text(id)


@worksheet_function("Insyn", '=FORKLARA("TRAKTAMENTE";"2024-03-04 07:00";"2024-03-06 20:00")', table=True)
def FORKLARA(funktion: a.Funktion, *argument: a.Varden) -> Answer:
    """Varje steg bakom en funktions svar, som tabell: steg, värde, enhet, regel, källa, gäller från, status."""
    return insight.explanation(funktion, argument)
