"""The installation's own authority for signed documents: so that a demonstration signs as production does.

Each signature gets a key of its own, certified in the name of who signs and thrown away after it; a stamp of the moment
comes from the same authority. What it vouches for is told in its name: it is no authority of the State, and whoever
needs that names one (see :mod:`dancu.store.signing_port`). An authority and a stamp have clocks of their own: this
module reads the clock.

`var/keys/documents/own.pem` (0600) holds its two private keys; its certificate also lies in `var/keys/public`, goes
into every backup, and old signatures hold by it. Without the private keys a restored installation makes a new one.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from dancu.store import key_files as files
from dancu.store.errors import StoreError

NAME = "CA nội bộ của hệ thống, không phải CA công vụ"
STAMP_NAME = "Dấu thời gian nội bộ của hệ thống"
_YEAR = dt.timedelta(days=365)
_LONGEST = 64
"""Letters of a part of a name in a certificate (X.520)."""
_Private = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True)
class Person:
    """Who signs, as the certificate tells: the person, the office held, the agency."""

    name: str
    title: str
    agency: str


@dataclass(frozen=True)
class Certified:
    """A key with its certificate."""

    key: _Private
    certificate: x509.Certificate

    def __repr__(self) -> str:
        return f"Certified({self.certificate.serial_number:x})"


@dataclass(frozen=True)
class Authority:
    """The authority's own key and that of its stamps."""

    own: Certified
    stamps: Certified

    def certify(self, person: Person) -> Certified:
        """A new key for one signature."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _name(person.name, person.agency, person.title)
        usage = [x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")]  # signing of documents (RFC 9336)
        return _certified(key, name, 5 * _YEAR, self.own, usage)

    def revoked(self) -> bytes:
        """The list of the certificates taken back (none: each key is gone after its one signature), as DER."""
        now = _now()
        made = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.own.certificate.subject)
            .last_update(now - dt.timedelta(minutes=1))
            .next_update(now + dt.timedelta(days=7))
            .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
            .add_extension(_issued_by(self.own.certificate), critical=False)
            .sign(self.own.key, hashes.SHA256())
        )
        return made.public_bytes(serialization.Encoding.DER)


def authority(*, home: Path | None = None) -> Authority:
    """The authority, made at the first call by exactly one of several processes. Raises StoreError."""
    path = _folder(home) / "own.pem"
    if not path.is_file():
        _first(path)
    seen = path.stat()
    found = _loaded(path, seen.st_ino, seen.st_mtime_ns)
    _publish(found.own.certificate, home)
    return found


def roots(*, home: Path | None = None) -> list[x509.Certificate]:
    """Every own authority there ever was."""
    folder = files.folder(home) / "public"
    return [
        x509.load_pem_x509_certificate(path.read_bytes())
        for path in sorted(folder.glob("documents-*.pem"))
    ]


def _first(path: Path) -> None:
    with os.fdopen(os.open(path.parent / ".lock", os.O_WRONLY | os.O_CREAT, 0o600), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.is_file():
            return
        own = _certified(ec.generate_private_key(ec.SECP256R1()), _name(NAME), 30 * _YEAR, None, [])
        # RSA, as all readers of stamps know it.
        stamp = rsa.generate_private_key(65537, 2048)
        stamps = _certified(
            stamp, _name(STAMP_NAME), 20 * _YEAR, own, [ExtendedKeyUsageOID.TIME_STAMPING]
        )
        files.write(path, b"".join(_pem(one) for one in (own, stamps)))


@lru_cache(maxsize=8)
def _loaded(path: Path, inode: int, changed: int) -> Authority:
    del inode, changed
    data = path.read_bytes()
    try:
        keys = [_private(part) for part in _parts(data)]
        certificates = x509.load_pem_x509_certificates(data)
    except (ValueError, TypeError) as error:
        raise StoreError(
            "Không mở được khoá ký văn bản: mật khẩu khoá sai hoặc thiếu (DANCU_KEYS_PASSPHRASE_FILE), hoặc tệp hỏng.\n"
            "The keys for documents do not open: wrong or missing passphrase, or a damaged file."
        ) from error
    own, stamps = (Certified(k, c) for k, c in zip(keys, certificates, strict=True))
    return Authority(own, stamps)


def _certified(
    key: _Private, name: x509.Name, lasts: dt.timedelta, by: Certified | None,
    usage: Sequence[x509.ObjectIdentifier],
) -> Certified:  # fmt: skip
    now = _now()
    issuer = by.certificate.subject if by else name
    own = x509.BasicConstraints(ca=by is None, path_length=0 if by is None else None)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + lasts)
        .add_extension(own, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_usage(by is None), critical=True)
    )
    if by:
        built = built.add_extension(_issued_by(by.certificate), critical=False)
    if usage:
        # A stamp's key must be good for stamps alone (RFC 3161, 2.3).
        alone = ExtendedKeyUsageOID.TIME_STAMPING in usage
        built = built.add_extension(x509.ExtendedKeyUsage(usage), critical=alone)
    return Certified(key, built.sign(by.key if by else key, hashes.SHA256()))


def _usage(authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority, content_commitment=not authority, key_cert_sign=authority, crl_sign=authority,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _issued_by(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(found)


def _name(common: str, agency: str = "", title: str = "") -> x509.Name:
    parts = [
        (NameOID.COUNTRY_NAME, "VN"), (NameOID.ORGANIZATION_NAME, agency), (NameOID.TITLE, title),
        (NameOID.COMMON_NAME, common),
    ]  # fmt: skip
    return x509.Name(
        [x509.NameAttribute(oid, text[:_LONGEST]) for oid, text in parts if text.strip()]
    )


def _pem(one: Certified) -> bytes:
    word = files.passphrase()
    cover: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if word:
        cover = serialization.BestAvailableEncryption(word)
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    return one.key.private_bytes(pem, pkcs8, cover) + one.certificate.public_bytes(pem)


def _parts(data: bytes) -> list[bytes]:
    """The private keys of the file, each as its own PEM."""
    found = [part for part in data.split(b"-----BEGIN ") if b"PRIVATE KEY-----" in part]
    return [b"-----BEGIN " + part for part in found]


def _private(pem: bytes) -> _Private:
    key = serialization.load_pem_private_key(pem, files.passphrase())
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ValueError("not a key of ours")
    return key


def _publish(certificate: x509.Certificate, home: Path | None) -> None:
    short = certificate.fingerprint(hashes.SHA256()).hex()[:16]
    path = files.folder(home) / "public" / f"documents-{short}.pem"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.write(path, certificate.public_bytes(serialization.Encoding.PEM), mode=0o644)


def _folder(home: Path | None) -> Path:
    made = files.folder(home) / "documents"
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)
