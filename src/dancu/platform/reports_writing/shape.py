"""How an annex lies on a printed page: which columns are printed, how wide each is, upright or lying.

The document and the PDF are laid out by it alike. Widths are in cm; within a word a letter of the tables is taken for
wider than a digit, so that no number and no date is broken, within a line for as wide as letters are on the whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from dancu.engine.report.content import Annex, Column, Row

UPRIGHT, LYING = 16.2, 25.7
"""Between the margins: 21 − 3 − 1,8 and 29,7 − 2 − 2."""
MOST_UPRIGHT = 8
"""Columns after the label; with more the page lies."""
NUMBER = 1.0
_LABEL = 2.4
"""The least of the label's width: `Huyện` / `Lạng Giang`."""
_LETTER, _OF_LINE, _EDGES, _LONG, _SHORT = 0.2, 0.18, 0.4, 8.0, 3.2
_EMPTY = frozenset(("", "–"))
_MAY_BE_EMPTY = ("text", "gap", "rank")


@dataclass(frozen=True)
class Shape:
    """`columns`: places of the annex's columns that are printed; `widths`: of the number, the label, and of these."""

    columns: tuple[int, ...]
    widths: tuple[float, ...]
    lies: bool


def shape(annex: Annex) -> Shape:
    """Of an annex with rows."""
    lines = [*annex.rows, *((annex.total,) if annex.total else ())]
    columns = tuple(n for n, c in enumerate(annex.columns) if _says(c, n, lines))
    lies = len(columns) > MOST_UPRIGHT
    room = (LYING if lies else UPRIGHT) - NUMBER
    texts = [[c.cells[n].text for c in lines] for n in columns]
    label = _Wish(annex.head_vi, [line.label for line in lines], long=True, least=_LABEL)
    wishes = [_Wish(annex.columns[n].head_vi, t, long=annex.columns[n].kind == "words")
              for n, t in zip(columns, texts, strict=True)]  # fmt: skip
    return Shape(columns, (NUMBER, *_shared([label, *wishes], room)), lies)


def _says(column: Column, place: int, lines: Sequence[Row]) -> bool:
    """Targets, distances and places are left out where there is none in any line."""
    return column.kind not in _MAY_BE_EMPTY or any(
        line.cells[place].text not in _EMPTY for line in lines
    )


class _Wish:
    """How wide a column must be for its longest word, and would be for its texts on one line; a head may take two."""

    def __init__(self, head: str, texts: Sequence[str], *, long: bool, least: float = 0.0) -> None:
        words = chain.from_iterable(text.split() for text in (head, *texts))
        self.long = long
        self.least = max(least, _EDGES + _LETTER * max(map(len, words), default=0))
        line = max(len(head) / 2 + 1, *map(len, texts))
        self.width = max(self.least, min(_EDGES + _OF_LINE * line, _LONG if long else _SHORT))


def _shared(wishes: Sequence[_Wish], room: float) -> list[float]:
    """The room over the columns: short ones as they wish, the long ones share what is left."""
    short = sum(w.width for w in wishes if not w.long)
    long = sum(w.width for w in wishes if w.long)
    if short + long <= room:
        return [w.width * room / (short + long) for w in wishes]
    if short + sum(w.least for w in wishes if w.long) <= room:
        return _above(wishes, room - short)
    least = sum(w.least for w in wishes)
    more = max(room - least, 0.0) / max(sum(w.width - w.least for w in wishes), 0.01)
    return [w.least + (w.width - w.least) * more for w in wishes]


def _above(wishes: Sequence[_Wish], room: float) -> list[float]:
    """Short ones as they wish; each long one its least, and of what is left as much as it lacks to its wish."""
    least = sum(w.least for w in wishes if w.long)
    more = (room - least) / max(sum(w.width - w.least for w in wishes if w.long), 0.01)
    return [w.least + (w.width - w.least) * more if w.long else w.width for w in wishes]
