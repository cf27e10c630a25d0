"""A citizen who has logged in, and for whom a citizen may speak: what a sector's pages for citizens stand on."""

from __future__ import annotations

from dancu.platform.accounts.login import address_of
from dancu.platform.citizen.own import Own, citizen_page, who
from dancu.platform.citizen.record import look as look_at_oneself
from dancu.platform.consent.acting import my_child, my_children
from dancu.platform.register.words_of import label, without_numbers, worded

__all__ = [
    "Own",
    "address_of",
    "citizen_page",
    "label",
    "look_at_oneself",
    "my_child",
    "my_children",
    "who",
    "without_numbers",
    "worded",
]
