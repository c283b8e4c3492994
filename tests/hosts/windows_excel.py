"""Excel on Windows as far as xlwings sees it: enough of pywin32 and of Excel's objects for xlwings' own COM server.

xlwings decides at import which world it lives in, so this runs in a process of its own, as `python -m
tests.hosts.windows_excel`. It reads one JSON object per line, {} to import the functions or {"name": …,
"arguments": […], "cells": bool} to call one, and answers one per line. Everything between VBA's `XLPy.CallUDF` and
the function is xlwings' real code; what pywin32 would do to values on the way is done by `as_cell` and `as_variant`.
"""

from __future__ import annotations

import asyncio  # noqa: F401  # before the platform is another, or it looks for Windows' event loop
import concurrent.futures.thread  # noqa: F401
import ctypes
import datetime as dt
import json
import subprocess  # noqa: F401
import sys
import tempfile  # noqa: F401
import traceback
import types
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import MagicMock, patch

import numpy as np  # noqa: F401

MODULE = "udfs.excel_com"
RANGE_ID = "{00020846-0000-0000-C000-000000000046}"
MISSING = -2147352572
"""DISP_E_PARAMNOTFOUND: an optional argument that the formula leaves out."""
FIRST_ERROR = -2146828288
"""Excel's error n is handed over as this number plus n."""
ERRORS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042}
LATER_ERRORS = {"#SPILL!": 2045, "#CALC!": 2050}


class Pointer:
    """An IDispatch of Excel as pywin32 hands it to a Python COM server."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def GetTypeInfo(self) -> Any:  # noqa: N802
        described = MagicMock()
        described.GetDocumentation.return_value = ("Range",)
        described.GetTypeAttr.return_value.iid = RANGE_ID
        return described


class ExcelRange:
    """A range with cells as Value2 gives them."""

    def __init__(self, rows: list[list[Any]], areas: int = 1) -> None:
        self._oleobj_ = Pointer(self)
        cells = tuple(tuple(map(as_cell, row)) for row in rows)
        self.Value2 = cells[0][0] if len(cells) == len(cells[0]) == 1 else cells
        self.Row = self.Column = 1
        self.Rows, self.Columns = types.SimpleNamespace(Count=len(rows)), types.SimpleNamespace(Count=len(rows[0]))
        self.Areas = types.SimpleNamespace(Count=areas)
        application = types.SimpleNamespace(Version="16.0", Hwnd=1)
        self.Worksheet = types.SimpleNamespace(
            Name="Blad1", Parent=types.SimpleNamespace(Name="Bok1.xlsm", Application=application)
        )
        self.Application = application

    @property
    def Value(self) -> Any:  # noqa: N802
        raise AssertionError("Value gives dates as objects and money as Decimal; Value2 is read")


def as_cell(cell: Any) -> Any:
    """A cell of the test vectors as Value2 has it: numbers are floats, errors integers, texts and truths themselves."""
    if isinstance(cell, dict):
        code = cell["error"]
        return FIRST_ERROR + (ERRORS | LATER_ERRORS)[code]
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return cell
    return float(cell)


def as_argument(value: Any, in_cells: bool) -> Any:
    """An argument of a formula: a range, several ranges (`areas`), a value, or nothing."""
    if isinstance(value, dict) and "areas" in value:
        return ExcelRange(value["areas"][0], len(value["areas"]))._oleobj_
    if isinstance(value, list):
        rows = value if isinstance(value[0], list) else [[cell] for cell in value]
        return ExcelRange(rows)._oleobj_
    if in_cells:
        return ExcelRange([[value]])._oleobj_
    return MISSING if value is None else as_cell(value)


def as_variant(value: Any) -> Any:
    """What Excel gets of what Python answers; pywin32 refuses other types."""
    if isinstance(value, list | tuple):
        return [as_variant(part) for part in value]
    if value is None or isinstance(value, str | bool | int | float):
        return value
    raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a COM VARIANT")


def install_pywin32() -> None:
    """Modules by the names that xlwings imports."""
    for name in (
        *("pythoncom", "pywintypes", "win32api", "win32con", "win32event", "win32gui", "win32process"),
        *("win32timezone", "win32com", "win32com.client", "win32com.server", "win32com.server.dispatcher"),
        *("win32com.server.policy", "win32com.server.util"),
    ):
        module: Any = types.ModuleType(name)
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)
    com: Any = sys.modules["pythoncom"]
    com.__file__ = "pythoncom.dll"
    com.CoInitialize = lambda: None
    com.IID_IDispatch = "IDispatch"
    com.TypeIIDs = {"IDispatch": Pointer}
    base: Any = sys.modules["pywintypes"]
    base.com_error = type("com_error", (Exception,), {})
    base.IID = str
    base.TimeType = type("TimeType", (dt.datetime,), {})
    sys.modules["win32com.server.util"].unwrap = _not_ours  # type: ignore[attr-defined]
    client: Any = sys.modules["win32com.client"]
    for kind in ("CDispatch", "CoClassBaseClass", "DispatchBaseClass"):
        setattr(client, kind, type(kind, (), {}))
    client.Dispatch = lambda pointer, **_named: pointer.target if isinstance(pointer, Pointer) else pointer
    client.DispatchEx = client.Dispatch
    sys.modules["win32process"].GetWindowThreadProcessId = lambda _window: (0, 1)  # type: ignore[attr-defined]
    ctypes.windll = ctypes.oledll = MagicMock()  # type: ignore[attr-defined]


def _not_ours(_value: Any) -> Any:
    raise TypeError("no object of this server")


@contextmanager
def on_windows() -> Iterator[None]:
    """The platform and its libraries that xlwings asks for while it is imported; nothing else is imported meanwhile."""
    with patch.object(sys, "platform", "win32"), patch.object(ctypes, "PyDLL", MagicMock()):
        yield


def import_functions() -> dict[str, Any]:
    """What the add-in's button does: the VBA written into the workbook and how the functions are described."""
    import xlwings

    book = MagicMock()
    book.Name = "Bok1.xlsm"
    book.Application.Version = "16.0"
    written: list[str] = []
    book.VBProject.VBComponents.Import.side_effect = lambda path: written.append(Path(path).read_text())
    xlwings.import_udfs(MODULE, book)
    described = {call.args[0].partition("!")[2]: call.kwargs for call in book.Application.MacroOptions.call_args_list}
    module = xlwings.get_udf_module(MODULE, None)
    answers = {name: getattr(module, name).__xlfunc__["ret"]["options"] for name in described}
    return {"vba": written[0], "described": described, "answers": answers}


def call_function(name: str, arguments: list[Any], cells: bool) -> Any:
    """What the generated VBA does when the cell is computed: it hands over all arguments, also those left out."""
    import xlwings
    from xlwings.com_server import XLPython

    marked = getattr(xlwings.get_udf_module(MODULE, None), name).__xlfunc__["args"]
    left_out = [MISSING for argument in marked[len(arguments) :] if not argument["vararg"]]
    handed = (*(as_argument(argument, cells) for argument in arguments), *left_out)
    return as_variant(XLPython().CallUDF(MODULE, name, handed, None, ExcelRange([[None]])._oleobj_))


def main() -> None:
    install_pywin32()
    with on_windows():
        import xlwings
    assert "excel" in [engine.name for engine in xlwings.engines]
    replies, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        request = json.loads(line)
        try:
            reply = {"answer": call_function(**request)} if "name" in request else import_functions()
        except Exception:
            reply = {"raised": traceback.format_exc()}
        print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    main()
