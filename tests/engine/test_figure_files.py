"""Reading a rates file: what it says, and every way of saying it wrongly."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from core.engine import Figure, FigureError, load_figures
from core.engine.clock import LAST_DAY, as_date
from core.engine.figure_files import read_yaml

KEYS = {"fruit": ("lemon", "lime")}

GOOD = """
saftskatt:
  titel: Saftskatt
  enhet: kr
  regel: [S 1, S 2]
  kand_till: 2004-12-31
  hjalp: Fråga torget.
  varden:
    - {fran: 2001-01-01, varde: 2.90, kalla: Torget, kontrollerad: 2005-01-01, status: bekräftad}
    - fran: "2003-06-15"
      varde: "3,05"
      kalla: Byn
      status: två källor
      anmarkning: Nytt torg.
pris:
  titel: Pris
  enhet: procent
  nyckel: fruit
  varden:
    - {fran: 2001-01-01, varde: {lime: 0.5, lemon: 100}, kalla: Torget, status: förslag}
"""

PLAIN = """
saft:
  titel: Saft
  enhet: kr
  varden:
    - {fran: 2001-01-01, varde: 1, kalla: Torget, status: bekräftad}
"""
KEYED = PLAIN.replace("  varden:", "  nyckel: fruit\n  varden:").replace("varde: 1", "varde: {lemon: 1}")


def _load(folder: Path, text: str) -> list[Figure]:
    path = folder / "rates.yaml"
    path.write_text(text, encoding="utf-8")
    return load_figures(path, KEYS)


def test_a_good_file(tmp_path: Path) -> None:
    tax, price = _load(tmp_path, GOOD)
    assert (tax.name, tax.title, tax.unit, tax.refs, tax.help) == (
        "saftskatt",
        "Saftskatt",
        "kr",
        ("S 1", "S 2"),
        "Fråga torget.",
    )
    assert as_date(tax.known_until) == dt.date(2004, 12, 31)
    first, second = tax.entries
    assert (as_date(first.from_day), first.key, first.value) == (dt.date(2001, 1, 1), None, 290)
    assert (first.source, first.checked, first.status) == ("Torget", "2005-01-01", "bekräftad")
    assert (as_date(second.from_day), second.value, second.checked) == (dt.date(2003, 6, 15), 305, "")
    assert (price.key_kind, price.keys, price.known_until) == ("fruit", ("lemon", "lime"), LAST_DAY)
    assert [(entry.key, entry.value, entry.status) for entry in price.entries] == [
        ("lime", 50, "förslag"),
        ("lemon", 10_000, "förslag"),
    ]


def _plain(old: str, new: str) -> str:
    assert PLAIN.count(old) == 1, old
    return PLAIN.replace(old, new)


def _keyed(old: str, new: str) -> str:
    assert KEYED.count(old) == 1, old
    return KEYED.replace(old, new)


WRONG = {
    "unknown key": (
        _plain("enhet: kr", "enhet: kr\n  enehet: kr"),
        "saft: okänd nyckel 'enehet'; tillåtna är",
    ),
    "unknown value key": (
        _plain("kalla: Torget", "kalla: T, sida: 3"),
        "saft: okänd nyckel 'sida'; tillåtna är",
    ),
    "no title": (_plain("  titel: Saft\n", ""), "saft: nyckeln 'titel' saknas"),
    "no unit": (_plain("  enhet: kr\n", ""), "saft: nyckeln 'enhet' saknas"),
    "no values": (PLAIN[: PLAIN.index("  varden")], "saft: nyckeln 'varden' saknas"),
    "no date": (_plain("fran: 2001-01-01, ", ""), "saft: nyckeln 'fran' saknas"),
    "no value": (_plain("varde: 1, ", ""), "saft: nyckeln 'varde' saknas"),
    "no source": (_plain("kalla: Torget, ", ""), "saft: nyckeln 'kalla' saknas"),
    "no status": (_plain(", status: bekräftad", ""), "saft: nyckeln 'status' saknas"),
    "unit": (
        _plain("enhet: kr", "enhet: kronor"),
        "saft: enhet 'kronor' finns inte; tillåtna är .*kr per mil",
    ),
    "unit as a list": (_plain("enhet: kr", "enhet: [kr]"), r"saft: enhet \['kr'\] finns inte"),
    "status": (
        _plain("bekräftad", "säker"),
        "saft: status 'säker' finns inte; tillåtna är bekräftad, två källor",
    ),
    "key kind": (
        _keyed("nyckel: fruit", "nyckel: frukt"),
        "saft: nyckel 'frukt' finns inte; tillåtna är fruit",
    ),
    "key kind as a list": (_keyed("nyckel: fruit", "nyckel: [fruit]"), "saft: nyckel .* finns inte"),
    "key": (_keyed("lemon: 1", "melon: 1"), "saft: nyckeln 'melon' finns inte; tillåtna är lemon, lime"),
    "one value for all keys": (
        _keyed("{lemon: 1}", "1"),
        "saft: varde ska ange ett värde per nyckel: lemon, lime",
    ),
    "keys without a kind": (_plain("varde: 1", "varde: {lemon: 1}"), "saft: varde: .* är inte ett tal"),
    "no such day": (
        _plain("2001-01-01", "2001-02-30"),
        "saft: fran ska vara ett datum som .*, inte '2001-02-30'",
    ),
    "date in words": (
        _plain("2001-01-01", "nyår"),
        "saft: fran ska vara ett datum som 2026-01-01, inte 'nyår'",
    ),
    "date with time": (_plain("2001-01-01", "2001-01-01 10:00:00"), "saft: fran ska vara ett datum"),
    "last known day": (
        _plain("enhet: kr", "enhet: kr\n  kand_till: 2004"),
        "saft: kand_till ska vara ett datum",
    ),
    "decimals": (
        _plain("varde: 1,", "varde: 1.005,"),
        "saft: varde: '1.005' har fler decimaler än enheten kr rymmer",
    ),
    "no number": (_plain("varde: 1,", "varde: ett,"), "saft: varde: 'ett' är inte ett tal"),
    "infinite": (_plain("varde: 1,", "varde: inf,"), "saft: varde: 'inf' är inte ett tal"),
    "empty value": (_plain("varde: 1,", "varde: ,"), "saft: varde: None är inte ett tal"),
    "truth as a number": (_plain("varde: 1,", "varde: true,"), "saft: varde: True är inte ett tal"),
    "the same day twice": (PLAIN + PLAIN.splitlines()[-1], "saft: två värden gäller från 2001-01-01"),
    "refs not a list": (_plain("enhet: kr", "enhet: kr\n  regel: S 1"), "saft: regel ska vara en lista"),
    "values not a list": (_plain("    - {", "    {"), "saft: varden ska vara en lista med minst ett värde"),
    "values empty": (
        PLAIN[: PLAIN.index("  varden")] + "  varden: []",
        "varden ska vara en lista med minst ett värde",
    ),
    "value not a block": (PLAIN[: PLAIN.index("    -")] + "    - 5", "saft: ska ha nycklarna"),
    "figure not a block": ("saft: 5", "saft: ska ha nycklarna dolj_noll, enhet, hjalp, kand_till"),
    "key stated twice": (
        _plain("enhet: kr", "enhet: kr\n  enhet: km"),
        r"nyckeln 'enhet' står två gånger \(rad 3\)",
    ),
    "figure stated twice": (PLAIN + PLAIN, "nyckeln 'saft' står två gånger"),
    "key of a value twice": (_keyed("lemon: 1", "lemon: 1, lemon: 2"), "nyckeln 'lemon' står två gånger"),
    "a list as key": (PLAIN + "[a]: 1", "nyckeln .* ska vara ett ord"),
    "a list": ("- saft", "filen ska innehålla satser med namn"),
    "empty": ("", "filen ska innehålla satser med namn"),
    "not YAML": ("saft: [", "inte giltig YAML"),
    "two documents": (PLAIN + "---" + PLAIN, "inte giltig YAML"),
    "python object": ("saft: !!python/name:os.system", "inte giltig YAML"),
}


@pytest.mark.parametrize(("text", "what"), WRONG.values(), ids=WRONG)
def test_a_malformed_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, what: str) -> None:
    with pytest.raises(FigureError, match=f"^rates.yaml: .*{what}"):
        _load(tmp_path, text)


def test_the_untouched_texts_are_right(tmp_path: Path) -> None:
    """Otherwise the cases above could be wrong for another reason."""
    assert [entry.value for entry in _load(tmp_path, PLAIN)[0].entries] == [100]
    assert [(entry.key, entry.value) for entry in _load(tmp_path, KEYED)[0].entries] == [("lemon", 100)]


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match=r"^none.yaml: filen kan inte läsas"):
        load_figures(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes("titel: på".encode("latin-1"))
    with pytest.raises(FigureError, match=r"^latin.yaml: filen kan inte läsas"):
        load_figures(tmp_path / "latin.yaml")


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("NO", "NO"),  # Norway
        ("no", "no"),
        ("yes", "yes"),
        ("On", "On"),
        ("True", "True"),
        ("true", True),
        ("false", False),
        ("2.90", "2.90"),  # exact text, not a float
        ("1e3", "1e3"),
        (".5", ".5"),
        ("12", 12),
        ("06:00", "06:00"),
        ("2026-01-01", dt.date(2026, 1, 1)),
        ("2026-02-30", "2026-02-30"),
        ("~", None),
        ("'true'", "true"),
    ],
)
def test_values_as_python_reads_them(tmp_path: Path, written: str, value: object) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"a: {written}\n{written}: b\n" if written != "~" else "a: ~", encoding="utf-8")
    content = read_yaml(path)
    assert content["a"] == value
    assert type(content["a"]) is type(value)
    if value is not None:
        assert content[value] == "b", "keys are read alike"
