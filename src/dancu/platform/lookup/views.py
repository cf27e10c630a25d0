"""The scan page of a counter: one input, an answer in a glance, the next person.

Border: shows what `engine.verify` says and the receipt, never a value of the register. What was scanned is not kept:
it stands neither in the page, nor in an address, nor in a log of the site.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dancu.engine.verify import Answer, wording
from dancu.platform.access.pages import page
from dancu.platform.events import limits
from dancu.platform.gateway import counter
from dancu.platform.lookup import answering, reading
from dancu.platform.lookup.problems import Refusal
from dancu.platform.lookup.register_state import state
from dancu.platform.lookup.typed import typed
from dancu.reference import purposes
from dancu.reference.purposes import Purpose

RIGHT = "person.verify"
A_MINUTE = 60
LOOKS = {
    "confirmed": ("good", "circle-check"), "close": ("fair", "alert-triangle"), "mismatch": ("bad", "circle-x"),
    "not_identified": ("bad", "question-mark"), "not_verified": ("none", "clock"),
}  # fmt: skip
_VERDICTS = {"match": "good", "close": "fair", "mismatch": "bad", "unknown": "none"}
_STATES = {"valid": "good", "in_force": "good", "alive": "good", "unknown": "none", "old": "fair",
           "newer_than_register": "fair", "reestablished": "fair"}  # fmt: skip


@page(RIGHT)
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest) -> HttpResponse:
    """The page; with POST the answer above the input for the next one."""
    now = state()
    purpose = _purpose(request, now.on)
    shown: dict[str, Any] = {"purpose": purpose, "english": get_language() == "en", "on": now.on}
    if request.method == "GET":
        return render(request, "lookup/scan.html", shown)
    if not limits.take(f"scan:{request.user.pk}", A_MINUTE).passed:
        shown["wrong"] = _("Tra cứu quá nhanh. Chờ một phút rồi quét lại.")
        return render(request, "lookup/scan.html", shown, status=429)
    try:
        sent = typed(request.POST.get("scan", "")[:1200], test_people=now.test_people)
        asked = reading.one(sent, fields=purpose.fields, test_people=now.test_people)
    except Refusal:
        shown["wrong"] = _("Không đọc được thẻ. Quét lại; nếu bộ gõ đang bật, hãy tắt khi quét.")
        return render(request, "lookup/scan.html", shown, status=422)
    if counter.verify_only():
        return counter.ask_for_officer(request, asked, purpose=purpose, on=now.on)
    told = answering.for_officer(asked, purpose=purpose, on=now.on)
    return render(request, "lookup/scan.html", shown | _shown(told))


def _purpose(request: HttpRequest, on: Any) -> Purpose:
    """The usual purpose of the officer's role."""
    return purposes.get(purposes.usual(request.user.roles_today, on=on), on=on)


def _shown(told: answering.Told) -> dict[str, Any]:
    if told.state == "too_many":
        return {"wrong": _("Người này đã được tra cứu quá nhiều lần trong ngày.")}
    if told.state == "no_consent":
        return {"wrong": _("Công dân chưa đồng ý cho mục đích này, hoặc đã rút đồng ý.")}
    if told.state != "answered":
        return {"wrong": _("Không được trả lời câu hỏi này.")}
    look, icon = LOOKS[told.answer.result]
    return {
        "answer": told.answer, "look": look, "icon": icon, "receipt": told.receipt,
        "word": _word("results", told.answer.result), "lines": _lines(told.answer), "states": _states(told.answer),
    }  # fmt: skip


def _lines(answer: Answer) -> list[dict[str, str]]:
    """What was claimed, what differs first."""
    order = list(_VERDICTS)
    return [
        {
            "label": wording.attribute(one.name, _lang()), "look": _VERDICTS[one.verdict],
            "verdict": _word("verdicts", one.verdict), "reason": _word("reasons", one.reason),
        }
        for one in sorted(answer.attributes, key=lambda a: -order.index(a.verdict))
        if answer.result != "not_identified"
    ]  # fmt: skip


def _states(answer: Answer) -> list[dict[str, str]]:
    told = (("card", _("Thẻ")), ("number", _("Số định danh")), ("person", _("Người")))
    return [
        {"label": label, "word": _word(f"{name}s", code), "look": _STATES.get(code, "bad")}
        for name, label in told
        if (code := getattr(answer, name))
    ]


def _word(kind: str, code: str) -> str:
    return wording.word(kind, code, _lang())


def _lang() -> str:
    return "en" if get_language() == "en" else "vi"
