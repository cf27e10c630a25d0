"""What each commune has to do: one query over the whole province, in the order in which it raises the index fastest."""

from __future__ import annotations

from collections.abc import Iterable

from dancu.engine.report.facts import NO_UNIT
from dancu.reference.fields import fields
from dancu.rules.model import Rule

CAP = 2_000
ELSEWHERE = "*"
_EVIDENCE = 3
_UNIT_ROLES = ("address", "hamlet", "commune", "district", "province", "commune_code")
_BIRTH = (
    "coalesce(CAST(p.birth_date AS VARCHAR), CASE WHEN p.birth_month IS NOT NULL"
    " THEN lpad(CAST(p.birth_month AS VARCHAR), 2, '0') || '/' || CAST(p.birth_year AS VARCHAR) END,"
    " CAST(p.birth_year AS VARCHAR))"
)


def findings(rules: Iterable[Rule], home: Iterable[str]) -> str:
    """The first CAP findings of each `place`: a commune of the province, NO_UNIT, or ELSEWHERE; `total` of them all.

    Ordered by the commune's fix order (persons without one: by the weight of their findings), then by rule.
    """
    values = ", ".join(f"('{r.id}', '{r.field}', {r.weight}::DOUBLE)" for r in rules)
    codes = ", ".join(f"'{code}'" for code in home)
    own = f"f.unit_code IN ({codes})" if codes else "false"
    return f"""
WITH r(rule_id, field, weight) AS (VALUES {values}),
found AS (
    SELECT f.finding_id, f.rule_id, f.id AS person_id, r.field, r.weight, f.group_key,
           CASE WHEN f.unit_code IS NULL OR f.unit_code = '{NO_UNIT}' THEN '{NO_UNIT}'
                WHEN {own} THEN f.unit_code ELSE '{ELSEWHERE}' END AS place,
           f.unit_code
    FROM findings f JOIN r USING (rule_id) WHERE f.level = 'person'
), heavy AS (
    SELECT *, sum(weight) OVER (PARTITION BY person_id) AS load FROM found
)
SELECT h.* EXCLUDE (unit_code), o.rank, o.gain, count(*) OVER (PARTITION BY h.place) AS total,
       row_number() OVER (PARTITION BY h.place ORDER BY o.rank NULLS LAST, h.load DESC, h.person_id,
                          h.weight DESC, h.rule_id) AS number
FROM heavy h
LEFT JOIN fix_order o ON o.scope = 'commune' AND o.scope_code = h.unit_code AND o.person_id = h.person_id
QUALIFY number <= {CAP}"""


def details(work: str) -> str:
    """The rows of `work` with the person's name and number, the value of the rule's field and where it came from.

    `value`: the standard value as text; `raw`: the cell that the record gave, where the value is no good.
    """
    value = _case("w.field", {f: _value(f) for f in fields() if fields()[f].standard})
    came = _case(
        "w.field", {n: f"p.{n}_from" for n, f in fields().items() if f.standard and f.survivorship}
    )
    raw = _case("w.field", {n: _raw(n) for n, f in fields().items() if f.standard})
    return f"""
WITH own AS (
    SELECT w.*, p.full_name, p.personal_number, p.birth_year, p.address_head,
           {value} AS value, coalesce({came}, p.person_id) AS record_id
    FROM {work} w JOIN persons p ON p.person_id = w.person_id
)
SELECT w.*, CASE WHEN w.value IS NULL THEN {raw} END AS raw, r.source, r.row, f.name AS file
FROM own w
LEFT JOIN records r ON r.record_id = w.record_id
LEFT JOIN (SELECT DISTINCT file_no, name FROM files) f ON f.file_no = r.file_no
ORDER BY w.place, w.number"""


def evidence(work: str) -> str:
    """Up to three losing values for each person and field of `work`, with the record that gave them."""
    return f"""
WITH wanted AS (SELECT DISTINCT person_id, field FROM {work}),
told AS (
    SELECT c.person_id, c.field, c.value, r.source, r.row, f.name AS file,
           row_number() OVER (PARTITION BY c.person_id, c.field ORDER BY c.record_id, c.value) AS place,
           count(*) OVER (PARTITION BY c.person_id, c.field) AS total
    FROM contested c JOIN wanted w ON w.person_id = c.person_id AND w.field = c.field
    LEFT JOIN records r ON r.record_id = c.record_id
    LEFT JOIN (SELECT DISTINCT file_no, name FROM files) f ON f.file_no = r.file_no
)
SELECT * FROM told WHERE place <= {_EVIDENCE} ORDER BY person_id, field, place"""


def _case(of: str, values: dict[str, str]) -> str:
    whens = " ".join(f"WHEN '{name}' THEN {value}" for name, value in values.items())
    return f"CASE {of} {whens} END"


def _value(field: str) -> str:
    return _BIRTH if field == "birth_date" else f"CAST(p.{field} AS VARCHAR)"


def _raw(field: str) -> str:
    if fields()[field].raw:
        return f"r.{field}"
    if fields()[field].format == "address" or field == "address_head":
        return f"concat_ws(', ', {', '.join('r.' + role for role in _UNIT_ROLES)})"
    return "NULL"
