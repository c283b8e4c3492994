"""`reserakning.xlsx`: the travel claim of one trip."""

from __future__ import annotations

from pathlib import Path

from xlsx.forms.book import FormBook
from xlsx.forms.reserakning import coding, control, costs, days, explanation, head, route
from xlsx.forms.reserakning.lists import write_lists
from xlsx.forms.reserakning.messages import write_messages
from xlsx.forms.reserakning.sums import total_formulas, write_partial_sums, write_singles
from xlsx.forms.reserakning.workings import Workings
from xlsx.forms.setting import FormSetting

KIND = "reserakning"
VERSION = 1


def write_reserakning(path: Path, setting: FormSetting) -> None:
    """Write the form without values; `xlsx.forms.evaluation` computes them."""
    with FormBook(path, "Reseräkning", KIND, VERSION, setting.made, setting.functions, setting.policy) as book:
        first = book.sheet(head.SHEET, head.WIDTHS)
        day_sheet = book.sheet(days.SHEET, days.WIDTHS, landscape=True)
        way = book.sheet(route.SHEET, route.WIDTHS, landscape=True)
        paid = book.sheet(costs.SHEET, costs.WIDTHS, landscape=True)
        accounts = book.sheet(coding.SHEET, coding.WIDTHS, landscape=True)
        checked = book.sheet(control.SHEET, control.WIDTHS)
        why = book.sheet(explanation.SHEET, explanation.WIDTHS, landscape=True)
        write_lists(book)
        workings = Workings(book)
        legs, weeks, of_days = route.leg_block(workings), route.week_block(workings), days.day_block(workings)
        cars, tickets = costs.car_block(workings), costs.ticket_block(workings)
        head.write_head(first, total_formulas(of_days))
        days.write_days(day_sheet, of_days)
        route.write_route(way, legs, weeks)
        costs.write_costs(paid, cars, tickets)
        coding.write_coding(accounts, coding.coding_block(workings))
        write_singles(workings, legs, of_days, tickets)
        write_partial_sums(workings)
        messages = write_messages(workings)
        control.write_control(checked, workings, messages, legs)
        explanation.write_explanation(why, workings, explanation.topics(weeks, cars, tickets), setting.policy)
        first.raw.activate()
