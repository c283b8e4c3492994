"""Grades, deviations, columns that lack, bad cells, and what a policy file may say of the controls."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from core.catalogue import all_rules
from core.engine import Column, ErrorBook
from core.kontroll.check import Checked, check
from core.kontroll.controls import CONTROLS, GRADES
from core.kontroll.words import ROLLER, SKAL, reasons, receipts, suffices
from core.law import law
from core.policies import PolicyError
from udfs.controls import checked_table

OWN_CAR: dict[str, Any] = {
    "Avresa": "2026-03-10 08:00",
    "Hemkomst": "2026-03-10 15:00",
    "Färdmedel": "privat bil",
    "Skäl": "",
    "Bilavtal": "nej",
}


def grades(row: dict[str, Any], policy: str = "linkoping") -> dict[str, tuple[str, bool]]:
    """Grade and whether it is lifted, by control."""
    checked = _checked(row, policy)
    return {
        checked.controls[which].name: (GRADES[grade], lifted)
        for which, grade, lifted in zip(
            checked.which.tolist(), checked.grades.tolist(), checked.lifted.tolist(), strict=True
        )
    }


def _checked(row: dict[str, Any], policy: str = "linkoping") -> Checked:
    return checked_table([list(row), list(row.values())], policy).checked


def policy_file(folder: Path, **keys: Any) -> str:
    path = folder / "min_kommun.yaml"
    path.write_text(yaml.safe_dump({"titel": "Min kommun", "kalla": "Prov", **keys}, allow_unicode=True), "utf-8")
    return str(path)


# Deviations (L-2.1-1)


def test_a_decided_deviation_with_a_reason_lifts_a_stop_to_information() -> None:
    assert grades(OWN_CAR)["privat_bil_utan_motiv"] == ("stopp", False)
    decided = OWN_CAR | {"Avsteg": "behörig chef", "Avsteg skäl": "Sjukt barn"}
    assert grades(decided)["privat_bil_utan_motiv"] == ("info", True)
    checked = _checked(decided)
    assert "avsteg beslutat" in checked.text(int(checked.which[0]), bool(checked.lifted[0]))


@pytest.mark.parametrize(
    "deviation",
    [
        {"Avsteg": "behörig chef", "Avsteg skäl": ""},
        {"Avsteg": "", "Avsteg skäl": "Sjukt barn"},
        {"Avsteg": "resenären själv", "Avsteg skäl": "Sjukt barn"},
        {"Avsteg": "ja", "Avsteg skäl": "Sjukt barn"},
    ],
)
def test_without_someone_in_charge_and_a_reason_the_stop_stands(deviation: dict[str, str]) -> None:
    assert grades(OWN_CAR | deviation)["privat_bil_utan_motiv"] == ("stopp", False)


@pytest.mark.parametrize(
    "who, grade", [("behörig chef", "stopp"), ("förvaltningschef", "info"), ("bolagschef", "stopp")]
)
def test_what_the_head_of_administration_decides_no_one_below_lifts(who: str, grade: str) -> None:
    row = OWN_CAR | {"Parkeringsböter": 900, "Avsteg": who, "Avsteg skäl": "Akut utryckning"}
    assert grades(row)["parkeringsboter_begarda"][0] == grade


def test_fines_are_lifted_by_no_one() -> None:
    row = OWN_CAR | {"Böter": 900, "Avsteg": "förvaltningschef", "Avsteg skäl": "Akut utryckning"}
    assert grades(row)["boter_begarda"] == ("stopp", False)


def test_linkoping_s_deviations_lift_nothing_of_stockholm_s() -> None:
    row = {"Avresa": "2026-03-10 08:00", "Färdmedel": "flyg", "Godkänd av": "behörig chef"}
    row |= {"Avsteg": "förvaltningschef", "Avsteg skäl": "Brådskande"}
    assert grades(row, "stockholm")["flyg_utan_ratt_godkannande"] == ("stopp", False)


# Messages


@pytest.mark.parametrize("one", CONTROLS.values(), ids=lambda one: one.name)
def test_a_control_says_what_is_wrong_and_rests_on_rules_that_exist(one: Any) -> None:
    assert one.refs and set(one.refs) <= set(all_rules())
    assert one.message.endswith(".") and one.message[0].isupper() and 15 <= len(one.message) <= 170
    assert one.grade in GRADES
    who = f"{one.lifted_by.capitalize()} kan besluta om avsteg." if one.lifted_by else ""
    assert one.lifter("linkoping") == who


def test_rules_that_name_the_head_of_administration_are_lifted_by_that_role_only() -> None:
    named = {one.name: one.lifted_by for one in CONTROLS.values() if {"L-7.8-3", "L-7.13-2"} & set(one.refs)}
    assert named == {"periodkort_fel_beslut": "förvaltningschef", "parkeringsboter_begarda": "förvaltningschef"}


def test_the_catalogue_names_the_controls_that_carry_a_rule_out_and_no_others() -> None:
    named = {
        (rule.id, carrier.removeprefix("kontroll "))
        for rule in all_rules().values()
        for carrier in rule.carried_out_by
        if carrier.startswith("kontroll ") and carrier.removeprefix("kontroll ") in CONTROLS
    }
    assert named == {(ref, one.name) for one in CONTROLS.values() for ref in one.refs}


# Which controls are on


def test_controls_of_a_document_are_on_under_its_policy_and_those_of_law_everywhere() -> None:
    on = {policy: set(law(policy).policy.controls) for policy in ("lagen", "linkoping", "stockholm")}
    of_law = {"overlappande_resor", "tva_hela_dagar", "traktamente_inom_orten", "langtidsforrattning"}
    assert of_law <= on["lagen"] < on["stockholm"] < on["linkoping"] == set(CONTROLS)
    assert on["stockholm"] - on["lagen"] == {"flyg_dar_tag_gar", "digitalt_ej_overvagt", "flyg_utan_ratt_godkannande"}


def test_a_shipped_policy_states_the_controls_that_are_on() -> None:
    """So that a municipality's own copy of the file keeps them under another name."""
    for policy in ("lagen", "linkoping", "stockholm"):
        path = Path(__file__).parents[3] / "core" / "policies" / f"{policy}.yaml"
        stated = yaml.safe_load(path.read_text(encoding="utf-8"))["kontroller"]
        assert {name: one["grad"] for name, one in stated.items()} == dict(law(policy).policy.controls)


