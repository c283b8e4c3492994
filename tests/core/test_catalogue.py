"""The rule catalogue: complete, well-formed, readable, and looked up by id."""

import dataclasses
import re
from pathlib import Path

import pytest

from core.catalogue import WITHIN, CatalogueError, Rule, UnknownRule, all_rules, find, read_rules
from core.kontroll.rules import CONTROLS

POLICY_IDS = (Path(__file__).parent / "catalogue_ids.txt").read_text(encoding="utf-8").split()

_STATUTE = (
    "IL 2:27, IL 11:1, IL 11:2, IL 11:2 a, IL 12:5, IL 12:6, IL 12:7, IL 12:8, IL 12:9, IL 12:10, IL 12:11, "
    "IL 12:12, IL 12:13, IL 12:14, IL 12:15, IL 12:16, IL 12:17, IL 12:18, IL 12:21, IL 12:22, IL 61:3, "
    "IL 61:4, SKV A 2019:24, SKV A 2025:5, RÅ 2006 ref. 59, RÅ 2005 ref. 69"
)
STATUTE_IDS = _STATUTE.split(", ")

AGREEMENT_IDS = ("AB § 20", "AB § 24", "BIA", "TRAKT T", "TRAKT 01 lokalt")

# Every worksheet function of the contract.
_FUNCTIONS = (
    "TRAKTAMENTE TRAKTAMENTEDAGAR UTRIKESTRAKTAMENTE UTRIKESTRAKTAMENTEDAGAR NORMALBELOPP NATTRAKTAMENTE "
    "MALTIDSAVDRAG KOSTFORMAN RESETILLAGG FARDTID TIMLON FARDTIDSERSATTNING BILERSATTNING "
    "BILERSATTNINGDELAR MERSTRACKA RESTRACKA BILAVTAL AVSTAND UTSLAPP KLIMATPASLAG FARDMEDELSRANG "
    "GODKANNARE PERIODKORT FORLANGDRESA SJALVKOSTNAD SATS REGEL FORKLARA RESEKONTROLL RESEJAMFORELSE"
)
CONTRACT_FUNCTIONS = set(_FUNCTIONS.split())

# The headings of an imported sheet, and of its results, that a rule may name.
_HEADINGS = (
    "Avdelning, Avstånd till förrättningen, Färdmedel, Sovplats, Dygn, Traktamente, Skattefritt, "
    "Skattepliktigt, Måltidsavdrag, Kostförmån, Nattraktamente, Resetillägg, Färdtid h, Färdtidsersättning, "
    "Bilersättning skattefri, Bilersättning skattepliktig, Utsläpp kg CO2e, Klimatpåslag, Ersättning totalt, "
    "Resekostnad totalt, Godkännare, Anmärkningar, Fel"
)
SHEET_HEADINGS = set(_HEADINGS.split(", "))

EVERY_RULE = pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.id)


def test_every_policy_id_is_there_and_no_other_in_the_documents_order() -> None:
    in_data = [rule_id for rule_id in all_rules() if rule_id.startswith(("L-", "S-"))]
    assert in_data == POLICY_IDS
    assert len(POLICY_IDS) == len(set(POLICY_IDS)) == 182  # 161 of Linköping, 21 of Stockholm


def test_statute_and_agreements_are_there_and_nothing_else() -> None:
    others = {rule_id for rule_id in all_rules() if not rule_id.startswith(("L-", "S-"))}
    assert others == {*STATUTE_IDS, *AGREEMENT_IDS}


@EVERY_RULE
def test_text_is_readable(rule: Rule) -> None:
    assert 20 <= len(rule.text) <= 600
    assert rule.text.endswith(".")
    assert rule.text[0].isupper() or rule.text[0].isdigit()
    assert not re.search(r"[é|¢]|  |\n", rule.text), "remains of the scanned text"
    assert 1 <= len(re.findall(r"[.](?= [A-ZÅÄÖ]|$)", rule.text)) <= 3, "one to three sentences"


@EVERY_RULE
def test_what_carries_a_rule_out_exists(rule: Rule) -> None:
    assert len(set(rule.carried_out_by)) == len(rule.carried_out_by)
    for carrier in rule.carried_out_by:
        kind, _, what = carrier.partition(" ")
        if kind == "funktion":
            assert what in CONTRACT_FUNCTIONS
        elif kind == "kolumn":
            assert what in SHEET_HEADINGS
        elif carrier == "information":
            assert rule.carried_out_by == ("information",), "nothing else is needed for mere information"
        elif kind == "kontroll":
            assert (what in CONTROLS) is not rule.later
        else:  # that the field is there is seen in tests/xlsx/forms/test_catalogue_fields.py
            assert kind == "formulär"
            assert what and (WITHIN in what) is not rule.later


