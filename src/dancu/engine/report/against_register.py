"""For `dancu clean --register`: whom the register knows behind a row of a file, and where the two differ."""

from __future__ import annotations

from collections.abc import Sequence

from dancu.engine.ports import Context, Store
from dancu.engine.report.facts import Row
from dancu.engine.report.values import shown
from dancu.reference.fields import fields

HEADS = [("Trong sổ đăng ký", 14.0), ("Khác với sổ đăng ký", 44.0)]
_UNKNOWN = "chưa có trong sổ"


def is_asked(context: Context) -> bool:
    """Whether the run had a register to compare with (the setting that standardise reads)."""
    return bool(context.of("standardise").get("register"))


def compared(store: Store, context: Context, records: Sequence[int]) -> dict[int, tuple[str, str]]:
    """record_id -> (the person's number in the register, each field that differs), in the order given."""
    if not records:
        return {}
    ids = ", ".join(map(str, records))
    own = {
        r["record_id"]: r
        for r in _rows(store, f"SELECT s.* FROM standard s WHERE record_id IN ({ids})")
    }
    known = {r["of_record"]: r for r in _rows(store, _KNOWN.format(ids=ids))}
    told: dict[int, tuple[str, str]] = {}
    for record in records:
        person = known.get(record)
        differs = _differences(own[record], person, context) if person else []
        told[record] = (f"Người {person['row']}" if person else _UNKNOWN, "\n".join(differs))
    return told


_KNOWN = """
SELECT a.record_id AS of_record, s.* FROM links a JOIN links b ON b.person_id = a.person_id
JOIN standard s ON s.record_id = b.record_id AND s.source = 'register'
WHERE a.record_id IN ({ids}) ORDER BY a.record_id, s.record_id DESC"""


def _rows(store: Store, query: str) -> list[Row]:
    return list(store.fetch(query).to_pylist())


def _differences(own: Row, person: Row, context: Context) -> list[str]:
    """`Giới tính: sổ ghi «Nữ»`; a value that either side lacks, or that is only less precise, is no difference."""
    told = []
    for field in fields().values():
        name = field.field
        ours, theirs = own.get(name), person.get(name)
        if not (field.standard and field.survivorship) or ours is None or theirs is None:
            continue
        if ours != theirs and not (name == "full_name" and own["name_key"] == person["name_key"]):
            value = shown(name, str(theirs), on=context.on, show_numbers=True)
            told.append(f"{field.label_vi}: sổ ghi «{value}»")
    return told