def test_a_policy_of_ones_own_switches_on_off_and_grades(tmp_path: Path) -> None:
    stated = {"moped_eller_mc": {"grad": "info"}, "overlappande_resor": {"grad": "av"}}
    own = policy_file(tmp_path, kontroller=stated)
    controls = law(own).policy.controls
    assert controls["moped_eller_mc"] == "info"
    assert "overlappande_resor" not in controls
    assert "taxi_utan_skal" not in controls
    assert controls["tva_hela_dagar"] == "stopp"
    assert grades(OWN_CAR | {"Färdmedel": "mc"}, own) == {"moped_eller_mc": ("info", False)}


def test_a_policy_of_ones_own_sets_limits(tmp_path: Path) -> None:
    rate = {"fran": "2020-01-01", "varde": 90, "kalla": "Kommunens beslut", "status": "bekräftad"}
    own = policy_file(
        tmp_path,
        satser={"kontroll_inlamning_dagar": {"varden": [rate]}},
        kontroller={"sen_reserakning": {"grad": "stopp"}},
    )
    row = OWN_CAR | {"Reseräkning inlämnad": "2026-06-08"}  # 90 days after 10 March
    assert "sen_reserakning" in grades(row)
    assert "sen_reserakning" not in grades(row, own)
    late = row | {"Reseräkning inlämnad": "2026-06-09"}
    assert "sen_reserakning" in grades(late, own)
    said = {
        policy: [_checked(late, policy).text(n, False) for n in _checked(late, policy).which]
        for policy in (own, "linkoping")
    }
    assert "Reseräkningen lämnades in sent efter hemkomsten." in said[own]
    assert "Reseräkningen lämnades in sent efter hemkomsten. Gränsen är obekräftad." in said["linkoping"]


@pytest.mark.parametrize(
    "section, words",
    [
        ({"moped": {"grad": "info"}}, ("kontroller", "'moped' finns inte", "Tillåtna är ")),
        ({"moped_eller_mc": {"grad": "fel"}}, ("moped_eller_mc → grad: 'fel' finns inte", "'stopp'", "'av'")),
        ({"moped_eller_mc": {"nivå": "info"}}, ("moped_eller_mc → nivå: okänd nyckel; tillåtna är grad",)),
    ],
)
def test_a_fault_in_the_section_is_told_with_what_is_allowed(tmp_path: Path, section: Any, words: Any) -> None:
    with pytest.raises(PolicyError) as raised:
        law(policy_file(tmp_path, kontroller=section))
    for word in words:
        assert word in str(raised.value)


