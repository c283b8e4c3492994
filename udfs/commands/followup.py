"""`fardkost followup`: sheets of trips in, the yearly follow-up by climate and by cost out."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final, NoReturn

import click

from core.law import law
from core.policies import PolicyError
from udfs.commands.form_tools import progress_bar, unfit_result
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish, unwritable
from udfs.form_computing import compute_form
from xlsx.errors import UnreadableSheet, Unwritable
from xlsx.forms.gathering.finding import NothingThere
from xlsx.forms.setting import FormSetting
from xlsx.forms.uppfoljning import write_uppfoljning
from xlsx.forms.uppfoljning.computing import computed
from xlsx.forms.uppfoljning.gathering import Gathered, gather
from xlsx.patch.errors import Unpatchable
from xlsx.summary import rules_version

ALL_DONE: Final = 0
TO_LOOK_AT: Final = 1
NOTHING: Final = 2
RESULT: Final = Path("uppfoljning.xlsx")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100

SHOWN: Final = (
    ("Resor", "summa_resor_antal", 0),
    ("Km", "summa_km", 0),
    ("Resekostnad med klimatpåslag, kr", "summa_resekostnad", 0),
    ("Klimatpåslag, kr", "summa_klimatpaslag", 0),
    ("Utsläpp med höghöjdseffekt, kg CO2e", "summa_utslapp_kg", 1),
    ("Utsläpp utan höghöjdseffekt, kg CO2e", "summa_utslapp_utan_hojd_kg", 1),
    ("Flyg under 50 mil, resor", "summa_korta_flyg_antal", 0),
    ("Flyg 50 mil och längre, resor", "summa_langa_flyg_antal", 0),
    ("Nätter", "summa_natter", 0),
    ("Resor där tåg är norm", "summa_tagnorm_antal", 0),
    ("varav med tåg", "summa_tagresor_antal", 0),
)
"""Totals that are printed, with the form's names of them and their decimals."""


@click.command("followup")
@click.argument("filer", metavar="FIL|MAPP…", nargs=-1, required=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=RESULT, help="Förval uppfoljning.xlsx.")
@click.option("--year", type=click.IntRange(_FIRST_YEAR, _LAST_YEAR), help="Året; förval det senaste i resorna.")
@click.option("--base-year", type=click.IntRange(_FIRST_YEAR, _LAST_YEAR), help="Basår som målen räknas från.")
@click.option("--policy", help="Policy eller egen policyfil; förval linkoping.")
@click.option("--with-ids", is_flag=True, help="Behåll anställningsnummer och filnamn; annars ersätts de av löpnummer.")
def followup(
    filer: tuple[str, ...], out: Path, year: int | None, base_year: int | None, policy: str | None, with_ids: bool
) -> None:
    """Följ upp årets resor per klimat och kostnad (.xlsx, .xlsm, .ods, .xls, .csv och ifyllda reseräkningar).

    Bladen räknas om; originalen ändras aldrig. Resultatet är en arbetsbok med formler: enheternas årsarbetare, målen
    och tidigare års värden fylls i på bladet Förutsättningar. Finns förra årets och basårets resor i filerna räknas
    deras värden ur dem. Av en fil och dess omräkning (NAMN-beräknad) används bara den ena.

    Slutkod 0 när allt är med; 1 när någon fil inte kunde läsas; 2 när inget kunde läsas.
    """
    if why := unfit_result(out):
        _stop(why)
    try:
        rules = law(policy)
        with progress_bar("Läser och räknar") as told:
            made = gather(
                filer,
                policy,
                year,
                base_year,
                with_ids=with_ids,
                leave_out=[out],
                progress=told,
                compute=compute_form,
            )
        today = date.today()
        content = replace(made.content, version=rules_version())
        setting = FormSetting(rules, rules.policy.name, frozenset(), today)
        with tempfile.TemporaryDirectory(prefix="fardkost-") as folder:
            skeleton = Path(folder) / "skelett.xlsx"
            write_uppfoljning(skeleton, setting, content)
            try:
                shown = computed(skeleton, out, content, today)
            except OSError as problem:
                raise Unwritable(unwritable(out, problem)) from None
    except (NothingThere, UnreadableSheet, Unpatchable, PolicyError, ValueError, OSError) as problem:
        _stop(str(problem))
    _print(made, shown, out, with_ids)
    sys.exit(TO_LOOK_AT if made.failed else ALL_DONE)


def _print(made: Gathered, shown: Mapping[str, Any], out: Path, with_ids: bool) -> None:
    """The year's totals, what could not be read, and which file has which number."""
    content = made.content
    CONSOLE.print(f"\nÅr: {content.year}", markup=False)
    CONSOLE.print(f"Lästa resor: {swedish(content.trips)}", markup=False)
    rows = [(title, _written(shown.get(name), decimals)) for title, name, decimals in SHOWN]
    print_table(("Hela året", "Värde"), rows)
    if not with_ids and len(made.names) > 1:
        print_table(("Fil", "Namn"), list(enumerate(made.names, 1)), title="Filernas nummer i arbetsboken")
    for name, why in made.failed:
        CONSOLE.print(f"• {name}: {why}", markup=False)
    for name, what in made.passed_by:
        CONSOLE.print(f"• {name} är inte med: {what}.", markup=False)
    if made.wrong:
        CONSOLE.print(f"• {made.wrong} resor har fel; deras belopp saknas. Se bladet Datakvalitet.", markup=False)
    if made.undated:
        CONSOLE.print(f"• {made.undated} resor har ingen läsbar avresa och räknas inte med.", markup=False)
    CONSOLE.print(f"Resultat: {out}\n", markup=False)


def _written(value: Any, decimals: int) -> str:
    return swedish(value, decimals) if isinstance(value, int | float) else str(value or "")


def _stop(message: str) -> NoReturn:
    ERRORS.print(message, markup=False)
    sys.exit(NOTHING)
