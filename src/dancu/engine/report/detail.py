"""Errors, sources, repairs and duplicates of a run, as plain rows; counts only, never a person."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from typing import Any

from dancu.engine.ports import Context, Store
from dancu.engine.report.facts import Facts, Row
from dancu.engine.report.places import WORKLISTS, score_cells
from dancu.engine.report.words import comparison_name, encoding_name, fix_name, law
from dancu.reference.domain import error_groups
from dancu.reference.fields import fields


def rules_found(facts: Facts) -> list[Row]:
    """Every rule in force with what it judged, most findings in the register first."""
    rows = []
    for rule in facts.rules.values():
        person, record = (
            facts.counts.get((level, rule.id), (0, 0)) for level in ("person", "record")
        )
        rows.append(
            {
                "id": rule.id,
                "dimension": rule.dimension,
                "error_group": rule.error_group,
                "field": rule.field,
                "field_label": fields()[rule.field].label_vi
                if rule.field in fields()
                else rule.field,
                "severity": rule.severity,
                "weight": rule.weight,
                "message": rule.message.vi,
                "fix": rule.fix.vi,
                "law": law(rule.law),
                "persons": {"evaluated": person[0], "failed": person[1]},
                "records": {"evaluated": record[0], "failed": record[1]},
            }
        )
    return sorted(rows, key=lambda r: (-r["persons"]["failed"], -r["records"]["failed"], r["id"]))


def groups_found(facts: Facts, rules: list[Row]) -> list[Row]:
    """The eight official error groups, with the findings of their rules."""
    rows = []
    for group in error_groups():
        mine = [r for r in rules if r["error_group"] == group.group]
        rows.append(
            {
                "group": group.group,
                "name": group.name_vi,
                "rules": len(mine),
                "person_findings": sum(r["persons"]["failed"] for r in mine),
                "record_findings": sum(r["records"]["failed"] for r in mine),
                "evaluated": sum(r["persons"]["evaluated"] for r in mine),
                "persons": facts.failing_in.get(f"group:{group.group}", 0),
                "worklists": f"{WORKLISTS}/",
            }
        )
    return rows


def files_read(facts: Facts) -> list[Row]:
    """One row a file and sheet, with the columns nobody read and what was found about its encoding."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for d in facts.dialects:
        label = fields()[d["field"]].label_vi if d["field"] in fields() else d["field"]
        found[d["file_no"], d["sheet"]].append(f"{label}: {encoding_name(d['dialect'])}")
    return [_file(row, found[row["file_no"], row["sheet"] or ""]) for row in facts.files]


def _file(row: Row, dialects: list[str]) -> Row:
    return {
        "file_no": row["file_no"],
        "name": row["name"],
        "sheet": row["sheet"] or "",
        "sha256": row["sha256"],
        "source": row["source"],
        "list_date": row["list_date"].isoformat() if row["list_date"] else None,
        "encoding": encoding_name(row["encoding"]),
        "dialects": dialects,
        "header_row": row["header_row"],
        "rows_in": row["rows_in"] or 0,
        "rows_kept": row["rows_kept"] or 0,
        "rows_rejected": row["rows_rejected"] or 0,
        "unread": _json(row["unread"], []),
        "notes": [_note(note) for note in _json(row["notes"], [])],
        "refused": row.get("message_vi"),
    }


def _note(note: Any) -> str:
    return str(note.get("message_vi", note)) if isinstance(note, dict) else str(note)


def _json(text: str | None, empty: Any) -> Any:
    return json.loads(text) if text else empty


def sources(facts: Facts, context: Context, files: list[Row]) -> list[Row]:
    """Every source that brought a list: its scores, rows, encodings and unread columns; lowest index first."""
    grouped: dict[str, list[Row]] = defaultdict(list)
    for row in files:
        grouped[row["source"] or ""].append(row)
    rows = [_source(facts, context, name, mine) for name, mine in grouped.items() if name]
    return sorted(
        rows,
        key=lambda r: (r["scores"]["*"] is None, (r["scores"]["*"] or {}).get("score", 0), r["id"]),
    )


