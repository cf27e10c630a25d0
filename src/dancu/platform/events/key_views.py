"""Keys of partner systems, for the administrator: what there is, a new one (its secret is shown once), revoking."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from dancu.platform.access import territory
from dancu.platform.access.pages import page
from dancu.platform.accounts.models import User
from dancu.platform.events import forms, keys, kinds
from dancu.platform.events.models import ApiKey

RIGHT = "event.key"


@page(RIGHT)
def list_keys(request: HttpRequest) -> HttpResponse:
    """All keys, those in force first."""
    found = sorted(ApiKey.objects.using(keys.GATE), key=lambda k: (not k.in_force, -k.pk))
    owners = dict(User.objects.filter(pk__in={k.user_id for k in found}).values_list("pk", "username"))  # fmt: skip
    lines = [
        {
            "key": k, "owner": owners.get(k.user_id, ""), "kinds": [kinds.name_of(n) for n in k.kinds],
            "units": [territory.full_name(u, k.unit_on) for u in k.units],
        }
        for k in found
    ]  # fmt: skip
    return render(request, "events/keys.html", {"lines": lines})


@page(RIGHT)
def new_key(request: HttpRequest) -> HttpResponse:
    """A new key; its secret is shown once."""
    form = forms.KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        user = User.objects.filter(username=given.pop("username"), is_active=True).first()
        if user is not None:
            made = keys.do_make(user=user, by=request.user.username, **given)
            return render(request, "events/key_made.html", {"made": made})
        form.add_error("username", _("Không có tài khoản đang dùng mang tên này."))
    status = 200 if request.method == "GET" else 422
    return render(request, "events/key_new.html", {"form": form}, status=status)


@page(RIGHT)
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """A reason, then the key opens nothing."""
    key = get_object_or_404(ApiKey.objects.using(keys.GATE), pk=number)
    form = forms.ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        keys.do_revoke(key=key, by=request.user.username, reason=form.cleaned_data["reason"])
        return redirect("events:keys")
    status = 200 if request.method == "GET" else 422
    return render(request, "events/key_revoke.html", {"form": form, "key": key}, status=status)
