"""The partition is a function of what the records say: no order and no numbering of them changes it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from bench.link import SOURCES, draw, pairwise
from hypothesis import given, settings
from hypothesis import strategies as st

from dancu.engine.link import components, link, preset

PEOPLE = 700
RECORDS, TRUTH = draw(PEOPLE, seed=11)
JOB = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES), population=2_000_000)


def partition(records: pa.Table) -> frozenset[frozenset[int]]:
    """Clusters of the invented records, told by their first numbering."""
    first = records.column("first").to_pylist()
    people = link(records, JOB).links.column("person_id").to_pylist()
    clusters: dict[int, set[int]] = {}
    for number, person in zip(first, people, strict=True):
        clusters.setdefault(person, set()).add(number)
    return frozenset(frozenset(c) for c in clusters.values())


KEPT = RECORDS.append_column("first", RECORDS.column("record_id"))
EXPECTED = partition(KEPT)


@settings(max_examples=8, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1))
def test_shuffled_and_renumbered_records_make_the_same_people(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shuffled = KEPT.take(pa.array(rng.permutation(len(KEPT))))
    ids = pa.array(rng.permutation(len(KEPT)) + 1)
    place = shuffled.schema.get_field_index("record_id")
    assert partition(shuffled.set_column(place, "record_id", ids)) == EXPECTED


def test_the_invented_people_are_found() -> None:
    result = link(RECORDS, JOB)
    figures = pairwise(TRUTH, result.links.column("person_id").to_numpy())
    assert figures["precision"] >= 0.999
    assert figures["recall"] >= 0.95
    assert result.report["largest_cluster"] <= len(SOURCES)


def test_no_cluster_breaks_a_constraint() -> None:
    result = link(RECORDS, JOB)
    joined = RECORDS.append_column("person", result.links.column("person_id"))
    counted = joined.group_by(["person", "source"]).aggregate([("record_id", "count")])
    assert max(counted.column("record_id_count").to_pylist()) == 1


def test_links_follow_from_the_joined_pairs() -> None:
    result = link(RECORDS, JOB)
    again = components(RECORDS, result.pairs.filter(result.pairs.column("joined")))
    wanted = dict(
        zip(*(result.links.column(c).to_pylist() for c in ("record_id", "person_id")), strict=True)
    )
    assert (
        dict(zip(*(again.column(c).to_pylist() for c in ("record_id", "person_id")), strict=True))
        == wanted
    )
