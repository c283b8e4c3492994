"""API keys: the file, the command that keeps it, and the ring that follows it."""

from __future__ import annotations

import base64
import hashlib
import logging
import os
import stat
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from udfs.cli import main
from udfs.server.keys import KeyProblem, KeyRing, match, new_key, read_keys, remove_key

DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
"""SHA-256 of `abc`, as published in FIPS 180-4's examples."""


def command(*words: str) -> Result:
    return CliRunner().invoke(main, ["keys", *words])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "nycklar.txt"


def test_a_key_is_32_random_bytes_behind_a_prefix(file: Path) -> None:
    first, second = new_key(file, "lön"), new_key(file, "ekonomi")
    assert first != second
    assert first.startswith("fk_")
    assert len(base64.urlsafe_b64decode(first.removeprefix("fk_") + "=")) == 32


def test_the_file_has_name_day_and_checksum_but_no_key(file: Path) -> None:
    secret = new_key(file, "lön", date(2026, 11, 22))
    assert file.read_text("utf-8") == f"lön:2026-11-22:{hashlib.sha256(secret.encode()).hexdigest()}\n"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_reads_the_file(file: Path) -> None:
    new_key(file, "a")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    new_key(file, "b")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640, "a group may be let in, everybody not"


def test_the_published_checksum_matches_its_text_alone(file: Path) -> None:
    file.write_text(f"test:2026-01-01:{DIGEST}\n", "utf-8")
    found = read_keys(file)
    assert match(found, "abc") == found[0]
    for other in ("abd", "", "ABC", DIGEST, "abc\n", "åäö", "\udcff".encode("utf-8", "replace").decode()):
        assert match(found, other) is None, other


def test_all_keys_are_compared_whichever_matches(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = [new_key(file, name) for name in ("a", "b", "c")]
    found, compared = read_keys(file), []
    monkeypatch.setattr("hmac.compare_digest", lambda one, other: compared.append(one) or one == other)
    for secret in (*secrets, "fk_okänd"):
        compared.clear()
        match(found, secret)
        assert compared == [key.digest for key in found]


def test_comments_and_blank_lines_stay(file: Path) -> None:
    file.write_text(f"# Nycklar för lön\n\nabc:2026-01-01:{DIGEST}\n", "utf-8")
    new_key(file, "b")
    remove_key(file, "abc")
    lines = file.read_text("utf-8").splitlines()
    assert lines[:2] == ["# Nycklar för lön", ""]
    assert [key.name for key in read_keys(file)] == ["b"]


@pytest.mark.parametrize(
    "line",
    [
        "abc",
        f"abc:{DIGEST}",
        f"abc:2026-13-01:{DIGEST}",
        f"abc:2026-01-01:{DIGEST[:-1]}",
        f"abc:2026-01-01:{DIGEST.upper()}",
        f":2026-01-01:{DIGEST}",
        f"a/b:2026-01-01:{DIGEST}",
        f"abc:2026-01-01:{DIGEST}:x",
        "fk_hemlig",
    ],
)
def test_a_malformed_line_is_named_by_file_and_number_and_never_shown(file: Path, line: str) -> None:
    """A key that was pasted into the file by mistake must not end up in a log."""
    file.write_text(f"# rad 1\nok:2026-01-01:{DIGEST}\n{line}\n", "utf-8")
    with pytest.raises(KeyProblem) as raised:
        read_keys(file)
    text = str(raised.value)
    assert text.startswith(f"{file}, rad 3: raden är ingen nyckel.")
    assert "namn:ÅÅÅÅ-MM-DD:sha256" in text
    assert "hemlig" not in text


def test_two_keys_of_one_name(file: Path) -> None:
    file.write_text(f"a:2026-01-01:{DIGEST}\na:2026-01-02:{DIGEST}\n", "utf-8")
    with pytest.raises(KeyProblem, match="rad 2: det finns redan en nyckel som heter a"):
        read_keys(file)


def test_files_that_cannot_be_read(file: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match=r"finns inte\. Skapa den med: fardkost keys new"):
        read_keys(file)
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KeyProblem, match="inte text i UTF-8"):
        read_keys(file)
    with pytest.raises(KeyProblem, match="det är en mapp"):
        read_keys(tmp_path)


def test_the_ring_follows_the_file(file: Path) -> None:
    first = new_key(file, "första")
    ring = KeyRing(file)
    second = new_key(file, "andra")
    found = ring.find(second)
    assert found is not None
    assert found.name == "andra"
    remove_key(file, "första")
    assert ring.find(first) is None
    assert ring.find(second) is not None


def test_a_broken_line_neither_stops_the_others_nor_keeps_a_removed_key(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept, removed = new_key(file, "kvar"), new_key(file, "bort")
    ring = KeyRing(file)
    file.write_text(file.read_text("utf-8").splitlines()[0] + "\ntrasig rad\n", "utf-8")
    with caplog.at_level(logging.ERROR):
        assert ring.find(kept) is not None
        assert ring.find(removed) is None
    assert [record.message for record in caplog.records] == [
        f"{file}, rad 2: raden är ingen nyckel. Väntade namn:ÅÅÅÅ-MM-DD:sha256 med 64 hexadecimala tecken."
    ], "said once, not at every call"


def test_a_file_that_has_gone_lets_nobody_in(file: Path) -> None:
    secret = new_key(file, "a")
    ring = KeyRing(file)
    file.unlink()
    assert ring.find(secret) is None
    file.write_text("", "utf-8")
    assert ring.find(secret) is None


def test_a_server_does_not_start_with_a_broken_file(file: Path) -> None:
    file.write_text("trasig\n", "utf-8")
    with pytest.raises(KeyProblem, match="rad 1"):
        KeyRing(file)


# The command


def test_new_prints_the_key_alone_and_once(file: Path) -> None:
    result = command("new", "lön", "--file", str(file))
    assert result.exit_code == 0
    secret = result.stdout.strip()
    assert match(read_keys(file), secret) is not None
    assert "Den visas bara nu" in result.stderr
    assert secret not in command("list", "--file", str(file)).output
    assert secret not in file.read_text("utf-8")


def test_list_and_remove(file: Path) -> None:
    for name in ("lön", "Ekonomi och HR"):
        command("new", name, "--file", str(file))
    listed = command("list", "--file", str(file)).output
    assert "lön" in listed
    assert f"Ekonomi och HR   {date.today().isoformat()}" in listed
    assert command("remove", "lön", "--file", str(file)).exit_code == 0
    assert [key.name for key in read_keys(file)] == ["Ekonomi och HR"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("new", "a:b"), "går inte att använda"),
        (("new", "#a"), "går inte att använda"),
        (("new", ""), "går inte att använda"),
        (("new", "x" * 61), "går inte att använda"),
        (("new", "finns"), "det finns redan en nyckel som heter finns"),
        (("remove", "okänd"), "det finns ingen nyckel som heter okänd. Nycklar i filen: finns."),
    ],
)
def test_what_is_wrong_is_said_in_swedish(file: Path, words: tuple[str, ...], said: str) -> None:
    new_key(file, "finns")
    before = file.read_bytes()
    result = command(*words, "--file", str(file))
    assert result.exit_code == 2
    assert said in result.stderr
    assert file.read_bytes() == before


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("", "utf-8")
    result = command("new", "a", "--file", str(tmp_path / "fil" / "nycklar"))
    assert result.exit_code == 2
    assert "kan inte" in result.stderr