def test_every_computed_function_of_the_contract_carries_a_rule_out() -> None:
    carried_out = {carrier.removeprefix("funktion ") for r in all_rules().values() for carrier in r.carried_out_by}
    of_no_rule = {"AVSTAND", "REGEL", "FORKLARA", "RESEKONTROLL"}  # helpers, and controls named one by one
    assert CONTRACT_FUNCTIONS - carried_out == of_no_rule


@pytest.mark.parametrize(
    "rule_id, figures",
    [  # read in the documents: the figures that a payroll officer relies on
        ("L-5.1-3", ["120", "500"]),
        ("L-6.3-1", ["7 dagar"]),
        ("L-7.3-1", ["50 kronor", "4 timmar"]),
        ("L-7.4-5", ["12.00"]),
        ("L-7.4-6", ["19.00"]),
        ("L-7.4.1-1", ["06.00", "24.00"]),
        ("L-7.4.1-5", ["15", "35", "70", "85"]),
        ("L-7.5-11", ["22.00", "06.00"]),
        ("L-7.7-3", ["10 dagar"]),
        ("S-4", ["2030", "2040"]),
        ("S-14", ["50 procent", "förslag"]),
        ("IL 12:5", ["25", "12", "9,50"]),
        ("IL 12:7", ["50 kilometer"]),
        ("IL 12:11", ["0,5 procent"]),
        ("IL 12:21", ["70 procent", "50 procent", "30 procent"]),
        ("IL 61:3", ["0,52 procent", "40 procent", "20 procent"]),
        ("AB § 24", ["53,3", "80", "10 timmarna", "30 minuter", "obekräftade"]),
        ("BIA", ["2,90", "3,70", "1,55", "obekräftade"]),
    ],
)
def test_text_holds_the_figures_of_its_source(rule_id: str, figures: list[str]) -> None:
    assert [figure for figure in figures if figure not in find(rule_id).text] == []


def test_a_rule_says_where_it_stands_and_what_it_is() -> None:
    rule = find("L-7.4-5")
    assert rule.document == "Tillämpningsanvisningar för hållbara resor i tjänsten, Linköpings kommun (odaterad)"
    assert rule.section == "7.4 Traktamente"
    assert rule.kinds == ("beräkning",)
    assert rule.strength == "ska"
    assert rule.carried_out_by == (
        "funktion TRAKTAMENTE",
        "funktion TRAKTAMENTEDAGAR",
        "kontroll avresa_pa_gransen",
    )
    assert not rule.later
    assert rule.lines == "257"
    with pytest.raises(dataclasses.FrozenInstanceError):
        rule.text = "något annat"  # type: ignore[misc]


@pytest.mark.parametrize(
    "rule_id, later",
    [
        ("L-7.4-5", False),
        ("L-3-3", False),
        ("L-6.3-1", False),  # a control
        ("L-6.3-5", False),  # a form's field
        ("L-7-7", False),  # the comparison of modes
        ("L-7-6", True),  # a control that there is not
        ("L-7.14-4", True),  # a form that there is not
        ("L-1-2", False),  # information only
    ],
)
def test_later_is_what_nothing_of_today_carries_out(rule_id: str, later: bool) -> None:
    assert find(rule_id).later is later


@pytest.mark.parametrize(
    "written, rule_id",
    [
        ("L-7.4-5", "L-7.4-5"),
        (" l-7.4-5 ", "L-7.4-5"),
        ("L\u20137.4.2\u2212t", "L-7.4.2-T"),  # dashes as a word processor writes them
        ("s-13A", "S-13a"),
        ("il12:17", "IL 12:17"),
        ("IL 12 kap. 17 §", "IL 12:17"),
        ("IL 11 kap 2 a §", "IL 11:2 a"),
        ("IL\u00a012:5", "IL 12:5"),
        ("ab §24", "AB § 24"),
        ("rå 2006 ref. 59", "RÅ 2006 ref. 59"),
    ],
)
def test_find_reads_ids_as_people_write_them(written: str, rule_id: str) -> None:
    assert find(written).id == rule_id


def test_an_unknown_id_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownRule) as raised:
        find("L-7.4-55")
    assert str(raised.value).startswith('Okänd regel "L-7.4-55". Närmast är L-7.4-5,')
    with pytest.raises(KeyError, match=r'^Okänd regel "xyzzy"\.$'):
        find("xyzzy")


def catalogue(fields: str) -> str:
    return f"dokument: Provdokument\nregler:\n  P-1:\n{fields}"


