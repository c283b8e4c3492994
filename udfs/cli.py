"""The command `fardkost`."""

from __future__ import annotations

import atexit
import gc
from importlib import import_module
from typing import Final

import click

from udfs.commands.swedish import speak_swedish

COMMANDS: Final = {
    "calc": ("calc:calc", "Räkna ut en formel, skriven som i en cell."),
    "compare": ("compare:compare_command", "Jämför resealternativ (.xlsx, .xlsm, .ods, .xls, .csv)."),
    "followup": ("followup:followup", "Följ upp årets resor per klimat och kostnad."),
    "form": ("form:form", "Räkna om ett ifyllt formulär (.xlsx, .xlsm)."),
    "functions": ("calc:functions", "Visa funktionerna, eller en funktion med argument och exempel."),
    "gather": ("gather:gather_command", "Samla ifyllda reseräkningar eller resebudgetar till en arbetsbok."),
    "keys": ("keys:keys", "Skapa, visa och ta bort API-nycklar till beräkningsservern."),
    "manifest": ("manifest:manifest_command", "Skriv manifestet, filen som talar om för Excel var tillägget finns."),
    "mapping": ("mapping:mapping", "Visa hur rubrikerna i en fil läses och vad de okända kan betyda."),
    "policy": ("policy:policy", "Kontrollera en egen policyfil, eller börja på en ny."),
    "rates": ("rates:rates", "Visa satserna med källa och status, eller läs in Skatteverkets landsbelopp."),
    "recalc": ("recalc:recalc", "Räkna om ett blad med resor (.xlsx, .xlsm, .ods, .xls, .csv)."),
    "repair": ("repair:repair", "Laga formler som visar #NAMN? (.xlsx, .xlsm)."),
    "serve": ("serve:serve", "Starta beräkningsservern, som Excel och andra program anropar."),
    "split": ("split:split_command", "Dela en resebudget i en arbetsbok per enhet."),
    "templates": ("templates:templates", "Formulären: reseräkning, resebudget, uppföljning och importblad."),
}
"""Module and name of each command, and the beginning of its help.

Only the command that is run is imported, and none to list them: the imports are most of a short run.
"""


class Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(import_module(f"udfs.commands.{module}"), name)
        command.options_metavar = "[VAL]"
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands."""
        with formatter.section("Kommandon"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


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


def collect_seldom() -> None:
    """Let Python seldom look for garbage: in vain it does so two hundred times while modules are imported, and
    once more among all that they hold when the program ends. That is a sixth of the work of a short run."""
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)


speak_swedish()
collect_seldom()

if __name__ == "__main__":
    main(prog_name="fardkost")
