"""LibreOffice opens what was made, and finds the same in every other cell."""

from __future__ import annotations
