"""Packed records: the bytes hold all that comparing needs, whatever they lie beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from bench.link import SOURCES, draw

from dancu.engine.link import Epoch, link, preset
from dancu.engine.link.live import weigh
from dancu.engine.link.model import weights
from dancu.engine.link.packed import gather, pack_all, together, unpack
from dancu.engine.link.packer import pack

RECORDS, _ = draw(200, seed=4)
JOB = replace(preset("vietnamese_person"), one_per_source=tuple(SOURCES))


@pytest.fixture(scope="module")
def epoch() -> Epoch:
    found = link(RECORDS, JOB).epoch
    assert found is not None
    return found


def test_gathered_rows_and_rows_put_together_are_the_same_bytes(epoch: Epoch) -> None:
    rows = pack_all(RECORDS, epoch)
    chosen = np.array([5, 0, 5, len(RECORDS) - 1])
    data, at = gather(rows, chosen)
    other, places = together([rows.one(int(k)) for k in chosen])
    assert data.tobytes() == other.tobytes()
    assert at.tolist() == places.tolist()


def test_what_is_read_back_says_the_same(epoch: Epoch) -> None:
    rows = pack_all(RECORDS, epoch)
    built, contents = unpack(rows.data, rows.at, weights(epoch))
    assert len(contents) == len(RECORDS)
    assert int(contents[7]) == int.from_bytes(rows.one(7)[:8], "little")
    both, _ = unpack(*together([rows.one(7), rows.one(7)]), weights(epoch))
    assert (both.codes[0] == both.codes[1]).all()
    assert (both.codes[0] >= 0).tolist() == (built.codes[7] >= 0).tolist()


def test_a_packed_pair_scores_what_it_scores_in_the_batch(epoch: Epoch) -> None:
    pairs = link(RECORDS, JOB, epoch=epoch).pairs
    row = {record["record_id"]: record for record in RECORDS.to_pylist()}
    assert len(pairs) > 50
    for pair in pairs.to_pylist():
        two = together([pack(row[pair[c]], epoch).data for c in ("record_a", "record_b")])
        score, _, _ = weigh(*two, weights(epoch), epoch.floor)
        assert float(score[0]) == pytest.approx(pair["score"], abs=0.0051)


def test_an_empty_record_has_no_key_and_few_bytes(epoch: Epoch) -> None:
    one = pack({}, epoch)
    assert not any(one.keys)
    assert len(one.data) == 8 * (2 + len(JOB.cannot_link)) + len(JOB.comparisons)


def test_records_packed_under_another_epoch_still_share_their_keys(epoch: Epoch) -> None:
    other = link(RECORDS.slice(0, 150), JOB).epoch
    assert other is not None and other.id != epoch.id
    row = RECORDS.to_pylist()[0]
    assert pack(row, other).keys == pack(row, epoch).keys
    assert pack(row, other).data != pack(row, epoch).data


def test_no_record_at_all_is_packed_as_nothing(epoch: Epoch) -> None:
    rows = pack_all(RECORDS.slice(0, 0), epoch)
    assert (len(rows.data), rows.at.tolist(), rows.keys.shape) == (0, [0], (0, len(JOB.keys)))
