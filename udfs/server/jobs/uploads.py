"""A form with a file, taken from a request piece by piece: the file goes to disk as it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

import anyio
import anyio.to_thread
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from udfs.server.jobs.files import safe_name
from udfs.server.requests import DISCARD_TIME_LIMIT, MOST_DISCARDED, Rejected, note
from xlsx.guard import TEXTS, WORKBOOKS

FILE_FIELD: Final = "file"
READABLE: Final = (*WORKBOOKS, *TEXTS)

SILENCE: Final = 30.0
"""Seconds without anything of the form."""

LONGEST: Final = 1800.0
"""Seconds for the whole form."""

MOST_FIELDS: Final = 12
LONGEST_FIELD: Final = 64 * 1024
ROOM_FOR_FIELDS: Final = MOST_FIELDS * (LONGEST_FIELD + 8 * 1024)
"""Bytes that a form may be larger than its file."""

NOT_A_FORM: Final = 'Skicka ett formulär med Content-Type: multipart/form-data och filen i fältet "file".'
BROKEN: Final = "Formuläret kan inte läsas: det är avklippt eller har fel form."
NO_ROOM: Final = "Servern har ingen plats för filen just nu. Försök igen senare."


@dataclass
class Form:
    """What came: the fields, and the file's name and size once it has begun."""

    fields: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    size: int = 0


async def read_form(request: Request, folder: Path, most: int) -> Form:
    """Receive a form whose file, of at most `most` bytes, goes into the folder. Raises Rejected.

    The folder is the caller's to delete when the form is refused or its sender goes away.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind.lower() != b"multipart/form-data" or not boundary:
        raise Rejected(415, "fel-innehall", NOT_A_FORM)
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Rejected(415, "fel-kodning", "Skicka formuläret okomprimerat, utan Content-Encoding.")
    pieces = request.stream()
    try:
        reader = _Reader(boundary, folder, most)
    except FormParserError:
        raise Rejected(400, "fel-form", BROKEN) from None
    try:
        with anyio.fail_after(LONGEST):
            await _receive(pieces, reader, most + ROOM_FOR_FIELDS)
    except TimeoutError:
        raise Rejected(408, "for-langsam", "Filen kom inte fram i tid.") from None
    except Rejected:
        # A connection that is closed while the client still sends can cost it the answer.
        await _discard(pieces)
        raise
    finally:
        reader.close()
    note(request, bytes_in=reader.received)
    return reader.form


async def _receive(pieces: AsyncIterator[bytes], reader: _Reader, most: int) -> None:
    while True:
        with anyio.fail_after(SILENCE):
            piece = await anext(pieces, None)
        if piece is None:
            break
        reader.received += len(piece)
        if reader.received > most:
            raise too_large(most - ROOM_FOR_FIELDS)
        if piece:
            await anyio.to_thread.run_sync(reader.write, piece)
    await anyio.to_thread.run_sync(reader.finish)


async def _discard(pieces: AsyncIterator[bytes]) -> None:
    size = 0
    with anyio.move_on_after(DISCARD_TIME_LIMIT):
        async for piece in pieces:
            size += len(piece)
            if size > MOST_DISCARDED:
                break


def too_large(most: int) -> Rejected:
    """The answer to a file that is larger than that many bytes."""
    megabytes = f"{most / 1e6:g}".replace(".", ",")
    return Rejected(413, "for-stor", f"Filen är större än {megabytes} MB, som är det mesta som tas emot.")


class _Reader:
    """Takes a form apart."""

    def __init__(self, boundary: bytes, folder: Path, most: int) -> None:
        self.form, self.received = Form(), 0
        self._folder, self._most = folder, most
        self._file: BinaryIO | None = None
        self._header, self._value, self._disposition = b"", b"", b""
        self._name, self._text, self._in_file, self._ended = "", bytearray(), False, False
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_end,
                "on_headers_finished": self._headers,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._whole,
            },
        )

    def write(self, piece: bytes) -> None:
        """Take the next piece. Raises Rejected."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise Rejected(400, "fel-form", BROKEN) from None
        except OSError:
            raise Rejected(503, "ingen-plats", NO_ROOM, 600) from None

    def finish(self) -> None:
        """There is no more. Raises Rejected when it is not whole."""
        self.close()
        if not self._ended:
            raise Rejected(400, "fel-form", BROKEN)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        self._disposition, self._text = b"", bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = self._value
        self._header = self._value = b""

    def _headers(self) -> None:
        options = parse_options_header(self._disposition)[1]
        self._name = options.get(b"name", b"").decode("utf-8", "replace")
        self._in_file = b"filename" in options
        if not self._in_file:
            if len(self.form.fields) == MOST_FIELDS:
                raise Rejected(400, "fel-form", BROKEN)
            return
        if self._name != FILE_FIELD or self.form.name is not None:
            raise Rejected(422, "fel-form", 'Skicka en enda fil, i fältet "file".')
        self.form.name = readable_name(options[b"filename"].decode("utf-8", "replace"))
        self._file = (self._folder / self.form.name).open("xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._in_file:
            assert self._file is not None
            self.form.size += end - start
            if self.form.size > self._most:
                raise too_large(self._most)
            self._file.write(data[start:end])
        elif len(self._text) + end - start > LONGEST_FIELD:
            raise Rejected(
                413, "for-stort-falt", f'Fältet "{self._name[:40]}" är längre än {LONGEST_FIELD // 1024} KiB.'
            )
        else:
            self._text += data[start:end]

    def _end(self) -> None:
        if not self._in_file:
            self.form.fields[self._name] = self._text.decode("utf-8", "replace").strip()

    def _whole(self) -> None:
        self._ended = True


def readable_name(written: str) -> str:
    """The name that a file is kept under. Raises Rejected for a kind of file that is not read."""
    if not written.strip():
        raise Rejected(422, "ingen-fil", "Välj en fil att räkna om.")
    name = safe_name(written)
    suffix = Path(name).suffix.lower()
    if suffix not in READABLE:
        kinds = ", ".join(READABLE)
        said = f"Filtypen {suffix}" if suffix else "En fil utan ändelse"
        raise Rejected(415, "fel-filtyp", f"{said} läses inte. Läsbara är {kinds}.")
    return name
