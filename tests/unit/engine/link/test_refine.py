"""Clerks' judgements move the weights where there are enough of them, and do no harm where the weights are right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import yaml
from bench.link import SOURCES, draw
from bench.link_tight import pairwise

from dancu.engine.link import LinkSettings, link, preset, read_settings, refine, review

RECORDS, TRUTH = draw(8_000, seed=6)
GOOD = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES))


def spoiled() -> LinkSettings:
    """As if names and birth dates changed from list to list as often as not; nothing is learnt, nothing forbidden."""
    wrong = {
        "full_name": dict.fromkeys(
            ("given_differs", "given_only", "one_syllable", "different"), 0.2
        ),
        "birth_date": dict.fromkeys(("two_parts", "same_year", "different"), 0.2),
    }
    comparisons = tuple(replace(c, m={**c.m, **wrong.get(c.name, {})}) for c in GOOD.comparisons)
    loose = replace(GOOD, one_per_source=(), cannot_link=(), matches_per_record=200.0)
    return replace(loose, comparisons=comparisons, learn=False)


def answers(settings: LinkSettings, size: int) -> tuple[object, dict[tuple[int, int], bool]]:
    """The linkage, and a sample of it judged without a mistake."""
    result = link(RECORDS, settings)
    sample = review.draw(result.pairs, size=size, seed=3).to_pylist()
    pairs = [(p["record_a"], p["record_b"]) for p in sample]
    return result, {(a, b): bool(TRUTH[a - 1] == TRUTH[b - 1]) for a, b in pairs}


def f1(settings: LinkSettings) -> float:
    people = link(RECORDS, settings).links.column("person_id").to_numpy()
    return pairwise(TRUTH, people)["f1"]


@pytest.mark.parametrize("size", [0, 60])
def test_too_few_answers_change_nothing_and_say_so(size: int) -> None:
    result, said = answers(GOOD, 60)
    few = dict(list(said.items())[:size])
    found = refine.refine(result.pairs, few, result.epoch)  # type: ignore[attr-defined]
    assert not found.used
    assert found.settings == result.epoch.settings  # type: ignore[attr-defined]
    assert "cần 200 cặp" in found.why


def test_spoiled_weights_are_mended() -> None:
    result, said = answers(spoiled(), 800)
    found = refine.refine(result.pairs, said, result.epoch)  # type: ignore[attr-defined]
    assert found.used, found.why
    before, after = f1(spoiled()), f1(replace(spoiled(), adjust=found.settings.adjust))
    assert after > before + 0.003, (before, after)


def test_good_weights_are_not_made_worse() -> None:
    result, said = answers(GOOD, 3000)
    found = refine.refine(result.pairs, said, result.epoch)  # type: ignore[attr-defined]
    assert len(said) - sum(said.values()) > refine.LEAST_OF_EACH
    assert f1(replace(GOOD, adjust=found.settings.adjust)) >= f1(GOOD) - 0.001, found.why


def test_refined_settings_are_a_settings_file() -> None:
    plain = refine.as_yaml(replace(GOOD, adjust={"sex": {"different": -1.5}}))
    assert read_settings(yaml.safe_load(plain)).adjust == {"sex": {"different": -1.5}}


def test_no_level_is_moved_further_than_allowed() -> None:
    seen = np.eye(2)[[0] * 400 + [1] * 400]
    same = np.array([1.0] * 400 + [0.0] * 400)
    bits = refine._fitted(refine._Data(seen, same, np.where(same > 0, -9.0, 9.0), np.ones(800)))
    assert np.abs(bits).max() <= refine.MOST
    assert bits[0] > 0 > bits[1]
