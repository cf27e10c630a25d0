"""Every view says who may open it: ``@page(right="person.search")``, ``@page()`` or ``@public``.

A middleware refuses a view that says nothing, and a test walks all addresses (:func:`declared`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from dancu.platform.access.rights import check_right

View = Callable[..., Any]
_OTHERS_PUBLIC = ("django.contrib.staticfiles.views", "django.views.static")


@dataclass(frozen=True)
class Declared:
    """What a view declares: public, or a right (None: whoever is logged in)."""

    public: bool = False
    right: str | None = None
    unit: str | None = None
    """The argument of the address that holds a unit's code: the right must hold there."""
    citizen: bool = False
    """Of a citizen's own session, which no officer's opens (``platform.citizen.own``)."""


def page(right: str | None = None, *, unit: str | None = None) -> Callable[[View], View]:
    """Only for who is logged in and has the right; strangers go to log-in and come back.

    Works on views and on operations of an API (there a stranger gets 401, see :func:`_stranger`).
    """

    def mark(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return _stranger(request)
            if (refusal := _forged(request)) is not None:
                return refusal
            if right is not None:
                check_right(request.user, right, unit=kwargs[unit] if unit else None)
            return view(request, *args, **kwargs)

        guarded.declared = Declared(right=right, unit=unit)  # type: ignore[attr-defined]
        return guarded

    return mark


def public(view: View) -> View:
    """Open to everybody: log-in itself, errors, health."""
    view.declared = Declared(public=True)  # type: ignore[attr-defined]
    return view


def declared(view: View) -> Declared | None:
    """What a view, or every operation behind one address of an API, declares; None when it says nothing."""
    found: Declared | None = getattr(view, "declared", None)
    if found is not None:
        return found
    if getattr(view, "__module__", "") in _OTHERS_PUBLIC:
        return Declared(public=True)
    return _of_operations(view)


def _of_operations(view: View) -> Declared | None:
    """django-ninja puts one view before the operations (GET, POST …) of an address: all must declare."""
    cells = [cell.cell_contents for cell in getattr(view, "__closure__", None) or ()]
    behind = [operation for cell in cells for operation in getattr(cell, "operations", ())]
    said = [getattr(operation.view_func, "declared", None) for operation in behind]
    return said[0] if said and all(said) else None


def _forged(request: HttpRequest) -> Any:
    """django-ninja switches Django's CSRF check off for its views; a cookie's session needs it all the same."""
    from ninja.utils import check_csrf

    return check_csrf(request) if request.path.startswith("/api/") else None


def _stranger(request: HttpRequest) -> Any:
    """Log-in for people; 401 for programs and for htmx, which would put the log-in page into a corner."""
    from django.http import HttpResponse

    target = f"{reverse('accounts:login')}?{urlencode({'next': request.get_full_path()})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=401, headers={"HX-Redirect": reverse("accounts:login")})
    if request.path.startswith("/api/"):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Session"})
    return redirect(target)
