"""What is known about links before any score: whom an officer's answer is about, and whose register persons are asked.

Runs after `plan`, over its `pairs` and `links`, and only where a run has such records.
"""

from __future__ import annotations

from dancu.engine.link.matcher import components
from dancu.engine.ports import Kernel, Sql, Step

ANSWERS = "corrections"
"""The source of officers' answers; each names a record of the lists by file, sheet and row (in `extra`)."""


def answered() -> list[Step]:
    """Steps that join each answer to its person, whatever its corrected values are worth as evidence."""
    joined = f"SELECT record_a, record_b FROM pairs WHERE joined UNION ALL {_ANCHORED}"
    records = "SELECT record_id FROM standard ORDER BY record_id"
    return [Kernel("links", {"records": records, "joined": joined}, components)]


_ANCHORED = f"""
SELECT least(c.record_id, r.record_id), greatest(c.record_id, r.record_id)
FROM records c
JOIN files f ON f.sha256 = json_extract_string(c.extra, '$.anchor_file')
  AND coalesce(f.sheet, '') = coalesce(json_extract_string(c.extra, '$.anchor_sheet'), '')
JOIN records r ON r.file_no = f.file_no AND coalesce(r.sheet, '') = coalesce(f.sheet, '')
  AND r.row = CAST(json_extract_string(c.extra, '$.anchor_row') AS BIGINT)
WHERE c.source = '{ANSWERS}'"""


UNSETTLED = f"""
SELECT c.* FROM contested c WHERE NOT EXISTS (
  SELECT 1 FROM records r JOIN links l ON l.record_id = r.record_id
  WHERE r.source = '{ANSWERS}' AND l.person_id = c.person_id
    AND list_contains(string_split(json_extract_string(r.extra, '$.answered'), ','), c.field))"""
"""The losing values on which no officer has decided: once one has, sources that differ are no open question."""


def only_of_files() -> list[Step]:
    """Steps that keep the persons who stand in the files; persons of the register alone are nobody's question."""
    last = "(SELECT max(record_id) FROM records)"
    theirs = f"SELECT person_id FROM links WHERE record_id <= {last}"
    return [
        Sql("links", f"SELECT * FROM links WHERE person_id IN ({theirs})"),
        Sql("pairs", f"SELECT * FROM pairs WHERE record_a <= {last}"),
    ]
