"""What an officer or a leader may do to a dossier now, what each action needs, and what came back from its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dancu.formats import partial_date
from dancu.formats.errors import FormatError
from dancu.kit.web import has_right, register_day
from dancu.reference import services, units
from dancu.sectors.public_services import acting, workflow
from dancu.sectors.public_services.acting import RIGHTS, Actor, Ask
from dancu.sectors.public_services.dossiers import Dossier, local
from dancu.sectors.public_services.errors import NotOpen, ServiceError
from dancu.sectors.public_services.linked import bundling

_MAIN = ("accept", "take", "propose", "sign", "supplement", "paid", "give")
"""What usually comes next: shown as a button, in front."""
ICONS = {
    "accept": "circle-check", "refuse": "ban", "take": "user-check", "forward": "arrow-right", "transfer": "send",
    "ask_supplement": "mail", "supplement": "upload", "ask_payment": "clock", "paid": "check", "extend": "calendar",
    "apologise": "calendar", "propose": "send", "send_back": "arrow-left", "sign": "edit", "stop": "player-stop",
    "withdraw": "x", "give": "certificate", "recall": "arrow-back-up", "release": "arrow-back-up",
}  # fmt: skip


@dataclass(frozen=True)
class Action:
    """An action on the page. `key`: the digit that opens it."""

    name: str
    label: str
    icon: str
    main: bool
    needs: tuple[str, ...]
    key: str

    @property
    def asks(self) -> bool:
        """Whether it must be filled in before it is done."""
        return bool(self.needs) or self.name in ("forward", "paid", "sign")


def label(action: str) -> str:
    """An action in the language of the page; the filing itself too."""
    if action == "file":
        return _("Nộp hồ sơ")
    english = get_language() == "en"
    if action in workflow.NOTES:
        return workflow.NOTES[action][1 if english else 0]
    move = workflow.MOVES[action]
    return move.name_en if english else move.name_vi


def roles(user: Any) -> tuple[str, ...]:
    """As what this account may act: officer, leader."""
    return tuple(role for role, right in RIGHTS.items() if has_right(user, right))


def actor(user: Any, action: str) -> Actor:
    """Who acts, as what the action wants; NotOpen for an action of neither."""
    move = workflow.MOVES.get(action)
    held = [role for role in roles(user) if move and role in move.who]
    if not held:
        raise NotOpen(_("Thao tác này không dành cho vai trò của bạn."))
    return Actor(user.username, held[0], user)


def open_to(dossier: Dossier, user: Any, *, on: dt.date) -> list[Action]:
    """What this account may do now: what is next first, each with its key."""
    names = [n for role in roles(user) for n in acting.open_actions(dossier, role)]
    if bundling.is_head(dossier):
        names = [n for n in names if n in bundling.OF_HEAD]
    may = [n for n in dict.fromkeys(names) if is_open(n, dossier, user, on=on)]
    may.sort(key=lambda n: _MAIN.index(n) if n in _MAIN else len(_MAIN))
    return [
        Action(
            name,
            label(name),
            ICONS[name],
            name in _MAIN,
            workflow.MOVES[name].needs,
            str(n) if n < 10 else "",
        )
        for n, name in enumerate(may, 1)
    ]


def is_open(name: str, dossier: Any, user: Any, *, on: dt.date) -> bool:
    """What the table of moves does not know: who holds it, who submitted it, and how often papers were asked for."""
    mine, theirs = dossier.holder == user.username, dossier.proposed_by
    match name:
        case "take":
            return not mine
        case "release":
            return mine and not theirs
        case "recall":
            return theirs == user.username
        case "propose":
            return not theirs
        case "sign" | "send_back":
            return theirs not in ("", user.username)
        case "ask_supplement":
            return workflow.may_ask_again(dossier.supplements, on=on)
    return True


def ask_of(form: Any, dossier: Dossier) -> Ask:
    """The action of a form of the page. Raises ServiceError with what is wrong in it."""
    try:
        event, version = UUID(form.get("event_id", "")), int(form.get("version", ""))
    except ValueError as error:
        raise ServiceError(_("Biểu mẫu đã hỏng. Tải lại trang rồi làm lại.")) from error
    name = form.get("action", "")
    return Ask(name, version, event, form.get("reason", "")[:1000], data_of(form, name, dossier))


def data_of(form: Any, name: str, dossier: Any) -> Mapping[str, Any]:
    """What an action brings, from the fields of its form."""
    move = workflow.MOVES.get(name)
    needs = move.needs if move else ()
    data: dict[str, Any] = {}
    if "law" in needs:
        data["law"] = form.get("law", "").strip()[:300]
    if "papers" in needs:
        data["papers"] = "; ".join(
            p.strip() for p in (*form.getlist("paper"), form.get("papers", "")) if p.strip()
        )[:1000]
    if "due" in needs:
        data["due"] = day_of(form.get("due", ""))
        data["late"] = form.get("late") == "1"
    if "unit" in needs:
        data["unit"] = form.get("unit", "")
        data["place"] = place_of(data["unit"], dossier)
    if name == "forward":
        data["to"] = form.get("to", "")
    if name == "sign":
        data["electronic"] = form.get("paper_result") != "1"
    if name == "paid":
        data["online"] = form.get("online") == "1"
    return data


def day_of(text: str) -> dt.date:
    """A whole day as people type it. Raises ServiceError."""
    try:
        standard = partial_date.validate(text)
        return dt.date.fromisoformat(standard)
    except (FormatError, ValueError) as error:
        raise ServiceError(
            _("Ghi ngày đủ ngày, tháng, năm. Ví dụ: %(day)s.") % {"day": "15/07/2025"}
        ) from error


def place_of(unit: str, dossier: Any) -> str:
    """The commune whose officers see it after it went to a unit: that commune, else the one of before."""
    found = _tree().find(unit)
    if found is None:
        raise ServiceError(_("Chọn cơ quan nhận hồ sơ."))
    return unit if found.level == "commune" else str(dossier.place)


def units_for(dossier: Dossier) -> list[tuple[str, str]]:
    """(code, name) of where it may be sent: province, districts, communes of the same province."""
    tree = _tree()
    here = tree.find(dossier.place)
    if here is None:
        return []
    top = tree.get(here.province_code or here.code)
    below = tree.children(top.code)
    districts = [u for u in below if u.level == "district"]
    communes = sorted(tree.communes_of(top.code), key=lambda u: u.name)
    found = [top, *districts, *communes]
    return [(u.code, u.full_name) for u in found if u.code != dossier.unit_code]


def papers_for(dossier: Dossier) -> list[str]:
    """Names of the procedure's parts, so that all that is missing is asked for in one go."""
    english = get_language() == "en"
    found = services.parts(dossier.procedure, on=local(dossier.filed_at).date())
    return [p.name_en if english else p.name_vi for p in found]


def _tree() -> Any:
    return units.on(max(register_day(), units.FIRST_DAY))
