"""`fardkost serve`: start, refusal to start, answers about itself, the log, stopping, workers, TLS."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.policies import policy_names
from tests.udfs.server.asking import calls, items, one
from tests.udfs.server.running import ROOT, Server, running_server
from udfs.server.settings import Settings, SettingsError, read_settings
from udfs.server.version import rules_version

SALARY = {"ops": [calls("TIMLON", 1, [33000])]}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server("--policy", "stockholm") as running:
        yield running


def line_of(server: Server, answer: httpx.Response) -> dict[str, Any]:
    """The log's line of the request with this answer; it may be written a moment after the answer is sent."""
    wanted = answer.headers["x-request-id"]
    for _ in range(1000):
        for line in server.log.read_text("utf-8").splitlines():
            if wanted in line:
                found: dict[str, Any] = json.loads(line)
                return found
        time.sleep(0.01)
    raise AssertionError(f"{wanted} is not in the log")


def hourly(response: httpx.Response) -> Any:
    return items(response.json()["answers"][0])


# What it says


def test_the_greeting_says_where_which_policy_who_and_how_to_stop(server: Server) -> None:
    said = server.greeting.read_text("utf-8")
    assert f"Färdkost lyssnar på http://127.0.0.1:{server.port}\n" in said
    assert "Policy: stockholm" in said
    assert "Inloggning: ingen, eftersom bara den här datorn når servern" in said
    assert "Ctrl+C" in said


def test_health(server: Server) -> None:
    response = httpx.get(f"{server.url}/health", trust_env=False)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_version_tells_product_rules_policies_and_how_far_the_figures_reach(server: Server) -> None:
    told = httpx.get(f"{server.url}/version", trust_env=False).json()
    assert told["rules"] == server.post("/batch", SALARY).json()["version"]
    assert len(told["rules"]) == 12
    assert [policy["name"] for policy in told["policies"]] == policy_names()
    assert [policy["title"] for policy in told["policies"] if policy["default"]] == ["Stockholms stad"]
    groups = {group["group"]: group for group in told["figures"]}
    # The price base amount of 2026 is decided; car allowances of the law were last changed in 2023
    assert groups["traktamente"]["last_confirmed_year"] == 2026
    assert groups["bil"]["last_confirmed_year"] == 2023
    assert groups["normalbelopp"]["statuses"]["bekräftad"] > 400
    for group in groups.values():
        assert group["first_date"] <= group["last_date"] <= group["known_until"] or group["last_date"] >= "2026-01-01"


def test_the_flag_s_policy_holds_for_calls_that_name_none(server: Server) -> None:
    answer = server.post("/batch", {"ops": [one("GODKANNARE", "flyg", True)]})
    assert hourly(answer) == ["förvaltningschef/bolagschef"]


# The log


def test_the_log_has_a_line_per_request_and_nothing_of_what_cells_or_headers_hold(server: Server) -> None:
    ops = [calls("BILERSATTNING", 3, [100, "hemligt ord", 4711.5], ["2024-05-02"]), one("REGEL", "hemligt ord")]
    sent = json.dumps({"ops": ops}).encode()
    headers = {"Content-Type": "application/json", "Authorization": "Bearer fk_hemlig_nyckel"}
    answer = httpx.post(f"{server.url}/batch?fraga=hemlig", content=sent, headers=headers, trust_env=False)
    line = line_of(server, answer)
    known = {"method": "POST", "path": "/batch", "status": 200, "calls": 4, "errors": 2, "level": "info"}
    assert {name: line[name] for name in known} == known
    assert (line["bytes_in"], line["bytes_out"]) == (len(sent), len(answer.content))
    assert line["ms"] > 0 and line["time"].endswith("+00:00")
    assert set(line) == {*known, "time", "ms", "bytes_in", "bytes_out", "request", "logger", "message"}
    for secret in ("hemlig", "4711", "127.0.0.1"):
        assert secret not in server.told()


def test_a_refused_request_is_logged_with_its_code(server: Server) -> None:
    answer = server.post("/batch", {"opps": []})
    line = line_of(server, answer)
    assert (line["status"], line["code"]) == (422, "fel-form")


# Stopping, starting again, several processes


