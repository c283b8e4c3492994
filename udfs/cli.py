"""The command `fardkost`."""

from __future__ import annotations

from importlib import import_module
from typing import Final

import click

from udfs.commands.swedish import speak_swedish

COMMANDS: Final = {
    "calc": "calc:calc",
    "compare": "compare:compare_command",
    "followup": "followup:followup",
    "form": "form:form",
    "functions": "calc:functions",
    "gather": "gather:gather_command",
    "keys": "keys:keys",
    "manifest": "manifest:manifest_command",
    "mapping": "mapping:mapping",
    "policy": "policy:policy",
    "rates": "rates:rates",
    "recalc": "recalc:recalc",
    "repair": "repair:repair",
    "serve": "serve:serve",
    "split": "split:split_command",
    "templates": "templates:templates",
}
"""Module and name of each command: only the one that is run is imported, since the imports are most of a short run."""


class Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(import_module(f"udfs.commands.{module}"), name)
        command.options_metavar = "[VAL]"
        return command


@click.group(
    cls=Commands,
    options_metavar="[VAL]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="KOMMANDO [ARGUMENT]…",
)
@click.version_option(package_name="fardkost", prog_name="fardkost", help="Visa versionen.")
def main() -> None:
    """Färdkost räknar kommunala tjänsteresor: traktamente, färdtid, bilersättning och klimatpåslag.

    Policyn väljs med --policy eller miljövariabeln FARDKOST_POLICY; förvalet är linkoping.
    """


speak_swedish()

if __name__ == "__main__":
    main(prog_name="fardkost")
