"""Where a dossier is followed and a paper checked, as an address and as a picture for a phone."""

from __future__ import annotations

import io
import os

import segno
from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

ADDRESS = "DANCU_ADDRESS"
"""The site's own address as citizens type it, without the slash at the end."""


def shown(code: str) -> dict[str, str]:
    """For a template: the address to follow the dossier, its picture, the address to check a paper."""
    address = f"{base()}{_page()}?{urlencode({'ma': code})}"
    return {
        "follow": f"{base()}{_page()}",
        "qr": picture(address),
        "check": f"{base()}{reverse('services_papers:check')}",
    }


def base() -> str:
    """The site's own address."""
    told = os.environ.get(ADDRESS, "").rstrip("/")
    if told:
        return told
    host = next(
        (h for h in settings.ALLOWED_HOSTS if h and not h.startswith((".", "*"))), "localhost"
    )
    return f"{'https' if settings.BEHIND_TLS else 'http'}://{host}"


def picture(text: str) -> str:
    """A QR code as SVG."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def _page() -> str:
    try:
        return str(reverse("services_online:follow"))
    except NoReverseMatch:
        return str(reverse("citizen:start"))
