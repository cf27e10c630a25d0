"""Proofs for everybody: heads, tiles, consistency, and the place of a receipt. Hashes only, no row and no person.

A leaf tells its kind, its key (of a look-up the receipt that its holder has anyway) and its time; the commitment in it
is salted. Whoever keeps a head can come back with it and ask for the proof that nothing was changed since.
"""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from dancu.lib import merkle
from dancu.platform.access.pages import public
from dancu.platform.ledger.database import raw
from dancu.store import keyring
from dancu.store.ledger import heads, proving
from dancu.store.ledger.tiles import FULL, Tiles

LARGEST = 2**62
_YEAR = "public, max-age=31536000, immutable"


def shown(head: heads.Signed) -> dict[str, Any]:
    """A head as JSON; `note` is what was signed, with the signature."""
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": head.at.isoformat(),
        "kid": head.kid,
        "note": head.note,
        "token": base64.b64encode(bytes(head.token)).decode() if head.token else None,
    }


@public
@require_GET
def head(request: HttpRequest) -> HttpResponse:
    """The latest signed head with its time stamp."""
    del request
    found = heads.last(raw())
    return JsonResponse(shown(found)) if found else _none("no-head")


@public
@require_GET
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys that heads are signed with, old ones included."""
    del request
    return JsonResponse(keyring.as_document("ledger"))


@public
@require_GET
def receipt(request: HttpRequest, number: UUID) -> HttpResponse:
    """The leaf of a receipt and its proof under the first signed head that has it; 202 while it waits for that."""
    del request
    con = raw()
    found = next(iter(proving.entries(con, key=str(number), kind="access")), None)
    if found is None or found.index is None:
        return _waiting(number)
    signed = heads.covering(con, index=found.index)
    proof = proving.inclusion(con, index=found.index, size=signed.size if signed else None)
    told = {
        "receipt": str(number), "leaf": found.leaf, "index": proof.index, "size": proof.size,
        "leaf_hash": proof.leaf_hash.hex(), "path": [part.hex() for part in proof.path],
        "root": proof.root.hex(), "head": shown(signed) if signed else None,
    }  # fmt: skip
    return JsonResponse(told)


@public
@require_GET
def consistency(request: HttpRequest) -> HttpResponse:
    """The proof that the tree of `second` leaves (the present one, if not given) begins with that of `first`."""
    try:
        first = _number(request.GET.get("first", ""))
        second = _number(request.GET["second"]) if "second" in request.GET else None
        size, path = proving.consistency(raw(), first=first, second=second)
    except (ValueError, merkle.ProofError):
        return _none("no-such-tree", status=400)
    return JsonResponse({"first": first, "second": size, "path": [part.hex() for part in path]})


@public
@require_GET
def tile(request: HttpRequest, level: int, index: int) -> HttpResponse:
    """The hashes of a tile, one after another; a full one never changes."""
    del request
    if level > 7 or index > LARGEST:
        return _none("no-such-tile")
    data = Tiles(raw()).tile(level, index)
    if not data:
        return _none("no-such-tile")
    answer = HttpResponse(data, content_type="application/octet-stream")
    answer["Cache-Control"] = _YEAR if len(data) == FULL else "no-cache"
    return answer


def _waiting(number: UUID) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger.waits(%s)", [str(number)])
        waits = cursor.fetchone()[0]
    if waits:
        return JsonResponse({"receipt": str(number), "state": "waiting"}, status=202)
    return _none("no-such-receipt")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise ValueError("not a number")
    return int(text)


def _none(why: str, status: int = 404) -> HttpResponse:
    return JsonResponse({"error": why}, status=status)
