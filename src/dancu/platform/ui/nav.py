"""The navigation: an app that has pages declares ``ITEMS`` in its own ``nav.py``, with the right each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from dancu.platform.access.rights import has_right
from dancu.platform.ui.registry import collect

GROUPS = ("work", "register", "quality", "manage")
"""Order of the groups in the menu."""
GROUP_NAMES = {
    "work": _("Công việc"),
    "register": _("Sổ dân cư"),
    "quality": _("Chất lượng"),
    "manage": _("Quản lý"),
}


@dataclass(frozen=True)
class Item:
    """One line of the menu. ``label`` is gettext_lazy; ``right`` None means everybody who is logged in."""

    label: Any
    url_name: str
    icon: str
    right: str | None = None
    group: str = "work"
    order: int = 50
    key: str = ""
    """A letter for ``accesskey`` and for «g then letter»; shown in the key map."""


@dataclass(frozen=True)
class Offer:
    """What a citizen can do with a part of the site, on the own start page: ``OFFERS`` of an app's ``offers.py``."""

    label: Any
    about: Any
    url_name: str
    order: int = 50


ITEMS = [Item(_("Trang chủ"), "ui:home", "home", None, "work", 0, "h")]


def items() -> list[Item]:
    """All items of all apps, in order."""
    return sorted(collect("nav", "ITEMS"), key=lambda i: (GROUPS.index(i.group), i.order))


def offers() -> list[Offer]:
    """Those of all apps, in order."""
    return sorted(collect("offers", "OFFERS"), key=lambda offer: offer.order)


def menu(user: Any, path: str, closed: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """What this user may open, with the line of the page being shown marked: the longest address that fits.

    `closed`: apps that this installation does not run now.
    """
    shown = [
        {
            "item": item,
            "url": reverse(item.url_name),
            "current": False,
            "group": GROUP_NAMES[item.group],
        }
        for item in items()
        if item.url_name.partition(":")[0] not in closed
        and (item.right is None or has_right(user, item.right))
    ]
    fitting = [
        line
        for line in shown
        if path == line["url"] or (line["url"] != "/" and path.startswith(line["url"]))
    ]
    if fitting:
        max(fitting, key=lambda line: len(line["url"]))["current"] = True
    return shown
