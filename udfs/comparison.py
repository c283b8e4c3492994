"""RESEJAMFORELSE: a table of alternatives in, the comparison as a table out."""

from __future__ import annotations

from typing import Any, Final

from core.engine import CellError
from udfs.calculation import TRACE, policy_name
from udfs.coerce import Table, as_table
from xlsx.alternatives import NO_ALTERNATIVES, read_table
from xlsx.comparing import FIELDS, Comparison, compare
from xlsx.errors import UnreadableSheet

MOST_ALTERNATIVES: Final = 500
"""Each alternative is compared with all the others."""


def compare_table(alternativ: Any, policy: Any) -> Table | CellError:
    """The comparison as rows of cells: headings, a row per alternative in the given order, and the weights.

    What is wrong with an alternative is said in its remark, and in the cells that could not be computed; a table
    without header or alternatives is one error. Raises PolicyError.
    """
    rows = as_table(alternativ)
    if len(rows) - 1 > MOST_ALTERNATIVES:
        return CellError("#NUM!", f"Högst {MOST_ALTERNATIVES} alternativ jämförs på en gång, inte {len(rows) - 1}.")
    if not rows:
        return CellError("#VALUE!", NO_ALTERNATIVES)
    try:
        made = compare(read_table(rows), policy_name(policy))
    except UnreadableSheet as problem:
        return CellError("#VALUE!", str(problem))
    if (trace := TRACE.get()) is not None:
        trace.result, trace.target, trace.roles = made.result, "kommunens_kostnad", made.law.policy.approvers
    return table_of(made)


def table_of(made: Comparison) -> Table:
    """The comparison's cells; nothing is an empty text, as hosts show it."""
    table: Table = [[item.title for item in FIELDS]]
    for row in range(len(made)):
        cells = [made.cell(item, row) for item in FIELDS]
        table.append(["" if cell is None else cell for cell in cells])
    table.append([made.weights_sentence, *[""] * (len(FIELDS) - 2), " ".join(made.notes)])
    return table
