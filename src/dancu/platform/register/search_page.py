"""A page of results as the template shows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dancu.platform.access import territory
from dancu.platform.register.door import may_view
from dancu.platform.register.search import After, Answer, Asked, Found, search
from dancu.platform.register.words_of import label, worded

WHY = {
    "contested": gettext_lazy("giá trị chưa được chọn"),
    "former": gettext_lazy("giá trị cũ"),
}


@dataclass(frozen=True)
class Line:
    """A row of the table of results."""

    found: Found
    born: str
    sex: str
    commune: str
    why: str

    @property
    def dead(self) -> bool:
        """Whether the register says that the person died."""
        return self.found.life_status == "2"


def results(
    asked: Mapping[str, Any], sent: Mapping[str, str], *, by: Any, day: dt.date
) -> dict[str, Any]:
    """Ask and put into words; `sent` says behind which person the page begins."""
    communes = (asked["commune"],) if asked["commune"] else None
    answer = search(
        Asked(asked["text"], communes, asked["born"]), by=by, purpose=asked["purpose"], on=day, after=_after(sent),
    )  # fmt: skip
    return {
        "answer": answer,
        "lines": [_line(found, answer, day) for found in answer.rows],
        "former": [_line(found, answer, day) for found in answer.former],
        "asked": asked,
        "later": bool(sent.get("after_person")),
        "open": may_view(by),
    }


def _after(sent: Mapping[str, str]) -> After | None:
    """The place is in the form, so it may be anything."""
    try:
        return After(
            int(sent["after_rank"]), sent["after_key"], int(sent["after_person"]), int(sent["after_way"])
        )  # fmt: skip
    except (KeyError, ValueError):
        return None


def _line(found: Found, answer: Answer, day: dt.date) -> Line:
    return Line(
        found=found,
        born=str(found.birth_year or ""),
        sex=worded("sex", found.sex, on=day),
        commune=territory.full_name(found.unit_code, day) if found.unit_code else "",
        why=_why(found) if answer.kind == "number" else found.why,
    )


def _why(found: Found) -> str:
    kind, dot, field = found.why.partition(".")
    if not dot:
        return label(kind)
    return _("%(field)s (%(kind)s)") % {"field": label(field), "kind": WHY[kind]}
