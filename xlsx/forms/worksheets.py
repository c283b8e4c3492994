"""XlsxWriter's worksheet, quicker with many formulas."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Final

from xlsxwriter.worksheet import Worksheet

_CALLED: Final = re.compile(r"[A-Za-z][\w.]*(?=\()")


class FormWorksheet(Worksheet):  # type: ignore[misc]  # XlsxWriter tells no types
    """Formulas that call no function newer than Excel 2007 are passed by.

    XlsxWriter looks for each of some 150 newer functions in every formula, to write them as Excel stores them; that
    is most of the time that a form takes.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        if any(self._is_newer(name) for name in set(_CALLED.findall(formula))):
            written: str = super()._prepare_formula(formula, expand_future_functions)
            return written
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")

    def _is_newer(self, name: str) -> bool:
        return _is_newer(name, bool(self.use_future_functions))


@lru_cache(maxsize=1024)
def _is_newer(name: str, all_of_them: bool) -> bool:
    """Whether XlsxWriter writes a function in another way than it is typed."""
    worksheet: Any = Worksheet()
    worksheet.use_future_functions = all_of_them
    call = f"{name}("
    return bool(worksheet._prepare_formula(call, True) != call)
