"""The receipt of a consent: what was agreed to, in the words that were read, signed so that anyone can check it.

A compact JWS (RFC 7515, EdDSA) under the installation's key for answers; its public keys are those that the
installation publishes for signed answers. The words come from the text's version, so they are the same for ever.
"""

from __future__ import annotations

import json
from typing import Any

from dancu.lib.signing import b64
from dancu.platform.consent.services import Consent
from dancu.reference import consent_texts, purposes
from dancu.store import keyring

TYPE = "dancu-consent+jws"


def told(consent: Consent, lang: str = "vi") -> dict[str, Any]:
    """What the receipt says, times in UTC by ISO 8601."""
    text = consent_texts.version(consent.text_version)
    return {
        "receipt": str(consent.receipt),
        "consent_no": consent.consent_no,
        "citizen_id": consent.citizen_id,
        "purpose": consent.purpose,
        "purpose_name": purposes.name(consent.purpose, lang),
        "recipient": consent.recipient,
        "partner": consent.partner,
        "fields": list(consent.fields),
        "text_version": consent.text_version,
        "text_sha256": consent.text_sha256,
        "said": text.said(lang, recipient=consent.recipient),
        "law": text.law,
        "granted_at": consent.granted_at.isoformat(),
        "expires_at": consent.expires_at.isoformat(),
        "withdrawn_at": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
        "channel": consent.channel,
        "relation": consent.relation,
        "form_no": consent.form_no,
    }


def signed(consent: Consent, lang: str = "vi") -> str:
    """The receipt as a compact JWS."""
    key = keyring.current("answer")
    head = b64(json.dumps({"alg": "EdDSA", "kid": key.kid, "typ": TYPE}).encode())
    body = b64(json.dumps(told(consent, lang), ensure_ascii=False).encode())
    return f"{head}.{body}.{b64(key.sign(f'{head}.{body}'.encode('ascii')))}"
