"""The certificate for localhost: what it is good for, and when it is made anew."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from udfs.server import certificates
from udfs.server.certificates import localhost_certificate, trust_instructions


def read(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def test_what_it_is_valid_for(tmp_path: Path) -> None:
    certificate, _ = localhost_certificate(tmp_path / "new" / "folder")
    found = read(certificate)
    names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(one) for one in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    assert list(found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.SERVER_AUTH
    ]
    assert timedelta(days=364) < found.not_valid_after_utc - datetime.now(UTC) <= timedelta(days=365)
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca, "it can sign no others"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_the_owner_reads_the_key(tmp_path: Path) -> None:
    _, key = localhost_certificate(tmp_path)
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_valid_one_is_kept(tmp_path: Path) -> None:
    first = [path.read_bytes() for path in localhost_certificate(tmp_path)]
    assert [path.read_bytes() for path in localhost_certificate(tmp_path)] == first


@pytest.mark.parametrize("broken", ["localhost.crt", "localhost.key"])
@pytest.mark.parametrize("content", [b"", b"-----BEGIN CERTIFICATE-----\nnot one\n", None])
def test_a_broken_or_missing_one_is_made_anew(tmp_path: Path, broken: str, content: bytes | None) -> None:
    localhost_certificate(tmp_path)
    if content is None:
        (tmp_path / broken).unlink()
    else:
        (tmp_path / broken).write_bytes(content)
    certificate, key = localhost_certificate(tmp_path)
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)


def test_a_key_of_another_certificate_is_replaced(tmp_path: Path) -> None:
    certificate, key = localhost_certificate(tmp_path / "a")
    _, other = localhost_certificate(tmp_path / "b")
    key.write_bytes(other.read_bytes())
    localhost_certificate(tmp_path / "a")
    ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key)


@pytest.mark.parametrize(("days", "renewed"), [(8, False), (6, True), (-1, True)])
def test_it_is_renewed_when_it_expires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, days: int, renewed: bool
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(certificates, "VALID", timedelta(days=days))
        patch.setattr(certificates, "CLOCK_DIFFERENCE", timedelta(days=2))
        certificate, _ = localhost_certificate(tmp_path)
        before = read(certificate).serial_number
    localhost_certificate(tmp_path)
    assert (read(certificate).serial_number != before) == renewed


@pytest.mark.parametrize(("name", "trusted"), [("localhost", True), ("127.0.0.1", True), ("example.se", False)])
def test_a_client_that_trusts_it_speaks_tls_with_localhost_alone(tmp_path: Path, name: str, trusted: bool) -> None:
    """Over a real socket, with the checks that a client makes by default."""
    certificate, key = localhost_certificate(tmp_path)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(certificate))
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_answer, args=(listening, server))
        thread.start()
        try:
            with socket.create_connection(listening.getsockname(), timeout=10) as plain:
                if trusted:
                    with client.wrap_socket(plain, server_hostname=name) as secure:
                        assert secure.recv(2) == b"ja"
                else:
                    with pytest.raises(ssl.SSLCertVerificationError, match="match"):
                        client.wrap_socket(plain, server_hostname=name)
        finally:
            thread.join(10)


def _answer(listening: socket.socket, context: ssl.SSLContext) -> None:
    connection, _ = listening.accept()
    with connection:
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.sendall(b"ja")
        except (ssl.SSLError, OSError):
            return


def test_the_instructions_name_the_file_for_both_systems(tmp_path: Path) -> None:
    text = trust_instructions(tmp_path / "localhost.crt")
    assert text.count(f'"{tmp_path / "localhost.crt"}"') == 2
    assert "certutil -user -addstore Root" in text
    assert "security add-trusted-cert" in text
