"""Certificates for a test: a CA, a server's and a client's, each beside its key."""

import datetime
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificates(folder: Path) -> None:
    """Make `ca.pem`, and what it signs: `server.pem` for 127.0.0.1, `client.pem`, their keys in `.key`."""
    ca_key = ec.generate_private_key(ec.SECP256R1())
    ca = _named("ca", ca_key).add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    _write(folder / "ca.pem", ca.sign(ca_key, hashes.SHA256()))
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    for name in ("server", "client"):
        key = ec.generate_private_key(ec.SECP256R1())
        _write(
            folder / f"{name}.pem", _named(name, key).add_extension(here, critical=False).sign(ca_key, hashes.SHA256())
        )
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        (folder / f"{name}.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))


def _named(name: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    def called(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.datetime.now(datetime.UTC)
    day = datetime.timedelta(days=1)
    built = x509.CertificateBuilder().subject_name(called(name)).issuer_name(called("ca")).public_key(key.public_key())
    return built.serial_number(x509.random_serial_number()).not_valid_before(now - day).not_valid_after(now + day)


def _write(file: Path, certificate: x509.Certificate) -> None:
    file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
