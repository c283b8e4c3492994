"""The rule catalogue: what each rule of the policies, the law and the agreements says, in Swedish.

Each YAML file beside this module holds one document and its rules. `find` answers for one rule id,
`all_rules` for all of them; the files are read on first use and then kept.

What carries a rule out is a list of entries. Of today: `funktion NAME` (a worksheet function),
`kolumn HEADING` (a column that the bulk recalculation computes from or gives back), `kontroll NAME` (a control of
core/kontroll by its name), `formulär FORM › SHEET › FIELD` (a field or a column of one of `FORMS`, by the names that
stand in the template, and where one choice is meant `› WORD` of its list) and `information` (nothing to compute or
check). To come: a `kontroll` of another name, and a `formulär` that is said in a few words.
A rule has `kommer: true` exactly when all that would carry it out is to come; the two kinds are never mixed, so that
no rule claims more than there is.
"""

import difflib
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from core.kontroll.rules import CONTROLS

try:
    from yaml import CSafeLoader as _SafeLoader
except ImportError:  # PyYAML built without libyaml
    from yaml import SafeLoader as _SafeLoader  # type: ignore[assignment]

__all__ = ["CatalogueError", "Rule", "UnknownRule", "all_rules", "find", "read_rules"]

KINDS = (
    "beräkning",
    "villkor",
    "godkännande",
    "prioritering",
    "underlag",
    "tidsfrist",
    "rapportering",
    "förbud",
    "ansvar",
    "definition",
    "information",
)
STRENGTHS = ("ska", "bör", "får")
CARRIERS = ("funktion", "kontroll", "formulär", "kolumn")
FORMS = ("reserakning", "resebudget", "uppfoljning", "import")
WITHIN = " › "
REQUIRED_KEYS = ("avsnitt", "slag", "styrka", "text", "utfors_av")
OPTIONAL_KEYS = ("rader", "kommer")


class CatalogueError(ValueError):
    """A catalogue file is malformed. The message names the file, the rule, the key and what is allowed."""


class UnknownRule(KeyError):
    """No rule has the id asked for. The message, in Swedish, names the nearest ids."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would show the message in quotes


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `lines` are the lines of the document's transcription as text ("257", "4-6"), or None."""

    id: str
    document: str
    section: str
    kinds: tuple[str, ...]
    strength: str
    text: str
    carried_out_by: tuple[str, ...]
    later: bool
    lines: str | None


def find(rule_id: str) -> Rule:
    """The rule with this id; case and spaces do not matter, and `IL 12 kap. 17 §` is read as `IL 12:17`.

    Raises `UnknownRule` with up to three of the nearest ids when there is none.
    """
    rules = _rules_by_key()
    key = _key(rule_id)
    if key in rules:
        return rules[key]
    nearest = [rules[close].id for close in difflib.get_close_matches(key, rules, n=3)]
    hint = f" Närmast är {', '.join(nearest)}." if nearest else ""
    raise UnknownRule(f'Okänd regel "{rule_id}".{hint}')


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule by its id, file by file in name order and within a file in the document's order."""
    return MappingProxyType({rule.id: rule for rule in _rules_by_key().values()})


@cache
def _rules_by_key() -> Mapping[str, Rule]:
    documents = (entry for entry in files(__name__).iterdir() if entry.name.endswith(".yaml"))
    rules: dict[str, Rule] = {}
    for document in sorted(documents, key=lambda entry: entry.name):
        for rule in read_rules(document.read_text(encoding="utf-8"), document.name):
            key = _key(rule.id)
            if key in rules:
                raise CatalogueError(f"{document.name}: regeln {rule.id} finns redan ({rules[key].document}).")
            rules[key] = rule
    return MappingProxyType(rules)


def read_rules(content: str, name: str | Path) -> list[Rule]:
    """The rules of one catalogue file, given its YAML text; `name` is the file's name in error messages.

    Raises `CatalogueError` for invalid YAML, unknown or missing keys, words that are not allowed and ids
    given twice.
    """
    try:
        data = yaml.load(content, Loader=_UniqueKeyLoader)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{name}: filen går inte att läsa. {error}") from error
    if not isinstance(data, dict):
        raise CatalogueError(f"{name}: filen ska ha nycklarna dokument och regler.")
    _check_keys(data, required=("dokument", "regler"), optional=(), place=str(name))
    document = _text(data, "dokument", str(name))
    if not isinstance(data["regler"], dict):
        raise CatalogueError(f"{name}: regler ska ha ett regel-id per nyckel.")
    return [_read_rule(rule_id, fields, document, str(name)) for rule_id, fields in data["regler"].items()]


