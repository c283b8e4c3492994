"""The page /berakna in a real browser: from a file to its result."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.udfs.officejs.browsing import Watched, browser, opened  # noqa: F401  # fixtures
from tests.udfs.server.jobs.recalculating import DEMO, PATIENCE, Sheets, serving
from udfs.server.keys import new_key

WAIT = PATIENCE * 1000
WIDTHS = (320, 390, 768, 1280)


def faults(watched: Watched) -> list[str]:
    """What went wrong; Chromium says of a stream that was read to its end that it was aborted."""
    return [fault for fault in watched.faults if not re.search(r"/events net::ERR_ABORTED$", fault)]


def choose(page: Page, file: Path | dict[str, Any] = DEMO) -> None:
    page.get_by_label("Fil med resor").set_input_files(file)  # type: ignore[arg-type]


def computed(page: Page, name: str = DEMO.name) -> None:
    page.get_by_role("button", name="Räkna", exact=True).click()
    expect(page.get_by_role("heading", name=f"Resultat för {name}")).to_be_visible(timeout=WAIT)


@pytest.fixture(scope="module")
def done(browser: Browser, sheets: Sheets) -> Iterator[Watched]:  # noqa: F811
    """The page with the demo's result."""
    with opened(browser, f"{sheets.server.url}/berakna", 1280, 900) as watched:
        choose(watched.page)
        computed(watched.page)
        yield watched
        assert faults(watched) == []


def cells(page: Page, table: str, row: str) -> list[str]:
    """The cells of a row of a table after its heading, with plain spaces."""
    found = (
        page.get_by_role("region", name=table, exact=True)
        .get_by_role("row")
        .filter(has=page.get_by_role("rowheader", name=row, exact=True))
    )
    return [text.replace("\u00a0", " ") for text in found.get_by_role("cell").all_inner_texts()]


def test_the_totals_are_those_of_the_command_line(done: Watched) -> None:
    """As README.md shows them."""
    row = cells(done.page, "Summor per avdelning", "Kultur och fritid")
    # No distance of one of its trips (row 264), no amounts of two (249 and 262), all charges.
    assert row == ["69", "3", "44 094 (1)", "68 048 (2)", "278 599 (2)", "5 161 (1)", "7 505 –"]
    assert cells(done.page, "Summor per färdmedel", "Alla") == [
        "420",
        "14",
        "265 593 (2)",
        "386 864 (11)",
        "1 602 366 (11)",
        "28 245 (5)",
        "41 019 (3)",
    ]
    expect(done.page.get_by_text("(n): så många resor är inte med i summan")).to_be_visible()
    expect(done.page.locator(".cards")).to_contain_text("11 resor ej med")
    assert cells(done.page, "Kontroller per regel", "stopp")[1] == "Kvitto saknas"


def test_the_charts_show_the_chosen_column(done: Watched) -> None:
    page = done.page
    chart = page.get_by_role("img", name=re.compile("^Ersättning, kr per avdelning"))
    expect(chart).to_have_attribute(
        "aria-label", re.compile(r"Utbildningsförvaltningen: 86\s091; Kultur och fritid: 68\s048")
    )
    widths = [float(bar.get_attribute("width").rstrip("%")) for bar in chart.locator(".bar").all()]  # type: ignore[union-attr]
    assert widths[0] == 100
    assert widths[1] == pytest.approx(68_048 / 86_091 * 100, abs=0.01)
    page.get_by_label("Visa i diagrammen").select_option("Resor")
    expect(page.get_by_role("img", name=re.compile("^Resor per färdmedel.*tåg: 177; flyg: 91"))).to_be_visible()
    page.get_by_label("Visa i diagrammen").select_option("Ersättning, kr")


def test_the_errors_can_be_searched(done: Watched) -> None:
    page = done.page
    rows = page.get_by_role("region", name="Rader med fel", exact=True).locator("tbody tr")
    expect(rows).to_have_count(14)
    page.get_by_label("Sök bland felen").fill("okant LAND")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("136")
    expect(rows.first).to_contain_text('Okänt land "Tysklnd". Menade du Tyskland?')
    page.get_by_label("Sök bland felen").fill("")
    expect(rows).to_have_count(14)


def test_the_result_is_downloaded_under_its_own_name(done: Watched) -> None:
    with done.page.expect_download() as download:
        done.page.get_by_role("button", name="Hämta resultatet").click()
    assert download.value.suggested_filename == "resor-2024-2026-beräknad.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()), read_only=True)
    assert {"Resor", "Sammanställning"} <= set(book.sheetnames)
    book.close()
    expect(done.page.get_by_text("resor-2024-2026-beräknad.xlsx är hämtad.")).to_be_visible()


def test_a_job_is_there_when_the_page_is_opened_again_until_it_is_removed(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 390, 800) as watched:
        page = watched.page
        choose(
            page,
            {
                "name": "Å ä.csv",
                "mimeType": "text/csv",
                "buffer": b"Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n",
            },
        )
        computed(page, "Å ä.csv")
        watched.reload()
        expect(page.get_by_role("heading", name="Resultat för Å ä.csv")).to_be_visible(timeout=WAIT)
        watched.goto(f"{sheets.server.url}/berakna?ny")
        page.get_by_role("button", name="Visa Å ä.csv").click()
        expect(page.get_by_role("heading", name="Resultat för Å ä.csv")).to_be_visible(timeout=WAIT)
        page.get_by_label("Policy").select_option("stockholm")
        page.get_by_role("button", name="Räkna om samma fil").click()
        expect(page.locator(".facts")).to_contain_text("Stockholm", timeout=WAIT)
        page.get_by_role("button", name="Ta bort från servern").click()
        expect(page.get_by_text("Å ä.csv är borttagen från servern.")).to_be_visible()
        expect(page.get_by_role("heading", name="Dina beräkningar")).to_be_hidden()
        assert faults(watched) == []


