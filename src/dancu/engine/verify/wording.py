"""Codes of an answer in words, Vietnamese and English."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from dancu.reference.fields import fields


@cache
def _words() -> dict[str, dict[str, list[str]]]:
    text = resources.files("dancu.engine.verify").joinpath("words.yml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def word(kind: str, code: str | None, lang: str = "vi") -> str:
    """The words for a code of a kind (`results`, `verdicts`, `reasons`, `cards`, `numbers`, `persons`).

    >>> word("reasons", "tone_marks"), word("cards", "replaced", "en")
    ('chỉ khác dấu', 'Replaced by another card')
    """
    found = _words()[kind].get(code or "")
    return "" if found is None else found[lang == "en"]


def codes(kind: str) -> tuple[str, ...]:
    """All codes of a kind."""
    return tuple(_words()[kind])


def attribute(name: str, lang: str = "vi") -> str:
    """The label of an attribute: its own, or that of the field of this name."""
    own = word("attributes", name, lang)
    known = fields().get(name)
    return own or (getattr(known, f"label_{lang}") if known else name)
