"""For tests in a real browser: headless Chromium, and a stand-in for office.js served as Microsoft's would be.

Import the fixtures by name: `from tests.udfs.officejs.browsing import browser, office_js  # noqa: F401`.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

STUB: Final = Path(__file__).with_name("stub")
QUIET: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PROGRAMS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PANE_WIDTH: Final = 320
PATIENCE: Final = 30_000
"""Milliseconds in which a page is to show what is expected of it, on a machine with other work."""
CUT_OFF: Final = "net::ERR_ABORTED"
"""What the browser says of a request whose page was left before the answer came."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Headless Chromium, for one module: while it runs, nothing else in this thread can have an event loop.

    A machine without it fails the tests: they are not to be passed over in silence.
    """
    program = next((found for found in map(shutil.which, PROGRAMS) if found), None)
    assert program, f"these tests need a browser: install one of {', '.join(PROGRAMS)}"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, chromium_sandbox=False, args=list(QUIET))
        yield running
        running.close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: Any) -> None:
        """Nothing: the test's output is not a log."""


@pytest.fixture(scope="module")
def office_js() -> Iterator[str]:
    """The address of the stand-in for office.js."""
    handler = partial(_Quiet, directory=str(STUB))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/office.js"
        server.shutdown()


class Watched:
    """A page, what went wrong on it, and the requests that it made."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.requests: list[Request] = []
        self._under_way: set[Request] = set()
        self._leaving = False
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.faults.append(f"exception: {error}"))
        page.on("requestfailed", self._failed)
        page.on("response", lambda answer: self._answered(answer.status, answer.url))
        page.on("request", self._asked)
        page.on("requestfinished", lambda request: self._under_way.discard(request))

    def _asked(self, request: Request) -> None:
        self.requests.append(request)
        self._under_way.add(request)

    def _failed(self, request: Request) -> None:
        self._under_way.discard(request)
        if not (self._leaving and request.failure == CUT_OFF):
            self.faults.append(f"failed: {request.url} {request.failure}")

    def settle(self) -> None:
        """Wait until nothing is asked for."""
        self.page.wait_for_timeout(50)
        end = time.monotonic() + 30
        while self._under_way and time.monotonic() < end:
            self.page.wait_for_timeout(20)

    def reload(self) -> None:
        """Load the page again."""
        self._leave(self.page.reload)

    def goto(self, url: str) -> None:
        """Go to another page."""
        self._leave(lambda: self.page.goto(url))

    def _leave(self, leave: Callable[[], object]) -> None:
        """Leave the page as it stands: what it still asks for, such as its icon, is cut off by us, not by a fault."""
        self.settle()
        self._leaving = True
        try:
            leave()
        finally:
            self._leaving = False

    def _console(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.faults.append(f"console {kind}: {text}")

    def _answered(self, status: int, url: str) -> None:
        if status >= 400:
            self.faults.append(f"{status}: {url}")

    def asked(self, path: str) -> list[Request]:
        """The requests for a path so far."""
        return [request for request in self.requests if request.url.partition("?")[0].endswith(path)]


@contextmanager
def opened(browser: Browser, url: str, width: int = PANE_WIDTH, height: int = 700, **more: Any) -> Iterator[Watched]:
    """A page of its own context (no storage from before), Swedish, as narrow as Excel's task pane."""
    viewport = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, locale="sv-SE", timezone_id="Europe/Stockholm", **more)
    try:
        watched = Watched(context.new_page())
        watched.goto(url)
        yield watched
    finally:
        context.close()
