"""How good a linkage is, told without the truth, beside the truth that the invented people have."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bench.link import SOURCES, draw
from bench.link_tight import pairwise

from dancu.engine.link import link, preset, quality

RECORDS, TRUTH = draw(6_000, seed=4)
JOB = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES))
RESULT = link(RECORDS, JOB)
KNOWN = pairwise(TRUTH, RESULT.links.column("person_id").to_numpy())


def sample(seed: int, each: int) -> dict[tuple[int, int], bool]:
    """`each` pairs of every stratum, judged without a mistake."""
    pairs = quality.open_pairs(RESULT.pairs)
    chance = pairs["probability"].to_numpy()
    place = quality.stratum_of(chance, pairs["joined"].to_numpy(zero_copy_only=False))
    a, b = (pairs[c].to_numpy() for c in ("record_a", "record_b"))
    rng, said = np.random.default_rng(seed), {}
    for number in np.unique(place):
        here = np.flatnonzero(place == number)
        for k in rng.choice(here, min(each, len(here)), replace=False):
            said[int(a[k]), int(b[k])] = bool(TRUTH[a[k] - 1] == TRUTH[b[k] - 1])
    return said


def test_the_models_own_estimate_is_near_the_truth() -> None:
    told = quality.from_model(RESULT.pairs, JOB)
    assert told.precision.value == pytest.approx(KNOWN["precision"], abs=0.005)
    assert told.recall.value == pytest.approx(KNOWN["recall"], abs=0.015)
    assert told.precision.low <= told.precision.value <= told.precision.high


def test_pairs_that_no_key_brought_together_are_estimated_in_their_order_of_size() -> None:
    ids = {(p["record_a"], p["record_b"]) for p in RESULT.pairs.to_pylist()}
    order = np.argsort(TRUTH, kind="stable")
    runs = np.split(order, np.flatnonzero(np.diff(TRUTH[order])) + 1)
    real = {(int(min(x, y)) + 1, int(max(x, y)) + 1) for r in runs for x in r for y in r if x < y}
    told = quality.unseen_pairs(quality.open_pairs(RESULT.pairs), JOB)
    assert told is not None
    assert told.low <= len(real - ids) <= 20 * told.high


def test_a_clerks_sample_covers_the_truth_as_often_as_it_says() -> None:
    pairs = quality.open_pairs(RESULT.pairs)
    joined = pairs.filter(pairs["joined"])
    a, b = (joined[c].to_numpy() - 1 for c in ("record_a", "record_b"))
    right = float((TRUTH[a] == TRUTH[b]).mean())
    covered = 0
    for seed in range(40):
        told = quality.from_sample(quality.judged(RESULT.pairs, sample(seed, 25)))
        covered += told.precision.low <= right <= told.precision.high
    assert covered >= 36


def test_a_sample_without_a_mistake_is_not_certain() -> None:
    one = [quality.Stratum((0.999, 1.0), True, 1000, 0.9999, judged=30, same=30)]
    told = quality.from_sample(one).precision
    assert (told.value, told.high) == (1.0, 1.0)
    assert 0.88 < told.low < 0.99


def test_keys_that_share_a_column_are_one_catch() -> None:
    every = np.full(10, (1 << len(JOB.keys)) - 1, np.int32)
    first, second = quality._catches(JOB, every)
    names = [k.name for k in JOB.keys]
    assert first >> names.index("name_year") & 1 and first >> names.index("commune_date") & 1
    assert second >> names.index("personal_number") & 1
    assert not first & second


def test_one_catch_alone_tells_nothing_of_what_it_missed() -> None:
    only = replace(JOB, keys=JOB.keys[:1])
    assert quality.unseen_pairs(RESULT.pairs, only) is None
