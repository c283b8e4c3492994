"""POST /form over a socket: what a form says, its files, and what is refused; and the page in a browser."""

from __future__ import annotations

import base64
import io
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from playwright.sync_api import Browser, expect

from tests.udfs.officejs.browsing import browser, opened  # noqa: F401  # fixtures
from tests.udfs.server.running import Server, running_server
from tests.udfs.small_form import WANTED, write_form
from udfs.server.keys import new_key


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as found:
        yield found


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    return write_form(tmp_path / "Anna å.xlsx")


def post(server: Server, file: Path | tuple[str, bytes] | None, headers: Any = None, **fields: str) -> httpx.Response:
    name, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file or ("", b"")
    files = {"file": (name, content)} if file is not None else {"pdf": (None, "nej")}
    url = f"{server.url}/form"
    return httpx.post(url, files=files, data=fields, headers=headers, timeout=120, trust_env=False)  # type: ignore[arg-type]


def error(answer: httpx.Response) -> tuple[int, str, str]:
    said = answer.json()["error"]
    return answer.status_code, said["code"], said["message"]


def test_the_answer_has_totals_remarks_and_the_file(server: Server, filled: Path) -> None:
    """754 kr: see small_form; 50 kr of resetillägg for each of three days."""
    answer = post(server, filled)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    said = answer.json()
    totals = [(one["label"], one["value"], one["unit"]) for one in said["form"]["totals"]]
    assert totals == [("Traktamente", 754.0, "kr"), ("Resetillägg", 150.0, "kr"), ("Bil", 120.0, "km")]
    assert said["form"]["policy"] == "linkoping" and said["form"]["own"] == 3
    assert "L-4.2-6" in {one["rule"] for one in said["form"]["remarks"]}
    assert said["pdf"] is None and said["pdf_problem"] is None
    assert said["file"]["name"] == "Anna å-beräknad.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(base64.b64decode(said["file"]["content"])), data_only=True)
    assert book["Resa"]["B5"].value == 754


def test_wrong_input_is_told_where_it_stands(server: Server, tmp_path: Path) -> None:
    said = post(server, write_form(tmp_path / "f.xlsx", avresa="i mars")).json()["form"]
    found = {one["place"]: one["text"] for one in said["mistakes"]}
    assert found["Resa, Avresa"] == WANTED and "i mars" in found["Resa!B5"]


def test_one_file_alone(server: Server, filled: Path) -> None:
    answer = post(server, filled, answer="xlsx")
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    assert "Anna%20%C3%A5-ber%C3%A4knad.xlsx" in answer.headers["content-disposition"]
    assert openpyxl.load_workbook(io.BytesIO(answer.content), data_only=True)["Resa"]["B6"].value == 150


