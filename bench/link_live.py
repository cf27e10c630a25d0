"""One record at a time: found among all, put in, changed and taken out, in memory and in PostgreSQL, beside batch.

``--scale 1`` is 2,034,961 people in about 3.11 million records (`bench.link_people`). Some records are held out of
the register and looked for; then they are put in, others are changed or taken out, and every label is compared with
one batch over the final records under the same epoch. Times are of one thread in Python, from the plain record to
the matches. PostgreSQL's own CPU and memory are not in the figures (a server is no child); it has its default
settings and no fsync. Beside its times stand those of a select by primary key on the same connection in the same
run, since an absolute time on a shared machine says little.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from bench.harness import Bench
from bench.link_people import PEOPLE

HELD, CHANGED, WARM, PLACED = 3_000, 500, 500, 1_000
"""Records: held out; changed, and as many taken out; found before any is timed; put in and taken out for recall."""


class Register(Protocol):
    """An index: in memory or in PostgreSQL."""

    def find(self, record: Any) -> list[Any]: ...
    def insert(self, record_id: int, record: Any) -> int: ...
    def update(self, record_id: int, record: Any) -> int: ...
    def delete(self, record_id: int) -> None: ...
    def label(self, record_id: int) -> int: ...
    def labels(self) -> dict[int, int]: ...


class Case(NamedTuple):
    """All records, the epoch learnt from them with batch's labels, and which rows are held out, changed, taken out."""

    records: pa.Table
    truth: npt.NDArray[np.int64]
    epoch: Any
    batch: npt.NDArray[np.int64]
    held: npt.NDArray[np.int64]
    changed: npt.NDArray[np.int64]
    gone: npt.NDArray[np.int64]

    def known(self) -> pa.Table:
        """The records that are not held out."""
        mask = np.ones(len(self.records), bool)
        mask[self.held] = False
        return self.records.filter(pa.array(mask))


