"""Identifiers of persons, notes and places in the feed that mean something to one partner alone.

A citizen's identifier (128 bits) is enciphered as one block of AES under the partner's own key: the same person is
always the same to the partner, two partners cannot find out that they mean the same person, and no table of two
million rows is kept for each. It follows the register's identifier, so it survives merges (the one that remains
keeps its own, and `person.merged` names both) and splits (who is put back has the old one again). Numbers of the
outbox are enciphered too: one change told to two partners must not be recognised by its number.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.db import connections, transaction

from dancu.platform.feed import sealing

GATE = "gate"
_USE = "pairwise"
_NOTE, _CURSOR = 1, 2


class Unknown(ValueError):
    """Not something that this partner was ever given."""


def of(partner: Any, citizen_id: UUID | str) -> str:
    """The person's identifier for a partner (a `Partner` or its client_id): 32 hexadecimal digits."""
    return _block(_client(partner), _uuid(citizen_id).bytes)


def citizen(partner: Any, identifier: str) -> UUID:
    """The register's identifier behind a partner's; whether there is such a person is for the register to say."""
    try:
        return UUID(bytes=_unblock(_client(partner), identifier), version=None)
    except ValueError:
        raise Unknown(identifier[:40]) from None


def note_id(partner: Any, outbox_no: int, part: int) -> str:
    """The name of a note: the same for this partner whenever and however it is delivered."""
    return _block(_client(partner), _packed(_NOTE, outbox_no, part))


def cursor(partner: Any, outbox_no: int) -> str:
    """A place in the feed as the partner is told it."""
    return _block(_client(partner), _packed(_CURSOR, outbox_no, 0))


def place(partner: Any, cursor: str) -> int:
    """The place behind a cursor; "" is the beginning. `Unknown` for what was not given to this partner."""
    if not cursor:
        return 0
    data = _unblock(_client(partner), cursor)
    number = int.from_bytes(data[4:12], "big")
    if data != _packed(_CURSOR, number, 0):
        raise Unknown(cursor[:40])
    return number


def _packed(kind: int, number: int, part: int) -> bytes:
    """A block that says what it is, so that one kind is never taken for another."""
    return kind.to_bytes(4, "big") + number.to_bytes(8, "big") + part.to_bytes(4, "big")


def _block(client: str, data: bytes) -> str:
    sealer = Cipher(algorithms.AES(_key(client)), modes.ECB()).encryptor()  # noqa: S305 one block, never two
    return (sealer.update(data) + sealer.finalize()).hex()


def _unblock(client: str, text: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        raise Unknown(text[:40]) from None
    if len(data) != 16:
        raise Unknown(text[:40])
    opener = Cipher(algorithms.AES(_key(client)), modes.ECB()).decryptor()  # noqa: S305
    return opener.update(data) + opener.finalize()


def _client(partner: Any) -> str:
    return partner if isinstance(partner, str) else str(partner.client_id)


def _uuid(citizen_id: UUID | str) -> UUID:
    return citizen_id if isinstance(citizen_id, UUID) else UUID(citizen_id)


def _key(client: str) -> bytes:
    return _kept(str(connections[GATE].settings_dict["NAME"]), client)


@lru_cache(maxsize=1000)
def _kept(database: str, client: str) -> bytes:
    """Made at the first use; the first of two that make one at the same time wins."""
    del database
    with transaction.atomic(using=GATE), connections[GATE].cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_pairwisekey (client_id, sealed, made_at) VALUES (%s, %s, now())"
            " ON CONFLICT (client_id) DO NOTHING",
            [client, sealing.seal(os.urandom(32), use=_USE, whose=client)],
        )
        cursor.execute("SELECT sealed FROM feed_pairwisekey WHERE client_id = %s", [client])
        return sealing.opened(cursor.fetchone()[0], use=_USE, whose=client)
