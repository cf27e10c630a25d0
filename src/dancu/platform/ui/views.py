"""The home page, the switch of language, the key map."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from dancu.platform.access.pages import page, public
from dancu.platform.ui import cards


@page()
def home(request: HttpRequest) -> HttpResponse:
    """Who you are and what there is to do; the cards come from the apps."""
    return render(request, "ui/home.html", {"cards": cards.shown(request)})


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Vietnamese or English, kept in a cookie for a year."""
    code, back = request.POST.get("language", ""), request.POST.get("next", "/")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if here else "/")
    if code in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, code, max_age=31536000, samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE, httponly=True,
        )  # fmt: skip
    return response
