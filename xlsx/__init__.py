"""Workbooks: reading sheets of travel claims, recalculating them in bulk, writing the results."""

from xlsx.grid import UnreadableSheet
from xlsx.recalculate import Recalculation, recalculate
from xlsx.writing import default_output, write_workbook

__all__ = ["Recalculation", "UnreadableSheet", "default_output", "recalculate", "write_workbook"]
