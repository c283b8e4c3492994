"""The user's own say in what columns mean: proposed, confirmed, used."""

from __future__ import annotations

from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.udfs.officejs.browsing import browser, opened  # noqa: F401  # fixtures
from tests.udfs.server.jobs.recalculating import PATIENCE, Sheets
from udfs.server.jobs.page import choosable
from xlsx.headings import Chosen, choose
from xlsx.vocabulary import TRIPS

SHEET: Final = (
    "system.csv",
    "Avressa;Hemkomst;Land;Färdmedel;Körd väg\n2024-03-04 07:00;2024-03-06 20:00;Sverige;privat bil;8,5\n".encode(),
)
"""Three whole days at 290 kr (2024). 8.5 mil are 85 km at 2.90 kr."""

CONFIRMED: Final = {"Avressa": "Avresa", "Körd väg": "Km (mil)"}


def paid(report: Any) -> Any:
    return report["total"]["sums"].get("ersattning_totalt")


def test_a_proposal_is_not_used_until_it_is_confirmed(sheets: Sheets) -> None:
    job = sheets.sent(SHEET)
    assert sheets.ended(job)["state"] == "done"
    before = sheets.report(job)
    assert ("Avressa", "Avresa") in {(one["written"], one["title"]) for one in before["proposals"]}
    assert paid(before) is None
    answer = sheets.http.post(f"/recalc/{job}/again", json={"mapping": CONFIRMED})
    assert answer.status_code == 202
    assert sheets.ended(job)["mapping"] == CONFIRMED
    after = sheets.report(job)
    assert after["unknown"] == after["proposals"] == []
    assert paid(after) == pytest.approx(3 * 290 + 3 * 50 + 85 * 2.9)
    assert after["total"]["km"] == 85


def test_a_mapping_goes_along_with_the_file(sheets: Sheets) -> None:
    job = sheets.sent(SHEET, mapping='{"Avressa": "Avresa", "Land": ""}')
    assert sheets.ended(job)["state"] == "done"
    report = sheets.report(job)
    assert "Land" not in {one["written"] for one in report["columns"]}
    assert paid(report) >= 3 * 290


def test_what_is_used_already_can_be_said_again_with_its_unit(sheets: Sheets) -> None:
    """As the page does; results of an earlier run are no columns to choose for."""
    text = "Avresa;Hemkomst;Färdmedel;Mil;Traktamente\n2024-03-04 07:00;2024-03-04 20:00;privat bil;8,5;1\n"
    job = sheets.sent(("mil.csv", text.encode()))
    sheets.ended(job)
    before = sheets.report(job)
    assert before["unknown"] == before["unused"] == []
    said = {one["written"]: one["chosen"] for one in before["columns"]}
    assert said["Mil"] == "Km (mil)"
    sheets.http.post(f"/recalc/{job}/again", json={"mapping": said})
    sheets.ended(job)
    assert sheets.report(job)["total"] == before["total"]
    assert before["total"]["km"] == 85


def test_a_heading_of_ours_that_is_none(sheets: Sheets) -> None:
    answer = sheets.send(SHEET, mapping='{"Avressa": "Avrresa"}')
    assert answer.status_code == 422
    assert "Menade du Avresa?" in answer.json()["error"]["message"]


def test_the_user_confirms_on_the_page(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 390, 900) as watched:
        page = watched.page
        page.get_by_label("Fil med resor").set_input_files(
            {"name": SHEET[0], "mimeType": "text/csv", "buffer": SHEET[1]}
        )
        page.get_by_role("button", name="Räkna", exact=True).click()
        expect(page.get_by_role("heading", name="Bekräfta kolumnerna")).to_be_visible(timeout=PATIENCE * 1000)
        choice = page.get_by_label("Avressa (förslag)")
        expect(choice).to_have_value("Avresa")
        page.get_by_role("button", name="Räkna om med kolumnerna").click()
        expect(page.locator(".cards")).to_contain_text("Ersättning, kr", timeout=PATIENCE * 1000)
        expect(page.get_by_role("heading", name="Bekräfta kolumnerna")).to_be_hidden()
        page.get_by_text("Ändra hur de andra kolumnerna läses").click()
        page.get_by_label("Land", exact=True).select_option("Används inte")
        page.get_by_role("button", name="Räkna om med kolumnerna").click()
        expect(page.get_by_text("Kolumnen Land saknas")).to_be_visible(timeout=PATIENCE * 1000)
        expect(page.locator(".cards")).to_contain_text("Ersättning, kr")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def computed(page: Page, name: str, text: str) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("Fil med resor").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Räkna", exact=True).click()
    expect(page.get_by_role("heading", name=f"Resultat för {name}")).to_be_visible()


def kilometres(page: Page) -> Locator:
    """The sum of Km of all trips."""
    table = page.get_by_role("region", name="Summor per färdmedel", exact=True)
    return table.locator("tfoot td").nth(2)


def test_what_can_be_chosen_means_what_it_says() -> None:
    units = {"mil": 10, "tkr": 1000, "ton": 1000}
    offered = [(heading, text) for heading in TRIPS for text in choosable(heading)]
    assert {"Km", "Km (mil)", "Utlägg (tkr)", "Utsläpp (ton)"} <= {text for _, text in offered}
    for heading, text in offered:
        unit = text.removeprefix(heading.title).strip(" ()")
        assert choose(text, TRIPS) == Chosen(heading, units[unit] if unit else None)


def test_an_unknown_heading_in_mil_is_chosen_on_the_page(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    """12.5 mil are 125 km."""
    with opened(browser, f"{sheets.server.url}/berakna", 390, 900) as watched:
        page = watched.page
        computed(
            page, "mil.csv", "Avresa;Hemkomst;Färdmedel;Bilväg\n2024-03-04 07:00;2024-03-04 20:00;privat bil;12,5\n"
        )
        page.get_by_label("Bilväg", exact=False).select_option("Km (mil)")
        page.get_by_role("button", name="Räkna om med kolumnerna").click()
        expect(kilometres(page)).to_have_text("125")


def test_a_column_that_gave_way_to_another_can_be_chosen(browser: Browser, sheets: Sheets) -> None:  # noqa: F811
    """8 mil are 80 km, and the other column said 70."""
    text = "Avresa;Hemkomst;Färdmedel;Körsträcka mil;Sträcka\n2024-03-04 07:00;2024-03-04 20:00;privat bil;8;70\n"
    job = sheets.sent(("byte.csv", text.encode()))
    sheets.ended(job)
    assert sheets.report(job)["unused"] == ["Körsträcka mil"]
    with opened(browser, f"{sheets.server.url}/berakna", 390, 900) as watched:
        page = watched.page
        computed(page, "byte.csv", text)
        expect(kilometres(page)).to_have_text("70")
        page.get_by_label("Körsträcka mil", exact=True).select_option("Km (mil)")
        expect(page.get_by_label("Sträcka", exact=True)).to_have_value("")
        expect(page.get_by_text('"Sträcka" används då inte')).to_be_visible()
        page.get_by_role("button", name="Räkna om med kolumnerna").click()
        expect(kilometres(page)).to_have_text("80")
        expect(page.locator("#form-status")).to_be_empty()
