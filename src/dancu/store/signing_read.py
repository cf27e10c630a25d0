"""What a PDF's signatures say: whole or changed, by whom, when, and who vouches for that.

A stranger's file may be made to hang its reader: :func:`read` runs this module as a process of its own, which gets the
file on standard input, little memory and little time, and tells what it found on standard output.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import resource
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from dancu.store.errors import StoreError

LARGEST = 10_000_000
MOST_SIGNATURES = 10
_SECONDS, _MEMORY = 10, 1 << 30
NOTHING, ALLOWED, CHANGED = "nothing", "allowed", "changed"
"""What was done to the file after the signature: nothing; only what keeps signatures checkable; something else."""


class Unreadable(StoreError):
    """No PDF, or one that cannot be read in the time given."""


@dataclass(frozen=True)
class Seal:
    """One signature. `whole`: what it covers is as it was signed; `after`: what was added to the file later.

    `known`: it leads to an authority that is trusted here; `own`: that is the installation's own. `at` with `stamped`:
    the moment that an authority stamped, else what the signer's machine said.
    """

    name: str
    title: str
    agency: str
    issuer: str
    at: str
    stamped: bool
    whole: bool
    known: bool
    own: bool
    after: str

    @property
    def good(self) -> bool:
        """Whole, by somebody known, and nothing changed since."""
        return self.whole and self.known and self.after != CHANGED

    @property
    def moment(self) -> dt.datetime | None:
        """The moment, with its zone."""
        return dt.datetime.fromisoformat(self.at) if self.at else None


def read(pdf: bytes, *, trusted: list[tuple[bytes, bool]]) -> list[Seal]:
    """The signatures of the file in their order; none when it has none. Raises Unreadable."""
    if len(pdf) > LARGEST or not pdf[:1024].lstrip().startswith(b"%PDF-"):
        raise Unreadable("Đây không phải tệp PDF.\nThis is no PDF.")
    told = json.dumps([[one.hex(), own] for one, own in trusted]).encode()
    head = len(told).to_bytes(8, "big")
    package = str(Path(__file__).resolve().parents[2])
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", "-c", _START, package], input=head + told + pdf, capture_output=True,
            timeout=2 * _SECONDS, check=True, env={"LANG": "C.UTF-8", "PATH": os.environ.get("PATH", "")},
        )  # fmt: skip
        return [Seal(**row) for row in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError, TypeError) as error:
        raise Unreadable(
            "Không đọc được tệp PDF này: tệp hỏng, có mật khẩu, hoặc quá phức tạp.\nThis PDF cannot be read."
        ) from error


_START = "import sys; sys.path.insert(0, sys.argv[1]); from dancu.store import signing_read; signing_read.main()"


def main() -> None:
    """The process: no more than its share, then the answer."""
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    given = sys.stdin.buffer
    told = json.loads(given.read(int.from_bytes(given.read(8), "big")))
    trusted = [(bytes.fromhex(one), own) for one, own in told]
    json.dump([asdict(seal) for seal in seals(given.read(), trusted=trusted)], sys.stdout)


def seals(pdf: bytes, *, trusted: list[tuple[bytes, bool]]) -> list[Seal]:
    """As :func:`read`, in this process."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise Unreadable("encrypted")
    found = reader.embedded_regular_signatures[:MOST_SIGNATURES]
    return [_seal(reader, one, trusted) for one in found]


def _seal(reader: Any, signature: Any, trusted: list[tuple[bytes, bool]]) -> Seal:
    from pyhanko.sign.validation import validate_pdf_signature

    stamped = _stamp_of(signature)
    context = _context(reader, trusted, stamped)
    status = validate_pdf_signature(signature, context, context)
    stamp = status.timestamp_validity
    proven = bool(stamp and stamp.intact and stamp.valid and stamp.trusted)
    at = stamp.timestamp if stamp and proven else status.signer_reported_dt
    subject, issuer = (getattr(status.signing_cert, part).native for part in ("subject", "issuer"))
    root = status.validation_path.first if status.validation_path and status.trusted else None
    ours = {one for one, own in trusted if own}
    return Seal(
        name=str(subject.get("common_name", "")), title=str(subject.get("title", "")),
        agency=str(subject.get("organization_name", "")),
        issuer=str(issuer.get("common_name", issuer.get("organization_name", ""))),
        at=at.isoformat() if at else "", stamped=proven, whole=bool(status.intact and status.valid),
        known=bool(status.trusted), own=root is not None and root.dump() in ours, after=_after(status),
    )  # fmt: skip


def _context(reader: Any, trusted: list[tuple[bytes, bool]], at: dt.datetime | None) -> Any:
    """Whom to trust, with what the document itself brings for a check long after; as of the stamped moment."""
    from asn1crypto import x509
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext

    given: dict[str, Any] = {
        "trust_roots": [x509.Certificate.load(one) for one, _own in trusted], "allow_fetching": False,
        "revocation_mode": "soft-fail", "moment": at, "time_tolerance": dt.timedelta(minutes=5),
        "retroactive_revinfo": True,
    }  # fmt: skip
    try:
        return DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    except NoDSSFoundError:
        return ValidationContext(**given)


def _stamp_of(signature: Any) -> dt.datetime | None:
    """The moment in the stamp that goes with the signature; whether the stamp itself holds is asked later."""
    for attribute in signature.signer_info["unsigned_attrs"] or ():
        if attribute["type"].native == "signature_time_stamp_token":
            token = attribute["values"][0]["content"]["encap_content_info"]["content"].parsed
            moment: dt.datetime = token["gen_time"].native
            return moment
    return None


def _after(status: Any) -> str:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return NOTHING
    allowed = status.modification_level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES)
    return ALLOWED if allowed and status.docmdp_ok else CHANGED
