"""Ed25519 keys as others read them: JWK (RFC 8037), thumbprint (RFC 7638), and one key's word for the next.

The border it keeps: bytes in, bytes out; where a key lies and who may read it is known to `dancu.store.keyring` alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ENDORSED = b"dancu/key-endorsement/1\n"


def b64(data: bytes) -> str:
    """Base64 for addresses, without padding, as in JOSE."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes again; ValueError for what is not base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def jwk(public: Ed25519PublicKey) -> dict[str, str]:
    """The public key with its thumbprint as `kid`.

    >>> key = Ed25519PublicKey.from_public_bytes(unb64("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"))
    >>> jwk(key)["kid"]  # the example of RFC 8037, appendix A.3
    'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'
    """
    raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    base = {"crv": "Ed25519", "kty": "OKP", "x": b64(raw)}
    canonical = json.dumps(base, sort_keys=True, separators=(",", ":")).encode()
    kid = b64(hashlib.sha256(canonical).digest())
    return base | {"alg": "EdDSA", "kid": kid, "use": "sig"}


def public_of(key: Mapping[str, str]) -> Ed25519PublicKey:
    """The key of a JWK; ValueError when it is not one of Ed25519 or its `kid` is not its thumbprint."""
    if key.get("kty") != "OKP" or key.get("crv") != "Ed25519":
        raise ValueError("not an Ed25519 key")
    found = Ed25519PublicKey.from_public_bytes(unb64(key["x"]))
    if "kid" in key and jwk(found)["kid"] != key["kid"]:
        raise ValueError("the kid is not the thumbprint of the key")
    return found


def holds(key: Mapping[str, str], signature: bytes, data: bytes) -> bool:
    """Whether the signature over the data is this key's."""
    try:
        public_of(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def new() -> Ed25519PrivateKey:
    """A key from the system's source of randomness."""
    return Ed25519PrivateKey.generate()


def to_pem(key: Ed25519PrivateKey, passphrase: bytes | None) -> bytes:
    """PKCS #8, under the passphrase when there is one."""
    cover: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        cover = serialization.BestAvailableEncryption(passphrase)
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, cover)


def from_pem(data: bytes, passphrase: bytes | None) -> Ed25519PrivateKey:
    """The key again; ValueError or TypeError for a wrong, missing or needless passphrase or another kind of key."""
    key = serialization.load_pem_private_key(data, passphrase)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 key")
    return key


def endorsement(use: str, key: Mapping[str, str], not_before: str) -> bytes:
    """What the old key signs about the new one: the use, the key, the moment it takes over."""
    told = {"kid": key["kid"], "not_before": not_before, "use": use, "x": key["x"]}
    return _ENDORSED + json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