def _source(facts: Facts, context: Context, name: str, mine: list[Row]) -> Row:
    spec = context.sources.get(name)
    totals: Counter[str] = Counter()
    for row in mine:
        totals.update({k: row[k] for k in ("rows_in", "rows_kept", "rows_rejected")})
    return {
        "id": name,
        "name": getattr(spec, "name_vi", name),
        "owner": getattr(spec, "owner", ""),
        "files": len({r["file_no"] for r in mine}),
        "sheets": len(mine),
        **{k: totals[k] for k in ("rows_in", "rows_kept", "rows_rejected")},
        "encodings": sorted({r["encoding"] for r in mine if r["encoding"]}),
        "dialects": sorted({d for r in mine for d in r["dialects"]}),
        "unread": sorted({h for r in mine for h in r["unread"]}),
        "scores": score_cells(facts.scores.get(("list", name), {})),
    }


def fields_found(facts: Facts) -> list[Row]:
    """Every field judged in the province, heaviest first."""
    scores = facts.scores.get(("province", facts.province), {})
    known = fields()
    names = sorted(
        {f for f, _ in scores if f in known}, key=lambda f: (-known[f].weight, known[f].label_vi)
    )
    return [
        {
            "field": name,
            "label": known[name].label_vi,
            "weight": known[name].weight,
            "identifier": known[name].identifier,
            "scores": score_cells(scores, name),
        }
        for name in names
    ]


def repairs(store: Store) -> list[Row]:
    """What standardise put right by itself: field, repair, cells; most frequent first."""
    names = [name for name, f in fields().items() if f.fix]
    queries = " UNION ALL ".join(
        f"SELECT '{n}' AS field, {n}_fix AS fixes, count(*) AS n FROM standard WHERE {n}_fix IS NOT NULL GROUP BY ALL"
        for n in names
    )
    found: Counter[tuple[str, str]] = Counter()
    for row in store.fetch(queries).to_pylist():
        for fix in row["fixes"].split(","):
            found[row["field"], fix] += row["n"]
    return [
        {
            "field": f,
            "field_label": fields()[f].label_vi,
            "fix": x,
            "label": fix_name(x),
            "cells": n,
        }
        for (f, x), n in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    ]


_SAME_SOURCE = """
SELECT source, sum(n - 1)::BIGINT AS n FROM (
    SELECT r.source, l.person_id, count(*) AS n FROM links l JOIN records r USING (record_id) GROUP BY ALL
) WHERE n > 1 GROUP BY ALL ORDER BY n DESC, source"""
_SPREAD = "SELECT least(n_records, 10) AS records, count(*) AS persons FROM persons GROUP BY ALL ORDER BY 1"
_KEYS = """
SELECT key, count(*) AS pairs, count(*) FILTER (WHERE joined) AS joined FROM pairs
GROUP BY ALL ORDER BY joined DESC, key"""
_APART = """
SELECT blocked_by AS reason, count(*) AS pairs FROM pairs WHERE blocked_by IS NOT NULL AND blocked_by <> ''
GROUP BY ALL ORDER BY pairs DESC, reason"""


def duplicates(store: Store, facts: Facts, context: Context) -> Row:
    """How records became persons: joined records, spread, keys that found pairs, pairs kept apart."""
    totals = facts.totals
    same = store.fetch(_SAME_SOURCE).to_pylist()
    return {
        "records": totals["records"],
        "persons": totals["persons"],
        "joined": totals["records"] - totals["persons"],
        "persons_of_many_records": totals["persons_of_many"],
        "persons_of_many_sources": totals["persons_of_many_sources"],
        "contested_values": totals["contested"],
        "spread": store.fetch(_SPREAD).to_pylist(),
        "within_one_source": [
            {"source": r["source"], "name": _source_name(context, r["source"]), "records": r["n"]}
            for r in same
        ],
        "keys": [
            {**r, "label": comparison_name(r["key"] or "")} for r in store.fetch(_KEYS).to_pylist()
        ],
        "kept_apart": [
            {**r, "label": comparison_name(r["reason"])} for r in store.fetch(_APART).to_pylist()
        ],
    }


def _source_name(context: Context, source: str) -> str:
    return str(getattr(context.sources.get(source), "name_vi", source))
