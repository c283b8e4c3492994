"""A certificate for localhost, for trying the add-in on one's own machine. Not for a server that others use."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

CERTIFICATE_FILE: Final = "localhost.crt"
KEY_FILE: Final = "localhost.key"
VALID: Final = timedelta(days=365)
RENEWED_BEFORE: Final = timedelta(days=7)
"""A certificate with less time left is replaced, so that it does not expire under a running server."""

CLOCK_DIFFERENCE: Final = timedelta(hours=1)
"""Valid from a little while ago: a client's clock may be behind."""


def localhost_certificate(folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for localhost, 127.0.0.1 and ::1 in `folder`, and its private key.

    Returns (certificate, key) as PEM files. What is there and still valid is kept, since each machine must be told
    to trust it; otherwise both are made anew. Raises OSError where the folder cannot be written.
    """
    certificate, key = folder / CERTIFICATE_FILE, folder / KEY_FILE
    if not _usable(certificate, key, datetime.now(UTC)):
        folder.mkdir(parents=True, exist_ok=True)
        private_key = ec.generate_private_key(ec.SECP256R1())
        _write(key, _pem_of_key(private_key), 0o600)
        _write(certificate, _signed(private_key).public_bytes(serialization.Encoding.PEM), 0o644)
    return certificate, key


def trust_instructions(certificate: Path) -> str:
    """How to make this machine trust the certificate, in Swedish."""
    return (
        f"Certifikatet {certificate} är självsignerat och gäller bara den här datorn.\n"
        "Excel godtar det först när datorn litar på det. Det görs en gång per certifikat, alltså en gång om året:\n"
        f'  Windows:  certutil -user -addstore Root "{certificate}"\n'
        f'  macOS:    security add-trusted-cert -r trustRoot -p ssl "{certificate}"\n'
        "Svara ja på frågan om certifikatet ska installeras och starta om Excel."
    )


def _usable(certificate: Path, key: Path, now: datetime) -> bool:
    """True when both files can be read, belong together and will be valid for a while."""
    try:
        found = x509.load_pem_x509_certificate(certificate.read_bytes())
        private_key = serialization.load_pem_private_key(key.read_bytes(), password=None)
    except (OSError, ValueError, TypeError):
        return False
    return (
        found.public_key() == private_key.public_key()
        and found.not_valid_before_utc <= now < found.not_valid_after_utc - RENEWED_BEFORE
    )


def _signed(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Färdkost på den här datorn")])
    now = datetime.now(UTC)
    hosts = [x509.DNSName("localhost"), *(x509.IPAddress(ip_address(host)) for host in ("127.0.0.1", "::1"))]
    public_key = key.public_key()
    # No authority: a certificate that could sign others would be a danger on the machine that trusts it.
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_DIFFERENCE)
        .not_valid_after(now + VALID)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public_key), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem_of_key(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, content: bytes, mode: int) -> None:
    """Write a file that has its mode from the start and is never seen half written."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    beside.replace(path)
