"""Words, yes and no, and the fixed vocabularies."""

from __future__ import annotations

from typing import Any

import pytest

from core.vocabulary import (
    BIL,
    FARDMEDEL,
    MALTID,
    ROLL,
    TYP,
    ZON,
    Codes,
    closest,
    normalise,
    parse_truth,
    truths,
)
from core.vocabulary.words import plain


@pytest.mark.parametrize(
    ("text", "normal", "letters"),
    [
        ("  Lätt   LASTBIL ", "lätt lastbil", "lattlastbil"),
        ("Plug-in", "plug in", "plugin"),
        ("Færøarna", "færøarna", "faeroarna"),
        ("Bosnien & Hercegovina", "bosnien och hercegovina", "bosnienochhercegovina"),
        ("ta\u030ag", "tåg", "tag"),
    ],
)
def test_words_are_made_comparable(text: str, normal: str, letters: str) -> None:
    assert (normalise(text), plain(text)) == (normal, letters)


@pytest.mark.parametrize(
    ("codes", "text", "word"),
    [
        (FARDMEDEL, "Tåg", "tåg"),
        (FARDMEDEL, "tag", "tåg"),
        (FARDMEDEL, "TRAIN", "tåg"),
        (FARDMEDEL, "båt", "färja"),
        (FARDMEDEL, "båt/färja", "färja"),
        (FARDMEDEL, "egen bil", "privat bil"),
        (FARDMEDEL, "Privatbil", "privat bil"),
        (FARDMEDEL, "own car", "privat bil"),
        (FARDMEDEL, "formansbil", "förmånsbil"),
        (FARDMEDEL, "lätt-lastbil", "lätt lastbil"),
        (FARDMEDEL, "motorcykel", "mc"),
        (FARDMEDEL, "Teams", "digitalt"),
        (FARDMEDEL, "plane", "flyg"),
        (TYP, "Första klass", "första"),
        (TYP, "HVO 100", "hvo"),
        (TYP, "E 85", "e85"),
        (TYP, "norden", "Norden"),
        (TYP, "premium economy", "premium"),
        (BIL, "egen bil", "egen"),
        (BIL, "Förmånsbil, el", "förmånsbil el"),
        (ZON, "inom kommunen", "kommunen"),
        (ZON, "abroad", "utrikes"),
        (MALTID, "Hotellfrukost", "hotell"),
        (MALTID, "r", "extern"),
        (MALTID, "X", "kost"),
        (ROLL, "Politiker", "förtroendevald"),
    ],
)
def test_a_word_is_known_however_it_is_written(codes: Codes, text: str, word: str) -> None:
    assert codes.word(codes.code(text)) == word


@pytest.mark.parametrize("codes", [FARDMEDEL, TYP, BIL, ZON, MALTID, ROLL])
def test_a_code_is_the_place_of_its_word(codes: Codes) -> None:
    assert [codes.code(word) for word in codes.words] == list(range(len(codes)))
    assert [codes[word] for word in codes.words] == list(range(len(codes)))
    with pytest.raises(IndexError):
        codes.word(-1)


def test_meal_types_have_the_numbers_of_the_rule() -> None:
    words = ["ingen", "kost", "hotell", "transport", "extern", "intern", "affärskontakt"]
    assert [MALTID[word] for word in words] == [0, 1, 2, 3, 4, 5, 6]


def test_an_unknown_word_gets_the_nearest_and_all_words() -> None:
    with pytest.raises(ValueError) as caught:
        FARDMEDEL.code("tågg")
    assert str(caught.value).startswith('Okänt färdmedel "tågg". Menade du tåg? Skriv ett av: gång, cykel, ')
    with pytest.raises(ValueError) as caught:
        ROLL.code("qqq")
    assert str(caught.value) == 'Okänd roll "qqq". Skriv ett av: anställd, förtroendevald.'


@pytest.mark.parametrize("text", ["bil", "Car", "personbil"])
def test_an_ambiguous_word_lists_what_it_may_be(text: str) -> None:
    with pytest.raises(ValueError) as caught:
        FARDMEDEL.code(text)
    cars = "verksamhetsbil, poolbil, hyrbil, leasingbil, privat bil eller förmånsbil"
    assert str(caught.value) == f'"{text}" kan vara flera slags färdmedel. Skriv {cars}.'


def test_a_reference_to_an_empty_cell_is_blank_but_other_numbers_are_no_words() -> None:
    column = FARDMEDEL.column([0, 12, "flyg"])
    assert column.values.tolist() == [-1, -1, FARDMEDEL["flyg"]]
    assert column.given.tolist() == [False, True, True]
    assert column.problems[0].message.startswith('Okänt färdmedel "12".')


def test_words_with_two_meanings_are_refused() -> None:
    with pytest.raises(ValueError):
        Codes("sak", ("ett", "två"), {"ett": ("samma",), "två": ("Samma",)})


def test_words_alike_only_without_accents_are_not_mixed_up() -> None:
    codes = Codes("sak", ("mal", "mål"))
    assert (codes.code("mal"), codes.code("MÅL")) == (0, 1)
    with pytest.raises(ValueError):
        codes.code("mäl")


def test_the_closest_words_leave_out_those_much_worse() -> None:
    assert closest("Tysklnd", ["Tyskland", "Ryssland", "Peru"]) == ["Tyskland"]
    assert closest("qqq", ["Tyskland"]) == []


@pytest.mark.parametrize("text", ["ja", "JA", "x", "X", "sant", "True", "1", "yes", " ja "])
def test_yes(text: str) -> None:
    assert parse_truth(text) == 1


@pytest.mark.parametrize("text", ["nej", "falskt", "FALSE", "0", "no"])
def test_no(text: str) -> None:
    assert parse_truth(text) == 0


@pytest.mark.parametrize("cell", ["kanske", 2, -1, 0.5])
def test_neither(cell: Any) -> None:
    (problem,) = truths([cell]).problems
    assert "är varken ja eller nej. Skriv ja eller nej, SANT eller FALSKT, 1 eller 0." in problem.message


def test_a_blank_truth_is_not_given_but_zero_is_no() -> None:
    column = truths([None, "", 0, 1.0])
    assert column.given.tolist() == [False, False, True, True]
    assert column.values.tolist() == [0, 0, 0, 1]
