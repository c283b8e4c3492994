"""Every control of the room, registered by being imported."""

from __future__ import annotations

import core.kontroll.ersattning
import core.kontroll.fardmedel
import core.kontroll.godkannande
import core.kontroll.mellan_resor
import core.kontroll.tider
import core.kontroll.underlag
import core.kontroll.utrikes  # noqa: F401
from core.kontroll.controls import CONTROLS, RULES

__all__ = ["CONTROLS", "RULES"]

RULES.input("rollmatris", None, "tabell", "Vilka roller som får godkänna i policyns rollers ställe", default=None)
