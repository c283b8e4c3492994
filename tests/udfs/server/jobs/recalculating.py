"""A server that takes sheets, and what its clients do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import httpx
import yaml

from tests.udfs.server.running import ROOT, Server, running_server

DEMO: Final = ROOT / "demo" / "resor-2024-2026.xlsx"
PATIENCE: Final = 90.0
"""Seconds within which a job must have ended."""


class Sheets:
    """One client of a server, signed in by a key or not."""

    def __init__(self, server: Server, key: str = "") -> None:
        self.server = server
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self.http = httpx.Client(base_url=server.url, headers=headers, timeout=60, trust_env=False)

    def send(self, file: Path | tuple[str, bytes] = DEMO, **fields: str) -> httpx.Response:
        name, content = (file.name, file.read_bytes()) if isinstance(file, Path) else file
        return self.http.post("/recalc", files={"file": (name, content)}, data=fields)

    def sent(self, file: Path | tuple[str, bytes] = DEMO, **fields: str) -> str:
        """The id of a job that was taken."""
        answer = self.send(file, **fields)
        assert answer.status_code == 202, answer.text
        job_id: str = answer.json()["id"]
        return job_id

    def state(self, job: str) -> Any:
        answer = self.http.get(f"/recalc/{job}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def until(self, job: str, *wanted: str) -> Any:
        """The job once it has one of these states."""
        last = time.monotonic() + PATIENCE
        while True:
            found = self.state(job)
            if found["state"] in wanted:
                return found
            assert found["state"] not in ("done", "failed"), found
            assert time.monotonic() < last, found
            time.sleep(0.05)

    def ended(self, job: str) -> Any:
        return self.until(job, "done", "failed")

    def report(self, job: str) -> Any:
        answer = self.http.get(f"/recalc/{job}/report")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def result(self, job: str) -> httpx.Response:
        answer = self.http.get(f"/recalc/{job}/result")
        assert answer.status_code == 200, answer.text
        return answer

    def delete(self, job: str) -> int:
        return self.http.delete(f"/recalc/{job}").status_code

    def events(self, job: str) -> list[tuple[str, Any]]:
        """Every event until the job has ended, over as many streams as it takes."""
        found: list[tuple[str, Any]] = []
        last = time.monotonic() + PATIENCE
        while not (found and (found[-1][0] == "gone" or found[-1][1]["state"] in ("done", "failed"))):
            assert time.monotonic() < last
            with self.http.stream("GET", f"/recalc/{job}/events") as stream:
                assert stream.status_code == 200
                assert stream.headers["content-type"].startswith("text/event-stream")
                name = ""
                for line in stream.iter_lines():
                    if line.startswith("event: "):
                        name = line.removeprefix("event: ")
                    elif line.startswith("data: "):
                        found.append((name, json.loads(line.removeprefix("data: "))))
        return found

    def computations(self) -> list[str]:
        """How each computation so far has ended, by the log."""
        return [line["state"] for line in self.logged() if line["message"] == "job"]

    def logged(self) -> list[dict[str, Any]]:
        """The lines of the server's log."""
        return [json.loads(line) for line in self.server.log.read_text("utf-8").splitlines()]

    def folder(self) -> Path:
        """Where the server keeps the files of jobs."""
        return self.server.folder / "data" / "jobb" / "jobb"


@contextmanager
def serving(*flags: str, key: str = "", **settings: Any) -> Iterator[Sheets]:
    """A server with these flags and settings."""
    with TemporaryDirectory() as folder:
        config = Path(folder) / "server.yaml"
        config.write_text(yaml.safe_dump(settings), "utf-8")
        with running_server("--config", str(config), *flags) as server:
            found = Sheets(server, key)
            with found.http:
                yield found
