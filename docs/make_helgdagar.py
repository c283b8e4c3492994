"""The table of Swedish public holidays, written from the `holidays` library: `python -m docs.make_helgdagar`.

The library loads every country of the world for one of them, a tenth of a second each time a program starts;
what it says of Sweden is therefore read from helgdagar.csv.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date

import holidays

from core.engine.clock import FIRST_DAY, LAST_DAY, as_date
from core.fardtid.holidays import FIELDS, TABLE


def named_days() -> Iterator[tuple[date, str]]:
    """(day, Swedish name) of every public holiday of the years that the engine knows, by day; a day may have two."""
    years = range(as_date(FIRST_DAY).year, as_date(LAST_DAY).year + 1)
    of_sweden = holidays.country_holidays("SE", years=years, language="sv", categories=("public",))
    for day in sorted(of_sweden):
        for name in sorted(of_sweden.get_list(day)):
            yield day, name


def table_text() -> str:
    """The whole table as CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(FIELDS)
    writer.writerows((day.isoformat(), name) for day, name in named_days())
    return text.getvalue()


if __name__ == "__main__":
    TABLE.write_text(table_text(), encoding="utf-8", newline="\n")
