"""A PDF signed for an office: PAdES, in one revision, with a stamp of the moment and what is needed to check it later.

Level B-LT when the authority's lists of revoked certificates are at hand, else B-T; B-B when no stamp comes, for a
result must not wait for a machine elsewhere. Nothing may be changed after it (DocMDP: no changes). A signature is read
by :mod:`dancu.store.signing_read`.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import httpx2
from asn1crypto import keys, tsp, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from dancu.store.errors import StoreError
from dancu.store.signing_port import Signatory

logging.getLogger("pyhanko").setLevel(
    logging.ERROR
)  # it warns of each list that it is not let fetch

FIELD = "ChuKy"
LONG_TERM, STAMPED, BASIC = "B-LT", "B-T", "B-B"
STAMPS_FROM = "DANCU_TSA_URL"
_PATIENCE = 8.0
_MOST = 512
"""Bytes of a signature at most (RSA of 4096 bits)."""


@dataclass(frozen=True)
class Signed:
    """The signed document and the level that was reached."""

    data: bytes
    level: str


class _Hand(signers.Signer):
    """pyHanko's signer over our port."""

    def __init__(self, by: Signatory) -> None:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([x509.Certificate.load(one) for one in (*by.chain, *by.roots)])
        certificate = x509.Certificate.load(by.certificate)
        super().__init__(signing_cert=certificate, cert_registry=store, embed_roots=True)
        self._sign = by.sign

    async def async_sign_raw(
        self, data: bytes, digest_algorithm: str, dry_run: bool = False
    ) -> bytes:
        """The port's signature; for the measure of the place kept for it, nothing is signed."""
        if digest_algorithm.lower() != "sha256":
            raise StoreError(f"the port signs SHA-256, not {digest_algorithm}")
        return bytes(_MOST) if dry_run else self._sign(data)


class _Asked(TimeStamper):
    """Stamps of the authority outside that `DANCU_TSA_URL` names; only a hash goes out."""

    def __init__(self, url: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer; the caller checks that it is about the hash."""
        try:
            async with httpx2.AsyncClient(timeout=_PATIENCE) as client:
                kind = {"Content-Type": "application/timestamp-query"}
                answer = await client.post(self._url, content=req.dump(), headers=kind)
            answer.raise_for_status()
            return tsp.TimeStampResp.load(answer.content)
        except (httpx2.HTTPError, ValueError) as error:
            raise TimestampRequestError(type(error).__name__) from error


def sign(pdf: bytes, by: Signatory, *, name: str, reason: str, place: str) -> Signed:
    """The document with the signature of `by`. Raises StoreError."""
    stamper = _stamper(by)
    lasting = by.stamps is not None or (stamper is not None and bool(by.revoked))
    for level, stamps in ((LONG_TERM if lasting else STAMPED, stamper), (BASIC, None)):
        if level != BASIC and stamps is None:
            continue
        try:
            return Signed(
                _alone(partial(_sign, pdf, by, stamps, level, name, reason, place)), level
            )
        except (TimestampRequestError, SigningError) as error:
            last = error
    raise StoreError(
        f"Không ký được văn bản: {last}. Kiểm tra chứng thư số của đơn vị.\nThe document could not be signed."
    ) from last


def _sign(
    pdf: bytes, by: Signatory, stamper: TimeStamper | None, level: str, name: str, reason: str, place: str
) -> bytes:  # fmt: skip
    settings: dict[str, Any] = {}
    if level == LONG_TERM:
        context = ValidationContext(
            trust_roots=[x509.Certificate.load(one) for one in by.roots],
            other_certs=[x509.Certificate.load(one) for one in by.chain],
            crls=list(by.revoked), allow_fetching=False, revocation_mode="hard-fail",
        )  # fmt: skip
        dss = DSSContentSettings(
            include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE
        )
        settings = {"embed_validation_info": True, "validation_context": context, "dss_settings": dss}  # fmt: skip
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, name=name, reason=reason,
        location=place, certify=True, docmdp_permissions=fields.MDPPerm.NO_CHANGES, **settings,
    )  # fmt: skip
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    made = signers.sign_pdf(writer, meta, signer=_Hand(by), timestamper=stamper)
    return bytes(made.getbuffer())


def _stamper(by: Signatory) -> TimeStamper | None:
    if by.stamps:
        return _own_stamps(*by.stamps, by.roots)
    url = os.environ.get(STAMPS_FROM, "")
    return _Asked(url) if url else None


@lru_cache(maxsize=4)
def _own_stamps(key: bytes, certificate: bytes, roots: tuple[bytes, ...]) -> TimeStamper:
    """Kept, since it measures its own answer once."""
    above = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    above.register_multiple([x509.Certificate.load(one) for one in roots])
    return DummyTimeStamper(
        x509.Certificate.load(certificate), keys.PrivateKeyInfo.load(key), certs_to_embed=above
    )


def _alone(work: Callable[[], bytes]) -> bytes:
    """In a thread of its own: pyHanko starts an event loop, and the caller's thread may have one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()
