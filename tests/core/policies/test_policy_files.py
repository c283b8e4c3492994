"""Policy files: the shipped ones load and say where they come from, the faulty ones say what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.engine.figures import STATUSES
from core.law import law
from core.policies import FOLDER, PolicyError, find_policy, policy_names
from core.policies.schema import read_policy_file, read_shipped

WritePolicy = Callable[..., Path]

ENTRY: dict[str, Any] = {"fran": "2020-01-01", "varde": 10, "kalla": "Ett beslut", "status": "obekräftad"}
CHARGE: dict[str, Any] = {
    "namn": "flyg",
    "titel": "Påslag",
    "bas": "procent av kostnaden",
    "fardmedel": ["flyg"],
    "satser": [ENTRY],
}


def charge(**changes: Any) -> dict[str, Any]:
    return {"klimatpaslag": [{**CHARGE, **changes}]}


def entry(**changes: Any) -> dict[str, Any]:
    return charge(satser=[{**ENTRY, **changes}])


@pytest.mark.parametrize("name", policy_names())
def test_shipped_policy_loads_with_sources(name: str) -> None:
    policy = law(name).policy
    assert policy.title and policy.source
    rates = [figure for figure in policy.figures.values() if figure.name.startswith("klimatsats_")]
    assert rates or name == "lagen"
    for figure in rates:
        for stated in figure.entries:
            assert stated.source and stated.status in STATUSES
            assert stated.checked == "2026-11-21"


@pytest.mark.parametrize("name", policy_names())
def test_shipped_policy_is_valid_and_says_the_same_when_that_is_taken_for_granted(name: str) -> None:
    path = FOLDER / f"{name}.yaml"
    assert read_shipped(path) == read_policy_file(path)


@pytest.mark.parametrize("name", policy_names())
def test_shipped_policy_is_strict(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.yaml"
    path.write_text((FOLDER / f"{name}.yaml").read_text(encoding="utf-8") + "\npaslag: 1\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=f"{name}.yaml: paslag: okänd nyckel"):
        law(str(path))


def test_a_confirmed_charge_has_the_organisation_or_its_decision_as_source() -> None:
    own = {
        "goteborg": "Vårt Göteborg",
        "kth": "KTH",
        "liu": "Linköpings universitet",
        "ostersund": "Östersunds kommun",
        "region_uppsala": "Region Uppsala",
        "region_vastmanland": "Region Västmanland",
        "slu": "SLU|Upphörd",
        "su": "Rektors beslut|Upphörd",
        "tomelilla": "Tomelilla kommun",
        "vgr": "Västra Götalandsregionen|Regionfullmäktige",
    }
    for name in policy_names():
        for figure in law(name).policy.figures.values():
            if figure.name.startswith("klimatsats_"):
                for stated in figure.entries[1:]:
                    if stated.status == "bekräftad":
                        assert name in own, (name, stated)
                        assert stated.source.startswith(tuple(own[name].split("|"))), stated


FAULTS: dict[str, tuple[dict[str, Any], tuple[str, ...]]] = {
    "unknown key": ({"paslag": 1}, ("paslag: okänd nyckel", "tillåtna är titel, kalla", "klimatpaslag")),
    "misspelt key": (
        charge(fardmedell=["flyg"]),
        ("klimatpaslag → 1 → fardmedell: okänd nyckel", "fardmedel", "i_stallet_for"),
    ),
    "misspelt key of a route": (
        charge(rutter=[{"mellan": ["GOT"], "ock": ["ARN"]}]),
        ("rutter → 1 → ock: okänd nyckel", "mellan, och"),
    ),
    "wrong type of a list": (charge(fardmedel="flyg"), ("fardmedel: 'flyg' ska vara en lista",)),
    "wrong type of a text": ({"anmarkning": 5}, ("anmarkning: 5 ska vara text",)),
    "wrong type of a truth": (
        {"utslapp": {"hojdeffekt": "ja"}},
        ("utslapp → hojdeffekt: 'ja' ska vara true eller false",),
    ),
    "a truth as a number": ({"utslapp": {"hojdeffekt": 1}}, ("hojdeffekt: 1 ska vara true eller false",)),
    "a text for a charge": ({"klimatpaslag": ["flyg"]}, ("klimatpaslag → 1", "ska vara nycklar med värden")),
    "unknown mode": (
        charge(fardmedel=["flygg"]),
        ("fardmedel: 'flygg' finns inte", "Menade du flyg?", "Tillåtna är gång, cykel"),
    ),
    "unknown type": (charge(typ=["bensinn"]), ("typ: 'bensinn' finns inte", "bensin, diesel")),
    "unknown zone": (charge(zon=["världen"]), ("zon: 'världen' finns inte", "övriga världen")),
    "unknown basis": (charge(bas="kr per km"), ("bas: 'kr per km' finns inte", "kr per mil, kr per kg CO2e")),
    "unknown place": (
        charge(rutter=[{"mellan": ["Oslo"]}]),
        ("flyg → rutter", "Oslo", "flygplatskod som ARN"),
    ),
    "route without places": (charge(rutter=[{"mellan": []}]), ("mellan: listan får inte vara tom",)),
    "unknown factor set": (
        {"utslapp": {"faktorer": "SE-kommun 2024"}},
        ("utslapp → faktorer: 'SE-kommun 2024' finns inte", "SE-kommun 2025"),
    ),
    "unknown figure": (
        {"satser": {"resetillagg_belop": {"varden": [ENTRY]}}},
        ("satser → resetillagg_belop: satsen finns inte", "Menade du resetillagg_belopp", "Tillåtna är"),
    ),
    "value of another unit": (
        {"satser": {"hel_avresedag_senast": {"varden": [{**ENTRY, "varde": 12}]}}},
        ("satser → hel_avresedag_senast: varde: '12' är inte ett klockslag som 12:00",),
    ),
    "value that is no number": (
        entry(varde="tio"),
        ("klimatpaslag → flyg → satser: varde: 'tio' är inte ett tal",),
    ),
    "value with too many decimals": (
        charge(bas="kr per mil", satser=[{**ENTRY, "varde": "1.234"}]),
        ("flyg → satser: varde: '1.234' har fler decimaler än enheten kr per mil rymmer",),
    ),
    "misspelt status": (
        entry(status="bekräftat"),
        ("flyg → satser: status 'bekräftat' finns inte", *STATUSES),
    ),
    "no date": (entry(fran="2020"), ("flyg → satser: fran ska vara ett datum som 2026-01-01, inte '2020'",)),
    "unknown key of a rate": (entry(source="x"), ("flyg → satser: okänd nyckel 'source'", "kalla")),
    "rate without a source": (
        charge(satser=[{key: ENTRY[key] for key in ("fran", "varde", "status")}]),
        ("flyg → satser: nyckeln 'kalla' saknas",),
    ),
    "no rates": (charge(satser=[]), ("klimatpaslag → 1 → satser: listan får inte vara tom",)),
    "two rates of one day": (
        charge(satser=[ENTRY, {**ENTRY, "varde": 20}]),
        ("flyg → satser: två värden gäller från 2020-01-01", "ett per datum"),
    ),
    "two charges of one name": (
        {"klimatpaslag": [CHARGE, CHARGE]},
        ("klimatpaslag: namnet 'flyg' står två gånger",),
    ),
    "name that is no name": (charge(namn="Flyg inrikes"), ("namn: 'Flyg inrikes'", "små bokstäver")),
    "instead of an unknown charge": (
        charge(i_stallet_for=["inrikes"]),
        ("klimatpaslag: 'inrikes' finns inte", "Tillåtna är flyg"),
    ),
    "instead of itself": (charge(i_stallet_for=["flyg"]), ("'flyg' kan inte både ersätta och ersättas",)),
    "approver of a home trip only": (
        {"godkannare": [{"roll": "chef", "resa": "inrikes"}]},
        ("godkannare: någon rad ska gälla alla färdmedel",),
    ),
    "approver of an unknown trip": (
        {"godkannare": [{"roll": "chef", "resa": "hemma"}]},
        ("godkannare → 1 → resa: 'hemma' finns inte", "'inrikes', 'utrikes' och 'alla'"),
    ),
    "unknown eve": ({"fria_aftnar": ["julafon"]}, ("fria_aftnar: 'julafon' finns inte", "julafton")),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_fault_is_one_sentence(fault: str, write_policy: WritePolicy) -> None:
    keys, words = FAULTS[fault]
    with pytest.raises(PolicyError) as raised:
        law(str(write_policy(**keys)))
    sentence = str(raised.value)
    assert sentence.startswith("min_kommun.yaml: ")
    assert "\n" not in sentence
    for word in words:
        assert word in sentence


TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "no title": ("kalla: Ett beslut\n", ("titel: saknas",)),
    "no source": ("titel: Min kommun\n", ("kalla: saknas",)),
    "not YAML": ("titel: [Min kommun\nkalla: ]: x\n", ("inte giltig YAML",)),
    "empty": ("", ("filen ska ha nycklarna titel, kalla",)),
    "a list": ("- titel: Min kommun\n", ("filen ska ha nycklarna titel, kalla",)),
    "a key twice": (
        "titel: Min kommun\ntitel: Din kommun\nkalla: x\n",
        ("nyckeln 'titel' står två gånger",),
    ),
    "a deep key twice": (
        "titel: Min kommun\nkalla: x\nutslapp:\n  hojdeffekt: true\n  hojdeffekt: false\n",
        ("nyckeln 'hojdeffekt' står två gånger", "rad 4"),
    ),
    "a truth in Swedish": (
        "titel: Min kommun\nkalla: x\nutslapp: {hojdeffekt: yes}\n",
        ("hojdeffekt: 'yes' ska vara true eller false",),
    ),
    "a key that is a number": ("titel: Min kommun\nkalla: x\n1: y\n", ("1: nyckeln ska vara text",)),
}


@pytest.mark.parametrize("fault", TEXTS)
def test_faulty_file_is_named(fault: str, write_policy: WritePolicy) -> None:
    text, words = TEXTS[fault]
    with pytest.raises(PolicyError) as raised:
        law(str(write_policy(text)))
    for word in ("min_kommun.yaml: ", *words):
        assert word in str(raised.value)


def test_several_faults_have_a_line_each(write_policy: WritePolicy) -> None:
    with pytest.raises(PolicyError) as raised:
        law(str(write_policy(anmarkning=5, paslag=1)))
    assert [line.split(": ")[1] for line in str(raised.value).splitlines()] == ["anmarkning", "paslag"]


def test_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "aldre.yaml"
    path.write_bytes("titel: Östersund\nkalla: x\n".encode("cp1252"))
    with pytest.raises(PolicyError, match=r"aldre\.yaml: filen kan inte läsas"):
        law(str(path))


def test_unknown_policy_names_the_nearest() -> None:
    with pytest.raises(PolicyError, match=r'Okänd policy "helsinborg"\. Menade du helsingborg.*Välj .*vgr'):
        law("helsinborg")
    with pytest.raises(PolicyError, match=r"Policyfilen .*saknas\.yaml finns inte"):
        law("/tmp/saknas.yaml")


def test_own_file_outside_the_package(write_policy: WritePolicy, trip: Any) -> None:
    path = write_policy(**entry(varde=15))
    assert find_policy(str(path)) == path
    assert law(str(path)).policy.name == "min_kommun"
    assert trip(path, fardmedel="flyg", kostnad=1000) == 150  # 15 % of 1 000 kr


def test_a_changed_file_is_read_again(write_policy: WritePolicy, trip: Any) -> None:
    path = write_policy(**entry(varde=15))
    assert trip(path, fardmedel="flyg", kostnad=1000) == 150
    stamp = path.stat().st_mtime_ns
    write_policy(**entry(varde=25))
    if path.stat().st_mtime_ns == stamp:
        pytest.skip("the clock of the file system is too coarse")
    assert trip(path, fardmedel="flyg", kostnad=1000) == 250


def test_a_figure_of_the_law_cannot_be_set(tmp_path: Path) -> None:
    """A policy decides what is paid; what is tax-free is the law's."""
    file = tmp_path / "egen.yaml"
    rate = "{fran: 2024-01-01, varde: {egen: 40}, kalla: vi, status: obekräftad}"
    file.write_text(f"titel: T\nkalla: K\nsatser:\n  milersattning_skattefri:\n    varden:\n      - {rate}\n", "utf-8")
    with pytest.raises(PolicyError, match=r"egen.yaml: satser → milersattning_skattefri: satsen är lagens \(IL 12:5\)"):
        law(str(file))
