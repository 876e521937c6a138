"""A certificate for loopback, which whoever wants to check it has to be told to trust."""

from __future__ import annotations

import ipaddress
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

_DAYS = 365
"""As long as Hologres' own are valid (help/hologres, SSL)."""


class LoopbackCertificate:
    """Made when it is first asked for."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    @cached_property
    def path(self) -> Path:
        """The file with the certificate, for whoever is to trust it; the one with its key is beside it."""
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Hologres of the sandbox")])
        hosts = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=_DAYS))
            .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        self._folder = tempfile.TemporaryDirectory(prefix="pairec-hologres-")
        path = Path(self._folder.name) / "certificate.pem"
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        path.with_suffix(".key").write_bytes(private)
        path.write_bytes(certificate.public_bytes(pem))
        return path

    @cached_property
    def context(self) -> ssl.SSLContext:
        """For a server."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.path.with_suffix(".key"))
        return context

    def close(self) -> None:
        """The files are gone."""
        if self._folder is not None:
            self._folder.cleanup()
