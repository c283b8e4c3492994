"""An Entra ID of our own for tests: keys, their JWKS, tokens, and a server that gives the JWKS out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

TENANT = "11111111-2222-3333-4444-555555555555"
CLIENT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
USER = "99999999-8888-7777-6666-555555555555"
ISSUER_V2 = f"https://login.microsoftonline.com/{TENANT}/v2.0"
ISSUER_V1 = f"https://sts.windows.net/{TENANT}/"


def private_key(name: str = "first", bits: int = 2048) -> rsa.RSAPrivateKey:
    """One RSA key per name, since making one takes a while."""
    return _made(name, bits)


@cache
def _made(name: str, bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def jwk(name: str = "first", bits: int = 2048) -> dict[str, Any]:
    """The public key as Entra ID publishes it: with `use` and `kid`, without `alg`."""
    entry: dict[str, Any] = RSAAlgorithm.to_jwk(private_key(name, bits=bits).public_key(), as_dict=True)
    entry.pop("key_ops", None)
    return {**entry, "use": "sig", "kid": name}


def jwks(*names: str) -> dict[str, Any]:
    """The keys of these names."""
    return {"keys": [jwk(name) for name in names]}


def claims(begins: int = 0, lasts: int = 3600, **changes: Any) -> dict[str, Any]:
    """What Entra ID states of a user who has signed in to the task pane (v2.0); None leaves a claim out.

    It is valid from `begins` until `lasts` seconds from now.
    """
    now = int(time.time())
    stated = {
        "aud": CLIENT,
        "iss": ISSUER_V2,
        "iat": now + begins,
        "nbf": now + begins,
        "exp": now + lasts,
        "azp": CLIENT,
        "azpacr": "0",
        "oid": USER,
        "sub": "ett-annat-id",
        "scp": "access_as_user",
        "tid": TENANT,
        "ver": "2.0",
        **changes,
    }
    return {name: value for name, value in stated.items() if value is not None}


def token(stated: dict[str, Any] | None = None, key: str = "first", kid: str | None = None, **header: Any) -> str:
    """A signed token; `kid` is the key's name unless another is given."""
    headers = {"kid": kid or key, **header}
    return jwt.encode(stated or claims(), private_key(key), algorithm="RS256", headers=headers)


class JwksServer(ThreadingHTTPServer):
    """Gives out `content`, or fails with `status`; counts the requests."""

    content: Any = None
    status = 200
    delay = 0.0
    requests = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/keys"


class _Handler(BaseHTTPRequestHandler):
    server: JwksServer

    def do_GET(self) -> None:
        self.server.requests += 1
        time.sleep(self.server.delay)
        body = (
            self.server.content if isinstance(self.server.content, bytes) else json.dumps(self.server.content).encode()
        )
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):  # who asked had a time limit
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def jwks_server(content: Any) -> Iterator[JwksServer]:
    """A JWKS server on a free port of this machine."""
    with JwksServer(("127.0.0.1", 0), _Handler) as server:
        server.content = content
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
