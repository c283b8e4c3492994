"""The yearly follow-up of business trips, by climate and by cost: plain formulas over a sheet of trips."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from xlsx.forms.book import FormBook
from xlsx.forms.setting import FormSetting
from xlsx.forms.uppfoljning.assumptions import write_assumptions, write_calculation
from xlsx.forms.uppfoljning.breakdown import Units
from xlsx.forms.uppfoljning.climate import write_climate
from xlsx.forms.uppfoljning.content import Followup
from xlsx.forms.uppfoljning.cost import write_cost
from xlsx.forms.uppfoljning.data import write_data
from xlsx.forms.uppfoljning.nights import write_nights
from xlsx.forms.uppfoljning.quality import write_quality
from xlsx.forms.uppfoljning.trains import write_trains

__all__ = ["KIND", "Followup", "write_uppfoljning"]

KIND: Final = "uppfoljning"
TITLE: Final = "Uppföljning av tjänsteresor"
VERSION: Final = 1


def write_uppfoljning(path: Path, setting: FormSetting, content: Followup | None = None) -> None:
    """Write the follow-up, for the trips of `content` or with rows to fill in. Formulas are left without values."""
    content = content or Followup()
    with FormBook(path, TITLE, KIND, VERSION, setting.made, setting.functions, setting.policy) as book:
        sheet, first = write_assumptions(book, setting, content)
        write_data(book, setting, content)
        units = Units(sheet, first, content)
        write_climate(book, units)
        write_cost(book, units)
        write_nights(book, units)
        write_trains(book, units)
        write_quality(book, content)
        write_calculation(book, setting, content)
