"""Tokens of Microsoft Entra ID, signed with keys of our own: what is let in, and why the rest is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from pathlib import Path
from typing import Any

import anyio
import jwt
import pytest
from cryptography.hazmat.primitives import serialization

from tests.udfs.server.issuing import (
    CLIENT,
    ISSUER_V1,
    TENANT,
    USER,
    claims,
    jwk,
    jwks,
    jwks_server,
    private_key,
    token,
)
from udfs.server import signing_keys as source
from udfs.server.settings import EntraSettings
from udfs.server.signing_keys import KeysOfAddress, KeysOfFile, KeysUnavailable, signing_keys
from udfs.server.tokens import Refused, Tokens, is_token

ENTRA = EntraSettings(TENANT, CLIENT)
OTHER = "12345678-1234-1234-1234-123456789abc"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps(jwks("first", "second")), "utf-8")
    return path


@pytest.fixture
def tokens(file: Path) -> Tokens:
    return Tokens(ENTRA, KeysOfFile(file))


def caller(tokens: Tokens, text: str) -> str:
    return anyio.run(tokens.caller, text)


def refusal(tokens: Tokens, text: str) -> Refused:
    with pytest.raises(Refused) as raised:
        caller(tokens, text)
    return raised.value


def in_parts(header: dict[str, Any], stated: dict[str, Any], sign: Any = None) -> str:
    """A token put together by hand, as someone would who has no key."""
    head, body = (_encoded(json.dumps(part).encode()) for part in (header, stated))
    return f"{head}.{body}.{_encoded(sign(f'{head}.{body}'.encode())) if sign else ''}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


# What is let in


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": f"api://{CLIENT}"},
        {"iss": ISSUER_V1, "ver": "1.0", "azp": None, "appid": CLIENT},
        {"tid": TENANT.upper()},
        {"scp": "openid access_as_user"},
        {"lasts": -30},  # within the minute that clocks may differ
        {"begins": 30},
        {"scp": None, "roles": ["Berakna"]},  # a program with a role of its own
    ],
)
def test_a_right_token_says_who_calls(tokens: Tokens, changes: dict[str, Any]) -> None:
    assert caller(tokens, token(claims(**changes))) == f"{TENANT}:{USER}"


def test_either_key_of_the_set_signs(tokens: Tokens) -> None:
    assert caller(tokens, token(key="second")) == f"{TENANT}:{USER}"


def test_own_audiences_replace_those_of_the_client(file: Path) -> None:
    tokens = Tokens(EntraSettings(TENANT, CLIENT, ("api://fardkost.kommun.se",)), KeysOfFile(file))
    assert caller(tokens, token(claims(aud="api://fardkost.kommun.se")))
    assert refusal(tokens, token()).code == "fel-mottagare"


def test_a_role_that_is_required(file: Path) -> None:
    tokens = Tokens(EntraSettings(TENANT, CLIENT, required_roles=("Lon", "Ekonomi")), KeysOfFile(file))
    assert caller(tokens, token(claims(roles=["Ekonomi", "Annat"])))
    for roles in (None, [], ["Annat"], "Lonn", [1, None]):
        refused = refusal(tokens, token(claims(roles=roles)))
        assert (refused.status, refused.code) == (403, "roll-saknas")
        assert "Ekonomi eller Lon" in refused.message


# What is not


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"lasts": -120}, "inloggning-utgangen", "gått ut"),
        ({"begins": 600}, "fel-inloggning", "gäller inte ännu"),
        ({"aud": OTHER}, "fel-mottagare", "(aud)"),
        ({"aud": "00000003-0000-0000-c000-000000000000"}, "fel-mottagare", "(aud)"),  # Microsoft Graph
        ({"iss": f"https://login.microsoftonline.com/{OTHER}/v2.0"}, "fel-utfardare", "(iss)"),
        ({"iss": "https://login.microsoftonline.com/common/v2.0"}, "fel-utfardare", "(iss)"),
        ({"iss": f"https://login.microsoftonline.com/{TENANT}/v2.0/"}, "fel-utfardare", "(iss)"),
        ({"tid": OTHER}, "fel-organisation", "(tid)"),
        *(({name: None}, "fel-inloggning", f"saknar uppgiften {name}") for name in ("exp", "nbf", "tid", "iss", "aud")),
        ({"azp": None}, "fel-inloggning", "inte id-token"),
        ({"oid": None, "sub": None}, "fel-inloggning", "(oid)"),
        ({"exp": "imorgon"}, "fel-inloggning", "signaturen eller formen"),
    ],
)
def test_a_wrong_claim_is_401_and_says_which(tokens: Tokens, changes: dict[str, Any], code: str, said: str) -> None:
    refused = refusal(tokens, token(claims(**changes)))
    assert (refused.status, refused.code) == (401, code)
    assert said in refused.message


@pytest.mark.parametrize("changes", [{"scp": None}, {"scp": "User.Read"}, {"scp": "User.Read", "roles": ["x"]}])
def test_a_token_without_our_permission_is_403(tokens: Tokens, changes: dict[str, Any]) -> None:
    assert refusal(tokens, token(claims(**changes))).status == 403


def test_a_changed_token(tokens: Tokens) -> None:
    head, _, signature = token().split(".")
    body = _encoded(json.dumps(claims(oid=OTHER)).encode())
    assert "signaturen" in refusal(tokens, f"{head}.{body}.{signature}").message
    right = token()
    place = right.rindex(".") + 20
    changed = right[:place] + ("A" if right[place] != "A" else "B") + right[place + 1 :]
    assert "signaturen" in refusal(tokens, changed).message


def test_a_token_signed_with_another_key_under_a_known_id(tokens: Tokens) -> None:
    assert "signaturen" in refusal(tokens, token(key="stranger", kid="first")).message


@pytest.mark.parametrize("name", ["none", "None", "NONE", ""])
def test_no_signature_at_all(tokens: Tokens, name: str) -> None:
    for kid in ({"kid": "first"}, {}):
        assert refusal(tokens, in_parts({"alg": name, "typ": "JWT", **kid}, claims())).code == "fel-inloggning"


def test_the_public_key_as_a_shared_secret(tokens: Tokens) -> None:
    """HS256 with the bytes of the public key, in each form that a careless server would compare with."""
    public = private_key().public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    secrets = [
        public.public_bytes(encoding, form) for encoding in (serialization.Encoding.PEM, serialization.Encoding.DER)
    ]
    for secret in (*secrets, json.dumps(jwk()).encode()):
        signed = in_parts(
            {"alg": "HS256", "typ": "JWT", "kid": "first"},
            claims(),
            lambda text, secret=secret: hmac.digest(secret, text, hashlib.sha256),
        )
        assert refusal(tokens, signed).code == "fel-inloggning"


def test_another_rsa_algorithm_than_entra_s(tokens: Tokens) -> None:
    signed = jwt.encode(claims(), private_key(), algorithm="RS512", headers={"kid": "first"})
    assert "RS256" in refusal(tokens, signed).message


def test_a_key_that_the_token_brings_itself(tokens: Tokens) -> None:
    """`jwk` and `jku` in the header name the caller's own key and are not looked at."""
    signed = token(key="stranger", kid="first", jwk=jwk("stranger"), jku="https://example.se/keys")
    assert "signaturen" in refusal(tokens, signed).message