# Columns that lack, and cells that cannot be read


def test_a_control_without_its_column_is_not_made_and_named_once() -> None:
    checked = _checked({"Avresa": "2026-03-10 08:00", "Färdmedel": "privat bil"})
    assert "privat_bil_utan_motiv" in checked.unchecked["Skäl"]
    assert "privat_bil_utan_motiv" not in {one.name for one in checked.controls}
    names = [name for several in checked.unchecked.values() for name in several]
    assert len(names) == len(set(names))
    assert set(names) | {one.name for one in checked.controls} == set(law("linkoping").policy.controls)


def test_an_unknown_role_is_named_and_decides_nothing() -> None:
    row = OWN_CAR | {"Godkänd av": "Kim Karlsson"}
    made = checked_table([list(row), list(row.values())], "linkoping")
    (mask, text), *others = made.unread
    assert mask.tolist() == [True] and not others
    assert text.startswith('Godkänd av: Okänd roll "Kim Karlsson".')
    tripped = {made.checked.controls[which].name for which in made.checked.which.tolist()}
    assert not tripped & {"godkannande_saknas", "godkand_av_fel_roll"}


def test_an_unknown_mode_hinders_its_own_row_only() -> None:
    row = OWN_CAR | {"Skäl": ""}
    made = checked_table([list(row), list((row | {"Färdmedel": "raket"}).values()), list(row.values())], "linkoping")
    own_car = [one.name for one in made.checked.controls].index("privat_bil_utan_motiv")
    assert made.checked.rows[made.checked.which == own_car].tolist() == [1]


def test_a_fault_in_one_trip_does_not_hide_another_s_overlap() -> None:
    row = OWN_CAR | {"Anst.nr": "7"}
    rows = [row, row | {"Avresa": "igår"}, row | {"Avresa": "2026-03-10 09:00"}]
    made = checked_table([list(row), *(list(one.values()) for one in rows)], "linkoping")
    overlap = [one.name for one in made.checked.controls].index("overlappande_resor")
    assert made.checked.rows[made.checked.which == overlap].tolist() == [2]


def test_many_unknown_roles_are_one_remark() -> None:
    heading = ["Avresa", "Färdmedel", "Godkänd av"]
    rows = [["2026-03-10 08:00", "tåg", f"Person {number}"] for number in range(40)]
    made = checked_table([heading, *rows], "linkoping")
    assert len(made.unread) == 1
    assert made.unread[0][0].all()


def test_no_trips_and_no_controls_are_nothing() -> None:
    under = law("linkoping")
    empty = {"fardmedel": Column(np.zeros(0, np.int64))}
    checked = check(under.rules, under.figures, "linkoping", under.policy.controls, empty, 0, ErrorBook())
    assert len(checked) == 0 and checked.controls
    assert len(check(under.rules, under.figures, "linkoping", {}, empty, 0, ErrorBook())) == 0


# Words


@pytest.mark.parametrize(
    "wanted, may",
    [
        ("behörig chef", {0, 1, 2, 3, 4}),
        ("förvaltningschef", {1, 3, 4}),
        ("bolagschef", {2, 3, 4}),
        ("förvaltningschef/bolagschef", {1, 2, 3, 4}),
        ("resenären själv", {5}),
        ("nämndens ordförande", {0, 1, 2, 3, 4}),  # a role we do not know: only oneself is refused
    ],
)
def test_who_may_stand_in_for_whom(wanted: str, may: set[int]) -> None:
    assert ROLLER.words[5] == "resenären själv"
    assert set(np.flatnonzero(suffices(wanted)).tolist()) == may


@pytest.mark.parametrize(
    "text, reason",
    [
        ("Kollektivtrafik saknas", "kollektivtrafik saknas"),
        ("Ingen kollektivtrafik på natten", "kollektivtrafik saknas"),
        ("stora besvär", "betydande olägenhet"),
        ("Tungt bagage", "bagage"),
        ("Annat skäl", "annan omständighet"),
        ("Bekvämt", "angivet"),
    ],
)
def test_reasons_are_found_in_sentences(text: str, reason: str) -> None:
    assert reasons([text]).values.tolist() == [SKAL[reason]]


def test_no_reason_and_receipts() -> None:
    assert reasons(["", "-", None]).values.tolist() == [-1, -1, -1]
    assert receipts([2, 0, "ja", "nej", "tågbiljett", "", True]).values.tolist() == [1, 0, 1, 0, 1, 0, 1]
