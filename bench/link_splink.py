"""The rival of the linking bench: Splink 5 on DuckDB, in an environment of its own, with nothing of dancu.

Input is a parquet file that `bench.link_tight` has prepared outside of the clock: cleaned columns, names also without
marks, and each blocking key as a column of hashes (null for none), so that both tools compare the same pairs.
Settings as its documentation advises: term frequencies for names, dates and communes, Jaro-Winkler and
Damerau-Levenshtein levels, u from random pairs, m by expectation maximisation over two blockings.
"""

from __future__ import annotations

import functools
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

U_PAIRS = 2e6
LOWEST_WEIGHT = -6.0


def settings(keys: list[str], between: bool) -> Any:
    """The whole model; `keys` are the columns of hashes; `between`: only records of two registers are compared."""
    from splink import SettingsCreator, block_on  # type: ignore[import-not-found]

    return SettingsCreator(
        link_type="link_only" if between else "dedupe_only",
        unique_id_column_name="record_id",
        source_dataset_column_name="source",
        retain_matching_columns=False,
        blocking_rules_to_generate_predictions=[block_on(key) for key in keys],
        comparisons=[
            *(_number(name) for name in ("personal_number", "old_number", "bhxh_number")),
            _name(), _birth(), *_plain(), _parent("father_name"), _parent("mother_name"),
        ],
    )  # fmt: skip


def _number(column: str) -> Any:
    import splink.comparison_library as cl  # type: ignore[import-not-found]

    return cl.DamerauLevenshteinAtThresholds(column, 1)


def _plain() -> list[Any]:
    import splink.comparison_library as cl

    frequent = ("unit_code", "ethnic")
    plain = ("sex", "household_number", "phone")
    return [
        *(cl.ExactMatch(c).configure(term_frequency_adjustments=True) for c in frequent),
        *(cl.ExactMatch(c) for c in plain),
    ]


def _parent(column: str) -> Any:
    import splink.comparison_library as cl

    return cl.JaroWinklerAtThresholds(column, [0.95, 0.88]).configure(
        term_frequency_adjustments=True
    )


def _name() -> Any:
    import splink.comparison_level_library as ll  # type: ignore[import-not-found]
    import splink.comparison_library as cl

    return cl.CustomComparison(
        output_column_name="name",
        comparison_levels=[
            ll.NullLevel("name"),
            ll.ExactMatchLevel("name", term_frequency_adjustments=True),
            ll.ExactMatchLevel("name_bare", term_frequency_adjustments=True),
            ll.ExactMatchLevel("name_sorted", term_frequency_adjustments=True),
            ll.JaroWinklerLevel("name_bare", 0.96),
            ll.And(ll.ExactMatchLevel("surname"), ll.ExactMatchLevel("given")).configure(
                tf_adjustment_column="given"
            ),
            ll.JaroWinklerLevel("name_bare", 0.88),
            ll.ExactMatchLevel("given", term_frequency_adjustments=True),
            ll.ElseLevel(),
        ],
    )


def _birth() -> Any:
    import splink.comparison_level_library as ll
    import splink.comparison_library as cl

    same = {part: f"birth_{part}_l = birth_{part}_r" for part in ("year", "month", "day")}
    two = [f"({same[a]} AND {same[b]})" for a, b in (("year", "month"), ("year", "day"), ("month", "day"))]  # fmt: skip
    return cl.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            ll.NullLevel("birth_year"),
            ll.ExactMatchLevel("dob", term_frequency_adjustments=True),
            ll.CustomLevel(f"{same['year']} AND (dob_l IS NULL OR dob_r IS NULL)", "year only"),
            ll.CustomLevel(
                f"{same['year']} AND birth_month_l = birth_day_r AND birth_day_l = birth_month_r",
                "swapped",
            ),
            ll.CustomLevel(" OR ".join(two), "two parts"),
            ll.CustomLevel(same["year"], "year"),
            ll.ElseLevel(),
        ],
    )


