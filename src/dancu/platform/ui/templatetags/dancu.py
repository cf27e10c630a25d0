"""Filters and tags that every template has without ``{% load %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dancu.platform.access.rights import has_right
from dancu.platform.ui import formats

register = template.Library()
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("dong", formats.dong)
register.filter("day", formats.day)
register.filter("moment", formats.moment)
register.filter("masked", formats.masked)

STATES = {
    "good": ("circle-check", "state-good"),
    "fair": ("alert-triangle", "state-fair"),
    "bad": ("circle-x", "state-bad"),
    "info": ("info-circle", "state-info"),
    "none": ("circle-minus", "state-none"),
}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """``{% icon "user" %}``: decoration; with a label it speaks for itself."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', label, href
        )
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"></use></svg>', href)


@register.simple_tag
def badge(state: str, word: str) -> SafeString:
    """``{% badge "good" "Đạt" %}``: word, icon and colour together; states good, fair, bad, info, none."""
    name, css = STATES[state]
    return format_html('<span class="state {}">{}<span>{}</span></span>', css, icon(name), word)


@register.filter
def state_of(percentage: Any) -> str:
    """The state of a score in percent: green from 90, yellow from 75, red below; none without a score."""
    if percentage is None or percentage == "":
        return "none"
    return "good" if percentage >= 90 else "fair" if percentage >= 75 else "bad"


@register.filter
def may(user: Any, right: str) -> bool:
    """``{% if request.user|may:"person.view" %}``."""
    return has_right(user, right)


@register.filter
def get(mapping: Any, key: Any) -> Any:
    """A value of a dictionary by a key that is itself a variable."""
    return mapping.get(key) if mapping else None


@register.filter
def at(row: Any, index: int) -> Any:
    """An element of a list by its place."""
    return row[index]


@register.simple_tag(takes_context=True)
def with_query(context: Any, **changes: Any) -> str:
    """The present address' query with some values changed (None removes one): for pagers and sorting."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None:
            query.pop(key, None)
        else:
            query[key] = value
    return f"?{query.urlencode()}"