def test_stopping_lets_running_requests_finish() -> None:
    # Trips of three whole years in 2022–2024: 20 000 of them take a while
    starts = ["2022-01-01 06:00"] * 19_999 + ["2022-01-01 06:01"]
    op = calls("TRAKTAMENTE", len(starts), starts, ["2024-12-31 21:00"], [None], ["*FhLM"])
    with running_server() as server, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(server.post, "/batch", {"ops": [op]})
        with httpx.Client(trust_env=False) as client:
            while server.log.read_text("utf-8").count("/health") < 3 and not answer.done():
                client.get(f"{server.url}/health")
        assert server.stop() == 0
        assert len(items(answer.result().json()["answers"][0])) == 20_000
        with pytest.raises(httpx.ConnectError):
            server.post("/batch", SALARY)


def test_a_killed_server_comes_back_on_its_port() -> None:
    with running_server() as server:
        server.kill()
        server.restart()
        assert hourly(server.post("/batch", SALARY)) == [200]


def test_several_worker_processes_answer_alike() -> None:
    with running_server("--workers", "2", "--max-calls", "3") as server:
        versions = {server.post("/batch", SALARY).json()["version"] for _ in range(20)}
        assert len(versions) == 1
        # The settings have come along to the workers
        assert {server.post("/batch", {"ops": [calls("TIMLON", 4, [1])]}).status_code for _ in range(10)} == {413}
        assert server.stop() == 0


# TLS


def test_dev_serves_over_tls_with_a_certificate_of_its_own() -> None:
    with running_server("--dev") as server:
        certificate = server.folder / "data" / "localhost.crt"
        trusting = ssl.create_default_context(cafile=str(certificate))
        url = f"https://localhost:{server.port}"
        assert httpx.get(f"{url}/health", verify=trusting, trust_env=False).status_code == 200
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(f"{url}/health", trust_env=False)
        assert f"Klienterna når den på {url}" in server.greeting.read_text("utf-8")
        assert str(certificate) in server.greeting.read_text("utf-8")


# Own policies, and versions


POLICY = """titel: Egen kommun
kalla: Egen
satser:
  resetillagg_belopp: {varden: [{fran: 2024-01-01, varde: %s, kalla: Eget avtal, status: förslag}]}
"""


def test_a_policy_of_the_folder_is_offered_and_its_change_makes_a_new_version(tmp_path: Path) -> None:
    own = tmp_path / "egen.yaml"
    own.write_text(POLICY % 75, "utf-8")
    op = one("RESETILLAGG", "2024-03-04 07:00", "2024-03-04 16:00")
    with running_server("--policy-folder", str(tmp_path), "--offer", "lagen", "--policy", "egen") as server:
        first = server.post("/batch", {"ops": [op]}).json()
        own.write_text(POLICY % 80.5, "utf-8")
        second = server.post("/batch", {"ops": [op]}).json()
        assert [items(answer["answers"][0]) for answer in (first, second)] == [[75], [80.5]]
        assert first["version"] != second["version"]
        told = httpx.get(f"{server.url}/version", trust_env=False).json()
        assert [policy["title"] for policy in told["policies"]] == ["Lagen och de centrala avtalen", "Egen kommun"]
        assert "Okänd policy" in server.post("/batch", {"ops": [], "policy": "stockholm"}).json()["error"]["message"]


def test_the_version_follows_what_is_offered_and_what_was_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FARDKOST_DATA", str(tmp_path))
    everything = rules_version()
    assert rules_version(Settings(policies=("lagen",))) != everything
    (tmp_path / "normalbelopp.csv").write_text("x", "utf-8")
    assert rules_version() != everything


# Refusals to start


def refusal(*flags: str) -> str:
    """What `fardkost serve` says when it does not start."""
    command = [sys.executable, "-m", "udfs.cli", "serve", *flags]
    ended = subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", timeout=120, cwd=ROOT, check=False
    )
    assert ended.returncode == 2, ended
    assert ended.stdout == "" and "Traceback" not in ended.stderr
    return ended.stderr


@pytest.mark.parametrize("flags", [("--host", "0.0.0.0"), ("--public-url", "https://fardkost.kommun.se")])
def test_a_server_that_others_reach_does_not_start_without_sign_in(flags: tuple[str, ...]) -> None:
    said = refusal("--port", "0", *flags)
    for part in ("ingen inloggning är vald", "--api-keys", "--tenant", "--open", "fardkost keys new"):
        assert part in said


