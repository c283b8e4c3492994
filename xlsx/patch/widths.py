"""How wide a new column is made."""

from __future__ import annotations

from typing import Final

from xlsx.sheetstyle import FORMATS

_FILTER_BUTTON: Final = 3
_TEXT: Final = 20
_LEAST: Final = 8


def width_of(title: str, form: str, wraps: bool) -> float:
    """Room for the heading, on two lines where it may take several, and for what the form needs."""
    longest = max((len(word) for word in title.split()), default=0)
    heading = max(longest, (len(title) + 5) // 2) if wraps else len(title)
    return max(FORMATS[form].width or (_TEXT if form in ("ord", "text") else 0), heading + _FILTER_BUTTON, _LEAST)
