"""Who signs documents here: the port to an HSM or a remote signing service, else the installation's own authority.

`DANCU_SIGNING_COMMAND`: a command that gets the unit's code as its last argument and the bytes to be signed on standard
input, and writes the signature (SHA-256 with RSA PKCS #1 or with ECDSA, as the certificate's key is): what
`pkcs11-tool --sign`, a token's tool or the client of a remote signing service do. `DANCU_SIGNING_CERTIFICATES`: a
folder with `<unit>.pem` (the unit's certificate first, then those above it), `roots.pem` (whom to trust) and, kept
fresh by whoever runs it, the lists of revoked certificates `*.crl`. Stamps come from `DANCU_TSA_URL` then.
"""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from dancu.store import signing_own
from dancu.store.errors import StoreError
from dancu.store.signing_own import Person

COMMAND, CERTIFICATES = "DANCU_SIGNING_COMMAND", "DANCU_SIGNING_CERTIFICATES"
_PATIENCE = 20
_DER = serialization.Encoding.DER


@dataclass(frozen=True)
class Signatory:
    """Whose signature it will be. Certificates and lists are DER; `chain`: what stands between it and `roots`.

    `stamps`: key (PKCS #8) and certificate of the own authority's stamps; None: ask an authority outside.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    roots: tuple[bytes, ...]
    revoked: tuple[bytes, ...]
    sign: Callable[[bytes], bytes]
    stamps: tuple[bytes, bytes] | None = None


def signatory(unit: str, person: Person, *, home: Path | None = None) -> Signatory:
    """Who signs for the unit now. Raises StoreError when the port has nobody for it."""
    command = os.environ.get(COMMAND)
    return _outside(unit, command) if command else _own(person, home)


def trusted(*, home: Path | None = None) -> list[tuple[bytes, bool]]:
    """Whom a signature may come from, as DER; whether it is the installation's own authority."""
    own = [(one.public_bytes(_DER), True) for one in signing_own.roots(home=home)]
    return [*((one, False) for one in _roots()), *own]


def _own(person: Person, home: Path | None) -> Signatory:
    here = signing_own.authority(home=home)
    made = here.certify(person)
    key = made.key
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise StoreError("the authority certifies keys on a curve")
    stamp = here.stamps.key.private_bytes(
        _DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Signatory(
        made.certificate.public_bytes(_DER), (), (here.own.certificate.public_bytes(_DER),), (here.revoked(),),
        lambda data: key.sign(data, ec.ECDSA(hashes.SHA256())),
        (stamp, here.stamps.certificate.public_bytes(_DER)),
    )  # fmt: skip


def _outside(unit: str, command: str) -> Signatory:
    folder = Path(os.environ.get(CERTIFICATES, ""))
    path = folder / f"{unit}.pem"
    if not os.environ.get(CERTIFICATES) or not path.is_file():
        raise StoreError(
            f"Đơn vị {unit} chưa có chứng thư số trong {CERTIFICATES}. "
            "Ký trên giấy, hoặc báo người quản trị thêm chứng thư.\n"
            f"The unit {unit} has no certificate in {CERTIFICATES}."
        )
    own, *above = x509.load_pem_x509_certificates(path.read_bytes())
    lists = tuple(_as_der(one.read_bytes()) for one in sorted(folder.glob("*.crl")))
    return Signatory(
        own.public_bytes(_DER), tuple(one.public_bytes(_DER) for one in above), tuple(_roots()), lists,
        lambda data: _run([*shlex.split(command), unit], data),
    )  # fmt: skip


def _roots() -> list[bytes]:
    folder = os.environ.get(CERTIFICATES, "")
    path = Path(folder) / "roots.pem"
    if not folder or not path.is_file():
        return []
    return [one.public_bytes(_DER) for one in x509.load_pem_x509_certificates(path.read_bytes())]


def _as_der(data: bytes) -> bytes:
    if not data.startswith(b"-----"):
        return data
    return x509.load_pem_x509_crl(data).public_bytes(_DER)


def _run(command: list[str], data: bytes) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603
            command, input=data, capture_output=True, timeout=_PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise StoreError(
            "Thiết bị ký số không trả lời. Thử lại sau, hoặc ký trên giấy.\n"
            f"The signing command failed: {type(error).__name__}."
        ) from error
    return done.stdout
