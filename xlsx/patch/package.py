"""The zip of a workbook: parts are read, copied as the compressed bytes they were, or put anew; whole or not at all."""

from __future__ import annotations

import copy
import errno
import os
import re
import secrets
import stat
import struct
import time
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from xlsx.patch.deflate import PIECE, Deflated, inflated
from xlsx.patch.errors import Unpatchable

_LOCAL_HEADER: Final = struct.Struct("<4s5H3L2H")
_LOCAL_MARK: Final = b"PK\3\4"
_ENCRYPTED: Final = 0x41
_SIZES_FOLLOW: Final = 0x08
_ZIP64_EXTRA: Final = 1
_FIXED_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The date of new parts, so that the same workbook becomes the same bytes."""

_LARGEST_PART: Final = 256 << 20
"""Inflated bytes of a part that is read as a whole; sheets are read in pieces."""

_LARGE: Final = 0xF000_0000

_UNFINISHED: Final = re.compile(r"\.fardkost-[0-9a-f]{12}\.tmp")
_ABANDONED_AFTER: Final = 24 * 3600
"""Seconds since an unfinished file was last written to, when no run can still be at it."""


class Package:
    """A workbook's file, opened for reading."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file: IO[bytes] = path.open("rb")
        except OSError as error:
            raise Unpatchable(f"{path.name}: filen kan inte öppnas ({error.strerror}).") from None
        try:
            self._zip = zipfile.ZipFile(self._file)
        except zipfile.BadZipFile:
            self._file.close()
            raise Unpatchable(f"{path.name}: filen är ingen arbetsbok (zip) eller är skyddad med lösenord.") from None
        self.entries: list[zipfile.ZipInfo] = self._zip.infolist()
        self.comment: bytes = self._zip.comment
        self._by_name = {part_key(entry.filename): entry for entry in self.entries}
        if len(self._by_name) != len(self.entries):
            self._file.close()
            raise Unpatchable(f"{path.name}: filen är skadad: flera delar har samma namn.")

    def __enter__(self) -> Package:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._zip.close()
        self._file.close()

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._by_name

    @property
    def readers(self) -> int:
        """Who may read and write the file, as `os.open` takes it; its owner always may."""
        return os.fstat(self._file.fileno()).st_mode & 0o666 | 0o600

    def entry(self, name: str) -> zipfile.ZipInfo:
        """The entry of a part. Raises Unpatchable when there is none."""
        if name not in self:
            raise Unpatchable(f"delen {name} saknas i filen.")
        return self._by_name[part_key(name)]

    def read(self, name: str) -> bytes:
        """A part as a whole."""
        if self.entry(name).file_size > _LARGEST_PART:
            raise Unpatchable(f"delen {name} är för stor.")
        return b"".join(self.stream(name))

    def stream(self, name: str) -> Iterator[bytes]:
        """A part's content in pieces."""
        entry = self.entry(name)
        if entry.compress_type == zipfile.ZIP_DEFLATED:
            return inflated(self.raw(entry), entry.file_size, entry.CRC, name)
        if entry.compress_type == zipfile.ZIP_STORED:
            return self.raw(entry)
        raise Unpatchable(f"delen {name} är packad på ett sätt som inte läses.")

    def raw(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """An entry's bytes as they are stored."""
        at, left = entry.header_offset, entry.compress_size
        *_, name_length, extra_length = self._local_header(entry)
        at += _LOCAL_HEADER.size + name_length + extra_length
        while left:
            self._file.seek(at)
            piece = self._file.read(min(PIECE, left))
            if not piece:
                raise Unpatchable(f"{self.path.name}: filen är avkortad.")
            at, left = at + len(piece), left - len(piece)
            yield piece

    def local_extra(self, entry: zipfile.ZipInfo) -> bytes:
        """The extra fields of an entry's own header, which may be others than those of the directory."""
        *_, name_length, extra_length = self._local_header(entry)
        self._file.seek(entry.header_offset + _LOCAL_HEADER.size + name_length)
        return self._file.read(extra_length)

    def _local_header(self, entry: zipfile.ZipInfo) -> tuple[int, ...]:
        self._file.seek(entry.header_offset)
        header = self._file.read(_LOCAL_HEADER.size)
        if len(header) < _LOCAL_HEADER.size or not header.startswith(_LOCAL_MARK):
            raise Unpatchable(f"{self.path.name}: filen är skadad vid {entry.filename}.")
        fields: tuple[int, ...] = _LOCAL_HEADER.unpack(header)[1:]
        if entry.flag_bits & _ENCRYPTED:
            raise Unpatchable(f"{self.path.name}: filen är krypterad. Ta bort lösenordet och spara den igen.")
        return fields


def part_key(name: str) -> str:
    """Part names are compared without regard to case, and some programs write them with backslashes."""
    return name.replace("\\", "/").lstrip("/").casefold()


class PackageWriter:
    """A new file of parts. Made by `replacing`."""

    def __init__(self, file: IO[bytes], source: Package) -> None:
        self._file, self._source = file, source
        self._directory = zipfile.ZipFile(file, "w")
        self._directory.comment = source.comment

    def copy(self, entry: zipfile.ZipInfo) -> None:
        """An entry of the source as the bytes it is."""
        new = _entry_like(entry)
        new.CRC, new.compress_size, new.file_size = entry.CRC, entry.compress_size, entry.file_size
        self._begin(new, self._source.local_extra(entry))
        for piece in self._source.raw(entry):
            self._file.write(piece)
        self._end(new)

    def put(self, name: str, pieces: Iterable[bytes], like: zipfile.ZipInfo | None = None, size: int = 0) -> None:
        """A new part, or the new content of an entry of the source.

        size: about how many bytes it will be, to make room for large numbers in its header.
        """
        new = _entry_like(like) if like is not None else zipfile.ZipInfo(name, _FIXED_DATE)
        if like is None:
            new.external_attr = 0o600 << 16
        new.compress_type = zipfile.ZIP_DEFLATED
        new.CRC = new.compress_size = 0
        new.file_size = size if size > _LARGE else 0
        extra = self._source.local_extra(like) if like is not None else b""
        self._begin(new, extra)
        start = self._file.tell()
        packed = Deflated(pieces)
        for piece in packed:
            self._file.write(piece)
        end = self._file.tell()
        if (packed.size > zipfile.ZIP64_LIMIT or end - start > zipfile.ZIP64_LIMIT) and size <= _LARGE:
            raise Unpatchable(f"delen {name} blir för stor.")
        new.CRC, new.file_size, new.compress_size = packed.crc, packed.size, end - start
        self._file.seek(new.header_offset)
        self._header(new, extra, large=size > _LARGE)
        self._file.seek(end)
        self._end(new)

    def _begin(self, entry: zipfile.ZipInfo, extra: bytes) -> None:
        entry.header_offset = self._file.tell()
        self._header(entry, extra, large=max(entry.file_size, entry.compress_size) > _LARGE)

    def _header(self, entry: zipfile.ZipInfo, extra: bytes, large: bool) -> None:
        kept, entry.extra = entry.extra, _without_zip64(extra)
        self._file.write(entry.FileHeader(zip64=large))
        entry.extra = kept

    def _end(self, entry: zipfile.ZipInfo) -> None:
        # zipfile writes the directory of all entries that it knows of.
        self._directory.filelist.append(entry)
        self._directory.NameToInfo[entry.filename] = entry
        self._directory.start_dir = self._file.tell()

    def close(self) -> None:
        """Write the directory."""
        self._directory.close()


def _entry_like(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A copy of an entry, its sizes to stand in its header."""
    new = copy.copy(entry)
    new.flag_bits &= ~_SIZES_FOLLOW
    new.extra = _without_zip64(entry.extra)
    return new


def _without_zip64(extra: bytes) -> bytes:
    """Extra fields less the large sizes, which are written anew where they are needed."""
    kept, at = b"", 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, at)
        if kind != _ZIP64_EXTRA:
            kept += extra[at : at + 4 + length]
        at += 4 + length
    return kept


@contextmanager
def replacing(source: Package, target: Path) -> Iterator[PackageWriter]:
    """A writer to a file beside `target`, which takes its name when all is written; else nothing is left.

    Raises Unpatchable when the target is the source itself or has no folder to be in.
    """
    try:
        if target.exists() and target.samefile(source.path):
            raise Unpatchable(f"{target.name}: originalet skrivs aldrig över. Ange en annan fil.")
    except OSError as error:
        if error.errno != errno.ENAMETOOLONG:
            raise
        raise Unpatchable(f"{target.name}: filnamnet är för långt. Ange ett kortare namn för resultatet.") from None
    if not target.parent.is_dir():
        raise Unpatchable(f"{target.name}: mappen {target.parent} finns inte.")
    _remove_abandoned(target.parent)
    # A name of its own, since the target's may be as long as names can be.
    unfinished = target.with_name(f".fardkost-{secrets.token_hex(6)}.tmp")
    try:
        with open(unfinished, "xb", opener=partial(os.open, mode=source.readers)) as file:
            with closing(PackageWriter(file, source)) as writer:
                yield writer
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def _remove_abandoned(folder: Path) -> None:
    """Remove what runs that were killed left in a folder, as far as that is allowed."""
    oldest = time.time() - _ABANDONED_AFTER
    for found in folder.glob(".fardkost-*.tmp"):
        with suppress(OSError):
            about = found.lstat()
            if _UNFINISHED.fullmatch(found.name) and stat.S_ISREG(about.st_mode) and about.st_mtime < oldest:
                found.unlink()
