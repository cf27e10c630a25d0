"""Why records are, or are not, one person: the part of `dancu explain` that asks the matcher."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from dancu.cli.common import fail
from dancu.cli.explaining_others import Answer, in_the_way, pairs_of, records_with, rows
from dancu.engine.link import Epoch, LinkSettingsError, graph, judge, picture, story, wording
from dancu.engine.link.settings import LinkSettings
from dancu.engine.ports import Store
from dancu.engine.report.values import shown
from dancu.reference.fields import fields
from dancu.store.files import write_atomically

_NEAR = 12


def place(record: Mapping[str, Any]) -> str:
    """Where a record stands: file, sheet, row; or the register of an earlier run."""
    if record["file"] is None:
        return f"sổ đăng ký của lần chạy trước, người {record['row']}"
    sheet = f", trang «{record['sheet']}»" if record["sheet"] else ""
    return f"{record['file']}{sheet}, dòng {record['row']}"


def records_of(store: Store, where: str) -> list[Answer]:
    """record_id, source, file, sheet, row of some records; `where` is SQL over `s` (standard) and `l` (links)."""
    return rows(
        store,
        f"""SELECT s.record_id, s.source, f.name AS file, r.sheet, r.row
            FROM standard s LEFT JOIN links l ON l.record_id = s.record_id
            LEFT JOIN records r ON r.record_id = s.record_id
            LEFT JOIN (SELECT DISTINCT file_no, name FROM files) f ON f.file_no = s.file_no
            WHERE {where} ORDER BY s.record_id""",
    )


def held_together(members: Sequence[int], pairs: Sequence[Answer], lang: str) -> Answer:
    """The links of a person and its weakest place. `pairs`: those with at least one of its records."""
    inside = set(members)
    near = [p for p in pairs if not p["joined"] and not {p["record_a"], p["record_b"]} <= inside]
    near.sort(key=lambda p: (-p["probability"], p["record_a"], p["record_b"]))
    return story.person(graph.graph(members, pairs), near[:_NEAR], lang)


def pair(store: Store, a: int, b: int, *, on: dt.date, show: bool, lang: str) -> Answer:
    """Why records `a` and `b` are, or are not, one person; leaves with a message when one is not there."""
    epoch = _epoch(store)
    two = _two(store, a, b, epoch.settings)
    low, high = min(a, b), max(a, b)
    found = rows(store, f"SELECT * FROM pairs WHERE record_a = {low} AND record_b = {high}")
    persons = {r["person_id"] for r in rows(store, _person_of(a, b))}
    one = len(persons) == 1 and _count(store, a, b) == 2
    given = two.to_pylist()
    told = story.pair(
        judge(two, epoch),
        epoch.settings,
        found[0] if found else None,
        one_person=one,
        records=given,
        lang=lang,
    )
    told["others"] = [] if one or not found else in_the_way(store, epoch, found[0], lang)
    told["title"] = wording.say("page", "title", lang, a=str(a), b=str(b))
    told["records"] = [{**r, "place": place(r)} for r in records_of(store, _either(a, b))]
    told["values"] = _values(epoch.settings, given, told, on=on, show=show, lang=lang)
    told["graph"] = _graph_around(store, persons.pop(), lang) if one else None
    return told


def _either(a: int, b: int) -> str:
    return f"s.record_id IN ({a}, {b})"


def _person_of(a: int, b: int) -> str:
    return f"SELECT person_id FROM links WHERE record_id IN ({a}, {b})"


def _count(store: Store, a: int, b: int) -> int:
    return len(rows(store, _person_of(a, b)))


def _epoch(store: Store) -> Epoch:
    try:
        return Epoch.from_table(store.fetch("SELECT * FROM link_epoch"))
    except LinkSettingsError as error:
        fail(f"Lần chạy này không giữ mô hình đối sánh ({error}). Hãy chạy lại dancu run.")


def _two(store: Store, a: int, b: int, settings: LinkSettings) -> pa.Table:
    found = records_with(store, settings, (a, b))
    missing = sorted({a, b} - set(found.column(settings.id_column).to_pylist()))
    if a == b:
        fail("Cần hai mã bản ghi khác nhau.", code=2)
    if missing:
        fail(f"Không có bản ghi {', '.join(map(str, missing))} trong lần chạy này.")
    return found


def _values(
    settings: LinkSettings,
    records: Sequence[Answer],
    told: Answer,
    *,
    on: dt.date,
    show: bool,
    lang: str,
) -> list[Answer]:
    """What was compared, side by side, in the words of the register."""
    level = {s["name"]: s["level"] for s in _weighed(told["steps"])}
    made = []
    for comparison in settings.comparisons:
        sides = [_value(comparison.name, comparison.columns, r, on=on, show=show) for r in records]
        if not any(sides):
            continue
        found = level.get(comparison.name)
        made.append(
            {
                "label": wording.label(comparison.name, lang),
                "a": sides[0],
                "b": sides[1],
                "state": "missing" if found is None else "same" if found == "same" else "differs",
                "said": wording.say("levels", found, lang)
                if found
                else wording.say("page", "lacking", lang),
            }
        )
    return made


def _weighed(steps: Sequence[Answer]) -> list[Answer]:
    return [s for s in steps if s["kind"] == "evidence"] + [i for s in steps for i in s["items"]]


def _value(name: str, columns: Sequence[str], record: Answer, *, on: dt.date, show: bool) -> str:
    if len(columns) == 3:
        year, month, day = (int(record.get(c) or 0) for c in columns)
        known = [f"{part:02d}" for part in (day, month) if part]
        return "/".join([*known, str(year)]) if year else ""
    value = record.get(columns[0])
    if value is None:
        return ""
    return shown(name, str(value), on=on, show_numbers=show) if name in fields() else str(value)


def weakest_pair(
    store: Store, held: Answer, *, on: dt.date, show: bool, lang: str
) -> Answer | None:
    """The story of the link that a person hangs by."""
    found = next((x for x in held["links"] if x["weakest"]), None)
    return pair(store, found["a"], found["b"], on=on, show=show, lang=lang) if found else None


def _graph_around(store: Store, person: int, lang: str) -> Answer:
    members = [
        r["record_id"]
        for r in rows(store, f"SELECT record_id FROM links WHERE person_id = {person}")
    ]
    return held_together(members, pairs_of(store, members), lang)


def write_page(path: Path, answer: Answer, facts: Mapping[str, str], lang: str) -> None:
    """The explanation as one page; any other answer than about records is refused."""
    if answer["kind"] not in ("pair", "person"):
        fail("Chỉ giải thích về một người hoặc hai bản ghi mới ghi được ra trang (--html).", code=2)
    write_atomically(path, picture.page(answer, facts, lang))


def pair_lines(told: Answer, lang: str) -> list[str]:
    """A pair's explanation as text."""
    say = wording.say
    lines = [told["title"]]
    for r in told["records"]:
        lines.append(
            f"  {say('page', 'record', lang)} {r['record_id']} ({r['list']}): {r['place']}"
        )
    chance = f"{told['chance_of']}: {told['chance']}."
    advice = [told["advice"]] if told["advice"] else []
    lines += [f"{told['verdict']} {chance}", *told["others"], *advice]
    lines.append(f"{say('page', 'steps', lang)}:")
    for s in told["steps"]:
        lines.append(f"  {s['weight_shown']:>6} {s['total_shown']:>7}  {s['text']}")
        lines += [f"{'':18}{i['text']}: {i['weight_shown']}" for i in s["items"]]
    lines += [f"  {'':6} {told['steps'][-1]['total_shown']:>7}  {told['end']}"]
    lines.append(say("phrases", "points", lang))
    head = "no_keys" if told["outcome"] in ("not_compared", "too_common") else "keys"
    lines.append(f"{say('page', head, lang)}:")
    lines += [f"  {k['text']}: {k['said']}" for k in told["keys"]]
    return lines + (graph_lines(told["graph"], lang) if told["graph"] else [])


def graph_lines(held: Answer, lang: str) -> list[str]:
    """The links of a person as text, the weakest place marked."""
    lines = [f"{wording.say('page', 'graph', lang)}:"]
    for x in held["links"]:
        mark = f"  ← {wording.say('page', 'weakest', lang)}" if x["weakest"] else ""
        lines.append(f"  {x['a']} ── {x['b']}  {x['score_shown']:>6}  {x['chance']}{mark}")
    lines.append(f"  {held['weakest']}")
    if held["near"]:
        lines.append(f"{wording.say('page', 'neighbours', lang)}:")
        lines += [f"  {x['a']} – {x['b']}  {x['chance']}: {x['why']}" for x in held["near"]]
    return lines
