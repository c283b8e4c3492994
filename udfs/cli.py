"""The command `fardkost`."""

from __future__ import annotations

import click

from udfs.commands.calc import calc, functions
from udfs.commands.compare import compare_command
from udfs.commands.keys import keys
from udfs.commands.policy import policy
from udfs.commands.rates import rates
from udfs.commands.recalc import recalc
from udfs.commands.serve import serve
from udfs.commands.swedish import speak_swedish


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    subcommand_metavar="KOMMANDO [ARGUMENT]…",
)
@click.version_option(package_name="fardkost", prog_name="fardkost", help="Visa versionen.")
def main() -> None:
    """Färdkost räknar kommunala tjänsteresor: traktamente, färdtid, bilersättning och klimatpåslag.

    Policyn väljs med --policy eller miljövariabeln FARDKOST_POLICY; förvalet är linkoping.
    """


speak_swedish()
for command in (calc, functions, recalc, compare_command, rates, policy, serve, keys):
    command.options_metavar = "[VAL]"
    main.add_command(command)
main.options_metavar = "[VAL]"

if __name__ == "__main__":
    main(prog_name="fardkost")