def test_with_open_it_starts_and_warns_of_plain_http() -> None:
    with running_server("--open", "--public-url", "http://fardkost.kommun.se") as server:
        said = server.greeting.read_text("utf-8")
        assert "Inloggning: ingen\n" in said and "Utan TLS" in said
        assert hourly(server.post("/batch", SALARY)) == [200]


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Kan inte lyssna på 127.0.0.1 port {port}" in refusal("--port", str(port))


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--policy", "stokholm"), 'policyn "stokholm" finns inte. Menade du stockholm?'),
        (("--offer", "norrköping"), 'policyn "norrköping" finns inte'),
        (("--policy-folder", "/finns/inte"), "mappen /finns/inte finns inte"),
        (("--certificate", "x.pem"), "ange både --certificate och --key"),
        (("--certificate", "x.pem", "--key", "y.pem"), "x.pem finns inte"),
        (("--api-keys", "/finns/inte"), "/finns/inte"),
        (("--threads", "0"), "threads: 0 är för litet, det ska vara minst 1"),
        (("--port", "70000"), "port: 70000 är för stort, det ska vara högst 65535"),
        (("--tenant", "11111111-2222-3333-4444-555555555555"), "tokens → client_id: saknas"),
        (("--config", "/finns/inte.yaml"), "inte.yaml: filen kan inte läsas"),
    ],
)
def test_a_flag_that_is_wrong(flags: tuple[str, ...], says: str) -> None:
    assert says in refusal("--port", "0", *flags)


def test_an_own_policy_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "egen.yaml").write_text("titel: Egen\nkalla: Egen\nfria_aftnar: [fredag]\n", "utf-8")
    said = refusal("--port", "0", "--policy-folder", str(tmp_path))
    assert "egen.yaml: fria_aftnar" in said and "julafton" in said


# Settings


def test_a_file_of_settings_with_paths_beside_it_and_flags_before_it(tmp_path: Path) -> None:
    file = tmp_path / "server.yaml"
    file.write_text(
        "port: 9000\ntime_limit: 2.5\npolicies: [lagen]\napi_keys: nycklar\n"
        "tokens: {tenant: t, client_id: c, required_roles: [Lön]}\n",
        "utf-8",
    )
    made = read_settings(file, port=9001, host=None)
    assert (made.port, made.host, made.time_limit, made.policies) == (9001, "127.0.0.1", 2.5, ("lagen",))
    assert made.api_keys == tmp_path / "nycklar"
    assert made.tokens is not None and made.tokens.required_roles == ("Lön",)
    assert made.public_url == "http://127.0.0.1:9001"
    assert Settings.from_json(made.to_json()) == made


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("prot: 1", "server.yaml: prot: inställningen finns inte; tillåtna är host, port"),
        ("port: ja", "server.yaml: port: 'ja' ska vara ett heltal"),
        ("open_access: 1", "server.yaml: open_access: 1 ska vara true eller false"),
        ("policies: lagen", "server.yaml: policies: 'lagen' ska vara en lista"),
        ("tokens: {tenant: x, client_id: y, jws: z}", "tokens → jws: inställningen finns inte; tillåtna är tenant"),
        ("time_limit: 0", "time_limit: 0 är för litet, det ska vara större än 0"),
        ("[port]", "server.yaml: filen ska ha nycklar som host"),
        ("port: 1\nport: 2", "'port' står två gånger"),
        ("port: [", "inte giltig YAML"),
    ],
)
def test_a_file_of_settings_that_is_wrong(tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "server.yaml"
    file.write_text(content, "utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings(file)
    assert says in str(error.value)


@pytest.mark.parametrize(
    ("host", "url", "loopback"),
    [
        ("127.0.0.1", "http://127.0.0.1:80", True),
        ("localhost", "http://localhost:80", True),
        ("::1", "http://[::1]:80", True),
        ("0.0.0.0", "http://localhost:80", False),
        ("fardkost.kommun.se", "http://fardkost.kommun.se:80", False),
    ],
)
def test_a_host_s_address(host: str, url: str, loopback: bool) -> None:
    made = Settings(host=host, port=80)
    assert (made.public_url, made.is_loopback) == (url, loopback)
    assert made.on_port(90).public_url == url.replace(":80", ":90")
