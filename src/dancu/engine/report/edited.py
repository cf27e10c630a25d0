"""A sentence changed by a person: which figures are still in it, which are gone, and which numbers nobody counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from dancu.engine.report.content import FigureRef, Part, Sentence, State
from dancu.engine.report.sentences import joined

NUMBER = re.compile(r"(?<![\w.,])(?:\d{1,3}(?:\.\d{3})+|\d+)(?:,\d+)?(?!\w)")
# Numbers that are no figures: days, numbers of laws, years, places in a text, the name of the programme.
NO_FIGURE = re.compile(
    r"\d{1,2}/\d{1,2}/\d{4}"
    r"|\d+(?:/\d{4})?/[A-ZĐ][A-ZĐa-zđ]*(?:-[A-ZĐ][\w-]*)?"
    r"|(?:[Nn]ăm|[Tt]háng|[Qq]uý|[Nn]gày|Điều|[Kk]hoản|[Mm]ục|[Pp]hụ lục|Đề án|Quyết định|Chỉ thị|Nghị định)"
    r"(?: số)? [A-Z]?\d+(?:/\d+)*"
)


@dataclass(frozen=True)
class Edited:
    """The new sentence, and the figures no longer in it."""

    sentence: Sentence
    lost: tuple[FigureRef, ...]


def edited(sentence: Sentence, text: str) -> Edited:
    """The sentence with a person's text; a number that reads as one of its figures did remains that figure.

    >>> from dancu.engine.report.content import Sentence
    >>> edited(Sentence("a", ("Theo Đề án 06 có 25 dịch vụ.",)), "Theo Đề án 06 có 25 dịch vụ, đạt 97%.").sentence.typed
    ('97',)
    """
    own = list(sentence.figures)
    written = {
        m[0] for part in sentence.parts if isinstance(part, str) for m in NUMBER.finditer(part)
    }
    parts: list[Part] = []
    typed: list[str] = []
    left, at = list(own), 0
    for start, end in _numbers(text):
        number = text[start:end]
        ref = next((f for f in (*left, *own) if f.printed == number), None)
        if ref is None:
            if number not in written:
                typed.append(number)
            continue
        if ref in left:
            left.remove(ref)
        parts += [text[at:start], ref]
        at = end
    parts.append(text[at:])
    state: State = "edited" if own else "typed"
    return Edited(Sentence(sentence.key, joined(parts), state, tuple(typed)), tuple(left))


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    skipped = [m.span() for m in NO_FIGURE.finditer(text)]
    for found in NUMBER.finditer(text):
        start, end = found.span()
        if not any(a <= start and end <= b for a, b in skipped):
            yield start, end