def test_the_pdf_shows_the_values(server: Server, filled: Path, tmp_path: Path) -> None:
    answer = post(server, filled, answer="pdf")
    assert answer.headers["content-type"] == "application/pdf"
    (tmp_path / "f.pdf").write_bytes(answer.content)
    text = subprocess.run(["pdftotext", tmp_path / "f.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "754" in text and "#N" not in text
    both = post(server, filled, pdf="ja").json()
    assert base64.b64decode(both["pdf"]["content"]).startswith(b"%PDF") and both["pdf"]["name"].endswith(".pdf")


def test_a_policy_can_be_named(server: Server, filled: Path) -> None:
    assert post(server, filled, policy="stockholm").json()["form"]["policy"] == "stockholm"
    status, code, message = error(post(server, filled, policy="lingköping"))
    assert (status, code) == (422, "okand-policy") and "linkoping" in message


def test_a_form_cannot_name_a_file_of_the_server_as_its_policy(server: Server, tmp_path: Path) -> None:
    secret = tmp_path / "hemlig.yaml"
    secret.write_text("lösenord: abc123")
    answer = post(server, write_form(tmp_path / "f.xlsx", policy=str(secret)))
    assert answer.status_code == 200 and "abc123" not in answer.text
    assert any("Okänd policy" in one["text"] for one in answer.json()["form"]["mistakes"])


@pytest.mark.parametrize(
    ("file", "fields", "status", "code", "part"),
    [
        (None, {}, 422, "ingen-fil", "file"),
        (("a.csv", b"a;b"), {}, 415, "fel-filtyp", "/recalc"),
        (("a.exe", b"MZ"), {}, 415, "fel-filtyp", ".exe"),
        (("a.xlsx", b"hej"), {}, 422, "fel-fil", "a.xlsx: "),
        (("a.xlsx", b""), {}, 422, "fel-fil", "tom"),
        (("a.xlsx", b"hej"), {"pdf": "kanske"}, 422, "fel-form", "ja eller nej"),
        (("a.xlsx", b"hej"), {"answer": "docx"}, 422, "fel-form", "json, xlsx eller pdf"),
        (("a.xlsx", b"hej"), {"blad": "1"}, 422, "fel-form", "blad"),
    ],
)
def test_what_is_refused(server: Server, file: Any, fields: dict[str, str], status: int, code: str, part: str) -> None:
    found = error(post(server, file, **fields))
    assert found[:2] == (status, code) and part in found[2]


def test_another_site_s_form_and_another_kind_of_body_are_refused(server: Server, filled: Path) -> None:
    assert post(server, filled, {"Origin": "https://annan.example"}).status_code == 403
    assert server.post("/form", {"file": "x"}).status_code == 415


def test_a_file_that_is_too_large_is_refused(filled: Path, tmp_path: Path) -> None:
    config = tmp_path / "server.yaml"
    config.write_text("max_upload: 5000\n")
    with running_server("--config", str(config)) as small:
        found = error(post(small, filled))
    assert found[:2] == (413, "for-stor")


def test_sign_in_and_that_nothing_is_left(tmp_path: Path, filled: Path) -> None:
    key = new_key(tmp_path / "nycklar.txt", "Eva")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    with running_server("--api-keys", str(tmp_path / "nycklar.txt"), env={"TMPDIR": str(scratch)}) as guarded:
        assert post(guarded, filled).status_code == 401
        assert post(guarded, filled, {"Authorization": f"Bearer {key}"}).status_code == 200
        assert httpx.get(f"{guarded.url}/formular", trust_env=False).status_code == 200
        assert list(scratch.iterdir()) == []
        told = guarded.told()
    assert "/form'" in told
    assert "Anna" not in told and "754" not in told


def test_the_page_shows_what_the_form_says(browser: Browser, server: Server, tmp_path: Path) -> None:  # noqa: F811
    wrong = write_form(tmp_path / "fel.xlsx", avresa="i mars")
    with opened(browser, f"{server.url}/formular", 390, 800) as watched:
        page = watched.page
        page.get_by_label("Ifyllt formulär").set_input_files(wrong)
        page.get_by_role("button", name="Räkna").click()
        expect(page.get_by_role("heading", name="Resultat för fel.xlsx")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("region", name="Att rätta")).to_contain_text(WANTED)
        page.get_by_label("Ifyllt formulär").set_input_files(write_form(tmp_path / "rätt.xlsx"))
        page.get_by_label("Gör också en PDF").check()
        page.get_by_role("button", name="Räkna").click()
        expect(page.get_by_role("heading", name="Resultat för rätt.xlsx")).to_be_visible(timeout=60_000)
        expect(page.get_by_role("region", name="Att rätta")).to_be_hidden()
        expect(page.get_by_role("row", name="Traktamente")).to_contain_text("754 kr")
        for button, suffix in (("Hämta formuläret", ".xlsx"), ("Hämta PDF:en", ".pdf")):
            with page.expect_download() as download:
                page.get_by_role("button", name=button).click()
            assert download.value.suggested_filename == f"rätt-beräknad{suffix}"
            assert download.value.path().stat().st_size > 5_000
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_label("Ifyllt formulär").set_input_files(
            {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}
        )
        page.get_by_role("button", name="Räkna").click()
        expect(page.get_by_text("a.txt kan inte läsas.")).to_be_visible()
        assert watched.faults == []
