"""The public keys that Microsoft Entra ID signs with (JWKS), from its address or from a file."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import anyio
import anyio.to_thread
import jwt

LOG: Final = logging.getLogger("fardkost.signin")

FETCH_TIME_LIMIT: Final = 10.0
"""Seconds that an answer from Entra ID may take."""

SHORTEST_INTERVAL: Final = 60.0
"""Seconds between two fetches: a caller who makes up key ids must not make us fetch for each of them."""

LONGEST_INTERVAL: Final = 12 * 3600.0
"""Seconds after which the keys are fetched anew although all are known, so that a withdrawn one is dropped."""

Keys = Mapping[str, jwt.PyJWK]
"""The keys by their id, `kid`."""


class SigningKeys(Protocol):
    """Where keys come from."""

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key with this id, or None. Raises KeysUnavailable when no keys could ever be read."""


class KeysUnavailable(Exception):
    """No keys at all could be read; the message is in Swedish."""


def signing_keys(source: str) -> SigningKeys:
    """The keys of a JWKS file or, for what begins with http, of an address.

    An address is fetched at the first token; a file is read at once. Raises ValueError, in Swedish, for a file that
    is wrong or an address without https to another machine.
    """
    if "://" not in source:
        return KeysOfFile(Path(source))
    address = urlsplit(source)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in ("localhost", "127.0.0.1")):
        raise ValueError(f"jwks: {source} måste börja med https://.")
    return KeysOfAddress(source)


def keys_of(content: Any) -> Keys:
    """The RSA keys for signing in the content of a JWKS. Raises ValueError, in Swedish, when there are none."""
    entries = content.get("keys") if isinstance(content, dict) else None
    found: dict[str, jwt.PyJWK] = {}
    for entry in entries if isinstance(entries, list) else []:
        if not isinstance(entry, dict) or entry.get("kty") != "RSA" or entry.get("use", "sig") != "sig":
            continue
        try:
            key = jwt.PyJWK(entry, algorithm="RS256")
        except jwt.PyJWTError:
            continue
        if isinstance(key.key_id, str):
            found[key.key_id] = key
    if not found:
        raise ValueError('innehåller inga RSA-nycklar med kid. Väntade en JWKS: {"keys": [{"kty": "RSA", …}]}')
    return found


class KeysOfFile:
    """Keys of a file, read again when it changes. A new version that is wrong is logged and the old one kept."""

    def __init__(self, path: Path) -> None:
        """Raises ValueError, in Swedish."""
        self.path = path
        self.stamp = self._stamp()
        self.keys = self._read()

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key with this id, or None."""
        stamp = self._stamp()
        if stamp != self.stamp:
            self.stamp = stamp
            try:
                self.keys = self._read()
            except ValueError as problem:
                LOG.error(str(problem))
        return self.keys.get(kid)

    def _stamp(self) -> tuple[int, ...]:
        try:
            status = self.path.stat()
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino

    def _read(self) -> Keys:
        try:
            content = json.loads(self.path.read_text("utf-8"))
        except OSError as problem:
            raise ValueError(f"jwks: {self.path} kan inte läsas: {problem.strerror}.") from problem
        except (ValueError, RecursionError):
            raise ValueError(f"jwks: {self.path} är inte JSON.") from None
        try:
            return keys_of(content)
        except ValueError as problem:
            raise ValueError(f"jwks: {self.path} {problem}") from None


class KeysOfAddress:
    """Keys of an address, fetched in a thread when needed. A fetch that fails leaves the keys there were."""

    def __init__(self, address: str, clock: Callable[[], float] = time.monotonic) -> None:
        """The address is JWKS over http(s); the clock counts seconds and is given by tests."""
        self.client = jwt.PyJWKClient(address, cache_jwk_set=False, timeout=FETCH_TIME_LIMIT)
        self.clock = clock
        self.keys: Keys = {}
        self.tried: float | None = None
        self.lock = anyio.Lock()
        self.thread = anyio.CapacityLimiter(1)  # its own, so that calculations cannot keep a fetch waiting

    async def find(self, kid: str) -> jwt.PyJWK | None:
        """The key with this id, or None. Raises KeysUnavailable."""
        if self._due(kid) and not (kid in self.keys and self.lock.locked()):
            async with self.lock:  # others without a key wait for the one that fetches
                if self._due(kid):
                    await self._fetch()
        if not self.keys:
            raise KeysUnavailable("Inloggningen kan inte kontrolleras just nu: Entra ID:s nycklar kunde inte hämtas.")
        return self.keys.get(kid)

    def _due(self, kid: str) -> bool:
        if self.tried is None:
            return True
        waited = self.clock() - self.tried
        return waited >= (SHORTEST_INTERVAL if kid not in self.keys else LONGEST_INTERVAL)

    async def _fetch(self) -> None:
        try:
            content = await anyio.to_thread.run_sync(self.client.fetch_data, limiter=self.thread)
            self.keys = keys_of(content)
        except (jwt.PyJWTError, OSError, ValueError, RecursionError) as problem:
            LOG.error("Nycklarna på %s kunde inte hämtas: %s", self.client.uri, problem)
        self.tried = self.clock()
