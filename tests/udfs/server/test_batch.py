"""The answers of `/batch`: ops of many calls and of one, ranges, tables, errors; figures counted by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.udfs.server.asking import ask, calls, column, items, one
from udfs.registry import FUNCTIONS
from udfs.server.settings import Settings

MARCH_4, MARCH_6 = 45355.25, 45357.875
"""2024-03-04 06:00 and 2024-03-06 21:00: three whole days of 290 kr."""


def test_calls_are_answered_in_order() -> None:
    # Own car without an agreement in 2024: 29 kr per mil (the tax-free 25 kr and 4 kr more)
    (answer,) = ask(calls("BILERSATTNING", 3, [100, 10, 1], ["2024-05-02"]))
    assert answer == {"values": [290, 29, 2.9], "errors": []}


def test_ranges_come_back_in_their_shape() -> None:
    down, across = ask(
        one("MERSTRACKA", column(48, 17.5, 3), 17.5),
        one("MERSTRACKA", {"rows": 1, "columns": 3, "values": [48, 17.5, 3]}, 17.5),
    )
    assert (down["rows"], down["columns"], down["values"]) == (3, 1, [30.5, 0, 0])
    assert (across["rows"], across["columns"], across["values"]) == (1, 3, [30.5, 0, 0])


@pytest.mark.parametrize("single", [48, {"rows": 1, "columns": 1, "values": [48]}])
def test_one_cell_is_one_value(single: Any) -> None:
    (answer,) = ask(one("MERSTRACKA", single, 17.5))
    assert answer == {"rows": 1, "columns": 1, "values": [30.5], "errors": []}


def test_serial_numbers_texts_and_blanks_are_read() -> None:
    (answer,) = ask(
        calls(
            "TRAKTAMENTE", 3, [MARCH_4, "2024-03-04 06:00", MARCH_4], [MARCH_6], [None, "Sverige", 0], ["*FLM", None, 0]
        )
    )
    # Frukost, lunch och middag fria: 90 % of 290 kr is withheld each day, 3 × 29 kr are left
    assert items(answer) == [87, 870, 870]


def test_a_fault_is_its_own_item_s_only_and_equal_faults_are_gathered() -> None:
    (answer,) = ask(calls("MERSTRACKA", 5, [20, "tjugo", 30, -1, "tjugo"], [5]))
    assert answer["values"] == [15, None, 25, None, None]
    assert [(group["items"], group["code"]) for group in answer["errors"]] == [([1, 4], "#VALUE!"), ([3], "#NUM!")]
    assert '"tjugo"' in answer["errors"][0]["message"]


def test_an_error_cell_is_the_answer_of_its_row_before_all_else() -> None:
    gone, divided = {"error": "#N/A"}, {"error": "#DIV/0!"}
    together, range_, alone = ask(
        calls("TRAKTAMENTE", 4, [MARCH_4, gone, "x", divided], [MARCH_6, gone, divided, gone]),
        one("TRAKTAMENTE", column(MARCH_4, gone, "x", divided), column(MARCH_6, gone, divided, gone)),
        one("TRAKTAMENTE", gone),
    )
    for answer in (together, range_):
        assert answer["values"] == [870, None, None, None]
        assert [code for code, _ in items(answer)[1:]] == ["#N/A", "#DIV/0!", "#DIV/0!"]
    assert items(alone)[0][0] == "#N/A"


def test_an_error_cell_for_all_calls_is_the_answer_of_all() -> None:
    (answer,) = ask(calls("MERSTRACKA", 2, [1, "x"], [{"error": "#REF!"}]))
    assert [code for code, _ in items(answer)] == ["#REF!", "#REF!"]


def test_calls_without_columns_that_differ_are_computed_once_and_answered_all() -> None:
    (answer,) = ask(calls("MERSTRACKA", 3, [20], [5]))
    assert answer == {"values": [15, 15, 15], "errors": []}
    (nothing,) = ask(calls("MERSTRACKA", 0, [], []))
    assert nothing == {"values": [], "errors": []}


def test_an_argument_that_is_left_out_is_named() -> None:
    many, single, none = ask(calls("TRAKTAMENTE", 2, [MARCH_4] * 2), one("TRAKTAMENTE", MARCH_4), one("TIMLON"))
    assert items(many) == [("#VALUE!", "Hemkomst saknas.")] * 2
    assert items(single) == [("#VALUE!", "Hemkomst saknas.")]
    assert items(none) == [("#VALUE!", "Månadslön saknas.")]


def test_a_table_among_calls_stands_in_its_item() -> None:
    (answer,) = ask(calls("BILERSATTNINGDELAR", 2, [100, -1], ["2024-05-02"]))
    # 10 mil in 2024 at 25 kr tax-free and 4 kr above that
    assert answer["values"][0] == {"rows": 1, "columns": 3, "values": [250, 40, 290], "errors": []}
    assert [group["code"] for group in answer["values"][1]["errors"]] == ["#NUM!"]


def test_a_table_is_an_answer_with_a_heading_row() -> None:
    (answer,) = ask(one("TRAKTAMENTEDAGAR", MARCH_4, MARCH_6))
    assert (answer["rows"], answer["columns"]) == (4, 10)
    assert answer["values"][:2] == ["Datum", "Land"]
    assert answer["values"][10:12] == ["2024-03-04", "Sverige"]
    assert answer["values"][3::10] == ["Belopp", 290, 290, 290]


def test_an_unknown_function_and_a_wrong_form_fail_alone() -> None:
    unknown, long, many, uneven, both, neither, good = ask(
        one("TRAKTAMENT", 1),
        calls("MERSTRACKA", 3, [1, 2], [3]),
        one("TIMLON", 1, 2, 3),
        one("TIMLON", {"rows": 2, "columns": 2, "values": [1, 2, 3]}),
        {"function": "TIMLON", "calls": 1, "arguments": [33000]},
        {"function": "TIMLON"},
        one("TIMLON", 33000),
    )
    assert unknown["error"]["code"] == "#NAME?"
    assert "Menade du TRAKTAMENTE" in unknown["error"]["message"]
    said = [(long, "kolumn 1 har 2 värden"), (many, "högst 2 argument"), (uneven, "4 celler"), (both, "antingen")]
    for answer, part in [*said, (neither, "antingen")]:
        assert (answer["error"]["code"], part in answer["error"]["message"]) == ("#VALUE!", True), answer
    assert items(good) == [200]  # 33 000 / 165


def test_functions_are_found_whatever_their_case() -> None:
    (answer,) = ask(one("timlon", 33000))
    assert items(answer) == [200]


def test_a_range_of_several_columns_is_refused_where_one_is_wanted() -> None:
    (answer,) = ask(one("TIMLON", {"rows": 2, "columns": 2, "values": [1, 2, 3, 4]}))
    assert [code for code, _ in items(answer)] == ["#VALUE!"]


# The policy and the day


def test_the_request_s_policy_holds_for_calls_that_name_none() -> None:
    at = ask(calls("GODKANNARE", 3, ["flyg"], [True], [None, "stockholm", "linkoping"]), policy="stockholm")
    there, named, other = items(at[0])
    assert there == named == "förvaltningschef/bolagschef"
    assert other != named


def test_calls_under_different_policies_are_apart_and_an_unknown_one_fails_alone() -> None:
    (answer,) = ask(calls("GODKANNARE", 4, ["flyg"], [True], ["stockholm", "stokholm", "lagen", "stockholm"]))
    first, unknown, law, last = items(answer)
    assert first == last == "förvaltningschef/bolagschef"
    assert unknown[0] == "#VALUE!" and "Menade du stockholm" in unknown[1]
    assert law[0] == "#N/A"


def test_today_is_the_date_of_the_request() -> None:
    # 0.5 % of the price base amount to the nearest ten: 57 300 → 290 kr, 59 200 → 300 kr
    for date, amount in (("2024-05-02", 290), ("2026-05-02", 300)):
        figure, country = ask(one("SATS", "maximibelopp"), one("NORMALBELOPP", "Sverige"), date=date)
        assert items(figure) == items(country) == [amount]


def test_a_policy_cannot_be_a_path(tmp_path: Any) -> None:
    own = tmp_path / "egen.yaml"
    own.write_text("titel: Egen\nkalla: Egen\n", "utf-8")
    by_path, explained = ask(one("TIMLON", 33000, str(own)), one("FORKLARA", "TIMLON", 33000, str(own)))
    assert "Okänd policy" in items(by_path)[0][1]
    assert "Okänd policy" in items(explained)[0][1]
    (offered,) = ask(one("TIMLON", 33000, "egen"), settings=Settings(policy_folder=tmp_path))
    assert items(offered) == [200]


# Many calls answer as each of them alone

MOMENTS = st.sampled_from(
    [MARCH_4, MARCH_6, 45355.0, "2024-03-04 07:00", "2024-03-06 20:00", "2024-03-04", "2025-05-01 08:00", 45800.4]
)
BLANKS = st.sampled_from([None, "", 0, " ", "\u00a0"])
ERRORS = st.sampled_from([{"error": "#N/A"}, {"error": "#DIV/0!"}])
ODD = st.sampled_from(["x", "ja", True, False, -1, 1, 1e9, 0.5, "2024-02-30", "#REF!", "12,5", "ARN-XX", "-"])
WORDS = {
    **dict.fromkeys(("avresa", "hemkomst", "avfärd", "ankomst"), MOMENTS),
    "datum": st.sampled_from([45355.0, "2024-05-02", "2031-01-01", 20240502.0, 45000.7]),
    "långtid från": st.sampled_from([45000.0, "2023-01-01"]),
    "land": st.sampled_from(["Sverige", "Frankrike", "FR", "Nårje"]),
    "måltider": st.sampled_from(["*F", "FhLM, Fh, -", "FLM", "-", "FLX", "M,,M"]),
    "policy": st.sampled_from(["stockholm", "lagen", "linkoping", "norrköping", "../x"]),
    "färdmedel": st.sampled_from(["tåg", "flyg", "privat bil", "moped", "bil", "digitalt"]),
    "zon": st.sampled_from(["inrikes", "Europa", "ARN-GOT", "ARN-BRU", "ARN-XXQ", "Linköping–Umeå"]),
    "typ": st.sampled_from(["ekonomi", "el", "diesel", "hybrid"]),
    "bil": st.sampled_from(["egen", "moped", "förmånsbil", "bil"]),
    "namn": st.sampled_from(["maximibelopp", "normalbelopp/FR", "maxibelopp"]),
    "id": st.sampled_from(["L-7.4-5", "L-99"]),
}
NUMBERS = st.sampled_from([0.5, 1, 12, 100, 33000, "7,5", 1e7, "JA", "NEJ", True, "08:00", "ARN", "Umeå"])


@st.composite
def many_calls(draw: st.DrawFn) -> dict[str, Any]:
    """Calls of one function with cells right and wrong, blank and in error."""
    function = FUNCTIONS[draw(st.sampled_from([name for name in FUNCTIONS if name != "RESEJAMFORELSE"]))]
    count, given_ = draw(st.integers(1, 10)), draw(st.integers(0, len(function.parameters)))
    columns = []
    for parameter in function.parameters[:given_]:
        likely = WORDS.get(parameter.argument.title, NUMBERS)
        cell = st.one_of(likely, likely, likely, BLANKS, ODD, ERRORS)
        length = draw(st.sampled_from([1, count, count, count]))
        columns.append(draw(st.lists(cell, min_size=length, max_size=length)))
    return calls(function.name, count, *columns)


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(many_calls())
def test_many_calls_answer_as_each_alone(op: dict[str, Any]) -> None:
    count, columns = op["calls"], op["columns"]
    (together,) = ask(op, date="2026-03-10")
    alone = ask(
        *(calls(op["function"], 1, *([cells[i if len(cells) > 1 else 0]] for cells in columns)) for i in range(count)),
        date="2026-03-10",
    )
    assert items(together) == [items(answer)[0] for answer in alone]


@pytest.mark.parametrize("cells", [[None, 0], [0, None, 12], ["", 12, None], [12, "x", None]])
def test_blanks_beside_numbers_are_told_of_as_alone(cells: list[Any]) -> None:
    # A column that is blank on some rows is another input to the rules than one that is left out
    (together,) = ask(calls("FARDTIDSERSATTNING", len(cells), cells))
    alone = ask(*(calls("FARDTIDSERSATTNING", 1, [cell]) for cell in cells))
    assert items(together) == [items(answer)[0] for answer in alone]


def test_a_long_column_of_unknown_words_is_advised_word_by_word() -> None:
    words = [f"Norge{number}" for number in range(100, 160)]
    (together,) = ask(calls("NORMALBELOPP", len(words), words, ["2024-05-02"]))
    assert all("Menade du Norge?" in message for _, message in items(together))


def test_a_column_longer_than_a_block_is_answered_in_place() -> None:
    count = 20_000
    kilometres = [number % 977 for number in range(count)]
    (answer,) = ask(
        calls("MERSTRACKA", count, kilometres, [{"error": "#N/A"} if n == 9000 else 7 for n in range(count)])
    )
    expected = [max(km - 7, 0) for km in kilometres]
    assert answer["values"][:9000] == expected[:9000] and answer["values"][9001:] == expected[9001:]
    assert [group["items"] for group in answer["errors"]] == [[9000]]