def _read_rule(rule_id: object, fields: object, document: str, name: str) -> Rule:
    place = f"{name}: {rule_id}"
    if not isinstance(rule_id, str) or not isinstance(fields, dict):
        raise CatalogueError(f"{place}: en regel skrivs som ett id med nycklar under.")
    _check_keys(fields, REQUIRED_KEYS, OPTIONAL_KEYS, place)
    carried_out_by = _texts(fields, "utfors_av", place)
    later = fields.get("kommer", False)
    if not isinstance(later, bool):
        raise CatalogueError(f"{place}: kommer ska vara true eller false.")
    of_today = {_is_of_today(carrier, place) for carrier in carried_out_by}
    if len(of_today) > 1:
        raise CatalogueError(f"{place}: utfors_av blandar det som finns i dag med det som kommer.")
    if later in of_today:
        raise CatalogueError(f"{place}: kommer ska vara true bara när inget av i dag utför regeln.")
    lines = fields.get("rader")
    if lines is not None and (isinstance(lines, bool) or not re.fullmatch(r"\d[\d, -]*", str(lines))):
        raise CatalogueError(f"{place}: rader ska vara radnummer, till exempel 257 eller 4-6.")
    return Rule(
        id=rule_id,
        document=document,
        section=_text(fields, "avsnitt", place),
        kinds=_allowed(_texts(fields, "slag", place), KINDS, "slag", place),
        strength=_allowed((_text(fields, "styrka", place),), STRENGTHS, "styrka", place)[0],
        text=_text(fields, "text", place),
        carried_out_by=carried_out_by,
        later=later,
        lines=None if lines is None else str(lines),
    )


def _is_of_today(carrier: str, place: str) -> bool:
    if carrier == "information":
        return True
    kind, _, what = carrier.partition(" ")
    if kind not in CARRIERS or not what:
        raise CatalogueError(
            f'{place}: utfors_av har "{carrier}". En post är information eller börjar med {", ".join(CARRIERS)}.'
        )
    if kind == "kontroll":
        return what in CONTROLS
    return kind != "formulär" or _is_field(what, place)


def _is_field(what: str, place: str) -> bool:
    """Whether a form is named with sheet and field, as those that exist are; others are said in a few words."""
    form, *within = what.split(WITHIN)
    if form not in FORMS and not within:
        return False
    if form not in FORMS or len(within) not in (2, 3) or not all(within):
        raise CatalogueError(
            f'{place}: utfors_av har "formulär {what}". Ett fält skrivs formulär › blad › fält, och ett ord ur fältets '
            f"lista därefter; formulären är {', '.join(FORMS)}."
        )
    return True


def _check_keys(fields: Mapping[Any, Any], required: tuple[str, ...], optional: tuple[str, ...], place: str) -> None:
    for key in fields:
        if key not in required and key not in optional:
            allowed = ", ".join(required + optional)
            raise CatalogueError(f'{place}: okänd nyckel "{key}". Tillåtna är {allowed}.')
    for key in required:
        if key not in fields:
            raise CatalogueError(f"{place}: nyckeln {key} saknas.")


def _allowed(words: tuple[str, ...], allowed: tuple[str, ...], key: str, place: str) -> tuple[str, ...]:
    for word in words:
        if word not in allowed:
            raise CatalogueError(f'{place}: {key} har "{word}". Tillåtna är {", ".join(allowed)}.')
    return words


def _text(fields: Mapping[Any, Any], key: str, place: str) -> str:
    value = fields[key]
    if not isinstance(value, str) or not value.strip():
        raise CatalogueError(f"{place}: {key} ska vara en text.")
    return value.strip()


def _texts(fields: Mapping[Any, Any], key: str, place: str) -> tuple[str, ...]:
    value = fields[key]
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise CatalogueError(f"{place}: {key} ska vara en lista med minst en text.")
    return tuple(value)


def _key(rule_id: str) -> str:
    """An id as it is compared: one case, no spaces, one kind of dash, `kap. §` written with a colon."""
    key = re.sub(r"\s+", "", rule_id).casefold()
    key = re.sub("[\u2010-\u2015\u2212]", "-", key)
    return re.sub(r"(\d+)kap\.?(\d+[a-z]?)§", r"\1:\2", key)


class _UniqueKeyLoader(_SafeLoader):
    """Reads YAML and refuses a key given twice, which YAML readers otherwise let replace the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        _refuse_repeated(self.construct_object(key, deep=True) for key, _ in node.value)
        return super().construct_mapping(node, deep)


def _refuse_repeated(keys: Iterable[Hashable]) -> None:
    seen: set[Hashable] = set()
    for key in keys:
        if key in seen:
            raise yaml.YAMLError(f'Nyckeln "{key}" står två gånger.')
        seen.add(key)
