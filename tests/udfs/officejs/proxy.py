"""Stands between Excel and the server: counts what passes, and can answer in the server's place."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

KEPT = ("Content-Type", "Accept", "Authorization")


@dataclass
class Passed:
    """One POST that came to the proxy."""

    body: bytes
    headers: dict[str, str]
    status: int = 0
    answer: bytes = b""

    @property
    def content(self) -> Any:
        return json.loads(self.body)

    @property
    def calls(self) -> int:
        return sum(op.get("calls", 1) for op in self.content["ops"])


@dataclass
class Canned:
    """An answer in the server's place; status 0 closes the connection without one."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Proxy:
    upstream: str
    url: str = ""
    posts: list[Passed] = field(default_factory=list)
    answer_first: list[Canned] = field(default_factory=list)
    """Given to the first POSTs, in order."""
    answer_if: Callable[[Passed], Canned | None] = lambda _: None
    change: Callable[[dict[str, Any]], None] = lambda _: None
    """Changes the server's answer to a POST before it is handed on."""
    answered: Callable[[Proxy], None] = lambda _: None
    """Told after each answer from the server."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def computed(self) -> int:
        """How many calls the server has answered."""
        return sum(post.calls for post in self.posts if post.status == 200)

    def canned_for(self, post: Passed) -> Canned | None:
        with self.lock:
            self.posts.append(post)
            return self.answer_first.pop(0) if self.answer_first else self.answer_if(post)

    def ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        connection = HTTPConnection(urlsplit(self.upstream).netloc, timeout=60)
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", ""), answer.read()
        finally:
            connection.close()


@contextmanager
def proxy_of(upstream: str) -> Iterator[Proxy]:
    """A proxy in front of `upstream` on a free port of this machine."""
    proxy = Proxy(upstream)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:  # http.server's name
            self.pass_on(b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            post = Passed(body, dict(self.headers.items()))
            canned = proxy.canned_for(post)
            if canned is None:
                post.status, post.answer = self.pass_on(body)
                if post.status == 200:
                    proxy.answered(proxy)
            elif canned.status:
                content = canned.body if isinstance(canned.body, bytes) else json.dumps(canned.body).encode()
                self.reply(canned.status, "application/json", content, canned.headers)
            else:
                self.close_connection = True

        def pass_on(self, body: bytes) -> tuple[int, bytes]:
            kept = {name: self.headers[name] for name in KEPT if name in self.headers}
            try:
                status, kind, answer = proxy.ask(self.command, self.path, body, kept)
            except (OSError, HTTPException):
                self.close_connection = True  # the server is away: so are we
                return 0, b""
            if self.command == "POST" and status == 200:
                content = json.loads(answer)
                proxy.change(content)
                answer = json.dumps(content).encode()
            self.reply(status, kind, answer, {})
            return status, answer

        def reply(self, status: int, kind: str, content: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    proxy.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
