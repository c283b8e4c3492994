"""`fardkost calc` and `fardkost functions`."""

from __future__ import annotations

import sys
from typing import Any

import click

from core.engine import CellError
from udfs.commands.output import CONSOLE, ERRORS, print_table, swedish
from udfs.formula import evaluate
from udfs.insight import explanation
from udfs.notation import FormulaError, parse
from udfs.registry import CATEGORIES, FUNCTIONS, by_name


@click.command("calc")
@click.argument("formel")
@click.option("--explain", "-e", "explained", is_flag=True, help="Visa varje steg: värde, regel, källa och status.")
def calc(formel: str, explained: bool) -> None:
    """Räkna ut en formel, skriven som i en cell.

    \b
    fardkost calc 'TRAKTAMENTE("2024-03-04 07:00";"2024-03-06 20:00")'
    fardkost calc --explain 'BILERSATTNING(120;"2024-05-02")'
    """
    try:
        if explained:
            name, arguments = parse(formel)
            answer = explanation(name, arguments)
        else:
            answer = evaluate(formel)
    except FormulaError as problem:
        ERRORS.print(str(problem), markup=False)
        sys.exit(2)
    sys.exit(print_answer(answer))


def print_answer(answer: Any) -> int:
    """Print what a function answered; 1 when it is an error, else 0."""
    if isinstance(answer, CellError):
        ERRORS.print(str(answer), markup=False)
        return 1
    if not isinstance(answer, list):
        CONSOLE.print(swedish(answer), markup=False)
        return 0
    rows = [row if isinstance(row, list) else [row] for row in answer]
    if all(isinstance(cell, str) for cell in rows[0]) and len(rows) > 1:
        print_table(rows[0], rows[1:], wrap=("Steg", "Källa", "Regel"))
    else:
        print_table(["" for _ in rows[0]], rows)
    return int(any(isinstance(cell, CellError) for row in rows for cell in row))


@click.command("functions")
@click.argument("namn", required=False)
def functions(namn: str | None) -> None:
    """Visa funktionerna, eller en funktion med argument och exempel."""
    if namn is None:
        for category in CATEGORIES:
            listed = [(f.signature, f.summary) for f in FUNCTIONS.values() if f.category == category]
            print_table(("Funktion", "Vad den ger"), listed, title=category, wrap=("Funktion", "Vad den ger"))
        return
    function = by_name(namn)
    if function is None:
        ERRORS.print(f"Funktionen {namn} finns inte.", markup=False)
        sys.exit(2)
    CONSOLE.print(f"\n{function.signature}\n\n{function.summary} {function.description}\n", markup=False)
    rows = [
        (
            p.argument.title,
            "krävs" if p.required else "kan utelämnas",
            p.argument.shape,
            p.argument.description,
        )
        for p in function.parameters
    ]
    print_table(("Argument", "", "Form", "Beskrivning"), rows, wrap=("Beskrivning",))
    for parameter in function.parameters:
        if parameter.argument.choices:
            CONSOLE.print(f"{parameter.argument.title}: {', '.join(parameter.argument.choices)}", markup=False)
    answer = evaluate(function.example)
    shown = f" → {swedish(answer)}" if not isinstance(answer, list) else ""
    CONSOLE.print(f"\nExempel: {function.example}{shown}\n", markup=False)
