"""The user's own workbook with results in it: bytes are spliced in, nothing else is changed."""

from xlsx.patch.errors import Unpatchable
from xlsx.patch.patching import patch_workbook
from xlsx.patch.plan import AddedSheets, Patch, PatchReport, ResultColumn

__all__ = ["AddedSheets", "Patch", "PatchReport", "ResultColumn", "Unpatchable", "patch_workbook"]
