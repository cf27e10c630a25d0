"""Planted errors found (recall) and false alarms (precision) per official error group.

`make bench NAME=quality SCALE=0.01` makes an invented province, runs the whole pipeline on its
lists, and compares the findings with the flaws that were planted.

What is counted:
- A planted flaw (role `planted`) is **found** when a rule of the same error group, reading the
  flawed field, has a finding on that record or on the person the record was linked to.
- A finding is **right** when the truth has a flaw in a field that its rule reads, on that record.
  For a finding about a person: on any record of the human beings (as the truth knows them) whose
  records were linked to that person; a rule that judges a person by relatives (it gives a group key)
  says that one of them is wrong, so the records of the same household, of parents, spouse and
  children count too. Every role counts here: a number that was never collected, or a household whose
  head was misprinted, is really wrong.
- A finding that two persons may be one (group 3) is also right when the truth says that the person's
  human being stands in the register twice: the linking missed it, and the finding tells so.
- Anything else is a **false alarm**, also a finding on a record that the truth does not know.
Precision is given for findings on records (`precision`, the goal), and with the findings on persons,
which depend on the linking as well (`precision_all`).
Groups 1, 2, 4, 5, 6 are decided by rules alone; 3, 7 and 8 need other records and are reported.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parent.parent
RULES_ALONE = (1, 2, 4, 5, 6)
GROUPS = range(1, 9)
SEED = 7
_BASE = {
    "birth_year": "birth_date",
    "birth_month": "birth_date",
    "birth_day": "birth_date",
    "birth_earliest": "birth_date",
    "birth_latest": "birth_date",
    "name_key": "full_name",
    "permanent_unit_status": "permanent_unit",
    "unit_code": "permanent_unit",
    "birth_place_province": "birth_place",
    "personal_number_province": "personal_number",
    "personal_number_sex": "personal_number",
    "personal_number_birth_year": "personal_number",
}


@dataclass(frozen=True)
class Outcome:
    """One error group: planted flaws and how many were found, findings and how many are right."""

    error_group: int
    planted: int
    found: int
    findings: int
    right: int
    findings_all: int
    right_all: int

    @property
    def recall(self) -> float:
        return self.found / self.planted if self.planted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.findings if self.findings else 1.0

    @property
    def precision_all(self) -> float:
        return self.right_all / self.findings_all if self.findings_all else 1.0

    def as_row(self) -> dict[str, Any]:
        """Plain data, ratios rounded to four digits."""
        ratios = ("recall", "precision", "precision_all")
        return asdict(self) | {name: round(getattr(self, name), 4) for name in ratios}


def base_field(column: str) -> str:
    """The field of the dictionary that a column of a rule speaks of."""
    for ending in ("_issue", "_fix"):
        column = column.removesuffix(ending)
    return _BASE.get(column, column)


def rule_fields() -> list[tuple[str, int, str]]:
    """(rule id, error group, field it reads), several rows a rule."""
    from dancu.rules import loader

    return [
        (rule.id, rule.error_group, field)
        for rule in loader.all_rules()
        for field in sorted({base_field(c) for c in (rule.field, *rule.columns)})
    ]


def measure(
    truth: Path, run: Path, reads: list[tuple[str, int, str]] | None = None
) -> list[Outcome]:
    """One Outcome per error group, from `truth/*.parquet` and the tables of a run folder."""
    db = prepared(truth, run, rule_fields() if reads is None else reads)
    recall = dict(_pairs(db, _RECALL))
    precision = {g: tuple(rest) for g, *rest in db.execute(_PRECISION).fetchall()}
    return [
        Outcome(group, *recall.get(group, (0, 0)), *precision.get(group, (0, 0, 0, 0)))
        for group in GROUPS
    ]


def _pairs(db: duckdb.DuckDBPyConnection, sql: str) -> list[tuple[int, tuple[int, int]]]:
    return [(g, (planted, found)) for g, planted, found in db.execute(sql).fetchall()]


def prepared(
    truth: Path, run: Path, reads: list[tuple[str, int, str]]
) -> duckdb.DuckDBPyConnection:
    """A database with `reads`, `at` (record -> truth's place), `flaws` and `alarms` (by record)."""
    db = duckdb.connect()
    db.execute("SET preserve_insertion_order = false")
    db.execute("CREATE TABLE reads (rule_id VARCHAR, error_group INTEGER, field VARCHAR)")
    db.executemany("INSERT INTO reads VALUES (?, ?, ?)", reads)
    for name, path in (
        ("records", run / "intake" / "records"),
        ("files", run / "intake" / "files"),
        ("links", run / "link" / "links"),
        ("findings", run / "validate" / "findings"),
        ("planted", truth / "errors"),
        ("truth_records", truth / "records"),
        ("truth_people", truth / "people"),
    ):
        # A table is one Parquet file, or a folder of parts where it is large.
        found = path if path.is_dir() else path.with_suffix(".parquet")
        pattern = found / "*.parquet" if found.is_dir() else found
        db.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{pattern}')")
    for sql in _TABLES:
        db.execute(sql)
    return db


_TABLES = (
    """
    CREATE TABLE place AS
    SELECT r.record_id, f.name AS file, r.sheet, r.row
    FROM records AS r JOIN (SELECT DISTINCT file_no, name FROM files) AS f USING (file_no)
    """,
    # A truth sheet "" stands for a file without sheets, whatever the reader calls its one sheet.
    """
    CREATE TABLE flaws AS
    SELECT row_number() OVER () AS flaw, p.record_id, l.person_id, e.person AS human,
      e.field, e.kind, e.error_group, e.role
    FROM planted AS e
    LEFT JOIN place AS p
      ON p.file = e.file AND p.row = e.row AND (e.sheet = '' OR e.sheet = p.sheet)
    LEFT JOIN links AS l ON l.record_id = p.record_id
    """,
    """
    CREATE TABLE humans AS
    SELECT DISTINCT l.person_id, t.person AS human
    FROM truth_records AS t
    JOIN place AS p ON p.file = t.file AND p.row = t.row AND (t.sheet = '' OR t.sheet = p.sheet)
    JOIN links AS l ON l.record_id = p.record_id
    """,
    """
    CREATE TABLE alarms AS
    SELECT row_number() OVER () AS alarm, rule_id, level, id, group_key IS NOT NULL AS by_group,
      CASE WHEN level = 'record' THEN id END AS record_id,
      CASE WHEN level = 'person' THEN id END AS person_id
    FROM findings
    """,
    """
    CREATE TABLE kin AS
    WITH alarmed AS (
      SELECT DISTINCT t.* FROM truth_people AS t
      JOIN humans AS h ON h.human = t.person
      JOIN alarms AS a ON a.person_id = h.person_id AND a.by_group
    )
    SELECT a.person AS human, o.person AS other
    FROM alarmed AS a JOIN truth_people AS o USING (household)
    UNION SELECT person, unnest([father, mother, spouse]) FROM alarmed
    UNION SELECT a.person, o.person FROM alarmed AS a JOIN truth_people AS o ON o.father = a.person
    UNION SELECT a.person, o.person FROM alarmed AS a JOIN truth_people AS o ON o.mother = a.person
    """,
    """
    CREATE TABLE flaws_found AS
    SELECT DISTINCT f.flaw FROM flaws AS f
    JOIN reads AS r ON r.error_group = f.error_group AND r.field = f.field
    JOIN alarms AS a ON a.rule_id = r.rule_id AND a.record_id = f.record_id
    WHERE f.role = 'planted'
    UNION
    SELECT DISTINCT f.flaw FROM flaws AS f
    JOIN reads AS r ON r.error_group = f.error_group AND r.field = f.field
    JOIN alarms AS a ON a.rule_id = r.rule_id AND a.person_id = f.person_id
    WHERE f.role = 'planted'
    """,
    """
    CREATE TABLE alarms_right AS
    SELECT DISTINCT a.alarm FROM alarms AS a
    JOIN reads AS r ON r.rule_id = a.rule_id
    JOIN flaws AS f ON f.record_id = a.record_id AND f.field = r.field
    UNION
    SELECT DISTINCT a.alarm FROM alarms AS a
    JOIN reads AS r ON r.rule_id = a.rule_id
    JOIN humans AS h ON h.person_id = a.person_id
    JOIN flaws AS f ON f.human = h.human AND f.field = r.field
    UNION
    SELECT DISTINCT a.alarm FROM alarms AS a
    JOIN reads AS r ON r.rule_id = a.rule_id
    JOIN humans AS h ON h.person_id = a.person_id
    JOIN kin AS k ON k.human = h.human
    JOIN flaws AS f ON f.human = k.other AND f.field = r.field
    WHERE a.by_group
    UNION
    SELECT DISTINCT a.alarm FROM alarms AS a
    JOIN reads AS r ON r.rule_id = a.rule_id AND r.error_group = 3
    JOIN humans AS h ON h.person_id = a.person_id
    JOIN humans AS again ON again.human = h.human AND again.person_id <> h.person_id
    """,
)
_RECALL = """
    SELECT f.error_group, count(*), count(g.flaw)
    FROM flaws AS f LEFT JOIN flaws_found AS g USING (flaw)
    WHERE f.role = 'planted' GROUP BY 1
"""
_PRECISION = """
    SELECT r.error_group,
      count(*) FILTER (a.level = 'record'), count(g.alarm) FILTER (a.level = 'record'),
      count(*), count(g.alarm)
    FROM alarms AS a
    JOIN (SELECT DISTINCT rule_id, error_group FROM reads) AS r USING (rule_id)
    LEFT JOIN alarms_right AS g USING (alarm)
    GROUP BY 1
"""
_MISSED = """
    SELECT f.error_group, f.kind, count(*) AS planted, count(g.flaw) AS found
    FROM flaws AS f LEFT JOIN flaws_found AS g USING (flaw)
    WHERE f.role = 'planted' GROUP BY ALL ORDER BY found - planted, kind
"""
_FALSE = """
    SELECT a.rule_id, a.level, count(*) AS findings, count(*) - count(g.alarm) AS false_alarms
    FROM alarms AS a LEFT JOIN alarms_right AS g USING (alarm)
    GROUP BY ALL HAVING count(*) > count(g.alarm) ORDER BY false_alarms DESC, rule_id
"""


def details(truth: Path, run: Path, limit: int = 25) -> None:
    """Print the kinds that were missed most and the rules with most false alarms."""
    db = prepared(truth, run, rule_fields())
    for title, sql in (("missed, by kind", _MISSED), ("false alarms, by rule", _FALSE)):
        print(f"-- {title}")
        for row in db.execute(f"{sql} LIMIT {limit}").fetchall():
            print("  ", *row)


def run_all(scale: float, seed: int, folder: str) -> dict[str, Any]:
    """Make the province and run the pipeline (in the bench's own process)."""
    import subprocess

    from dancu.province import make

    made = make(scale=scale, seed=seed, out=Path(folder))
    argv = [sys.executable, "-c", "from dancu.cli import main; main()", "run", f"{folder}/lists"]
    argv += ["--out", f"{folder}/run", "--on", "2024-06-21", "--test-people"]
    # Exit code 1 means done, though some input was refused: the findings say what that cost.
    if subprocess.run(argv, check=False).returncode > 1:
        raise SystemExit("dancu run failed")
    return {"records": made.total, "planted": sum(made.planted.values())}


def main(scale: float = 0.01) -> None:
    """The bench: one row per error group, goals on the groups that rules alone decide."""
    from bench.harness import Bench

    bench = Bench("quality", scale)
    with tempfile.TemporaryDirectory(prefix="dancu-quality-") as folder:
        cost = bench.call(
            run_all, who="dancu", what="run", args={"scale": scale, "seed": SEED, "folder": folder}
        )
        truth, run = Path(folder) / "truth", Path(folder) / "run"
        for outcome in measure(truth, run):
            report(bench, outcome, cost.cpu_s)
        details(truth, run)
    bench.finish()


def report(bench: Any, outcome: Outcome, cpu_s: float) -> None:
    """One row and, where rules alone decide, two goals."""
    group = outcome.error_group
    extra = {k: v for k, v in outcome.as_row().items() if k != "error_group"}
    bench.row(who="dancu", what=f"group {group}", cpu_s=0.0, wall_s=0.0, rss_mb=0.0, extra=extra)
    if group in RULES_ALONE:
        bench.goal(f"recall, group {group}", goal=0.99, got=outcome.recall)
        bench.goal(f"precision, group {group}", goal=0.99, got=outcome.precision)
