"""The second language: each app's ``words.py`` holds ``EN = {"Vietnamese text": "English text"}``.

The words go into Django's own catalogue, so templates and code use the ordinary ``{% translate %}`` and
``gettext``; a text without an English word stays Vietnamese, and a test names it.
"""

from __future__ import annotations

import gettext

from django.utils.translation import trans_real

from dancu.platform.ui.registry import collect


def english() -> dict[str, str]:
    """All words, the later app's over the earlier's."""
    return {vi: en for words in collect("words", "EN") for vi, en in words.items()}


def load() -> None:
    """Merge them into Django's English catalogue of this process."""
    words = gettext.GNUTranslations()
    words._catalog = dict(english())  # type: ignore[attr-defined]
    words.plural = lambda n: int(n != 1)  # type: ignore[attr-defined]
    trans_real.translation("en").merge(words)
