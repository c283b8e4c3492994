"""Countries as people write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.vocabulary import COUNTRIES, OVRIGA, SVERIGE, Countries


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("Sverige", "SE"),
        ("Inrikes", "SE"),
        ("inrikes resa", "SE"),
        ("Inrikesresa", "SE"),
        ("Inom Sverige", "SE"),
        ("TYSKLAND", "DE"),
        (" tyskland ", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("Germany", "DE"),
        ("Osterrike", "AT"),
        ("England", "GB"),
        ("storbritannien", "GB"),
        ("USA", "US"),
        ("United States", "US"),
        ("Holland", "NL"),
        ("Vitryssland", "BY"),
        ("Burma", "MM"),
        ("no", "NO"),
        ("Övriga länder och områden", "ZZ"),
    ],
)
def test_a_country_is_known(text: str, iso: str) -> None:
    assert COUNTRIES.iso(COUNTRIES.code(text)) == iso


def test_constants_names_and_zones() -> None:
    assert (COUNTRIES.iso(SVERIGE), COUNTRIES.name(SVERIGE), COUNTRIES.zone(SVERIGE)) == (
        "SE",
        "Sverige",
        "inrikes",
    )
    assert COUNTRIES.iso(OVRIGA) == "ZZ"
    assert COUNTRIES.zone(COUNTRIES.code("Norge")) == "Norden"
    assert COUNTRIES.zone(COUNTRIES.code("Japan")) == "övriga världen"
    assert COUNTRIES.membership(COUNTRIES.code("Tyskland")) == "eu"
    with pytest.raises(IndexError):
        COUNTRIES.name(-1)


def test_every_name_and_iso_code_leads_back() -> None:
    for code in range(len(COUNTRIES)):
        assert COUNTRIES.code(COUNTRIES.name(code)) == code
        assert COUNTRIES.code(COUNTRIES.iso(code).lower()) == code
        assert COUNTRIES.by_iso[COUNTRIES.iso(code)] == code
        assert COUNTRIES.zone(code) in ("inrikes", "Norden", "Europa", "övriga världen")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Tysklnd", 'Okänt land "Tysklnd". Menade du Tyskland?'),
        ("Norje", 'Okänt land "Norje". Menade du Norge?'),
        ("Utrikes", '"Utrikes" är inget land. Skriv landets svenska namn eller landskod.'),
        ("utrikes-resa", '"utrikes-resa" är inget land. Skriv landets svenska namn eller landskod.'),
        ("qqqq", 'Okänt land "qqqq". Skriv landets svenska namn eller landskod.'),
    ],
)
def test_an_unknown_country_gets_the_nearest(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        COUNTRIES.code(text)
    assert str(caught.value) == message


def test_a_column_of_countries() -> None:
    column = COUNTRIES.column(["Sverige", None, "Norg", "Norge", 0])
    assert column.values.tolist() == [SVERIGE, -1, -1, COUNTRIES.code("NO"), -1]
    assert column.given.tolist() == [True, False, True, True, False]
    assert [problem.rows.tolist() for problem in column.problems] == [[2]]


def test_only_some_of_many_unknown_words_are_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.vocabulary.words.SUGGESTED_WORDS", 20)
    column = COUNTRIES.column([f"Norge{i}" for i in range(100, 200)])
    with_advice = ["Menade du" in problem.message for problem in column.problems]
    assert with_advice == [True] * 20 + [False] * 80


HEADING = "kod,namn,synonymer,zon,ees\n"


@pytest.mark.parametrize(
    "rows",
    [
        "kod,namn\nSE,Sverige\n",
        HEADING + "SE,Sverige,,inrikes,eu\n",
        HEADING + "SE,Sverige,Här,inrikes,eu\nZZ,Övriga,här,övriga världen,\n",
    ],
    ids=["a column missing", "a country missing", "a synonym of two countries"],
)
def test_a_broken_list_is_refused(tmp_path: Path, rows: str) -> None:
    file = tmp_path / "lander.csv"
    file.write_text(rows, encoding="utf-8")
    with pytest.raises(ValueError):
        Countries(file).code("Här")


def test_sweden_and_the_rest_come_first_whatever_the_file_order(tmp_path: Path) -> None:
    file = tmp_path / "lander.csv"
    lines = ["NO,Norge,,Norden,ees", "ZZ,Övriga,,övriga världen,", "SE,Sverige,Sweden|SWE,inrikes,eu"]
    file.write_text(HEADING + "\n".join(lines), encoding="utf-8")
    assert [country.iso for country in Countries(file).all] == ["SE", "ZZ", "NO"]
