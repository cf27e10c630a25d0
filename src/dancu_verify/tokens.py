"""RFC 3161 time stamps: as much DER as is needed to see that this authority has stamped these bytes, and when.

A stamp is accepted when its imprint is that of the bytes, its signed attributes are those of its content, and its
signature is that of the certificate given, or of one of its own that the certificate given has issued.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from hashlib import new as new_hash

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

SEQUENCE, SET, OCTETS, INTEGER, OID, TIME = 0x30, 0x31, 0x04, 0x02, 0x06, 0x18
SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
HASHES: dict[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}


class BadToken(ValueError):
    """The stamp proves nothing; the message is the reason's short name."""


@dataclass(frozen=True)
class Part:
    """One value of DER: its tag, its content, and itself with its head."""

    tag: int
    body: bytes
    whole: bytes

    def parts(self) -> list[Part]:
        """What is inside."""
        return read_all(self.body)


def read_all(data: bytes) -> list[Part]:
    """Values one after another. Raises BadToken."""
    found, at = [], 0
    while at < len(data):
        part = _one(data, at)
        found.append(part)
        at += len(part.whole)
    return found


def _one(data: bytes, at: int) -> Part:
    if at + 2 > len(data):
        raise BadToken("der")
    length, head = data[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 1 <= count <= 4 or head + count > len(data):
            raise BadToken("der")
        length, head = int.from_bytes(data[head : head + count], "big"), head + count
    if head + length > len(data):
        raise BadToken("der")
    return Part(data[at], data[head : head + length], data[at : head + length])


def oid(body: bytes) -> str:
    """An object identifier in dots.

    >>> oid(bytes.fromhex("2a864886f70d010702"))
    '1.2.840.113549.1.7.2'
    """
    if not body:
        raise BadToken("der")
    numbers, value = [min(body[0] // 40, 2)], 0
    numbers.append(body[0] - 40 * numbers[0])
    for byte in body[1:]:
        value = value << 7 | byte & 0x7F
        if not byte & 0x80:
            numbers.append(value)
            value = 0
    return ".".join(map(str, numbers))


@dataclass(frozen=True)
class _Token:
    content: bytes
    certificates: list[x509.Certificate]
    issuer: bytes
    serial: int
    hash_oid: str
    attributes: Part
    signature: bytes


def stamped(response: bytes, data: bytes, given: list[x509.Certificate]) -> dt.datetime:
    """When the authority of one of the certificates given stamped the data. Raises BadToken."""
    try:
        token = _token(response)
        at = _time_of(token.content, data)
        _check_attributes(token)
        _check_signature(token, _signer(token, given))
    except (IndexError, UnicodeDecodeError, UnsupportedAlgorithm) as error:
        raise BadToken("der") from error
    return at


def _token(response: bytes) -> _Token:
    outer = read_all(response)[0].parts()
    if outer[0].tag == SEQUENCE:  # a whole response: its status, then the token
        if int.from_bytes(outer[0].parts()[0].body, "big") > 1:
            raise BadToken("refused")
        outer = outer[1].parts()
    if oid(outer[0].body) != SIGNED_DATA:
        raise BadToken("der")
    inside = outer[1].parts()[0].parts()
    content = inside[2].parts()
    if oid(content[0].body) != TST_INFO:
        raise BadToken("der")
    given = [p for p in inside if p.tag == 0xA0]
    certificates = [x509.load_der_x509_certificate(p.whole) for p in given[0].parts()] if given else []  # fmt: skip
    signer = inside[-1].parts()[0].parts()
    issuer, serial = signer[1].parts() if signer[1].tag == SEQUENCE else (signer[1], signer[1])
    attributes = signer[3]
    if attributes.tag != 0xA0:
        raise BadToken("attributes")
    return _Token(
        content[1].parts()[0].body, certificates, issuer.whole,
        int.from_bytes(serial.body, "big", signed=True), oid(signer[2].parts()[0].body), attributes, signer[5].body,
    )  # fmt: skip


def _time_of(content: bytes, data: bytes) -> dt.datetime:
    told = read_all(content)[0].parts()
    algorithm, imprint = told[2].parts()
    kind = HASHES.get(oid(algorithm.parts()[0].body))
    if kind is None or new_hash(kind.name, data).digest() != imprint.body:
        raise BadToken("imprint")
    text = told[4].body.decode("ascii").rstrip("Z")
    try:
        return dt.datetime.strptime(text.partition(".")[0] + "+0000", "%Y%m%d%H%M%S%z")
    except ValueError as error:
        raise BadToken("der") from error


def _check_attributes(token: _Token) -> None:
    kind = HASHES.get(token.hash_oid)
    if kind is None:
        raise BadToken("algorithm")
    said = {oid(p.parts()[0].body): p.parts()[1].parts()[0].body for p in token.attributes.parts()}
    if oid(said.get(CONTENT_TYPE, b"\x00")) != TST_INFO:
        raise BadToken("attributes")
    if said.get(MESSAGE_DIGEST) != new_hash(kind.name, token.content).digest():
        raise BadToken("attributes")


def _signer(token: _Token, given: list[x509.Certificate]) -> x509.Certificate:
    """The certificate that the stamp names, among those given, or issued by one of them."""
    for certificate in given:
        if _is_named(certificate, token):
            return _for_stamps(certificate)
    for certificate in token.certificates:
        for issuer in given:
            if _is_named(certificate, token) and _issued(certificate, issuer):
                return _for_stamps(certificate)
    raise BadToken("authority")


def _is_named(certificate: x509.Certificate, token: _Token) -> bool:
    same = certificate.issuer.public_bytes() == token.issuer
    return same and certificate.serial_number == token.serial


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _for_stamps(certificate: x509.Certificate) -> x509.Certificate:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound as error:
        raise BadToken("authority") from error
    if ExtendedKeyUsageOID.TIME_STAMPING not in usage:
        raise BadToken("authority")
    return certificate


def _check_signature(token: _Token, certificate: x509.Certificate) -> None:
    kind = HASHES[token.hash_oid]()
    signed = bytes([SET]) + token.attributes.whole[1:]
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(token.signature, signed, padding.PKCS1v15(), kind)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(token.signature, signed, ec.ECDSA(kind))
        else:
            raise BadToken("algorithm")
    except InvalidSignature as error:
        raise BadToken("signature") from error
