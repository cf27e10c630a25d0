"""What ties an entry to a second unit or to the entry it belongs to, and what is refused of it, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from dancu.kit.reports import indicators
from dancu.reference import units
from dancu.sectors.direction import places
from dancu.sectors.direction.books import Book
from dancu.sectors.direction.errors import DirectionError
from dancu.sectors.direction.places import Place

if TYPE_CHECKING:
    from dancu.sectors.direction.entries import Entry


def whole(
    book: Book, values: Mapping[str, Any], place: Place, parent: Entry | None, day: dt.date
) -> dict[str, Any]:
    """The values with what follows from the second unit, as of a day, and from the entry it belongs to."""
    found = dict(values)
    for field in book.fields:
        if field.kind == "unit" and found.get(field.name):
            other = places.ready(found[field.name], day)
            found[f"{field.name.removesuffix('code')}on"] = other.unit_on
    if parent is not None:
        found |= {own: parent.values[theirs] for own, theirs in book.taken.items()}
    check(book, found, place, parent)
    return found


def check(book: Book, values: Mapping[str, Any], place: Place, parent: Entry | None) -> None:
    """Raise DirectionError of what does not fit together."""
    for field in book.fields:
        value = values.get(field.name)
        if field.kind == "indicator" and value and value not in indicators():
            raise DirectionError(_("Không có chỉ tiêu mang mã %(code)s.") % {"code": value})
        if (
            field.within
            and value
            and not _lies_in(places.unit_of(value, values["other_on"]), place)
        ):
            raise DirectionError(_("Đơn vị được chọn không thuộc địa bàn của đơn vị ghi."))
    if book.table == "campaign":
        _campaign(values)
    if parent is not None and book.table == "reach":
        _reach(values, place, parent)
    if parent is not None and book.table == "copy":
        _copy(values, place, parent)


def _campaign(values: Mapping[str, Any]) -> None:
    """Its units were there on its first day."""
    if isinstance(values.get("first_day"), dt.date):
        for code in values.get("units") or ():
            places.unit_of(code, values["first_day"])


def _reach(values: Mapping[str, Any], place: Place, parent: Entry) -> None:
    first, last = parent.values["first_day"], parent.values["last_day"]
    if not first <= values["held_on"] <= last:
        raise DirectionError(
            _("Ngày phải trong thời gian của đợt: từ %(first)s đến %(last)s.")
            % {"first": f"{first:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        )
    if not any(_lies_in(place, places.unit_of(c, first)) for c in parent.values["units"]):
        raise DirectionError(_("%(unit)s không tham gia đợt này.") % {"unit": place.name})


def _copy(values: Mapping[str, Any], place: Place, parent: Entry) -> None:
    if place.key == parent.place.key:
        raise DirectionError(_("Đơn vị có mô hình không ghi là làm theo chính mình."))
    if values["since"] < parent.values["since"]:
        raise DirectionError(_("Ngày làm theo không được trước ngày có mô hình."))


def _lies_in(inner: Place, outer: Place) -> bool:
    """Whether all of one lies in the other, in the last state of the units that is known."""
    last = max(units.days_of_change())
    return inner.communes(on=last) <= outer.communes(on=last)
