"""The forms that there are, and the building of one: its skeleton, its values, and the add-in it asks for."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from xlsx.forms.addin import AddIn, with_addin
from xlsx.forms.evaluation import evaluated
from xlsx.forms.setting import FormSetting

Functions = Mapping[str, Callable[..., Any]]
Constants = Mapping[str, float | str | bool]


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of form. module, writer: where its builder is, imported when it is needed.

    free: a list without formulas, whose rows and columns may come and go.
    """

    kind: str
    title: str
    about: str
    module: str
    writer: str
    free: bool = False

    @property
    def file_name(self) -> str:
        """The template's file."""
        return f"{self.kind}.xlsx"

    def write(self, path: Path, setting: FormSetting) -> None:
        """Write the skeleton: all but the values of formulas."""
        getattr(import_module(self.module), self.writer)(path, setting)


FORMS: Final = {
    form.kind: form
    for form in (
        Form(
            "reserakning",
            "Reseräkning",
            "en resa: dygn, måltider, färdtid, bil, utlägg, kontering och attest",
            "xlsx.forms.reserakning",
            "write_reserakning",
        ),
        Form(
            "resebudget",
            "Resebudget",
            "en enhets planerade resor, deras kostnad och utsläpp mot ramarna",
            "xlsx.forms.resebudget",
            "write_resebudget",
        ),
        Form(
            "uppfoljning",
            "Uppföljning",
            "årets resor mot mål, förra året och basåret, i kronor och kilogram",
            "xlsx.forms.uppfoljning",
            "write_uppfoljning",
        ),
        Form(
            "import",
            "Importblad",
            "många resor, en per rad, för fardkost recalc",
            "xlsx.forms.importblad",
            "write_import",
            free=True,
        ),
    )
}
"""Every form by its kind, which is also the value of its defined name `formular`."""


def build(
    kind: str,
    out: Path,
    setting: FormSetting,
    functions: Functions,
    constants: Constants | None = None,
    addin: AddIn | None = None,
) -> Path:
    """Write the template of a kind with the values of all its formulas; the same input gives the same bytes.

    functions: our worksheet functions by name. constants: values of defined names, such as `regelversion`.
    addin: the installation whose add-in Excel shall be asked for.
    """
    with tempfile.TemporaryDirectory() as folder:
        skeleton, computed = Path(folder) / "skeleton.xlsx", Path(folder) / out.name
        FORMS[kind].write(skeleton, setting)
        if addin is None:
            evaluated(skeleton, out, functions, constants or {}, setting.made)
        else:
            evaluated(skeleton, computed, functions, constants or {}, setting.made)
            with_addin(computed, out, addin)
    return out
