"""Pages of the feed for the administrator: how each subscription is, what could not be sent, and what to do about it.

Nobody's data is shown here: a letter is told by its kind, its time and its tries.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from dancu.platform.access.pages import page
from dancu.platform.feed import forms, services, shown, waiting
from dancu.platform.feed.models import Letter, Subscriber
from dancu.platform.partners.models import Partner
from dancu.platform.register.words_of import label
from dancu.reference import purposes

RIGHT = "feed.manage"
GATE = "gate"
_NOTHING = waiting.Behind(0, 0, None)


@page(RIGHT)
def subscribers(request: HttpRequest) -> HttpResponse:
    """All subscriptions: state, how far behind, the last error."""
    behind = waiting.behind()
    names = dict(Partner.objects.values_list("client_id", "name_vi"))
    lines = [_line(s, behind, names) for s in Subscriber.objects.using(GATE)]
    return render(
        request, "feed/subscribers.html", {"lines": lines, "end": len(names) > len(lines)}
    )


@page(RIGHT)
def choose(request: HttpRequest) -> HttpResponse:
    """Which partner; one has one subscription."""
    taken = frozenset(Subscriber.objects.using(GATE).values_list("client_id", flat=True))
    form = forms.PartnerForm(request.POST or None, taken=taken)
    if request.method == "POST" and form.is_valid():
        return redirect("feed:subscribe", form.cleaned_data["partner"])
    return _form(request, form, title=_("Chọn đối tác"), icon="arrow-right")


@page(RIGHT)
def subscribe(request: HttpRequest, client: str) -> HttpResponse:
    """A new subscription; its secret is shown once."""
    partner = _partner(client)
    form = forms.SubscriptionForm(request.POST or None, partner=partner)
    if request.method == "POST" and form.is_valid():
        try:
            row, secret = services.do_subscribe(client_id=client, by=_who(request), **_given(form))
        except services.FeedError:
            return redirect("feed:subscribers")
        return render(request, "feed/secret.html", {"row": row, "secret": secret, "name": partner.name_vi})  # fmt: skip
    return _form(request, form, title=_("Lập đăng ký"), about=partner.name_vi)


@page(RIGHT)
def subscriber(request: HttpRequest, number: int) -> HttpResponse:
    """One subscription: what it tells, how it is, what could not be sent, what was done."""
    row = _row(number)
    behind, names = waiting.behind(), dict(Partner.objects.values_list("client_id", "name_vi"))
    letters = Letter.objects.using(GATE).filter(subscriber=row)
    shown_ = _line(row, behind, names) | {
        "purpose": purposes.name(row.purpose, request.LANGUAGE_CODE),
        "fields": [label(f) for f in row.fields],
        "dead": [_letter(one) for one in letters.filter(state=Letter.DEAD)[:100]],
        "trying": [_letter(one) for one in letters.filter(state=Letter.WAITING, tries__gt=0)[:20]],
        "acts": [(a, shown.ACTS.get(a.what, a.what)) for a in services.acts(row.client_id)],
        "secrets": row.secrets.using(GATE).all()[:5],
    }
    return render(request, "feed/subscriber.html", shown_)


@page(RIGHT)
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Another purpose, other fields, another address."""
    row = _row(number)
    partner = _partner(row.client_id)
    first = {
        "purpose": row.purpose,
        "fields_told": row.fields,
        "values": row.values,
        "url": row.url,
    }
    form = forms.SubscriptionForm(request.POST or None, partner=partner, initial=first)
    if request.method == "POST" and form.is_valid():
        services.do_change(number=number, by=_who(request), **_given(form))
        return redirect("feed:subscriber", number)
    return _form(request, form, title=_("Sửa đăng ký"), about=partner.name_vi, number=number)


@page(RIGHT)
def act(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Pause, resume, send again, drop, try, replay, a new secret: each asked for what it needs first."""
    if what not in _ACTS:
        raise Http404
    row = _row(number)
    kind, title, icon = _ACTS[what]
    # An empty form is one, too: "or None" would take it for a page that was only opened.
    form = kind(request.POST if request.method == "POST" else None)
    if form.is_valid():
        return _done(request, row, what, form.cleaned_data)
    return _form(request, form, title=title, about=row.client_id, number=number, icon=icon, what=what)  # fmt: skip


_ACTS: dict[str, tuple[Any, Any, str]] = {
    "tam-dung": (forms.ReasonForm, shown.ACTS["paused"], "player-stop"),
    "tiep-tuc": (forms.ReasonForm, shown.ACTS["resumed"], "refresh"),
    "gui-lai": (forms.ReasonForm, shown.ACTS["sent_again"], "send"),
    "bo": (forms.ReasonForm, shown.ACTS["dropped"], "trash"),
    "phat-lai": (forms.ReplayForm, shown.ACTS["replayed"], "history"),
    "khoa-moi": (forms.SecretForm, shown.ACTS["secret"], "key"),
    "gui-thu": (forms.NothingForm, shown.ACTS["tried"], "send"),
}


def _done(request: HttpRequest, row: Subscriber, what: str, given: dict[str, Any]) -> HttpResponse:
    number, by = row.pk, _who(request)
    if what == "khoa-moi":
        overlap = dt.timedelta(hours=given["hours"])
        secret = services.do_renew_secret(number=number, by=by, overlap=overlap)
        return render(request, "feed/secret.html", {"row": row, "secret": secret, "name": row.client_id})  # fmt: skip
    if what == "phat-lai":
        services.do_replay(number=number, by=by, since=given["since"], reason=given["reason"])
    elif what == "gui-thu":
        services.do_try(number=number, by=by)
    else:
        do = {
            "tam-dung": services.do_pause, "tiep-tuc": services.do_resume,
            "gui-lai": services.do_send_again, "bo": services.do_drop,
        }[what]  # fmt: skip
        do(number=number, by=by, reason=given["reason"])
    return redirect("feed:subscriber", number)


def _line(
    row: Subscriber, behind: dict[int, waiting.Behind], names: dict[str, str]
) -> dict[str, Any]:
    own = behind.get(row.pk, _NOTHING)
    colour, word = services.state(row, own)
    return {
        "row": row, "name": names.get(row.client_id, row.client_id), "behind": own, "colour": colour,
        "word": shown.STATES[word], "error": shown.why(row.last_error),
        "host": row.url.partition("://")[2].partition("/")[0],
    }  # fmt: skip


def _letter(letter: Letter) -> dict[str, Any]:
    later = Letter.objects.using(GATE).filter(
        subscriber=letter.subscriber_id, lane=letter.lane, outbox_no__gt=letter.outbox_no
    )
    return {
        "letter": letter, "kind": shown.KINDS.get(letter.kind, letter.kind), "error": shown.why(letter.last_error),
        "behind": later.count() if letter.lane else 0,
    }  # fmt: skip


def _given(form: forms.SubscriptionForm) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    return given | {"fields": given.pop("fields_told")}


def _form(request: HttpRequest, form: Any, **shown_: Any) -> HttpResponse:
    status = 200 if request.method == "GET" else 422
    return render(request, "feed/form.html", {"form": form, **shown_}, status=status)


def _row(number: int) -> Subscriber:
    found = Subscriber.objects.using(GATE).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _partner(client: str) -> Partner:
    found = Partner.objects.filter(client_id=client).first()
    if found is None:
        raise Http404
    return found


def _who(request: HttpRequest) -> str:
    return str(request.user.username)
