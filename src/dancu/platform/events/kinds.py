"""Which kinds of events there are on the screen and over the API, and the right that each needs.

>>> rights_of("marriage")
('event.record.civil_status',)
>>> type_of("death"), kind_of("vn.dancu.death.v1"), kind_of("vn.dancu.wedding.v1")
('vn.dancu.death.v1', 'death', None)
"""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from dancu.engine.events import entered
from dancu.platform.access.rights import has_right
from dancu.reference.events import event_kinds

RIGHT = "event.record"
"""Opens the pages and the API; which kinds, the rights below say."""

_RIGHT_OF_SOURCE = {
    "civil_status": "event.record.civil_status",
    "residence_moves": "event.record.residence",
    "cards": "event.record.cards",
    "corrections": "event.record.correction",
}
_ALSO = {"death": ("event.record.residence",)}
"""The police strike a dead person off the residents' book, whether or not the civil-status office knows already."""

GROUPS = {
    "civil_status": _("Hộ tịch"),
    "residence_moves": _("Cư trú"),
    "cards": _("Căn cước và số định danh"),
    "corrections": _("Sửa dữ liệu"),
}
_TYPE = re.compile(r"vn\.dancu\.([a-z_]+)\.v1")
_CORRECTION_LAW = "Luật Căn cước 26/2023/QH15 điều 10; Nghị định 70/2024/NĐ-CP"


def rights_of(kind: str) -> tuple[str, ...]:
    """The rights any of which is enough for the kind."""
    return (_RIGHT_OF_SOURCE[entered.forms()[kind].source], *_ALSO.get(kind, ()))


def may_record(user: Any, kind: str) -> bool:
    """Whether the user may record this kind at all."""
    return any(has_right(user, right) for right in rights_of(kind))


def law_of(kind: str) -> str:
    """The act and its articles."""
    return _CORRECTION_LAW if kind == entered.CORRECTION else event_kinds()[kind].law


def name_of(kind: str) -> str:
    """In the language of the page."""
    form = entered.forms().get(kind)
    if form is None:
        return kind
    return form.name_en if get_language() == "en" else form.name_vi


def type_of(kind: str) -> str:
    """The CloudEvents type."""
    return f"vn.dancu.{kind}.v1"


def kind_of(name: str) -> str | None:
    """The kind of a CloudEvents type; None when it is none of ours."""
    found = _TYPE.fullmatch(name)
    return found[1] if found and found[1] in entered.forms() else None
