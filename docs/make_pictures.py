"""Makes the pictures of the forms, from the demo's filled-in forms and the shipped sheet, with LibreOffice and Poppler.

python -m docs.make_pictures
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Final

from udfs.forms import recalculate_form
from xlsx.forms.evaluation.pdf import write_pdf

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "bilder"
DOTS_PER_INCH: Final = "80"
COMPUTED: Final = datetime(2026, 11, 22, 12, 0)

PAGES: Final = {
    "reserakning": {1: "sammanstallning", 2: "dygn", 3: "resvag", 5: "biljetter", 7: "kontroll", 8: "underlag"},
    "resebudget": {2: "resor", 11: "alternativ", 12: "oversikt", 13: "fardmedel", 14: "manader"},
    "uppfoljning": {10: "fardmedel", 11: "utslapp", 15: "kostnad", 16: "natter", 19: "tagandel"},
}
"""Pages that are shown of each filled-in form, by number."""

EMPTY: Final = {"reserakning": 1, "resebudget": 1, "uppfoljning": 1, "import": 1}
"""A page of each template as it is shipped."""


def main() -> None:
    """Write docs/bilder anew."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        for name in ("reserakning-vecka", "resebudget-2026"):
            recalculate_form(ROOT / "demo" / f"{name}.xlsx", there / f"{name.partition('-')[0]}.xlsx", moment=COMPUTED)
        followup = [
            sys.executable,
            "-m",
            "udfs.cli",
            "followup",
            str(ROOT / "demo" / "resor-2024-2026.xlsx"),
            "--year",
            "2026",
        ]
        subprocess.run([*followup, "--base-year", "2024", "--out", str(there / "uppfoljning.xlsx")], check=True)
        for form, pages in PAGES.items():
            write_pdf(there / f"{form}.xlsx", there / f"{form}.pdf")
            for page, name in pages.items():
                _picture(there / f"{form}.pdf", page, PICTURES / f"{form}-{name}")
        for form, page in EMPTY.items():
            write_pdf(ROOT / "templates" / f"{form}.xlsx", there / f"{form}-tom.pdf")
            _picture(there / f"{form}-tom.pdf", page, PICTURES / f"{form}-tom")


def _picture(pdf: Path, page: int, out: Path) -> None:
    number = str(page)
    command = ["pdftoppm", "-png", "-singlefile", "-r", DOTS_PER_INCH, "-f", number, "-l", number]
    subprocess.run([*command, str(pdf), str(out)], check=True)


if __name__ == "__main__":
    main()
