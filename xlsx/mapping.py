"""What the headings of a source system mean, as a file says it: confirmed once, used for every file from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from core.converting import converted
from core.engine import FigureError
from core.engine.figure_files import read_yaml
from core.vocabulary.words import plain
from xlsx.headings import Chosen, choose, is_known
from xlsx.vocabulary import LEGS, TRIPS, Heading

PRESETS: Final = Path(__file__).with_name("presets")
KNOWN: Final = (*TRIPS, *LEGS)
_HEAD: Final = """\
# Hur rubrikerna i filer från ett visst system ska läsas: filens rubrik till vänster, Färdkosts till höger.
# En enhet kan stå efter Färdkosts rubrik: Km (mil). Två citattecken ("") betyder att kolumnen inte används.
# Använd filen så här: fardkost recalc FIL --mapping DEN HÄR FILEN
"""


class MappingError(ValueError):
    """A mapping is wrong; the Swedish message names file, key and what is allowed."""


@dataclass(frozen=True)
class MappingFile:
    """What a mapping file holds. `xlsx.mappingfaults` validates it by pydantic, which takes long to import; the
    shipped files do without: the tests have validated them."""

    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    titel: str = ""
    anmarkning: str = ""
    kanns_igen_pa: list[str] = field(default_factory=list)
    kolumner: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ColumnMapping:
    """Headings as they are written in a system's files → our headings; an empty one is for a column not to be used.

    signs: headings that tell that a file is from that system, when it has all of them.
    """

    title: str
    columns: Mapping[str, str]
    signs: Sequence[str] = ()
    remark: str = ""

    def chosen(self, known: Sequence[Heading]) -> dict[str, Chosen | None]:
        """The columns by plain heading, as far as they concern a sheet of such headings; None is not to be used."""
        return {
            plain(written): choose(ours, known) if ours else None
            for written, ours in self.columns.items()
            if not ours or is_known(ours, known)
        }

    def recognises(self, written: Iterable[str]) -> bool:
        """Whether the headings are those of the system."""
        return bool(self.signs) and set(map(plain, self.signs)) <= set(map(plain, written))


def make_mapping(
    columns: Mapping[str, str], title: str = "", place: str = "", signs: Sequence[str] = (), remark: str = ""
) -> ColumnMapping:
    """A mapping from headings to our headings. Raises MappingError with every fault, a line each.

    place: the file that it comes from, for messages.
    """
    seen: set[str] = set()
    faults = []
    for written, ours in columns.items():
        if not plain(written):
            faults.append(f'{place}rubriken "{written}" har varken bokstäver eller siffror.')
        elif plain(written) in seen:
            faults.append(f'{place}rubriken "{written}" finns två gånger.')
        elif ours.strip():
            try:
                choose(ours, KNOWN)
            except ValueError as why:
                faults.append(f'{place}"{written}": {why}')
        seen.add(plain(written))
    if faults:
        raise MappingError("\n".join(faults))
    return ColumnMapping(title, {written: ours.strip() for written, ours in columns.items()}, tuple(signs), remark)


def read_mapping(name: str | Path) -> ColumnMapping:
    """A mapping file, or a shipped one by its name. Raises MappingError."""
    path = Path(name)
    if not path.suffix and not path.exists():
        path = PRESETS / f"{name}.yaml"
    if not path.is_file():
        shipped = ", ".join(sorted(file.stem for file in PRESETS.glob("*.yaml")))
        raise MappingError(f"Kolumnfilen {name} finns inte. Ange en fil, eller en som följer med: {shipped}.")
    from xlsx.mappingfaults import validated  # here, since it imports pydantic

    return _mapping_of(path, validated(path.name, _content(path)))


def _content(path: Path) -> Any:
    try:
        return read_yaml(path)
    except (FigureError, OSError, UnicodeDecodeError) as error:
        raise MappingError(f"{path.name}: {error}") from None


def _mapping_of(path: Path, file: MappingFile) -> ColumnMapping:
    title = file.titel or path.stem
    return make_mapping(file.kolumner, title, f"{path.name}: ", file.kanns_igen_pa, file.anmarkning)


def write_mapping(
    path: Path, columns: Mapping[str, str], title: str, comments: Mapping[str, str] | None = None
) -> None:
    """Write a mapping file that `read_mapping` reads. comments: what is to be said beside a heading."""
    lines = [f"titel: {_scalar(title)}", "kolumner:"]
    for written, ours in columns.items():
        comment = (comments or {}).get(written, "")
        lines.append(f"  {_scalar(written)}: {_scalar(ours)}{'  # ' + comment if comment else ''}")
    path.write_text(_HEAD + "\n".join(lines if columns else [*lines[:1], "kolumner: {}"]) + "\n", "utf-8")


def _scalar(text: str) -> str:
    """A text on one line of YAML, quoted where it must be."""
    return yaml.safe_dump(text, allow_unicode=True, width=10_000, default_style=None if text.strip() else '"').split(
        "\n"
    )[0]


@cache
def presets() -> tuple[ColumnMapping, ...]:
    """The mappings that are shipped."""
    files = sorted(PRESETS.glob("*.yaml"))
    return tuple(_mapping_of(path, converted(_content(path), MappingFile)) for path in files)


def recognised(written: Sequence[str]) -> ColumnMapping | None:
    """The shipped mapping of the system that has such headings; None when there is none, or more than one."""
    found = [preset for preset in presets() if preset.recognises(written)]
    return found[0] if len(found) == 1 else None
