"""Click's own words in Swedish."""

from __future__ import annotations

from typing import Final

import click

TEXTS: Final = {
    "Usage:": "Användning:",
    "Options": "Val",
    "Commands": "Kommandon",
    "Show this message and exit.": "Visa den här hjälpen.",
    "Show the version and exit.": "Visa versionen.",
    "[OPTIONS]": "[VAL]",
    "Error: {message}": "Fel: {message}",
    "Try '{command} {option}' for help.": "Skriv {command} {option} för hjälp.",
    "Missing command.": "Kommando saknas.",
    "Missing argument": "Argument saknas",
    "Missing option": "Val saknas",
    "Missing parameter": "Argument saknas",
    "No such command {name!r}.": "Kommandot {name} finns inte.",
    "No such option: {name}": "Valet {name} finns inte.",
    "Got unexpected extra argument ({args})": "Oväntat argument ({args})",
    "Got unexpected extra arguments ({args})": "Oväntade argument ({args})",
    "Option {name!r} requires an argument.": "Valet {name} kräver ett värde.",
    "Invalid value: {message}": "Ogiltigt värde: {message}",
    "Invalid value for {param_hint}: {message}": "Ogiltigt värde för {param_hint}: {message}",
    "{value} is not in the range {range}.": "{value} ligger utanför {range}.",
    "{name} {filename!r} does not exist.": "{filename} finns inte.",
    "{name} {filename!r} is a directory.": "{filename} är en mapp.",
    "{name} {filename!r} is not readable.": "{filename} kan inte läsas.",
    "default: {default}": "förval: {default}",
    "required": "krävs",
    "Aborted!": "Avbrutet.",
}


def speak_swedish() -> None:
    """Let click write Swedish: it looks every text up by `_` and `ngettext` in its modules."""
    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types):
        if hasattr(module, "_"):
            setattr(module, "_", lambda text: TEXTS.get(text, text))  # noqa: B010  # not in click's types
        if hasattr(module, "ngettext"):
            setattr(module, "ngettext", _counted)  # noqa: B010


def _counted(one: str, many: str, count: int) -> str:
    text = one if count == 1 else many
    return TEXTS.get(text, text)
