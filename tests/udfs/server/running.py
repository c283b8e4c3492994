"""A real server for tests: `fardkost serve` as a process of its own, on a free port of this machine."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

ROOT = Path(__file__).parents[3]
CHANCE = ("time", "ms", "bytes_in", "bytes_out", "form_bytes", "request")
START = 60.0
"""Seconds within which a server must answer."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


class Server:
    """A server that runs, its address and its output."""

    def __init__(self, flags: tuple[str, ...], env: Mapping[str, str], folder: Path) -> None:
        self.flags, self.port, self.folder = flags, free_port(), folder
        own = {"FARDKOST_DATA": str(folder / "data"), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("FARDKOST_")}
        self.env = {**inherited, **own, **env}
        self.log = folder / "stdout"
        self.greeting = folder / "stderr"
        self.process: subprocess.Popen[bytes]
        self.start()

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        encrypted = "--dev" in self.flags or "--certificate" in self.flags
        return f"{'https' if encrypted else 'http'}://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        command = [sys.executable, "-m", "udfs.cli", "serve", "--port", str(self.port), *self.flags]
        with self.log.open("ab") as log, self.greeting.open("ab") as greeting:
            self.process = subprocess.Popen(command, env=self.env, cwd=self.folder, stdout=log, stderr=greeting)
        last = time.monotonic() + START
        with httpx.Client(verify=False, trust_env=False) as client:
            while True:
                assert self.process.poll() is None, f"the server ended at once:\n{self.output()}"
                try:
                    if client.get(f"{self.url}/health").status_code == 200:
                        return
                except httpx.TransportError:
                    assert time.monotonic() < last, f"the server does not answer:\n{self.output()}"
                    time.sleep(0.05)

    def output(self) -> str:
        """All that it has written, the log first."""
        return self.log.read_text("utf-8") + self.greeting.read_text("utf-8")

    def told(self) -> str:
        """What the log tells, without times, sizes and numbers of requests: their digits can be anything's."""
        lines = [json.loads(line) for line in self.log.read_text("utf-8").splitlines()]
        return "\n".join(str({name: line[name] for name in line if name not in CHANCE}) for line in lines)

    def stop(self) -> int:
        """Ask it to stop, wait until it has, and return its exit status."""
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        """End it at once, as a crash would."""
        self.process.kill()
        self.process.wait(60)

    def restart(self) -> None:
        """Start it again on the same port."""
        if self.process.poll() is None:
            self.stop()
        self.start()

    def post(self, path: str, json: Any, **more: Any) -> httpx.Response:
        """One POST with a JSON body."""
        return httpx.post(f"{self.url}{path}", json=json, timeout=120, verify=False, trust_env=False, **more)


@contextmanager
def running_server(*flags: str, env: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server with these flags of `fardkost serve`, stopped at the end. It sees none of this machine's own data."""
    with TemporaryDirectory() as folder:
        server = Server(flags, env or {}, Path(folder))
        try:
            yield server
        finally:
            if server.process.poll() is None:
                server.process.send_signal(signal.SIGTERM)
                try:
                    server.process.wait(40)
                except subprocess.TimeoutExpired:
                    server.kill()
