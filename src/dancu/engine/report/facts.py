"""The few queries behind the report, each run once; everything after them is plain Python on small tables."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from dancu.engine.ports import Context, Store
from dancu.engine.report.model import Score
from dancu.reference import thresholds, units
from dancu.reference.weights import CRITERIA
from dancu.rules import loader as rule_loader
from dancu.rules.model import Rule

NO_UNIT = "?"
Scope = tuple[str, str]
Row = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the report knows of a run, fetched once.

    `scores`: (scope, code) -> (field, criterion) -> Score; fields other than '*' only for province, register and
    lists. `counts`: (level, rule) -> (evaluated, failed). `persons_by`, `failing_by`: unit -> persons.
    """

    on: date
    tree: units.UnitTree
    rules: dict[str, Rule]
    levels: thresholds.Thresholds
    province: str
    files: list[Row]
    scores: dict[Scope, dict[tuple[str, str], Score]]
    gaps: dict[str, Row]
    counts: dict[tuple[str, str], tuple[int, int]]
    persons_by: dict[str, int]
    failing_by: dict[str, int]
    failing_in: dict[str, int]
    totals: dict[str, int]
    dialects: list[Row] = field(default_factory=list)

    @property
    def failing(self) -> int:
        """Persons of the register with at least one finding."""
        return sum(self.failing_by.values())

    def communes(self) -> list[units.Unit]:
        """The communes of the province on the day, in the order of their codes."""
        if self.tree.find(self.province) is None:
            return []
        return sorted(self.tree.communes_of(self.province), key=lambda u: u.code)

    def index(self, scope: str, code: str) -> Score | None:
        """The index of a scope, None when nothing was evaluated there."""
        return self.scores.get((scope, code), {}).get(("*", "*"))


def gather(store: Store, context: Context) -> Facts:
    """Read what the report needs from the tables of a run."""
    rules = {rule.id: rule for rule in rule_loader.on(context.on)}
    scores = _scores(store)
    persons_by = _by_unit(store, "SELECT unit_code, count(*) AS n FROM persons GROUP BY ALL")
    return Facts(
        on=context.on,
        tree=units.on(context.on),
        rules=rules,
        levels=thresholds.on(context.on),
        province=home(store, context),
        files=store.fetch("SELECT * FROM files ORDER BY file_no, sheet").to_pylist(),
        scores=scores,
        gaps={r["scope_code"]: r for r in store.fetch(_GAPS).to_pylist()},
        counts={
            (r["level"], r["rule_id"]): (r["evaluated"], r["failed"]) for r in _rows(store, _COUNTS)
        },
        persons_by=persons_by,
        failing_by=_by_unit(store, _FAILING_BY_UNIT),
        failing_in=_failing_in(store, rules.values()),
        totals=_totals(store),
        dialects=_rows(store, _DIALECTS),
    )


def run_code(store: Store, on: date) -> str:
    """Twelve signs that name a run: its day, the bytes it read, and the persons it found."""
    files = _rows(store, "SELECT DISTINCT file_no, sha256 FROM files ORDER BY file_no")
    people = _rows(store, "SELECT count(*) AS n, sum(person_id)::VARCHAR AS ids FROM persons")[0]
    parts = [
        on.isoformat(),
        *(str(f["sha256"]) for f in files),
        str(people["n"]),
        str(people["ids"]),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _rows(store: Store, query: str) -> list[Row]:
    found: list[Row] = store.fetch(query).to_pylist()
    return found


_GAPS = "SELECT * FROM gaps WHERE scope = 'commune'"
_COUNTS = """
SELECT level, rule_id, sum(evaluated)::BIGINT AS evaluated, sum(failed)::BIGINT AS failed FROM counts GROUP BY ALL"""
_DIALECTS = "SELECT file_no, sheet, field, dialect, score FROM dialects ORDER BY ALL"
_FAILING_BY_UNIT = """
SELECT unit_code, count(DISTINCT id) AS n FROM findings WHERE level = 'person' GROUP BY ALL"""
_SCORES = """
SELECT scope, scope_code, field, criterion, passed, evaluated, score, colour FROM scores
WHERE rule_id = '*' AND (field = '*' OR scope IN ('province', 'register', 'list'))"""
_PROVINCES = """
SELECT scope_code FROM scores WHERE scope = 'province' AND field = '*' AND criterion = '*' AND rule_id = '*'
ORDER BY evaluated DESC, scope_code LIMIT 1"""
_TOTALS = """
SELECT (SELECT count(*) FROM records) AS records,
       (SELECT count(*) FROM persons) AS persons,
       (SELECT count(*) FROM findings WHERE level = 'record') AS record_findings,
       (SELECT count(*) FROM findings WHERE level = 'person') AS person_findings,
       (SELECT count(DISTINCT id) FROM findings WHERE level = 'record') AS failing_records,
       (SELECT count(*) FROM persons WHERE personal_number IS NOT NULL) AS with_number,
       (SELECT count(*) FROM persons WHERE n_records > 1) AS persons_of_many,
       (SELECT count(*) FROM persons WHERE n_sources > 1) AS persons_of_many_sources,
       (SELECT count(*) FROM contested) AS contested"""


def _totals(store: Store) -> dict[str, int]:
    return {name: int(n or 0) for name, n in _rows(store, _TOTALS)[0].items()}


def _scores(store: Store) -> dict[Scope, dict[tuple[str, str], Score]]:
    found: dict[Scope, dict[tuple[str, str], Score]] = defaultdict(dict)
    for r in _rows(store, _SCORES):
        score = Score(r["score"], r["passed"], r["evaluated"], r["colour"])
        found[r["scope"], r["scope_code"]][r["field"], r["criterion"]] = score
    return dict(found)


def home(store: Store, context: Context) -> str:
    """The province of the run: the one asked for, else the one with most checks; '' when there is none."""
    asked = context.of("report").get("province")
    found = _rows(store, _PROVINCES)
    return str(asked or (found[0]["scope_code"] if found else ""))


def _by_unit(store: Store, query: str) -> dict[str, int]:
    found: Counter[str] = Counter()
    for row in _rows(store, query):
        found[row["unit_code"] or NO_UNIT] += row["n"]
    return dict(found)


def _failing_in(store: Store, rules: Iterable[Rule]) -> dict[str, int]:
    """Persons with at least one finding, per dimension and per error group (`group:3`)."""
    values = ", ".join(f"('{r.id}', '{r.dimension}', {r.error_group})" for r in rules)
    if not values:
        return {}
    query = f"""
WITH r(rule_id, dimension, error_group) AS (VALUES {values})
SELECT r.dimension, r.error_group, count(DISTINCT f.id) AS n FROM findings f JOIN r USING (rule_id)
WHERE f.level = 'person' GROUP BY GROUPING SETS ((r.dimension), (r.error_group))"""
    found = dict.fromkeys(CRITERIA, 0)
    for row in _rows(store, query):
        found[row["dimension"] or f"group:{row['error_group']}"] = row["n"]
    return found