def case(scale: float) -> Case:
    """The records of one scale, whose epoch is learnt by a batch over all of them."""
    from bench.link_flaws import REGISTERS, draw
    from dancu.engine.link import link, preset

    records, truth = draw(round(PEOPLE * scale))
    settings = replace(preset("vietnamese_person"), one_per_source=tuple(REGISTERS))
    made = link(records, settings)
    rng = np.random.default_rng(17)
    size = min(HELD, len(records) // 10)
    few = min(CHANGED, size)
    rows = rng.permutation(len(records))[: size + 2 * few]
    labels = made.links.column("person_id").to_numpy()
    return Case(
        records, truth, made.epoch, labels, rows[:size], rows[size : size + few], rows[size + few :]
    )


def timed(work: Callable[[Any], Any], given: Iterable[Any]) -> npt.NDArray[np.float64]:
    """Milliseconds of each call, [calls, 2]: by the clock, and of this thread's own processor time."""
    spent = []
    for one in given:
        start, own = time.perf_counter(), time.thread_time()
        work(one)
        spent.append((time.perf_counter() - start, time.thread_time() - own))
    return np.array(spent) * 1e3


def quantiles(what: str, spent: npt.NDArray[np.float64]) -> dict[str, float]:
    """`what`_p50_ms and `what`_p99_ms by the clock, `what`_cpu_p99_ms without the waiting for other processes."""
    found = {f"{what}_p{q}_ms": round(float(np.quantile(spent[:, 0], q / 100)), 4) for q in (50, 99)}  # fmt: skip
    return found | {f"{what}_cpu_p99_ms": round(float(np.quantile(spent[:, 1], 0.99)), 4)}


def finding(register: Register, data: Case) -> dict[str, Any]:
    """How long finding takes, and how often the match that one would take is the right person, beside batch."""
    rows = data.records.take(pa.array(data.held)).to_pylist()
    for row in rows[:WARM]:
        register.find(row)
    asked = rows[WARM:]
    found = quantiles("find", timed(register.find, asked))
    return found | recall(register, data, rows)


def recall(register: Register, data: Case, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Of the held-out records whose person has another one in the register: how many find that person."""
    # Two decisions: the likeliest match alone; and the person that the record gets when it is put in.
    held = set(data.held.tolist())
    here = np.array([r not in held for r in range(len(data.records))])
    ids = data.records.column("record_id").to_numpy()
    person = dict(zip(ids.tolist(), data.truth.tolist(), strict=True))
    mates: dict[int, list[int]] = {}
    for one, who in zip(ids[here].tolist(), data.truth[here].tolist(), strict=True):
        mates.setdefault(who, []).append(one)
    # Batch: some record of the register that is truly this person has the same label.
    joined = set(zip(data.batch[here].tolist(), data.truth[here].tolist(), strict=True))
    single = placed = batch = asked = 0
    for place, row in zip(data.held.tolist(), rows, strict=True):
        who = int(data.truth[place])
        if who not in mates or asked == PLACED:
            continue
        asked += 1
        batch += (int(data.batch[place]), who) in joined
        sure = (m for m in register.find(row) if not m.conflict)
        best = next(sure, None)
        certain = best is not None and best.probability >= data.epoch.settings.threshold
        single += bool(certain and best and person[best.record_id] == who)
        label = register.insert(row["record_id"], row)
        placed += any(register.label(mate) == label for mate in mates[who])
        register.delete(row["record_id"])
    told = {"recall": placed, "recall_of_best_match": single, "batch_recall": batch}
    return {what: round(count / asked, 5) for what, count in told.items()}


def changing(register: Register, data: Case) -> dict[str, Any]:
    """How many records a second go in, are changed and taken out; then the labels that differ from batch's."""
    ids = data.records.column("record_id").to_numpy()
    rows = {int(ids[r]): row for r, row in zip(data.held.tolist(), _rows(data, data.held), strict=True)}  # fmt: skip
    # What a changed record now says: what another held-out record says, which so has a double.
    others = _rows(data, data.held[: len(data.changed)])
    edits = {int(ids[r]): row for r, row in zip(data.changed.tolist(), others, strict=True)}
    gone = [int(ids[r]) for r in data.gone.tolist()]
    spent = {
        "inserts": timed(lambda i: register.insert(i, rows[i]), rows),
        "updates": timed(lambda i: register.update(i, edits[i]), edits),
        "deletes": timed(register.delete, gone),
    }
    rates = {f"{what}_a_s": round(1e3 * len(t) / float(t[:, 0].sum())) for what, t in spent.items()}
    return rates | {"labels_differ": _differ(register.labels(), data, edits, gone)}


def _rows(data: Case, places: npt.NDArray[np.int64]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = data.records.take(pa.array(places)).to_pylist()
    return rows


def _differ(
    labels: dict[int, int], data: Case, edits: dict[int, dict[str, Any]], gone: list[int]
) -> int:
    """Records whose label is not that of a batch over the final records under the same epoch."""
    from dancu.engine.link import link

    ids = data.records.column("record_id").to_numpy()
    kept = data.records.filter(pa.array(~np.isin(ids, np.array([*gone, *edits]))))
    anew = [row | {"record_id": i} for i, row in edits.items()]
    final = pa.concat_tables([kept, pa.Table.from_pylist(anew, schema=data.records.schema)])
    links = link(final, data.epoch.settings, epoch=data.epoch).links
    wanted = dict(
        zip(*(links.column(c).to_pylist() for c in ("record_id", "person_id")), strict=True)
    )
    if wanted.keys() != labels.keys():
        raise RuntimeError("the index does not hold the records that it should")
    return sum(labels[i] != person for i, person in wanted.items())


def memory(scale: float) -> dict[str, Any]:
    """The index in memory."""
    from dancu.engine.link.live import Index

    data = case(scale)
    start = time.perf_counter()
    index = Index.of(data.known(), data.epoch)
    made = {"records": len(data.records), "load_s": round(time.perf_counter() - start, 2)}
    return made | finding(index, data) | changing(index, data)


def database(scale: float) -> dict[str, Any]:
    """The index in a PostgreSQL of its own."""
    from dancu.store import supervisor
    from dancu.store.link_index import LinkIndex

    data = case(scale)
    with (
        supervisor.temporary() as server,
        closing(LinkIndex.open(server.dsn, data.epoch)) as index,
    ):
        start = time.perf_counter()
        index.load(data.known())
        made = {"records": len(data.records), "load_s": round(time.perf_counter() - start, 2)}
        ids = data.known().column("record_id").to_numpy()
        some = np.random.default_rng(3).choice(ids, 6_000).tolist()
        timed(index.label, some[:WARM])
        made |= finding(index, data) | quantiles("select", timed(index.label, some[WARM:]))
        return made | changing(index, data)


def main(scale: float = 0.1) -> None:
    bench = Bench("link_live", scale)
    for who, function, most in (("in memory", memory, 1.0), ("PostgreSQL", database, 5.0)):
        row = bench.call(function, who=who, what="one record at a time", args={"scale": scale})
        told = row.extra
        print(who, dict(told))
        bench.goal(f"{who}: find, p99 in ms", goal=most, got=told["find_p99_ms"], at_most=True)
        lost = 100 * (told["batch_recall"] - told["recall"])
        bench.goal(f"{who}: recall, points below batch", goal=0.2, got=lost, at_most=True)
        bench.goal(
            f"{who}: labels different from batch", goal=0, got=told["labels_differ"], at_most=True
        )
    bench.finish()
