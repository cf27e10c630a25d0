"""How good a linkage is, told without the truth, beside the truth that the invented people have."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pyarrow as pa
import pytest
from bench.link import SOURCES, draw
from bench.link_tight import pairwise

from dancu.engine.link import calibration, link, preset, quality

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
    # "At least": what strikes name and number alike is missed by both catches.
    assert told.low <= len(real - ids) <= 4 * told.high


def caught(names: np.ndarray, numbers: np.ndarray) -> pa.Table:
    """Sure pairs as two catches see them: by a key of names, by a key of numbers; those of neither are not there."""
    places = [k.name for k in JOB.keys]
    keys = names * (1 << places.index("name_year")) + numbers * (1 << places.index("personal_number"))  # fmt: skip
    seen = keys[keys > 0].astype(np.int32)
    return pa.table({"keys": seen, "probability": np.ones(len(seen))})


def test_independent_keys_tell_how_many_pairs_both_have_missed() -> None:
    rng, covered = np.random.default_rng(5), 0
    for _ in range(100):
        names, numbers = rng.random(3000) < 0.9, rng.random(3000) < 0.7
        told = quality.unseen_pairs(caught(names, numbers), JOB)
        assert told is not None
        covered += told.low <= (~names & ~numbers).sum() <= told.high
    assert covered >= 90


def test_keys_that_fail_together_tell_too_few_and_never_too_many() -> None:
    rng = np.random.default_rng(6)
    for _ in range(20):
        damaged = rng.random(3000) < 0.1
        names, numbers = (rng.random(3000) < np.where(damaged, 0.4, 0.95) for _ in range(2))
        told = quality.unseen_pairs(caught(names, numbers), JOB)
        assert told is not None
        assert told.value < (~names & ~numbers).sum()


def test_a_clerks_sample_covers_the_truth_as_often_as_it_says() -> None:
    pairs = quality.open_pairs(RESULT.pairs)
    a, b = (pairs[c].to_numpy() - 1 for c in ("record_a", "record_b"))
    same, joined = TRUTH[a] == TRUTH[b], pairs["joined"].to_numpy(zero_copy_only=False)
    right, found = float(same[joined].mean()), float(joined[same].mean())
    precision = recall = 0
    for seed in range(100):
        told = quality.from_sample(quality.judged(RESULT.pairs, sample(seed, 25)))
        precision += told.precision.low <= right <= told.precision.high
        recall += told.recall.low <= found <= told.recall.high
    assert precision >= 93
    assert recall >= 93


BAND = (0.95, 0.999)


@pytest.mark.parametrize(
    ("case", "pairs", "same", "other", "unsure", "low", "high"),
    [
        ("all pairs judged: nothing is left to chance", 40, 38, 2, 0, 0.95, 0.95),
        ("no mistake in thirty of many", 1000, 30, 0, 0, 0.88, 1.0),
        ("one in ten wrong", 100_000, 180, 20, 0, 0.84, 0.94),
        ("all judged but ten unsure: both ways", 40, 30, 0, 10, 0.75, 1.0),
        ("nobody judged: hardly anything is known", 1000, 0, 0, 0, 0.02, 1.0),
    ],
)
def test_what_a_sample_says_of_precision(
    case: str, pairs: int, same: int, other: int, unsure: int, low: float, high: float
) -> None:
    one = quality.Stratum(BAND, True, pairs, 0.97, same + other, same, unsure)
    told = quality.from_sample([one]).precision
    assert told.low == pytest.approx(low, abs=0.015), case
    assert told.high == pytest.approx(high, abs=0.015), case


def test_the_share_of_a_band_has_an_interval_even_without_a_mistake() -> None:
    band = quality.Stratum(BAND, True, 500, 0.98, judged=30, same=30).share()
    assert band is not None
    assert (round(band.low, 3), band.high) == (0.886, 1.0)
    assert quality.Stratum(BAND, True, 500, 0.98).share() is None


def test_the_picture_shows_each_band_that_was_judged() -> None:
    strata = quality.judged(RESULT.pairs, sample(1, 25))
    drawn = ElementTree.fromstring(calibration.plot(strata).decode())
    told = [g[0].text or "" for g in drawn.iter("{http://www.w3.org/2000/svg}g")]
    assert len(told) == len(strata)
    assert any(t.startswith("0,999–1, đã ghép: mô hình ") and "cán bộ 25/25" in t for t in told)


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
