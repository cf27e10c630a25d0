"""From the form of a dossier to what the register is told: `told.csv`, one line a role of the event.

`from` is a field of the form, `mother.name` a part of a person, `@place` and `@day` the dossier's commune and the day;
fields joined by `+` stand one after the other. `when` narrows lines to a value of the form's field `what`.

>>> form = {"child_name": "Trần An", "mother_number": "924 199 000 017", "mother_name": "Lê Bình"}
>>> kind, data = entry("BG.ES12", form, place="07204", day=dt.date(2024, 6, 20))
>>> kind, data["full_name"], data["mother_name"], data["registered_on"]
('birth', 'Trần An', 'Lê Bình', '20/06/2024')
>>> wrong_day = {"what": "Ngày, tháng, năm sinh", "wanted": "1/2/1980"}
>>> entry("BG.HT04", wrong_day, place="07204", day=dt.date(2024, 6, 20))[0]
'date_correction'
>>> entry("BG.ES01", {}, place="07204", day=dt.date(2024, 6, 20)) is None
True
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

_HOME = "dancu.sectors.public_services.linked"
_NUMBER = re.compile(r"\d(?:[ .]?\d){8,}")


class Person(NamedTuple):
    """Another person of a form."""

    number: str
    name: str


def entry(
    procedure: str, form: Mapping[str, Any], *, place: str, day: dt.date
) -> tuple[str, dict[str, str]] | None:
    """The kind of event and what is told, role by role; None when the procedure tells nothing."""
    lines = [r for r in _told() if r["procedure"] == procedure and _fits(r["when"], form)]
    if not lines:
        return None
    kind = lines[0]["kind"]
    given = {r["role"]: _value(r["from"], form, place, day) for r in lines if r["kind"] == kind}
    return kind, {role: text for role, text in given.items() if text}


def carried(of: str, part: str, form: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of a part takes over from the form it follows from, by `carried.csv`."""
    found: dict[str, Any] = {}
    for row in _carried():
        if (row["of"], row["part"]) == (of, part):
            found |= dict(_taken(row["field"], row["from"], form))
    return found


def person(form: Mapping[str, Any], field: str) -> Person:
    """A person of the form, however the page wrote it: two fields, a pair, or number and name in one text.

    >>> person({"head": "924 199 000 017 Lê Bình"}, "head")
    Person(number='924 199 000 017', name='Lê Bình')
    >>> person({"head": {"number": "924199000017", "name": "Lê Bình"}}, "head").name
    'Lê Bình'
    """
    whole = form.get(field)
    if isinstance(whole, Mapping):
        return Person(_text(whole.get("number")), _text(whole.get("name")))
    text = _text(whole)
    found = _NUMBER.search(text)
    number = _text(form.get(f"{field}_number")) or (found[0] if found else "")
    rest = text.replace(found[0], "") if found else text
    return Person(number, _text(form.get(f"{field}_name")) or rest.strip(" ,;-–()"))


def _taken(field: str, source: str, form: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if source.startswith("="):
        yield field, source[1:]
        return
    for ending in ("", "_number", "_name"):
        if form.get(source + ending):
            yield field + ending, form[source + ending]


def _fits(when: str, form: Mapping[str, Any]) -> bool:
    return not when or form.get("what") == when


def _value(source: str, form: Mapping[str, Any], place: str, day: dt.date) -> str:
    if source == "@place":
        return place
    if source == "@day":
        return f"{day:%d/%m/%Y}"
    field, _, part = source.partition(".")
    if part:
        return str(getattr(person(form, field), part))
    return ", ".join(filter(None, (_text(form.get(name)) for name in source.split("+"))))


def _text(value: Any) -> str:
    """As an office writes it: days of a page's own field come as yyyy-mm-dd."""
    text = "" if value is None else str(value).strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return "/".join(reversed(text.split("-")))
    return text


@cache
def _told() -> tuple[dict[str, str], ...]:
    return _rows("told.csv")


@cache
def _carried() -> tuple[dict[str, str], ...]:
    return _rows("carried.csv")


def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files(_HOME).joinpath(name).read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines()))
