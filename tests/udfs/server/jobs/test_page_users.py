"""The page /berakna for those whose file, address, browser or sign-in is not as the page would have it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.udfs.officejs.browsing import Watched, browser, opened  # noqa: F401  # fixtures
from tests.udfs.server.jobs.recalculating import Sheets, serving
from udfs.server.keys import new_key

SHEET: Final = "Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n"

DROP: Final = """([names, place]) => {
  const carried = new DataTransfer();
  for (const name of names) carried.items.add(new File(["Avresa;Hemkomst\\n"], name));
  const dropped = new DragEvent("drop", { dataTransfer: carried, bubbles: true, cancelable: true });
  document.querySelector(place).dispatchEvent(dropped);
  return dropped.defaultPrevented;
}"""


@pytest.fixture
def watched(browser: Browser, sheets: Sheets) -> Iterator[Watched]:  # noqa: F811
    with opened(browser, f"{sheets.server.url}/berakna", 390, 800) as found:
        expect(found.page.get_by_label("Fil med resor")).to_be_visible()  # until then the page is not ready
        yield found


def press(page: Page) -> None:
    page.get_by_role("button", name="Räkna", exact=True).click()


def computed(page: Page, file: Path) -> None:
    page.get_by_label("Fil med resor").set_input_files(file)
    press(page)
    expect(page.get_by_role("heading", name=f"Resultat för {file.name}")).to_be_visible()


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    file = tmp_path / "resor.csv"
    file.write_text(SHEET, "utf-8")
    return file


def test_a_file_that_was_corrected_is_to_be_chosen_again(watched: Watched, sheet: Path) -> None:
    page = watched.page
    computed(page, sheet)
    expect(page.get_by_text("Samma fil är filen som den var när den skickades")).to_be_visible()
    sheet.write_text(SHEET + "2024-04-08 07:00;2024-04-09 20:00\n", "utf-8")
    press(page)
    expect(page.get_by_role("alert")).to_have_text("Filen har ändrats sedan den valdes. Välj den igen.")
    expect(page.get_by_role("heading", name="Resultat för resor.csv")).to_be_visible()
    expect(page.get_by_label("Fil med resor")).to_be_focused()
    computed(page, sheet)
    expect(page.locator(".cards div").filter(has_text="Lästa resor").locator("dd")).to_have_text("2")
    sheet.unlink()
    press(page)
    expect(page.get_by_role("alert")).to_have_text("Filen finns inte kvar där den valdes. Välj den igen.")


def test_an_address_of_a_job_that_is_no_more(watched: Watched, sheets: Sheets) -> None:
    page = watched.page
    watched.goto(f"{sheets.server.url}/berakna?gammal#{'a' * 32}")
    expect(page.get_by_role("alert")).to_have_text("Beräkningen i adressen finns inte längre, eller är någon annans.")
    assert page.evaluate("location.hash") == ""
    watched.goto(f"{sheets.server.url}/berakna?plats#main")
    expect(page.get_by_label("Fil med resor")).to_be_visible()
    watched.settle()
    expect(page.locator("#form-status")).to_be_empty()


def test_an_address_of_a_job_while_the_server_is_away(watched: Watched, sheets: Sheets) -> None:
    page = watched.page
    page.route(f"**/recalc/{'a' * 32}", lambda route: route.abort())
    watched.goto(f"{sheets.server.url}/berakna?borta#{'a' * 32}")
    expect(page.get_by_role("alert")).to_have_text("Servern svarar inte. Försök igen om en stund.")
    assert page.evaluate("location.hash") == f"#{'a' * 32}", "it may be loaded again"


def test_a_job_that_fails_leaves_the_focus_on_the_file(watched: Watched) -> None:
    page = watched.page
    bad = {"name": "annat.csv", "mimeType": "text/csv", "buffer": b"Namn;Telefon\nA;1\n"}
    page.get_by_label("Fil med resor").set_input_files(bad)  # type: ignore[arg-type]
    press(page)
    expect(page.get_by_role("alert")).to_contain_text("ingen rubrikrad hittades")
    expect(page.get_by_label("Fil med resor")).to_be_focused()


def test_a_browser_that_stores_nothing(browser: Browser, sheets: Sheets, sheet: Path) -> None:  # noqa: F811
    with opened(browser, "about:blank", 390, 800) as watched:
        page = watched.page
        page.add_init_script(
            """Object.defineProperty(window, "localStorage", {
              get() { throw new DOMException("The operation is insecure.", "SecurityError"); },
            });"""
        )
        watched.goto(f"{sheets.server.url}/berakna")
        computed(page, sheet)
        expect(page.get_by_role("button", name="Visa resor.csv")).to_be_visible()
        page.get_by_role("button", name="Ta bort från servern").click()
        expect(page.get_by_text("resor.csv är borttagen från servern.")).to_be_visible()
        expect(page.get_by_role("button", name="Visa resor.csv")).to_be_hidden()


def test_several_files_are_not_taken_and_none_replaces_the_page(watched: Watched) -> None:
    page = watched.page
    assert page.evaluate(DROP, [["a.csv", "b.csv"], "#drop"])
    expect(page.get_by_role("alert")).to_have_text("Släpp en fil i taget.")
    assert page.evaluate("document.querySelector('#file').files.length") == 0
    assert page.evaluate(DROP, [["a.csv"], "#drop"])
    expect(page.locator("#form-status")).to_be_empty()
    assert page.evaluate("document.querySelector('#file').files[0].name") == "a.csv"
    assert page.evaluate(DROP, [["b.csv"], "footer"]), "the browser would open the file"
    assert page.evaluate("document.querySelector('#file').files[0].name") == "a.csv"


def sign_in(page: Page, key: str) -> None:
    page.get_by_label("API-nyckel").fill(key)
    page.get_by_role("button", name="Logga in").click()


def test_one_user_s_result_is_not_shown_to_the_next(browser: Browser, tmp_path: Path, sheet: Path) -> None:  # noqa: F811
    keys = tmp_path / "nycklar.txt"
    eva, adam = new_key(keys, "Eva"), new_key(keys, "Adam")
    with serving("--api-keys", str(keys)) as sheets, opened(browser, f"{sheets.server.url}/berakna", 390, 800) as found:
        page = found.page
        result = page.get_by_role("heading", name="Resultat för resor.csv")
        sign_in(page, eva)
        expect(page.get_by_label("Fil med resor")).to_be_focused()
        computed(page, sheet)
        for key in (eva, adam):
            page.evaluate("localStorage.setItem('fardkost.key', 'fk_indragen')")
            page.get_by_role("button", name="Hämta resultatet").click()
            expect(page.get_by_text("Nyckeln godtas inte.")).to_be_visible()
            expect(page.get_by_label("API-nyckel")).to_be_focused()
            assert "resor.csv" not in page.locator("main").inner_text()
            sign_in(page, key)
            if key == eva:
                expect(result).to_be_visible()
        expect(page.get_by_role("alert")).to_have_text(
            "Beräkningen i adressen finns inte längre, eller är någon annans."
        )
        found.settle()
        expect(result).to_have_count(0)
        expect(page.locator("#jobs")).to_be_hidden()


def test_a_sheet_of_many_departments_is_shown_in_parts(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    file = tmp_path / "namn.csv"
    # A trip of each department, and one more of the seventh.
    rows = [f"2024-03-04 07:00;2024-03-04 20:00;Avd {n:03}" for n in range(1, 251) for _ in range(1 + (n == 7))]
    file.write_text("\n".join(["Avresa;Hemkomst;Avdelning", *rows, ""]), "utf-8")
    computed(page, file)
    table = page.get_by_role("region", name="Summor per avdelning", exact=True)
    expect(table.locator("tbody tr")).to_have_count(100)
    expect(table.locator("tfoot td").first).to_have_text("251")
    expect(
        page.get_by_text("100 av 250 rader visas. Alla står i resultatet, på bladet Sammanställning.")
    ).to_be_visible()
    page.get_by_label("Visa i diagrammen").select_option("Resor")
    chart = page.get_by_role("img", name=re.compile("^Resor per avdelning, de 25 största av 250. Avd 007: 2; "))
    expect(chart.locator(".bar")).to_have_count(25)
    more = page.get_by_role("button", name="Visa fler: Summor per avdelning")
    more.click()
    more.click()
    expect(table.locator("tbody tr")).to_have_count(250)
    expect(more).to_be_hidden()


@pytest.mark.parametrize(("seconds", "written"), [(30, "1 minut"), (60, "1 minut"), (120, "2 minuter")])
def test_how_long_files_are_kept(seconds: float, written: str) -> None:
    with serving(job_lifetime=seconds) as sheets:
        assert f"i högst {written} och" in sheets.http.get("/berakna").text
