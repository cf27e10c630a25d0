"""A list is asked for on a page, made by the worker, revoked on a page.

It is an export: one set in the ledger, so that each person on it can be shown that he or she was.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dancu.formats import personal_number
from dancu.lib.text import fold
from dancu.platform.access import territory
from dancu.platform.access.rights import Refused, check_right
from dancu.platform.gateway import sealing
from dancu.platform.ledger import bulk
from dancu.platform.offline import form, people
from dancu.platform.offline.models import Entry, ListEvent, OfflineList
from dancu.platform.offline.people import OWNER, Listed
from dancu.platform.tasks.services import Told
from dancu.reference import purposes
from dancu.reference.rights import rights_of

MAKE, CHECK = "offline.make", "offline.check"
PURPOSES = {"exam": "exam", "clinic": "health_care"}
LONGEST = dt.timedelta(days=7)
"""Of our own: a list is as old as its making, and a lost device is a risk for as long as it is good."""
MOST_DEVICES, MOST_PEOPLE = 50, 60_000
GRACE = dt.timedelta(days=14)
"""After a list has ended checks made with it still find their persons; then its entries go."""


class CannotMake(ValueError):
    """The message says what to change."""


@dataclass(frozen=True)
class Wanted:
    """A list as it is asked for. `communes` for a clinic, `numbers` for an exam."""

    title: str
    kind: str
    unit_code: str
    begin: dt.datetime
    until: dt.datetime
    devices: int
    communes: tuple[str, ...] = ()
    numbers: tuple[str, ...] = field(default=(), repr=False)


def do_ask(*, by: Any, wanted: Wanted, at: dt.datetime) -> OfflineList:
    """The row of a list that the worker is to make; Refused, CannotMake."""
    _check(by, wanted, at)
    found = OfflineList(
        title=wanted.title, kind=wanted.kind, purpose=PURPOSES[wanted.kind], unit_code=wanted.unit_code,
        basis=purposes.get(PURPOSES[wanted.kind], on=territory.register_day()).law,
        communes=list(wanted.communes), territory=_territory(by), begin=wanted.begin, until=wanted.until,
        devices=wanted.devices, made_by=by.username, made_at=at,
    )  # fmt: skip
    found.wanted = sealing.seal(list(wanted.numbers), number=found.pk) if wanted.numbers else None
    found.save(force_insert=True)
    return found


def make(number: Any, told: Told) -> None:
    """The worker's part; done again after a crash it begins anew, done once it does nothing."""
    found = OfflineList.objects.using(OWNER).get(pk=number)
    if found.state == "ready":
        return
    secret, entries, rows = form.Secret.new(), {}, []
    listed = list(_listed(found))
    for place, one in enumerate(listed):
        tag, pad = form.hashed(one.number, secret)
        entries[tag] = one.answer ^ pad
        rows.append(Entry(list_id=found.pk, tag=tag, citizen_id=one.citizen_id, answer=one.answer))
        told(_("băm số"), place / len(listed))
    found.file = form.signed(
        number=str(found.pk), title=found.title, purpose=found.purpose, begin=found.begin, until=found.until,
        made=found.made_at, secret=secret, entries=entries,
    )  # fmt: skip
    found.key = sealing.seal(secret.key.hex(), number=found.pk)
    found.counts = {name: sum(one.answer == code for one in listed) for code, name in form.ANSWERS.items()}  # fmt: skip
    with transaction.atomic(using=OWNER):
        _keep(found, rows, [one.citizen_id for one in listed if one.citizen_id])


def _keep(found: OfflineList, rows: list[Entry], citizens: list[str]) -> None:
    """List, entries, the set in the ledger and the event: all or nothing."""
    Entry.objects.using(OWNER).filter(list_id=found.pk).delete()
    Entry.objects.using(OWNER).bulk_create(rows, batch_size=5000)
    found.bulk_no = bulk.record(
        by=found.made_by, purpose=found.purpose, basis=found.basis, using=OWNER, citizens=citizens,
        what=_("Danh sách kiểm ngoại tuyến: %(title)s") % {"title": found.title},
    )  # fmt: skip
    found.state, found.wanted = "ready", None
    found.save(using=OWNER)
    digest = hashlib.sha256(bytes(found.file or b"")).hexdigest()
    ListEvent.objects.using(OWNER).create(
        list_id=found.pk, at=found.made_at, what="made", by=found.made_by, digest=digest
    )


