"""SATS, REGEL and FORKLARA: what the figures, the rules and the steps are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from core import catalogue
from core.engine import CellError, Figure
from core.engine.trace import Explained, Shown, explain, in_force_from
from core.engine.units import to_written
from core.presentation import show
from core.vocabulary import Misread, closest, dates, normalise
from udfs.calculation import TRACE, Answer, Trace, law_of, today
from udfs.coerce import Table, common_shape, error_cells, flatten, is_blank
from udfs.notation import FormulaError, parse
from udfs.registry import FUNCTIONS, by_name

HEADINGS: Final = ("Steg", "Värde", "Enhet", "Regel", "Källa", "Gäller från", "Status")


def rate(namn: Any, datum: Any, policy: Any) -> Answer:
    """Figures by name (and key, after a slash) on dates."""
    (names, name_shape), (days, day_shape) = flatten(namn), flatten(datum)
    shape = common_shape([name_shape, day_shape])
    parsed, wrong_days = dates(days), error_cells(days)
    figures = law_of(policy).figures
    problems = {row: problem for problem in parsed.problems for row in problem.rows.tolist()}
    known: dict[tuple[str, int], Answer] = {}
    cells: list[Any] = []
    for row in range(shape.rows):
        name, place = names[row if len(names) > 1 else 0], row if len(days) > 1 else 0
        if isinstance(name, CellError) or place in wrong_days:
            cells.append(name if isinstance(name, CellError) else wrong_days[place])
        elif place in problems:
            cells.append(CellError(problems[place].code, problems[place].message))
        else:
            day = int(parsed.values[place]) if parsed.given[place] else today()
            asked = ("" if is_blank(name) else str(name), day)
            if asked not in known:
                known[asked] = _one_rate(figures, *asked)
            cells.append(known[asked])
    return shape.restore(cells)


def _one_rate(figures: Any, written: str, day: int) -> Answer:
    try:
        figure, key = find_figure(figures, written)
    except Misread as problem:
        return CellError(problem.code, str(problem))
    entry = figure.entry(day, key)
    if entry is None or entry.value is None:
        return CellError("#N/A", figure.missing_text(day, key))
    if (trace := TRACE.get()) is not None:
        trace.lines = [line_of(figure, key, day)]
    return to_written(entry.value, figure.unit)


def find_figure(figures: Any, written: str) -> tuple[Figure, int]:
    """The figure and key code of `name` or `name/key`; titles serve as names. Raises Misread."""
    name, _, key = (part.strip() for part in written.partition("/"))
    figure = figures.get(name) or figures.get(name.lower())
    if figure is None:
        figure = {normalise(one.title): one for one in figures.values()}.get(normalise(name))
    if figure is None:
        near = closest(name, list(figures))
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        raise Misread(f'Satsen "{name}" finns inte.{maybe}')
    if figure.key_kind is None:
        return figure, 0
    for number, word in enumerate(figure.keys):
        if key and normalise(key) in (normalise(word), normalise(figure.titles.get(word, word))):
            return figure, number
    shown = [figure.titles.get(word, word) for word in figure.keys]
    listed = ", ".join(shown if len(shown) < 30 else [*shown[:5], "…"])
    raise Misread(f"Ange satsens nyckel efter ett snedstreck, till exempel {name}/{shown[0]}. Nycklar: {listed}.")


def line_of(figure: Figure, key: int, day: int) -> Explained:
    """A figure on a day as one line of an explanation."""
    entry = figure.entry(day, key)
    assert entry is not None and entry.value is not None
    title = figure.title + (f" ({figure.titles.get(entry.key, entry.key)})" if entry.key else "")
    value = to_written(entry.value, figure.unit)
    first = in_force_from(entry.from_day)
    return Explained(title, value, figure.unit, figure.refs, entry.source, first, entry.status)


def rule_text(ids: Any) -> Answer:
    """Texts of rules with their sources."""
    flat, shape = flatten(ids)
    return shape.restore([_one_rule(cell) for cell in flat])


def _one_rule(cell: Any) -> Answer:
    if isinstance(cell, CellError):
        return cell
    try:
        rule = catalogue.find("" if is_blank(cell) else str(cell))
    except catalogue.UnknownRule as unknown:
        return CellError("#N/A", str(unknown.args[0]))
    if (trace := TRACE.get()) is not None:
        trace.lines = [Explained(rule.id, rule.text, "", (rule.id,), f"{rule.document}, {rule.section}")]
    return f"{rule.id}: {rule.text} ({rule.document}, {rule.section})"


def explanation(funktion: Any, arguments: Sequence[Any]) -> Answer:
    """The steps behind one call of a function, as a table with headings."""
    name = str(flatten(funktion)[0][0] or "")
    if "(" in name and not arguments:
        name, arguments = _parsed(name)
    function = by_name(name)
    if function is None or function.name == "FORKLARA":
        near = closest(name.upper(), [known for known in FUNCTIONS if known != "FORKLARA"])
        maybe = f" Menade du {' eller '.join(near)}?" if near else ""
        return CellError("#VALUE!", f'Funktionen "{name}" finns inte.{maybe}')
    if len(arguments) > len(function.parameters):
        return CellError(
            "#VALUE!", f"{function.name} har högst {len(function.parameters)} argument: {function.signature}."
        )
    trace = Trace()
    token = TRACE.set(trace)
    try:
        answer = function.call(*arguments)
    finally:
        TRACE.reset(token)
    return _table(trace, answer, function.name)


def _parsed(text: str) -> tuple[str, Sequence[Any]]:
    """The name and the arguments of a ready formula."""
    try:
        return parse(text)
    except FormulaError as problem:
        raise Misread(str(problem)) from None


def _table(trace: Trace, answer: Answer, name: str) -> Table | CellError:
    lines = list(trace.lines)
    if trace.result is not None:
        lines = explain(trace.result, trace.target, 0, lambda value, unit: _shown(value, unit, trace.roles))
    lines = lines or _rules_named(answer)
    if not lines:
        return answer if isinstance(answer, CellError) else CellError("#VALUE!", f"{name} har inga steg att visa.")
    return [list(HEADINGS), *(as_row(line) for line in lines)]


def _rules_named(answer: Answer) -> list[Explained]:
    """The rules behind a table that names one in each row, each once, with its sentence and source."""
    if not isinstance(answer, list) or "Regel" not in answer[0]:
        return []
    place = answer[0].index("Regel")
    found = []
    for id_ in dict.fromkeys(row[place] for row in answer[1:]):
        try:
            rule = catalogue.find(id_)
        except catalogue.UnknownRule:
            continue
        found.append(Explained(rule.id, rule.text, "", (rule.id,), f"{rule.document}, {rule.section}"))
    return found


def _shown(value: Any, unit: str, roles: Sequence[str]) -> Shown:
    return (roles[value] if value >= 0 else "–", "") if unit == "roll" else show(value, unit)


def as_row(line: Explained) -> list[Any]:
    """A step as the cells under HEADINGS."""
    return [line.title, line.value, line.unit, ", ".join(line.refs), line.source, line.from_date, line.status]
