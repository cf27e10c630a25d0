"""Notes become letters: read after the subscriber's place, put down, the place moved on, all in one transaction.

A worker that is killed has either put them down or not; a second one finds the place moved. Identifiers and names of
fields leave the house with these letters, so the set of persons in each page is kept as one bulk read (the ledger's),
in the same transaction: no line, no letter. A value that is told leaves a line of its own besides (``values``).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from dancu.platform.feed import notes
from dancu.platform.feed.models import Letter, Subscriber
from dancu.platform.feed.notes import Note
from dancu.platform.feed.scope import Scope
from dancu.platform.ledger import bulk

OWNER = "owner"
ENOUGH = 2000
"""Letters that wait: while there are more, the outbox is not read on for this subscriber."""


def make_ready(subscriber: int, scope: Scope) -> int:
    """How many letters were put down; the register's outbox is read on until its end, or until enough wait."""
    made = 0
    while Letter.objects.using(OWNER).filter(subscriber=subscriber).count() < ENOUGH:
        with transaction.atomic(using=OWNER):
            row = Subscriber.objects.using(OWNER).select_for_update().get(pk=subscriber)
            page = notes.read(scope, row.place, using=OWNER)
            made += _put_down(row, page.notes)
            told(scope, page.notes, by="feed")
            row.place = page.place
            row.save(using=OWNER, update_fields=["place"])
        if not page.more:
            break
    return made


def told(scope: Scope, found: tuple[Note, ...], *, by: str) -> None:
    """The one bulk line about the persons whose identifiers are told; kept before they are.

    As the owner also where a partner reads the feed itself: a partner has no log-in in whose name the pages' role may
    write.
    """
    persons = sorted({str(c) for note in found for c in (note.citizen, note.into) if c is not None})
    if persons:
        bulk.record(
            by=by, purpose=scope.purpose, basis=scope.law, what="feed", citizens=persons, partner=scope.client,
            using=OWNER,
        )  # fmt: skip


def as_note(letter: Letter) -> Note:
    """What the letter tells."""
    return Note(
        letter.outbox_no, letter.part, letter.at, letter.kind, letter.lane, letter.into,
        tuple(letter.fields), letter.data,
    )  # fmt: skip


def _put_down(row: Subscriber, found: tuple[Note, ...]) -> int:
    """A replay finds the letters that still wait and leaves them as they are."""
    now = timezone.now()
    letters = [
        Letter(
            subscriber=row, outbox_no=note.outbox_no, part=note.part, kind=note.kind, lane=note.citizen,
            into=note.into, fields=list(note.fields), data=dict(note.data), at=note.at, next_try_at=now,
        )
        for note in found
    ]  # fmt: skip
    Letter.objects.using(OWNER).bulk_create(letters, ignore_conflicts=True)
    return len(letters)