@transaction.atomic
def do_revoke(*, of: OfflineList, by: Any, reason: str, at: dt.datetime) -> None:
    """No device gets it any more; those that have it drop it when the line is back. Its key goes now."""
    changed = OfflineList.objects.filter(pk=of.pk, revoked_at=None).update(revoked_at=at, key=None)
    if changed:
        ListEvent.objects.create(
            list_id=of.pk, at=at, what="revoked", by=by.username, reason=reason[:200]
        )


def end_old(*, at: dt.datetime) -> int:
    """Keys of lists that have ended go; after a while the entries too. How many lists ended now."""
    lists = OfflineList.objects.using(OWNER)
    ended = list(lists.filter(until__lte=at).exclude(key=None))
    for one in ended:
        with transaction.atomic(using=OWNER):
            lists.filter(pk=one.pk).update(key=None, file=None)
            ListEvent.objects.using(OWNER).create(
                list_id=one.pk, at=at, what="ended", by=one.made_by
            )
    Entry.objects.using(OWNER).filter(list__until__lte=at - GRACE).delete()
    return len(ended)


def failed(number: Any) -> None:
    """The worker could not make it: what was handed in goes all the same."""
    OfflineList.objects.using(OWNER).filter(pk=number).update(state="failed", wanted=None)


def numbers_in(cells: Iterator[str], *, test_people: bool) -> tuple[list[str], int]:
    """The lawful personal numbers among cells, and how many look like one and are none."""
    good: dict[str, None] = {}
    bad = 0
    for cell in cells:
        plain = "".join(fold(cell).replace(".", "").split())
        if len(plain) != 12 or not plain.isdigit():
            continue
        if personal_number.is_valid(plain, test_people=test_people):
            good[plain] = None
        else:
            bad += 1
    return list(good), bad


def _listed(found: OfflineList) -> Iterator[Listed]:
    if found.kind == "exam":
        numbers = sealing.opened(found.wanted or b"", number=found.pk)
        return people.candidates(numbers=numbers, purpose=found.purpose, territory=found.territory)
    on = territory.register_day()
    return people.insured(
        communes=found.communes, purpose=found.purpose, territory=found.territory, on=on,
        last=on + (timezone.localdate(found.until) - timezone.localdate(found.made_at)),
    )  # fmt: skip


def _check(by: Any, wanted: Wanted, at: dt.datetime) -> None:
    for unit in (wanted.unit_code, *wanted.communes):
        check_right(by, MAKE, unit=unit)
    if not wanted.begin < wanted.until or wanted.until <= at:
        raise CannotMake(_("Giờ kết thúc phải sau giờ bắt đầu và sau lúc này."))
    if wanted.until - max(at, wanted.begin) > LONGEST or wanted.begin - at > LONGEST:
        raise CannotMake(_("Danh sách chỉ được dùng trong 7 ngày kể từ khi lập."))
    if not 1 <= wanted.devices <= MOST_DEVICES:
        raise CannotMake(_("Số máy từ 1 đến 50."))
    if not (wanted.communes or wanted.numbers):
        raise CannotMake(_("Tệp không có số định danh hợp lệ nào, hoặc chưa chọn xã."))
    if len(wanted.numbers) > MOST_PEOPLE:
        raise CannotMake(_("Quá nhiều người cho một danh sách; hãy chia theo điểm."))


def _territory(by: Any) -> list[str] | None:
    """The communes whose people the maker may put on a list; None for a right that holds everywhere."""
    held = [(g, r.scope) for g in by.grants_today for r in rights_of(g.role) if r.right == MAKE]
    if not held:
        raise Refused(MAKE)
    if any(scope == "all" for _grant, scope in held):
        return None
    return sorted({code for grant, _scope in held for code in territory.of_grant(grant)})
