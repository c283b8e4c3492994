"""What is handed in but cannot be taken, or cannot be computed: a clear answer, and nothing left behind."""

from __future__ import annotations

import io
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.udfs.server.jobs.recalculating import DEMO, Sheets, serving
from udfs.server.jobs.files import LONGEST_NAME, safe_name

TRIP = b"Avresa;Hemkomst\n2024-03-04 07:00;2024-03-06 20:00\n"


@pytest.fixture(scope="module")
def small() -> Iterator[Sheets]:
    """A server that takes 100,000 bytes and keeps four sheets."""
    with serving(max_upload=100_000, max_jobs=4) as found:
        yield found


def refused(answer: httpx.Response) -> tuple[int, str, str]:
    content = answer.json()["error"]
    return answer.status_code, content["code"], content["message"]


def folders(sheets: Sheets) -> list[str]:
    return [path.name for path in sheets.folder().iterdir()]


def test_a_file_that_is_too_large(small: Sheets) -> None:
    answer = small.send(("stor.csv", TRIP + b"x" * 100_000))
    assert refused(answer) == (413, "for-stor", "Filen är större än 0,1 MB, som är det mesta som tas emot.")
    assert folders(small) == []


def test_a_file_that_is_too_large_and_does_not_say_so(small: Sheets) -> None:
    """Sent in pieces, without Content-Length: it is counted as it comes."""
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'

    def pieces() -> Iterator[bytes]:
        yield head
        for _ in range(40):
            yield b"x" * 65_536

    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    assert refused(small.http.post("/recalc", content=pieces(), headers=kind))[:2] == (413, "for-stor")
    assert folders(small) == []


@pytest.mark.parametrize(
    ("name", "status", "code", "said"),
    [
        ("kvitto.pdf", 415, "fel-filtyp", "Filtypen .pdf läses inte. Läsbara är .xlsx, .xlsm, .ods, .xls, .csv"),
        ("makro.xlsb", 415, "fel-filtyp", "Filtypen .xlsb läses inte."),
        ("utan", 415, "fel-filtyp", "En fil utan ändelse läses inte."),
    ],
)
def test_a_file_of_another_kind(small: Sheets, name: str, status: int, code: str, said: str) -> None:
    answer = refused(small.send((name, b"%PDF-1.7")))
    assert answer[:2] == (status, code)
    assert answer[2].startswith(said)
    assert folders(small) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"policy": "linkopin"}, "Menade du linkoping?"),
        ({"policy": "/etc/passwd"}, 'Okänd policy "/etc/passwd".'),
        ({"days": "kanske"}, 'days: "kanske" ska vara ja eller nej.'),
        ({"mapping": "Avresa"}, "mapping: skriv JSON med filens rubriker och våra"),
        ({"mapping": '{"a": 1}'}, "mapping: skriv JSON med filens rubriker och våra"),
        ({"saved": "i går"}, 'saved: "i går" ska vara sekunder sedan 1970.'),
        ({"colour": "blue"}, 'Fältet "colour" är okänt. Fälten är file, policy, days, sheet, mapping, saved.'),
    ],
)
def test_options_that_are_wrong(small: Sheets, fields: dict[str, str], said: str) -> None:
    answer = refused(small.send(("a.csv", TRIP), **fields))
    assert answer[0] == 422
    assert said in answer[2]
    assert folders(small) == []


def test_a_form_that_is_none(small: Sheets) -> None:
    assert refused(small.http.post("/recalc", json={}))[:2] == (415, "fel-innehall")
    assert refused(small.http.post("/recalc", data={"policy": "linkoping"}))[:2] == (415, "fel-innehall")
    only_fields = {"policy": (None, "linkoping")}
    assert refused(small.http.post("/recalc", files=only_fields))[:2] == (422, "ingen-fil")
    assert refused(small.http.post("/recalc", files={"fil": ("a.csv", TRIP)}))[:2] == (422, "fel-form")
    both = [("file", ("a.csv", TRIP)), ("file", ("b.csv", TRIP))]
    assert refused(small.http.post("/recalc", files=both))[:2] == (422, "fel-form")
    assert refused(small.http.post("/recalc", files={"file": ("", TRIP)}))[0] in (415, 422)
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    cut = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nAvresa'
    for body in (cut, b"", b"x" * 500, b"--x\r\n\r\n\r\n--x--\r\n", b'--x\r\nA: "\r\n' * 30):
        assert small.http.post("/recalc", content=body, headers=kind).status_code in (400, 422)
    long_field = {"sheet": (None, "x" * 70_000), "file": ("a.csv", TRIP)}
    assert refused(small.http.post("/recalc", files=long_field))[:2] == (413, "for-stort-falt")
    assert folders(small) == []


