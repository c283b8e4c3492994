"""Draws the icons of the Excel add-in from the SVG file, in headless Chromium: python -m docs.make_icons [BROWSER]"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from udfs.officejs.manifest import ICON_SIZES

ICONS = Path(__file__).parents[1] / "udfs" / "officejs" / "icons"
PAGE = "<style>body {{ margin: 0 }} svg {{ display: block; width: {size}px; height: {size}px }}</style>{drawing}"


def main(chromium: str | None = None) -> None:
    """Write `fardkost-<size>.png` for each size. `chromium` is a browser to use instead of Playwright's own."""
    drawing = (ICONS / "fardkost.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for size in ICON_SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(PAGE.format(size=size, drawing=drawing))
            page.screenshot(path=ICONS / f"fardkost-{size}.png", omit_background=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:2])