@pytest.mark.parametrize(
    "text",
    ["..", "a.b.c", "eyJhbGciOiJSUzI1NiJ9..", "å.ä.ö", "x" * 20_000 + "..", "." * 100, f"{'[' * 3000}.{'[' * 3000}.a"],
)
def test_what_is_no_token(tokens: Tokens, text: str) -> None:
    assert refusal(tokens, text).status == 401


def test_deeply_nested_content_is_refused_not_followed(tokens: Tokens) -> None:
    deep = _encoded(b"[" * 5000)
    assert refusal(tokens, f"{deep}.{deep}.AA").status == 401
    head = _encoded(json.dumps({"alg": "RS256", "kid": "first"}).encode())
    assert refusal(tokens, f"{head}.{deep}.AA").status == 401


def test_an_unknown_key_id(tokens: Tokens) -> None:
    refused = refusal(tokens, token(kid="okänd"))
    assert (refused.status, refused.code) == (401, "fel-inloggning")
    assert "nyckel som inte är känd" in refused.message


def test_a_short_rsa_key_is_not_trusted(tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(json.dumps({"keys": [jwk("short", 1024)]}), "utf-8")
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        signed = jwt.encode(claims(), private_key("short", 1024), algorithm="RS256", headers={"kid": "short"})
    assert refusal(Tokens(ENTRA, KeysOfFile(path)), signed).status == 401


def test_which_credentials_are_tokens() -> None:
    assert is_token(token())
    assert not is_token("fk_aGVq-x_y")


@pytest.mark.parametrize(
    ("tenant", "client"), [("common", CLIENT), ("linkoping.se", CLIENT), (TENANT, "Färdkost"), ("", CLIENT)]
)
def test_tenant_and_client_are_guids(file: Path, tenant: str, client: str) -> None:
    with pytest.raises(ValueError, match="Väntade ett GUID"):
        Tokens(EntraSettings(tenant, client), KeysOfFile(file))


# Keys of a file


def test_a_file_is_read_again_when_it_changes(file: Path, tokens: Tokens) -> None:
    assert refusal(tokens, token(key="third")).code == "fel-inloggning"
    file.write_text(json.dumps(jwks("third")), "utf-8")
    assert caller(tokens, token(key="third"))
    assert refusal(tokens, token(key="first")).code == "fel-inloggning", "a withdrawn key"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"keys": []}', '{"keys": [1, {"kty": "oct", "k": "YQ", "kid": "a"}]}']
)
def test_a_broken_file_stops_the_start_but_not_a_running_server(
    file: Path, tokens: Tokens, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    file.write_text(content, "utf-8")
    with pytest.raises(ValueError, match=r"jwks: .*jwks\.json"):
        signing_keys(str(file))
    assert caller(tokens, token())
    assert len(caplog.records) == 1
    assert "jwks.json" in caplog.records[0].message
    assert caller(tokens, token())
    assert len(caplog.records) == 1, "said once, not at every call"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="kan inte läsas"):
        signing_keys(str(tmp_path / "saknas.json"))