def test_a_sender_that_goes_away_leaves_nothing(small: Sheets) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nAvresa'
    with socket.create_connection(("127.0.0.1", small.server.port)) as sender:
        lines = (
            "POST /recalc HTTP/1.1",
            "Host: a",
            "Content-Type: multipart/form-data; boundary=x",
            "Content-Length: 9000",
        )
        sender.sendall("\r\n".join((*lines, "", "")).encode() + head)
        until(lambda: len(folders(small)) == 1)
    until(lambda: folders(small) == [])


def until(condition: object) -> None:
    last = time.monotonic() + 30
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < last
        time.sleep(0.05)


def test_another_site_cannot_hand_in_a_sheet_by_the_user_s_browser(small: Sheets) -> None:
    file = {"file": ("a.csv", TRIP)}
    answer = small.http.post("/recalc", files=file, headers={"Origin": "https://annan.example"})
    assert refused(answer)[:2] == (403, "fel-webbplats")
    answer = small.http.post("/recalc", files=file, headers={"Origin": small.server.url})
    assert answer.status_code == 202
    small.delete(answer.json()["id"])


def test_as_many_sheets_as_there_is_room_for(small: Sheets) -> None:
    jobs = [small.sent(("a.csv", TRIP)) for _ in range(4)]
    assert refused(small.send(("a.csv", TRIP)))[:2] == (503, "fullt")
    for job in jobs:
        assert small.delete(job) == 204
    assert small.delete(small.sent(("a.csv", TRIP))) == 204


def workbook(**parts: bytes) -> bytes:
    """The demo sheet, smaller than it was for the lack of some parts, with others put in."""
    made = io.BytesIO()
    with zipfile.ZipFile(DEMO) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name.rpartition("/")[2].partition(".")[0], old.read(name)))
    return made.getvalue()


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><workbook xmlns="x">&b;</workbook>'


@pytest.mark.parametrize(
    ("sheet", "said"),
    [
        (("trasig.xlsx", b"PK\x03\x04 inte en arbetsbok"), "trasig.xlsx: "),
        (("skratt.xlsx", workbook(workbook=LAUGHS)), "skratt.xlsx: "),
        (("bomb.xlsx", workbook(styles=b"<styleSheet>" + b" " * 60_000_000)), "bomb.xlsx: "),
        (("tom.csv", b""), "tom.csv: filen är tom"),
        (("annat.csv", b"Namn;Telefon\nA;1\n"), "annat.csv: ingen rubrikrad hittades"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_a_job_that_failed(sheets: Sheets, sheet: tuple[str, bytes], said: str) -> None:
    job = sheets.sent(sheet)
    ended = sheets.ended(job)
    assert ended["state"] == "failed"
    assert ended["message"].startswith(said)
    assert "Traceback" not in ended["message"]
    assert str(sheets.server.folder) not in ended["message"]
    assert sheets.events(job)[-1][1]["message"] == ended["message"]
    for path in ("result", "report"):
        assert refused(sheets.http.get(f"/recalc/{job}/{path}")) == (409, "misslyckad", ended["message"])


def test_a_sheet_by_another_name_that_is_not_there(sheets: Sheets) -> None:
    ended = sheets.ended(sheets.sent(sheet="Blad7"))
    assert ended["message"] == 'resor-2024-2026.xlsx: bladet "Blad7" finns inte. Bladen är Resor, Delsträckor.'


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Resor 2024.xlsx", "Resor 2024.xlsx"),
        ("C:\\Users\\Eva\\resor.xlsx", "resor.xlsx"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("/", "resor"),
        ("..xlsx", "xlsx"),
        ("a\x00b\n.csv", "a_b_.csv"),
        ("con.xlsx", "_con.xlsx"),
        ("resor\u202excod.xlsx", "resor_xcod.xlsx"),
        ("A\u030a.csv", "Å.csv"),
        ("\N{GRINNING FACE}" * 60 + ".xlsx", "\N{GRINNING FACE}" * 45 + ".xlsx"),  # four bytes each
        ("x" * 300 + ".xlsx", "x" * (LONGEST_NAME - 5) + ".xlsx"),
    ],
)
def test_the_name_a_file_is_kept_under(written: str, kept: str) -> None:
    assert safe_name(written) == kept
    assert len(Path(kept).parts) <= 1
