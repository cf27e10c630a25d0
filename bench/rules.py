"""The same 20 row checks over every person, all failing rows returned: dancu and three rivals.

Each reads one Parquet file of standardised columns in its own process and answers, for each check, how
many rows fail and the sum of their ids; the bench stops when the answers differ. A missing value
passes, except in the checks that demand one. Rivals run in the setting that their documents call fast
and that still returns every failing row: Great Expectations on pandas with `COMPLETE` and an index column,
Pointblank on polars with its extract limit lifted, pandera on polars with lazy validation.
dancu runs its own stage: failing rows only, and once more with the counts by commune that a run needs.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

from bench.harness import Bench, BenchError, rival_python

PEOPLE = 2_034_961
DAY = "2024-06-21"
GX = ["great-expectations==1.9.*", "pandas==2.*", "pyarrow>=15"]
POINTBLANK = ["pointblank[pl]==0.*", "polars==1.*", "pyarrow>=15"]
PANDERA = ["pandera[polars]==0.26.*", "polars==1.*", "pyarrow>=15"]


class Check(NamedTuple):
    """`kind` filled | among | long | between | least (a >= other) | more (a > other) | same."""

    kind: str
    column: str
    other: Any = None


CHECKS = (
    *(Check("filled", c) for c in ("personal_number", "full_name", "birth_date", "sex", "ethnic")),
    Check("among", "sex", ["1", "2", "3"]),
    Check("among", "marital_status", ["1", "2", "3"]),
    Check("among", "life_status", ["1", "2", "3"]),
    Check("long", "personal_number", 12),
    Check("long", "old_number", 9),
    Check("long", "phone", 10),
    Check("between", "birth_date", ["1904-06-22", DAY]),
    Check("between", "card_issued", ["2016-01-01", DAY]),
    Check("between", "benefit_amount", [1, 100_000_000]),
    Check("more", "card_expires", "card_issued"),
    Check("least", "card_issued", "birth_date"),
    Check("least", "bhyt_to", "bhyt_from"),
    Check("least", "death_date", "birth_date"),
    Check("same", "personal_number_sex", "sex"),
    Check("same", "personal_number_birth_year", "birth_year"),
)
Answer = dict[str, Any]


def write_people(path: str, rows: int) -> None:
    """Lawful rows; each check has its own flaw in about one row of five hundred."""
    import duckdb

    def flaw(number: int, bad: str, good: str) -> str:
        return f"CASE WHEN i % 509 = {number * 23 + 1} THEN {bad} ELSE {good} END"

    def some(percent: int, value: str) -> str:
        return f"CASE WHEN hash(i + {percent}) % 100 < {percent} THEN {value} END"

    birth = "(DATE '1930-01-01' + CAST(hash(i) % 30000 AS INTEGER))"
    year = f"CAST(year({birth}) AS SMALLINT)"
    sex = "CAST(1 + i % 2 AS VARCHAR)"
    number = "'9240' || lpad(CAST(i AS VARCHAR), 8, '0')"
    issued = "(DATE '2021-07-01' + CAST(hash(i + 1) % 1000 AS INTEGER))"
    columns = {
        "person_id": "i",
        "unit_code": "CAST(7200 + hash(i + 2) % 209 AS VARCHAR)",
        "personal_number": flaw(0, "NULL", flaw(8, "'92400000001'", number)),
        "full_name": flaw(1, "NULL", "'Nguyễn Văn ' || chr(CAST(65 + i % 26 AS INTEGER))"),
        "birth_date": flaw(2, "NULL", flaw(11, "DATE '1899-01-01'", birth)),
        "sex": flaw(3, "NULL", flaw(5, "'9'", sex)),
        "ethnic": flaw(4, "NULL", "'01'"),
        "marital_status": flaw(6, "'7'", some(90, "CAST(1 + i % 3 AS VARCHAR)")),
        "life_status": flaw(7, "'0'", "'1'"),
        "old_number": flaw(9, "'12345678'", some(60, "lpad(CAST(i AS VARCHAR), 9, '1')")),
        "phone": flaw(10, "'01234567890'", some(70, "'09' || lpad(CAST(i AS VARCHAR), 8, '0')")),
        "card_issued": flaw(
            12, "DATE '2024-06-22'", flaw(15, "DATE '1901-01-01'", some(80, issued))
        ),
        "card_expires": flaw(14, "DATE '2000-01-01'", f"{issued} + 3650"),
        "benefit_amount": flaw(13, "0", some(10, "CAST(360000 + i % 1000000 AS BIGINT)")),
        "bhyt_from": "DATE '2024-01-01'",
        "bhyt_to": flaw(16, "DATE '2023-12-31'", some(90, "DATE '2024-12-31'")),
        "death_date": flaw(
            17, "DATE '1890-01-01'", some(3, "DATE '2024-01-01' + CAST(i % 90 AS INTEGER)")
        ),
        "personal_number_sex": flaw(18, "'3'", sex),
        "birth_year": year,
        "personal_number_birth_year": flaw(19, "CAST(1900 AS SMALLINT)", year),
    }
    chosen = ", ".join(f"{sql} AS {name}" for name, sql in columns.items())
    duckdb.sql(f"COPY (SELECT {chosen} FROM range({rows}) AS t(i)) TO '{path}' (FORMAT parquet)")


def _answer(failing: list[tuple[int, int]]) -> Answer:
    """All failing rows, and a mark of the count and the sum of ids of each check."""
    mark = hashlib.sha256(repr(failing).encode()).hexdigest()[:8]
    return {"failing": sum(count for count, _ in failing), "answer": mark}


def _predicate(check: Check) -> str:
    a, b = check.column, check.other
    if check.kind == "between":
        low, high = (f"DATE '{x}'" if isinstance(x, str) else str(x) for x in b)
        return f"{a} BETWEEN {low} AND {high}"
    return {
        "filled": f"{a} IS NOT NULL",
        "among": f"{a} IN ({', '.join(repr(x) for x in b)})" if check.kind == "among" else "",
        "long": f"length({a}) = {b}",
        "least": f"{a} >= {b}",
        "more": f"{a} > {b}",
        "same": f"{a} = {b}",
    }[check.kind]


def dancu(path: str, counts: bool = False) -> Answer:
    """The validate stage with these 20 checks as rules of person level."""
    from dancu.engine.ports import Drop, Sql
    from dancu.engine.validate import findings_only, steps
    from dancu.rules import Rule, Text
    from dancu.store.duckdb import DuckStore

    text = Text("", "")
    rules = [
        Rule(
            id=f"T-{i:02}", slug="", dimension="correct", error_group=2, field=check.column,
            columns=(), level="person", severity="error", weight=1.0, message=text, fix=text, law="",
            since=None, until=None, sql=_predicate(check), examined="", failing="", examples=(),
        )
        for i, check in enumerate(CHECKS)
    ]  # fmt: skip
    with DuckStore(threads=2) as store:
        store.load("given", Path(path))
        # The register's own column that tells who knows a person; the 20 checks do not read it.
        store.create("persons", "SELECT *, ['population'] AS sources FROM given")
        plan = steps(rules, levels=("person",)) if counts else findings_only(rules, level="person")
        for step in plan:
            if isinstance(step, Sql):
                store.create(step.name, step.query)
            elif isinstance(step, Drop):
                for name in step.names:
                    store.drop(name)
        rows = store.fetch("SELECT rule_id, id FROM findings")
        store.put("returned", rows)
        sums = store.fetch(
            "SELECT rule_id, count(*) n, sum(id) s FROM returned GROUP BY 1 ORDER BY 1"
        )
    return _answer([(r["n"], int(r["s"])) for r in sums.to_pylist()])


def great_expectations(path: str) -> Answer:
    """Pandas engine, result format COMPLETE with the id as index column."""
    import great_expectations as gx
    import pyarrow.parquet as pq

    frame = pq.read_table(path).to_pandas(date_as_object=False)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("people").add_dataframe_asset("people")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    suite = gx.ExpectationSuite(
        "checks", expectations=[_expectation(i) for i in range(len(CHECKS))]
    )
    result = batch.validate(
        suite,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["person_id"]},
    )
    failing = {}
    for one in result.results:  # not in the order of the suite
        rows = one.result["unexpected_index_list"]
        number = one.expectation_config.meta["check"]
        failing[number] = (len(rows), int(sum(row["person_id"] for row in rows)))
    return _answer([failing[i] for i in range(len(CHECKS))])


def _expectation(number: int) -> Any:
    made = _bare_expectation(CHECKS[number])
    made.meta = {"check": number}
    return made


def _bare_expectation(check: Check) -> Any:
    import great_expectations.expectations as gxe
    import pandas as pd

    a, b = check.column, check.other
    if check.kind == "filled":
        return gxe.ExpectColumnValuesToNotBeNull(column=a)
    if check.kind == "among":
        return gxe.ExpectColumnValuesToBeInSet(column=a, value_set=b)
    if check.kind == "long":
        return gxe.ExpectColumnValueLengthsToEqual(column=a, value=b)
    if check.kind == "between":
        low, high = (pd.Timestamp(x) if isinstance(x, str) else x for x in b)
        return gxe.ExpectColumnValuesToBeBetween(column=a, min_value=low, max_value=high)
    missing = {"ignore_row_if": "either_value_is_missing"}
    if check.kind == "same":
        return gxe.ExpectColumnPairValuesToBeEqual(column_A=a, column_B=b, **missing)
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=a, column_B=b, or_equal=check.kind == "least", **missing
    )


def pointblank(path: str) -> Answer:
    """Polars, every failing row extracted (the limit of 500 lifted)."""
    import pointblank as pb
    import polars as pl

    plan = pb.Validate(pl.read_parquet(path))
    for check in CHECKS:
        plan = _planned(plan, check)
    done = plan.interrogate(extract_limit=10**9)
    failing = []
    for i in range(1, len(CHECKS) + 1):
        rows = done.get_data_extracts(i=i, frame=True)
        failing.append((rows.height, int(rows["person_id"].sum())))
    return _answer(failing)


def _planned(plan: Any, check: Check) -> Any:
    import datetime as dt

    import pointblank as pb
    import polars as pl

    a, b = check.column, check.other
    if check.kind == "filled":
        return plan.col_vals_not_null(columns=a)
    if check.kind == "among":
        return plan.col_vals_in_set(columns=a, set=[*b, None])
    if check.kind == "long":
        return plan.col_vals_expr(expr=(pl.col(a).str.len_chars() == b).fill_null(True))
    if check.kind == "between":
        low, high = (dt.date.fromisoformat(x) if isinstance(x, str) else x for x in b)
        return plan.col_vals_between(columns=a, left=low, right=high, na_pass=True)
    step = {"least": plan.col_vals_ge, "more": plan.col_vals_gt, "same": plan.col_vals_eq}
    return step[check.kind](columns=a, value=pb.col(b), na_pass=True)


def pandera(path: str) -> Answer:
    """Polars, lazy validation: all failure cases of all checks in one error."""
    import pandera.polars as pa
    import polars as pl
    from pandera.errors import SchemaErrors

    frame = pl.read_parquet(path)
    columns: dict[str, Any] = {}
    for i, check in enumerate(CHECKS):
        if check.kind in ("among", "long", "between"):
            columns.setdefault(check.column, []).append(_pandera_check(check, f"check {i}"))
    required = {c.column: i for i, c in enumerate(CHECKS) if c.kind == "filled"}
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(checks=columns.get(name, []), nullable=name not in required)
            for name in {*columns, *required}
        },
        checks=[
            _pandera_check(c, f"check {i}")
            for i, c in enumerate(CHECKS)
            if c.kind in ("least", "more", "same")
        ],
    )
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as error:
        cases = error.failure_cases
    counted = cases.group_by("column", "check").agg(pl.len(), pl.col("index").cast(pl.Int64).sum())
    found = {(c, k): (n, int(s)) for c, k, n, s in counted.iter_rows()}
    by_name = {k: v for (_, k), v in found.items()}
    return _answer(
        [
            found.get((c.column, "not_nullable"), (0, 0))
            if c.kind == "filled"
            else by_name[f"check {i}"]
            for i, c in enumerate(CHECKS)
        ]
    )


def _pandera_check(check: Check, name: str) -> Any:
    import datetime as dt

    import pandera.polars as pa
    import polars as pl

    a, b = check.column, check.other
    if check.kind == "among":
        return pa.Check.isin(b, error=name)
    if check.kind == "long":
        return pa.Check.str_length(b, b, error=name)
    if check.kind == "between":
        low, high = (dt.date.fromisoformat(x) if isinstance(x, str) else x for x in b)
        return pa.Check.in_range(low, high, error=name)
    left, right = pl.col(a), pl.col(b)
    holds = {"least": left >= right, "more": left > right, "same": left == right}[check.kind]
    return pa.Check(lambda data: data.lazyframe.select(holds.fill_null(True)), error=name)


def main(scale: float = 1.0) -> None:
    """`scale` 1 is every person of the province."""
    bench, rows = Bench("rules", scale), round(PEOPLE * scale)
    what = f"20 checks over {rows:,} rows"
    rivals = (
        ("Great Expectations", "great_expectations", rival_python("gx", GX)),
        ("Pointblank", "pointblank", rival_python("pointblank", POINTBLANK)),
        ("pandera", "pandera", rival_python("pandera", PANDERA)),
    )
    with tempfile.TemporaryDirectory(prefix="bench-rules-") as folder:
        args = {"path": os.path.join(folder, "people.parquet")}
        write_people(args["path"], rows)
        mine = bench.call(dancu, who="dancu", what=what, args=args, repeats=3)
        counted = args | {"counts": True}
        bench.call(dancu, who="dancu, counts by commune too", what=what, args=counted, repeats=3)
        cost = {}
        for who, function, python in rivals:
            row = bench.call_file(
                "bench/rules.py", function, who=who, what=what, args=args, python=python,
                repeats=1 if function == "great_expectations" else 3,
            )  # fmt: skip
            if row.extra != mine.extra:
                raise BenchError(f"{who} answers differently:\n{row.extra}\n{mine.extra}")
            cost[who] = row.cpu_s / mine.cpu_s
    best = min(cost["Great Expectations"], cost["Pointblank"])
    bench.goal("CPU against the better of Great Expectations and Pointblank", goal=20, got=best)
    bench.goal("CPU against pandera", goal=1, got=cost["pandera"])
    bench.finish()
