"""Runs rules it knows nothing of: order, levels, dated figures, exact units, errors, trace."""

from core.engine.columns import CellError, Column, ErrorBook, Flagged, flag
from core.engine.figure_files import load_figures
from core.engine.figures import Entry, Figure, FigureError, Figures
from core.engine.levels import Groups
from core.engine.rules import Input, MissingInput, Rule, RuleError, Ruleset
from core.engine.run import Result, run
from core.engine.units import round_half_up

__all__ = [
    "CellError",
    "Column",
    "Entry",
    "ErrorBook",
    "Figure",
    "FigureError",
    "Figures",
    "Flagged",
    "Groups",
    "Input",
    "MissingInput",
    "Result",
    "Rule",
    "RuleError",
    "Ruleset",
    "flag",
    "load_figures",
    "round_half_up",
    "run",
]