def test_keys_for_encryption_and_of_other_kinds_are_left_out(file: Path) -> None:
    entries = [{**jwk("first"), "use": "enc"}, {"kty": "RSA", "kid": "bad", "n": "!", "e": "AQAB"}, jwk("second")]
    file.write_text(json.dumps({"keys": entries}), "utf-8")
    assert set(KeysOfFile(file).keys) == {"second"}


# Keys of an address


class Clock:
    """Seconds that pass when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_an_address_is_fetched_once_for_many_callers() -> None:
    with jwks_server(jwks("first")) as server:
        server.delay = 0.2
        tokens = Tokens(ENTRA, signing_keys(server.url))
        found: list[str] = []

        async def all_at_once() -> None:
            async def one() -> None:
                found.append(await tokens.caller(token()))

            async with anyio.create_task_group() as group:
                for _ in range(10):
                    group.start_soon(one)

        anyio.run(all_at_once)
        assert found == [f"{TENANT}:{USER}"] * 10
        assert server.requests == 1


def test_an_unknown_id_fetches_at_most_once_a_minute() -> None:
    clock = Clock()
    with jwks_server(jwks("first")) as server:
        tokens = Tokens(ENTRA, KeysOfAddress(server.url, clock))
        assert caller(tokens, token())
        server.content = jwks("second")
        clock.now += 59
        for _ in range(5):
            assert refusal(tokens, token(key="second")).status == 401
        assert server.requests == 1
        clock.now += 1
        assert caller(tokens, token(key="second"))
        assert server.requests == 2
        assert refusal(tokens, token(key="first")).status == 401, "a withdrawn key"
        assert server.requests == 2


def test_known_keys_are_fetched_anew_after_half_a_day() -> None:
    clock = Clock()
    with jwks_server(jwks("first")) as server:
        tokens = Tokens(ENTRA, KeysOfAddress(server.url, clock))
        caller(tokens, token())
        clock.now += 12 * 3600 - 1
        caller(tokens, token())
        assert server.requests == 1
        clock.now += 1
        caller(tokens, token())
        assert server.requests == 2


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, b""), (200, b"<html>"), (200, b"[]"), (200, b'{"keys": []}'), (302, b""), (200, b"[" * 9000)],
)
def test_a_fetch_that_fails_keeps_the_keys_there_were(
    status: int, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    clock = Clock()
    with jwks_server(jwks("first")) as server:
        tokens = Tokens(ENTRA, KeysOfAddress(server.url, clock))
        assert caller(tokens, token())
        server.status, server.content = status, content
        clock.now += 60
        assert refusal(tokens, token(key="second")).status == 401
        assert server.requests == 2
        assert server.url in caplog.text
        assert caller(tokens, token())


def test_without_any_keys_the_fault_is_ours_and_it_is_tried_again() -> None:
    clock = Clock()
    with jwks_server(b"") as server:
        server.status = 503
        tokens = Tokens(ENTRA, KeysOfAddress(server.url, clock))
        for _ in range(3):
            with pytest.raises(KeysUnavailable, match="kunde inte hämtas"):
                caller(tokens, token())
        assert server.requests == 1
        server.status, server.content = 200, jwks("first")
        clock.now += 60
        assert caller(tokens, token())


def test_a_silent_address_has_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "FETCH_TIME_LIMIT", 0.1)
    with jwks_server(jwks("first")) as server:
        server.delay = 1.0
        with pytest.raises(KeysUnavailable):
            caller(Tokens(ENTRA, KeysOfAddress(server.url)), token())


def test_nobody_listens() -> None:
    with jwks_server(jwks("first")) as server:
        url = server.url
    with pytest.raises(KeysUnavailable):
        caller(Tokens(ENTRA, signing_keys(url)), token())


@pytest.mark.parametrize("address", ["http://example.se/keys", "ftp://localhost/keys", "file:///etc/passwd"])
def test_keys_come_over_https(address: str) -> None:
    with pytest.raises(ValueError, match="https://"):
        signing_keys(address)


def test_the_tenant_s_own_address_is_the_default() -> None:
    keys = Tokens(ENTRA).keys
    assert isinstance(keys, KeysOfAddress)
    assert keys.client.uri == f"https://login.microsoftonline.com/{TENANT}/discovery/v2.0/keys"


def test_no_proxy_is_asked_for_this_machine() -> None:
    """The tests above would otherwise go out through a proxy of the environment."""
    assert not os.environ.get("http_proxy") or "127.0.0.1" in os.environ.get("no_proxy", "")