class _Job:
    """A model trained on the records of `file`; `sources`: one table a register, compared only between them."""

    def __init__(self, file: str, keys: list[str], limit_s: float, sources: list[str]) -> None:
        import duckdb
        from splink import DuckDBAPI, Linker

        self.started = self._last = time.perf_counter()
        self.seconds: dict[str, float] = {}
        self.con = duckdb.connect()
        self._limit = threading.Timer(limit_s, self.con.interrupt)
        self._limit.daemon = True
        self._limit.start()
        self.con.execute(f"CREATE TABLE records AS FROM '{file}'")
        for name in sources:
            self.con.execute(f"CREATE TABLE {name} AS FROM records WHERE source = '{name}'")
        api = DuckDBAPI(self.con)
        tables = [api.register(name) for name in sources or ["records"]]
        self.linker = Linker(
            tables if sources else tables[0], settings(keys, bool(sources)), log_level=None
        )
        self.clock("read")
        self._train()
        self.clock("train")

    def clock(self, name: str) -> None:
        """Notes the seconds since the last call."""
        now = time.perf_counter()
        self.seconds[f"{name}_s"] = round(now - self._last, 2)
        self._last = now

    def _train(self) -> None:
        from splink import block_on

        train = self.linker.training
        train.estimate_probability_two_random_records_match(
            [block_on("personal_number"), block_on("name_bare", "dob", "unit_code")], recall=0.85
        )
        train.estimate_u_using_random_sampling(max_pairs=U_PAIRS, seed=7)
        for rule in (block_on("personal_number"), block_on("name_bare", "dob")):
            train.estimate_parameters_using_expectation_maximisation(rule)

    def save(self, select: str, path: Path) -> None:
        """Writes a query as parquet."""
        self.con.execute(f"COPY ({select}) TO '{path}' (FORMAT parquet)")

    def told(self) -> dict[str, Any]:
        """Seconds by step and in all, without reading and writing."""
        self._limit.cancel()
        steps = {name: s for name, s in self.seconds.items() if name not in ("read_s", "write_s")}
        return {**steps, "link_s": round(sum(steps.values()), 2)}


def _within_limits(function: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    """What runs out of time or memory says so in its row instead of ending the bench."""

    @functools.wraps(function)
    def limited(**given: Any) -> dict[str, Any]:
        from splink.internals.exceptions import SplinkException  # type: ignore[import-not-found]

        try:
            return function(**given)
        except SplinkException as error:
            words = str(error).lower()
            if "interrupt" in words:
                return {"note": f"not finished in {given['limit_s']:g} s"}
            if "memory" in words:
                return {"note": "out of memory"}
            raise

    return limited


@_within_limits
def edges(*, file: str, keys: list[str], folder: str, limit_s: float) -> dict[str, Any]:
    """Train and compare; writes every scored pair to `folder`, to look for its best threshold."""
    job = _Job(file, keys, limit_s, [])
    table = job.linker.inference.predict(threshold_match_weight=LOWEST_WEIGHT).physical_name
    job.clock("compare")
    found = f"SELECT record_id_l a, record_id_r b, match_weight w FROM {table}"
    job.save(found, Path(folder, "edges.parquet"))
    return {**job.told(), "compared": _compared(job.con, keys)}


def _compared(con: Any, keys: list[str]) -> int:
    """Distinct pairs that the keys yield, counted outside of the clock."""
    total = 0
    for place, key in enumerate(keys):
        seen = "".join(f" AND (l.{k} = r.{k}) IS NOT TRUE" for k in keys[:place])
        (count,) = con.execute(
            f"SELECT count(*) FROM records l JOIN records r ON l.{key} = r.{key}"
            f" AND l.record_id < r.record_id{seen}"
        ).fetchone()
        total += count
    return total


@_within_limits
def whole(
    *, file: str, keys: list[str], folder: str, limit_s: float, weight: float
) -> dict[str, Any]:
    """The whole job: train, compare, connected components from `weight` bits on, written to `folder`."""
    job = _Job(file, keys, limit_s, [])
    found = job.linker.inference.predict(threshold_match_weight=weight)
    job.clock("compare")
    people = job.linker.clustering.cluster_pairwise_predictions_at_threshold(
        found, threshold_match_weight=weight
    )
    job.clock("cluster")
    made = f"SELECT record_id, cluster_id FROM {people.physical_name}"
    job.save(made, Path(folder, "clusters.parquet"))
    return job.told()


@_within_limits
def one_per_source(
    *, file: str, keys: list[str], folder: str, limit_s: float, weights: list[float],
    sources: list[str],
) -> dict[str, Any]:  # fmt: skip
    """The whole job with at most one record of each register in a cluster, by `cluster_using_single_best_links`.

    Its documented way: link_only over one table a register. Clusters at each of `weights`, the costliest (lowest) last.
    """
    job = _Job(file, keys, limit_s, sources)
    found = job.linker.inference.predict(threshold_match_weight=min(weights))
    job.clock("compare")
    for place, weight in enumerate(weights):
        people = job.linker.clustering.cluster_using_single_best_links(
            found, duplicate_free_datasets=sources, threshold_match_weight=weight
        )
        job.clock(f"cluster {place}")
        made = f"SELECT record_id, cluster_id FROM {people.physical_name}"
        job.save(made, Path(folder, f"one_{place}.parquet"))
        job.clock("write")
    return job.told()