def test_what_cannot_be_read_is_said_beside_the_form(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 390, 800) as watched:
        page = watched.page
        alert = page.get_by_role("alert")
        choose(page, {"name": "kvitto.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
        page.get_by_role("button", name="Räkna", exact=True).click()
        expect(alert).to_contain_text("kvitto.pdf kan inte läsas. Läsbara är .xlsx")
        choose(page, {"name": "annat.csv", "mimeType": "text/csv", "buffer": b"Namn;Telefon\nA;1\n"})
        page.get_by_role("button", name="Räkna", exact=True).click()
        expect(alert).to_contain_text("annat.csv: ingen rubrikrad hittades", timeout=WAIT)
        expect(page.locator("#progress")).to_be_hidden()
        assert faults(watched) == []


def test_by_keyboard_alone(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 768, 900) as watched:
        page = watched.page
        choose(page)
        page.get_by_label("Fil med resor").focus()
        reached = [page.evaluate("document.activeElement.id")]
        for _ in range(5):
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.id"))
        assert [one for one in reached if one] == ["file", "policy", "sheet", "days", "send"][
            : len([one for one in reached if one])
        ]
        page.get_by_role("button", name="Räkna", exact=True).focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"Resultat för {DEMO.name}")).to_be_focused(timeout=WAIT)
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Hämta resultatet")).to_be_focused()


def test_a_file_is_dropped_and_the_job_cancelled(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 768, 900) as watched:
        page = watched.page
        page.evaluate(
            """() => {
              const carried = new DataTransfer();
              carried.items.add(new File(["Avresa;Hemkomst\\n2024-03-04 07:00;2024-03-06 20:00\\n"], "slapp.csv"));
              const dropped = new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true });
              document.querySelector("#drop").dispatchEvent(dropped);
            }"""
        )
        page.get_by_role("button", name="Räkna", exact=True).click()
        expect(page.locator("#progress-status")).to_have_text(re.compile("kö|Startar|Läser"), timeout=WAIT)
        page.get_by_role("button", name="Avbryt och ta bort").click()
        expect(page.get_by_text("slapp.csv är borttagen från servern.")).to_be_visible()
        expect(page.locator("#progress")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_the_window_and_all_text_stands_out(done: Watched, scheme: Any) -> None:
    page = done.page
    page.emulate_media(color_scheme=scheme)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    weak = page.evaluate(CONTRAST)
    assert weak == [], "below 4.5:1"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})


CONTRAST = """() => {
  const rgb = (text) => text.match(/[0-9.]+/g).map(Number);
  const light = (color) => color.slice(0, 3).map((part) => part / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, place) => sum + part * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const color = rgb(getComputedStyle(one).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    throw new Error("the page has no colour behind its text");
  };
  const weak = [];
  for (const node of document.querySelectorAll("main *, header *, footer *")) {
    const text = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!text || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const ink = light(rgb(node instanceof SVGElement ? style.fill : style.color));
    const behind = light(ground(node));
    const ratio = (Math.max(ink, behind) + 0.05) / (Math.min(ink, behind) + 0.05);
    if (ratio < 4.5) weak.push(`${node.tagName} "${node.textContent.trim().slice(0, 30)}" ${ratio.toFixed(2)}`);
  }
  return [...new Set(weak)];
}"""


def test_every_control_has_a_name_and_every_table_its_headings(done: Watched) -> None:
    page = done.page
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("main input, main select, main button")]
          .filter((one) => !(one.labels?.length || one.textContent.trim() || one.getAttribute("aria-label")))
          .map((one) => one.outerHTML)"""
    )
    assert nameless == []
    assert page.locator("table").count() == page.locator("table:has(thead th[scope=col])").count()
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))


def test_with_sign_in_the_page_asks_for_a_key(browser: Browser, tmp_path: Path) -> None:  # noqa: F811
    key = new_key(tmp_path / "nycklar.txt", "Eva")
    with serving("--api-keys", str(tmp_path / "nycklar.txt")) as sheets:
        with opened(browser, f"{sheets.server.url}/berakna", 390, 800) as watched:
            page = watched.page
            expect(page.get_by_label("Fil med resor")).to_be_hidden()
            page.get_by_label("API-nyckel").fill(key)
            page.get_by_role("button", name="Logga in").click()
            expect(page.get_by_text("Du är inloggad.")).to_be_visible()
            choose(page)
            computed(page)
            with page.expect_download() as download:
                page.get_by_role("button", name="Hämta resultatet").click()
            assert download.value.path().stat().st_size > 100_000
            watched.goto(f"{sheets.server.url}/berakna?ny")
            expect(page.get_by_role("button", name=f"Visa {DEMO.name}")).to_be_visible()
            assert faults(watched) == []
        with opened(browser, f"{sheets.server.url}/berakna", 390, 800) as watched:
            page = watched.page
            page.get_by_label("API-nyckel").fill("fk_fel")
            page.get_by_role("button", name="Logga in").click()
            expect(page.get_by_text("Nyckeln godtas inte.")).to_be_visible()
            expect(page.get_by_label("API-nyckel")).to_be_visible()
