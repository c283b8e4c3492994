"""The two journeys of an alternative: out to the errand, and home from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Times:
    """Points in time of n alternatives, minutes: the door, arrival, errand from and to, start home, the door again."""

    avresa: Any
    framme: Any
    borjar: Any
    slutar: Any
    hemfard: Any
    hemkomst: Any

    def disorder(self) -> list[tuple[Any, str]]:
        """Rows whose times contradict each other, with the sentence that says how; the gravest first."""
        return [
            (self.hemkomst < self.avresa, "Hemkomsten ligger före avresan."),
            (self.slutar < self.borjar, "Förrättningen slutar innan den börjar."),
            (self.borjar < self.avresa, "Förrättningen börjar före avresan."),
            (self.hemkomst < self.slutar, "Hemkomsten ligger före förrättningens slut."),
            (self.framme < self.avresa, "Framme ligger före avresan."),
            (self.framme > self.borjar, "Framme ligger efter att förrättningen börjar."),
            (self.hemfard < self.slutar, "Hemfärden börjar innan förrättningen slutar."),
            (self.hemkomst < self.hemfard, "Hemkomsten ligger före hemfärdens början."),
        ]

    def journeys(self) -> tuple[Any, Any]:
        """Departure and arrival of the 2n journeys, those of one alternative beside each other."""
        departures = np.stack([self.avresa, self.hemfard], axis=1).ravel()
        arrivals = np.stack([self.framme, self.hemkomst], axis=1).ravel()
        return departures, arrivals


def owners(count: int) -> Any:
    """The alternative of each of its two journeys."""
    return np.repeat(np.arange(count), 2)
