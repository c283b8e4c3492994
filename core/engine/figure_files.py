"""Figures as files state them: YAML in which nothing is guessed, and errors that name file, key and what is allowed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from core.engine.clock import LAST_DAY, as_date, day_number
from core.engine.figures import STATUSES, Entry, Figure, FigureError
from core.engine.units import WRITTEN_UNITS, to_integer


class _StrictLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML in which a key stated twice is an error and only true and false are truths (`NO` is Norway)."""


def _unique_mapping(loader: Any, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for key in keys:
        if isinstance(key, list | dict):
            raise FigureError(f"nyckeln {key!r} ska vara ett ord (rad {node.start_mark.line + 1})")
        if keys.count(key) > 1:
            raise FigureError(f"nyckeln {key!r} står två gånger (rad {node.start_mark.line + 1})")
    return {key: loader.construct_object(value, deep=True) for key, (_, value) in zip(keys, node.value, strict=True)}


def _date_or_text(loader: Any, node: yaml.ScalarNode) -> Any:
    # 30 February stays text, so that whoever reads it can say which figure and key it stands in.
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_StrictLoader.add_constructor("tag:yaml.org,2002:map", _unique_mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:timestamp", _date_or_text)
_OTHER_TYPES = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:float")
_StrictLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in _OTHER_TYPES]
    for first, resolvers in _StrictLoader.yaml_implicit_resolvers.items()
}
_StrictLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), ["t", "f"])


def read_yaml(path: Path) -> Any:
    """A YAML file as plain Python values. Decimal numbers stay text, so that they can be read exactly."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FigureError(f"{path.name}: filen kan inte läsas ({error})") from None
    try:
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.YAMLError as error:
        raise FigureError(f"{path.name}: inte giltig YAML: {error}") from None
    except FigureError as error:
        raise FigureError(f"{path.name}: {error}") from None


_FIGURE_KEYS: Final = frozenset(
    {"titel", "enhet", "nyckel", "regel", "kand_till", "hjalp", "lagens", "dolj_noll", "varden"}
)
_VALUE_KEYS: Final = frozenset({"fran", "varde", "kalla", "kontrollerad", "status", "anmarkning"})


def load_figures(path: Path, keys: Mapping[str, Sequence[str]] | None = None) -> list[Figure]:
    """The figures of one rates.yaml; `keys` gives the key words, in code order, of each kind of key."""
    content = read_yaml(path)
    if not isinstance(content, dict):
        raise FigureError(f"{path.name}: filen ska innehålla satser med namn")
    return [_figure(path.name, name, block, keys or {}) for name, block in content.items()]


def _figure(file: str, name: str, block: Any, keys: Mapping[str, Sequence[str]]) -> Figure:
    place = f"{file}: {name}"
    _require_keys(place, block, _FIGURE_KEYS, required=("titel", "enhet", "varden"))
    unit = block["enhet"]
    if not isinstance(unit, str) or unit not in WRITTEN_UNITS:
        raise FigureError(f"{place}: enhet {unit!r} finns inte; tillåtna är {', '.join(sorted(WRITTEN_UNITS))}")
    kind = block.get("nyckel")
    if kind is not None and (not isinstance(kind, str) or kind not in keys):
        raise FigureError(f"{place}: nyckel {kind!r} finns inte; tillåtna är {', '.join(sorted(keys))}")
    refs = block.get("regel", [])
    if not isinstance(refs, list):
        raise FigureError(f"{place}: regel ska vara en lista som [IL 12:11], inte {refs!r}")
    entries = read_entries(place, block["varden"], unit, None if kind is None else keys[kind])
    return Figure(
        name=name,
        title=block["titel"],
        unit=unit,
        entries=entries,
        refs=tuple(refs),
        key_kind=kind,
        keys=tuple(keys[kind]) if kind else (),
        known_until=_day(place, "kand_till", block["kand_till"]) if "kand_till" in block else LAST_DAY,
        help=block.get("hjalp", ""),
        statutory=block.get("lagens", False) is True,
        hide_zero=block.get("dolj_noll", False) is True,
    )


def read_entries(place: str, blocks: Any, unit: str, keys: Sequence[str] | None) -> tuple[Entry, ...]:
    """The dated values of one figure as stated in a file; errors name `place`, key and what is allowed."""
    if not isinstance(blocks, list) or not blocks:
        raise FigureError(f"{place}: varden ska vara en lista med minst ett värde")
    entries: dict[tuple[int, str | None], Entry] = {}
    for block in blocks:
        _require_keys(place, block, _VALUE_KEYS, required=("fran", "varde", "kalla", "status"))
        if block["status"] not in STATUSES:
            raise FigureError(f"{place}: status {block['status']!r} finns inte; tillåtna är {', '.join(STATUSES)}")
        stated = block["varde"]
        if keys is not None and not isinstance(stated, dict):
            raise FigureError(f"{place}: varde ska ange ett värde per nyckel: {', '.join(keys)}")
        for key, written in (stated if keys is not None else {None: stated}).items():
            if keys is not None and key not in keys:
                raise FigureError(f"{place}: nyckeln {key!r} finns inte; tillåtna är {', '.join(keys)}")
            try:
                value = to_integer(written, unit)
            except ValueError as error:
                raise FigureError(f"{place}: varde: {error}") from None
            day, checked = _day(place, "fran", block["fran"]), str(block.get("kontrollerad", ""))
            if (day, key) in entries:
                raise FigureError(f"{place}: två värden gäller från {as_date(day)}; tillåtet är ett per datum")
            entries[day, key] = Entry(day, key, value, block["kalla"], checked, block["status"])
    return tuple(entries.values())


def _require_keys(place: str, block: Any, allowed: frozenset[str], required: Sequence[str]) -> None:
    if not isinstance(block, dict):
        raise FigureError(f"{place}: ska ha nycklarna {', '.join(sorted(allowed))}")
    for key in block:
        if key not in allowed:
            raise FigureError(f"{place}: okänd nyckel {key!r}; tillåtna är {', '.join(sorted(allowed))}")
    for key in required:
        if key not in block:
            raise FigureError(f"{place}: nyckeln {key!r} saknas")


def _day(place: str, key: str, value: Any) -> int:
    try:
        return day_number(value if type(value) is dt.date else dt.date.fromisoformat(str(value)))
    except ValueError:
        raise FigureError(f"{place}: {key} ska vara ett datum som 2026-01-01, inte {value!r}") from None
