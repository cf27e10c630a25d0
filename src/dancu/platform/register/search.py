"""Search in the register: a text as people type it becomes ranges, patterns and numbers; the database does the rest.

With the door, the only place of the platform that asks about persons; what comes out is a line of a list with the
number masked, and each person on it has a line in the log. The functions in search.sql belong to the owner and filter
by the territory of the log-in themselves.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dancu.formats import FORMATS
from dancu.lib.text import fold, nfc, sort_key, strip_marks
from dancu.platform.access.rights import Refused
from dancu.platform.register import grounds, log

PAGE = 25
_ALIKE = {"a": "aăâ", "d": "dđ", "e": "eê", "o": "oôơ", "u": "uư"}
_MOST_SPELLINGS = 48
_NUMBERS = (
    "personal_number", "old_number", "bhxh_number", "bhyt_card", "phone", "tax_code", "driving_licence",
)  # fmt: skip
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORDS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class After:
    """Where the next page of a list of names begins: behind this person."""

    rank: int = -1
    key: str = ""
    person: int = 0
    way: int = 0


@dataclass(frozen=True)
class Found:
    """A line of the list. `why`: for numbers the field that holds it, for former names that name."""

    rank: int
    sort_key: str
    person_id: int
    citizen_id: str
    full_name: str
    birth_date: Any
    birth_year: int | None
    birth_month: int | None
    sex: str | None
    unit_code: str | None
    number: str | None
    life_status: str | None
    why: str

    @property
    def after(self) -> After:
        """The page behind this line."""
        return After(self.rank, self.sort_key or "", self.person_id)


@dataclass(frozen=True)
class Asked:
    """What somebody looks for. `communes` None: the whole territory."""

    text: str
    communes: tuple[str, ...] | None = None
    born: int | None = None


@dataclass(frozen=True)
class Answer:
    """A page of results. `kind` number, name or nothing; `without_marks`: nobody is written with the marks typed."""

    kind: str
    rows: tuple[Found, ...] = ()
    more: After | None = None
    former: tuple[Found, ...] = ()
    without_marks: bool = False


@dataclass(frozen=True)
class Name:
    """A typed name as search.sql takes it."""

    patterns: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    begun: str = ""
    lows: list[str] = field(default_factory=list)
    highs: list[str] = field(default_factory=list)
    exact: int = 0
    way: int = 0
    """0 as typed, 1 without the marks that were typed, 2 with the last word begun only."""


def search(
    asked: Asked, *, by: Any, purpose: str, on: dt.date, after: After | None = None
) -> Answer:
    """A page of who fits, within the territory of the log-in of this transaction; a line in the log of each shown.

    Refused, or ReferenceDataError, for a purpose that is not the asker's, or not of the day. A list is no view: it
    shows who consented and who did not, so a purpose by consent opens none.
    """
    ground = grounds.ground(purpose=purpose, by=by, on=on)
    if ground.purpose.by_consent:
        raise Refused(_("Mục đích theo đồng ý không mở danh sách; hãy xác minh từng người."))
    found = _found(asked, after)
    look = log.Look(by, purpose, ground.purpose.law, ["listed"], channel=log.SEARCH)
    log.write(look, {f.citizen_id: f.unit_code for f in (*found.rows, *found.former)}.items())
    return found


def _found(asked: Asked, after: After | None) -> Answer:
    asked = _with_year(asked)
    if any(char.isdigit() for char in asked.text):
        rows = _numbers(asked)
        return Answer("number", rows[:PAGE])
    if not fold(asked.text):
        return Answer("nothing")
    name, rows = _first_that_finds(asked, after)
    without = not name.keys and bool(rows) and _is_marked(asked.text)
    former = () if after else _former(asked)
    more = replace(rows[PAGE - 1].after, way=name.way) if len(rows) > PAGE else None
    return Answer("name", rows[:PAGE], more, former, without)


def _first_that_finds(asked: Asked, after: After | None) -> tuple[Name, tuple[Found, ...]]:
    """As typed; else without marks; else the last word as the beginning of one. A later page goes on as it began."""
    ways = [read_name(asked.text)]
    if _is_marked(asked.text):
        ways.append(read_name(strip_marks(asked.text), way=1))
    ways.append(read_name(strip_marks(asked.text), way=2))
    if after:
        ways = [name for name in ways if name.way == after.way]
    rows: tuple[Found, ...] = ()
    for name in ways:
        rows = _names(asked, name, after or After())
        if rows:
            break
    return name, rows


def _is_marked(text: str) -> bool:
    return strip_marks(text) != nfc(text)


def _with_year(asked: Asked) -> Asked:
    """`nguyễn văn hùng 1985`: a year behind a name is the year of birth."""
    words = asked.text.split()
    if asked.born is None and len(words) > 1 and _YEAR.fullmatch(words[-1]):
        rest = " ".join(words[:-1])
        if not any(char.isdigit() for char in rest):
            return Asked(rest, asked.communes, int(words[-1]))
    return asked


def read_name(text: str, *, way: int = 0) -> Name:
    """What the words of a name demand of a row.

    A word typed with marks must stand so in the name; one without marks fits every spelling. `way` 2: the last word
    is the beginning of one.

    >>> n = read_name("Nguyễn van hu")
    >>> n.patterns, n.words, n.begun, len(n.keys), n.exact, len(n.lows)
    (['% nguyen %', '% van %', '% hu %'], ['nguyen', 'van', 'hu'], '', 1, 2, 2)
    >>> n = read_name("nguyen van hu", way=2)
    >>> n.patterns[-1], n.words, n.begun, n.exact, len(n.lows)
    ('% hu%', ['nguyen', 'van'], 'hu', 2, 4)
    """
    typed = [word for word in _WORDS.findall(nfc(text)) if fold(word)]
    plain = [fold(word) for word in typed]
    marked = [strip_marks(word).lower() != word.lower() for word in typed]
    last, is_open = plain[-1], way == 2
    ends = [f"% {word} %" for word in plain]
    exact, longer = _ranges(typed[-1], marked[-1], is_open)
    return Name(
        patterns=[*ends[:-1], f"% {last}%" if is_open else ends[-1]],
        keys=[f"% {_escaped(sort_key(w))} %" for w, has in zip(typed, marked, strict=True) if has],
        words=plain[:-1] if is_open else plain,
        begun=last if is_open else "",
        lows=[low for low, _ in (*exact, *longer)],
        highs=[high for _, high in (*exact, *longer)],
        exact=len(exact),
        way=way,
    )


Ranges = list[tuple[str, str]]


def _ranges(word: str, is_marked: bool, is_open: bool) -> tuple[Ranges, Ranges]:
    """Ranges of `sort_key` of the names whose given name is the word, and of those whose given name it begins."""
    if is_marked:
        key = sort_key(word)
        return [(key, f"{key}!")], []
    letters = _spellings(fold(word))
    longer = [(x + "A", x + "~") for x in letters] if is_open else []
    return [(x + "0", x + "6") for x in letters], longer


def _spellings(plain: str) -> list[str]:
    """The letters of `sort_key` of every way to put vowel marks on a word, in order, without the tone.

    >>> len(_spellings("hung")), len(_spellings("duong"))
    (2, 12)
    """
    ways = itertools.product(*(_ALIKE.get(letter, letter) for letter in plain))
    few = itertools.islice(ways, _MOST_SPELLINGS)
    return sorted({sort_key("".join(way))[:-1] for way in few})


def _escaped(key: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", key)


def numbers(text: str) -> list[str]:
    """The standard forms that a typed number may have, whatever kind it is.

    >>> numbers("024 299 000 017")[0], "0912345678" in numbers("+84 912.345.678")
    ('024299000017', True)
    """
    bare = re.sub(r"[\s.\-/]", "", text).upper()
    made = [bare, text.strip()]
    for kind in _NUMBERS:
        try:
            made.append(FORMATS[kind].compact(text))
        except ValueError:
            continue
    return list(dict.fromkeys(form for form in made if form))


def _numbers(asked: Asked) -> tuple[Found, ...]:
    return _ask(
        "SELECT * FROM register.search_number(%s::text[], %s::text[], %s, %s)",
        numbers(asked.text), _listed(asked.communes), asked.born, PAGE + 1,
    )  # fmt: skip


def _names(asked: Asked, name: Name, after: After) -> tuple[Found, ...]:
    return _ask(
        "SELECT * FROM register.search_name(%s::text[], %s::text[], %s::text[], %s, %s::text[], %s::text[], %s,"
        " %s::text[], %s, %s, %s, %s, %s)",
        name.patterns, name.keys, name.words, name.begun, name.lows, name.highs, name.exact,
        _listed(asked.communes), asked.born, after.rank, after.key, after.person, PAGE + 1,
    )  # fmt: skip


def _former(asked: Asked) -> tuple[Found, ...]:
    """Old names are looked for by two whole words or more: one alone says too little of a name."""
    words = read_name(strip_marks(asked.text)).words
    if len(words) < 2:
        return ()
    return _ask(
        "SELECT * FROM register.search_old_name(%s::text[], %s::text[], %s, %s)",
        words, _listed(asked.communes), asked.born, PAGE,
    )  # fmt: skip


def _listed(communes: Sequence[str] | None) -> list[str] | None:
    return None if communes is None else list(communes)


def _ask(query: str, *given: Any) -> tuple[Found, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        rows = cursor.fetchall()
    return tuple(_line(row) for row in rows)


def _line(row: tuple[Any, ...]) -> Found:
    made: list[Any] = [*row]
    made[3] = str(row[3])
    return Found(*made)
