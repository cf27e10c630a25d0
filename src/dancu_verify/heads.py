"""The heads of an export and of bundles: read, signed by a trusted key, in order, stamped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cryptography import x509

from dancu_verify import notes, tokens
from dancu_verify.found import Report
from dancu_verify.reading import Bundle, Export

LATE = dt.timedelta(days=1)


@dataclass(frozen=True)
class Read:
    """A head with its name; `good`: signed by a trusted key in force."""

    name: str
    head: notes.Head
    good: bool


def trusted_keys(
    export: Export, kept: Sequence[Bundle], pinned: Sequence[str], report: Report
) -> list[notes.Key]:
    """Keys that can be relied on: pinned by the auditor, else the second body's first, else the export's own first."""
    known = _keys(export.keys(), "keys.json", report)
    theirs = [key for bundle in kept for key in _keys(bundle.keys, bundle.name, report)[:1]]
    names = list(pinned) or [key.kid for key in theirs[:1]] or [key.kid for key in known[:1]]
    if known and names[0] not in {key.kid for key in known}:
        report.add("key_other", who="kiểm toán/auditor" if pinned else "bên thứ hai/second body")
    of_bundles = [key for bundle in kept for key in _keys(bundle.keys, bundle.name, report)]
    everything = list({key.kid: key for key in [*of_bundles, *known]}.values())
    found = notes.trusted(everything, names)
    for key in known:
        if key not in found:
            report.add("key_unknown", kid=key.kid)
    report.key, report.pinned = names[0] if names else "", bool(pinned or theirs)
    return found


def _keys(document: str, where: str, report: Report) -> list[notes.Key]:
    try:
        return notes.keys(document)
    except notes.Unreadable:
        report.add("key_unreadable", where=where)
        return []


def read(
    told: Iterable[tuple[str, str, bytes | None]], origin: str, keys: Sequence[notes.Key],
    certificates: list[x509.Certificate], report: Report,
) -> list[Read]:  # fmt: skip
    """The heads that can be read, each checked by itself and against the one before."""
    found: list[Read] = []
    for name, note, token in told:
        try:
            head = notes.read(note)
        except notes.Unreadable:
            report.add("head_unreadable", head=name)
            continue
        good = _signed(name, head, origin, keys, report)
        if found and (head.size < found[-1].head.size or head.at < found[-1].head.at):
            report.add("head_order", head=name)
        if token is not None and certificates:
            _stamped(name, head, token, certificates, report)
        found.append(Read(name, head, good))
    return found


def _signed(
    name: str, head: notes.Head, origin: str, keys: Sequence[notes.Key], report: Report
) -> bool:
    if head.origin != origin:
        report.add("head_origin", head=name)
        return False
    signer = notes.signer_of(head, keys)
    if signer is None:
        report.add("head_signature", head=name)
        return False
    if not signer.in_force(head.at):
        report.add("head_key_time", head=name)
        return False
    return True


def _stamped(
    name: str, head: notes.Head, token: bytes, certificates: list[x509.Certificate], report: Report
) -> None:
    try:
        at = tokens.stamped(token, head.note.encode(), certificates)
    except tokens.BadToken as error:
        report.add("token", head=name, why=str(error))
        return
    report.counted["stamped"] = report.counted.get("stamped", 0) + 1
    if abs(at - head.at) > LATE:
        report.add("token_late", head=name, at=head.at.isoformat(), stamp=at.isoformat())