GOOD = """\
    avsnitt: 1 Prov
    slag: [villkor]
    styrka: bör
    rader: 12-14
    text: En regel att prova med.
    utfors_av: [kontroll prov]
    kommer: true
"""


def test_read_rules_reads_a_file_of_ones_own() -> None:
    assert read_rules(catalogue(GOOD), "egen.yaml") == [
        Rule(
            id="P-1",
            document="Provdokument",
            section="1 Prov",
            kinds=("villkor",),
            strength="bör",
            text="En regel att prova med.",
            carried_out_by=("kontroll prov",),
            later=True,
            lines="12-14",
        )
    ]


@pytest.mark.parametrize(
    "right, wrong, said",
    [
        ("styrka: bör", "styrka: måste", 'egen.yaml: P-1: styrka har "måste". Tillåtna är ska, bör, får.'),
        ("[villkor]", "[krav]", 'egen.yaml: P-1: slag har "krav". Tillåtna är beräkning, '),
        (
            "avsnitt: 1 Prov",
            "kapitel: 1 Prov",
            'egen.yaml: P-1: okänd nyckel "kapitel". Tillåtna är avsnitt, ',
        ),
        ("    avsnitt: 1 Prov\n", "", "egen.yaml: P-1: nyckeln avsnitt saknas."),
        ("    kommer: true\n", "", "egen.yaml: P-1: kommer ska vara true bara när"),
        ("[kontroll prov]", "[funktion SATS]", "egen.yaml: P-1: kommer ska vara true bara när"),
        ("kommer: true", "kommer: kanske", "egen.yaml: P-1: kommer ska vara true eller false."),
        ("[kontroll prov]", "[kalender]", 'egen.yaml: P-1: utfors_av har "kalender". En post är information'),
        ("[kontroll prov]", "[formulär reserakning › Kontroll › Ombokad]", "P-1: kommer ska vara true bara när"),
        ("[kontroll prov]", "[kontroll prov, funktion SATS]", "P-1: utfors_av blandar det som finns i dag med det"),
        ("[kontroll prov]", "[formulär reserakning]", 'P-1: utfors_av har "formulär reserakning". Ett fält skrivs'),
        ("[kontroll prov]", "[formulär reserakning › Kontroll]", "Ett fält skrivs formulär › blad › fält, och ett"),
        ("[kontroll prov]", "[formulär blankett › Sida › Fält]", "formulären är reserakning, resebudget, uppfoljni"),
        ("[kontroll prov]", "[]", "egen.yaml: P-1: utfors_av ska vara en lista"),
        ("text: En regel att prova med.", "text: 17", "egen.yaml: P-1: text ska vara en text."),
        ("rader: 12-14", "rader: tolv", "egen.yaml: P-1: rader ska vara radnummer"),
        ("    styrka: bör\n", "    styrka: bör\n    styrka: får\n", 'Nyckeln "styrka" står två gånger.'),
        ("[villkor]", "[villkor", "egen.yaml: filen går inte att läsa."),
    ],
)
def test_a_malformed_file_is_refused_with_file_and_key(right: str, wrong: str, said: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        read_rules(catalogue(GOOD.replace(right, wrong)), "egen.yaml")
    assert said in str(raised.value)
    assert str(raised.value).startswith("egen.yaml: ")


@pytest.mark.parametrize(
    ("carrier", "later"),
    [
        ("formulär reserakning › Kontroll › Ombokad", False),
        ("formulär reserakning › Bil och utlägg › Slag › visum", False),
        ("formulär skadeanmälan", True),
        ("kontroll sen_reserakning", False),
        ("kontroll sen ankomst", True),
    ],
)
def test_a_field_of_a_form_is_of_today_and_a_form_in_few_words_is_to_come(carrier: str, later: bool) -> None:
    content = catalogue(GOOD.replace("[kontroll prov]", f"[{carrier}]"))
    content = content if later else content.replace("    kommer: true\n", "")
    assert [(rule.carried_out_by, rule.later) for rule in read_rules(content, "egen.yaml")] == [((carrier,), later)]


def test_an_id_given_twice_is_refused() -> None:
    with pytest.raises(CatalogueError, match='Nyckeln "P-1" står två gånger'):
        read_rules(catalogue(GOOD) + "  P-1:\n" + GOOD, "egen.yaml")


@pytest.mark.parametrize("content", ["", "- P-1", "dokument: Bara namnet", "dokument: Prov\nregler: [P-1]"])
def test_a_file_of_another_shape_is_refused(content: str) -> None:
    with pytest.raises(CatalogueError, match=r"^egen\.yaml: "):
        read_rules(content, "egen.yaml")
