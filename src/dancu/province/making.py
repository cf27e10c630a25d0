"""The order of making: world, drafts, flaws, files, truth; one list in memory at a time."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.province import events, lists, registers, structural, truth, world
from dancu.province.cells import Cells
from dancu.province.families import Bools, Ints
from dancu.province.flaws import Log, plant
from dancu.province.kinds import FLAWS
from dancu.province.lists import Draft, day_of
from dancu.province.offices import Cabinet, file_away
from dancu.province.world import World

PEOPLE = 2_034_961
Progress = Callable[[float, str], None]
_BOOK_ROWS = 22_000  # the workbook of communes holds at most so many rows
_SON_DONG = 6


@dataclass(frozen=True)
class Summary:
    """What was made, for printing."""

    people: int
    households: int
    records: dict[str, int]
    files: int
    planted: dict[int, int]
    folder: Path

    @property
    def total(self) -> int:
        """All records of all sources."""
        return sum(self.records.values())

    def as_dict(self) -> dict[str, Any]:
        """Plain data for machines."""
        return {
            "people": self.people,
            "households": self.households,
            "records": self.records,
            "records_total": self.total,
            "files": self.files,
            "planted": {str(group): count for group, count in self.planted.items()},
            "lists": str(self.folder / "lists"),
            "truth": str(self.folder / "truth"),
        }

    def as_text(self) -> str:
        """A few lines for a person to read."""
        lines = [
            f"{self.people:,} người (people), {self.households:,} hộ (households)",
            f"{self.total:,} bản ghi (records) trong {self.files} tệp (files): {self.folder / 'lists'}",
            *(f"  {source:<18}{count:>11,}" for source, count in self.records.items()),
            f"Lỗi cài sẵn theo 8 nhóm (planted flaws by error group): {self.folder / 'truth'}",
            *(f"  {group}{count:>28,}" for group, count in self.planted.items()),
        ]
        return "\n".join(lines)


def make(
    scale: float, seed: int, out: Path, on: date = date(2024, 6, 21),
    progress: Progress = lambda _share, _what: None,
) -> Summary:  # fmt: skip
    """Make an invented province in `out`: `lists/` as offices send them, `truth/` kept apart.

    `scale` 1 is 2,034,961 people; the same scale, seed and day give the same bytes. What an earlier
    call left in `out/lists` and `out/truth` is replaced. `progress(share done, what)` is called
    after each list. ValueError when the scale makes fewer than 200 people or more than 5 million.
    """
    people = round(scale * PEOPLE)
    if not 200 <= people <= 5_000_000:
        raise ValueError(
            f"Quy mô {scale:g} cho {people} người; hãy chọn quy mô từ 0.0001 đến 2.4. "
            f"(scale {scale:g} makes {people} people; choose 0.0001 to 2.4)"
        )
    for name in ("lists", "truth"):
        shutil.rmtree(out / name, ignore_errors=True)
    progress(0.0, "people")
    everybody = world.make(people, seed, on)
    cabinet = Cabinet(out / "lists")
    for number, (draft, log) in enumerate(drafts(everybody, seed)):
        progress(0.1 + 0.05 * number, draft.name)
        file_away(cabinet, draft, log)
        cabinet.drafts[-1] = (replace(draft, cells={}), *cabinet.drafts[-1][1:])
    progress(0.92, "truth")
    planted = truth.write(out / "truth", everybody, cabinet)
    _readme(out, scale, seed, on)
    progress(1.0, "done")
    counted: Counter[str] = Counter()
    for draft, _, _ in cabinet.drafts:
        counted[draft.source] += len(draft)
    return Summary(
        people, everybody.family.households, dict(counted), len(cabinet.files), planted, out
    )


def drafts(everybody: World, seed: int) -> Iterator[tuple[Draft, Log]]:
    """Every list with its flaws, one after the other."""
    yield from _population(everybody, np.random.default_rng([seed, 2]))
    may = lists.eligible(everybody)
    for number, (source, build) in enumerate(registers.BUILDERS.items()):
        rng = np.random.default_rng([seed, 3, number])
        people = lists.chosen(rng, everybody, source, may[source])
        extra = (
            structural.stale(everybody, source, rng)
            if structural.rate("dead_listed", source)
            else people[:0]
        )
        people = np.concatenate([people, extra[: len(people) // 20]])
        people = people[np.lexsort((people, everybody.unit[people]))]
        people = structural.twice(everybody, source, people, rng)
        yield _damaged(everybody, build(everybody, people), rng)
    makers = (events.births, events.deaths, events.marriages, events.moves)
    for number, maker in enumerate(makers):
        yield _damaged(everybody, maker(everybody), np.random.default_rng([seed, 4, number]))


def _damaged(everybody: World, draft: Draft, rng: np.random.Generator) -> tuple[Draft, Log]:
    log = Log()
    structural.note(everybody, draft, log)
    draft = structural.differ(draft, rng)
    return plant(everybody, draft, log, rng, FLAWS), log


def _population(everybody: World, rng: np.random.Generator) -> Iterator[tuple[Draft, Log]]:
    """The commune police's list: ten districts, a workbook of communes, and QCVN 109 messages."""
    listed = np.flatnonzero(everybody.listed(day_of(everybody, "population"))).astype(np.int32)
    told = _told_by_message(everybody, listed)
    people = np.concatenate(
        [np.setdiff1d(listed, told), structural.stale(everybody, "population", rng)]
    )
    people = people[np.lexsort((people, everybody.unit[people]))].astype(np.int32)
    people = structural.twice(everybody, "population", people, rng)
    draft, log = _damaged(everybody, lists.population(everybody, people), rng)
    book = _in_book(everybody, draft)
    yield _only(draft, log, np.flatnonzero(~book), "population")
    local, kept = _only(draft, log, np.flatnonzero(book), "communes")
    yield replace(local, part=everybody.unit[local.people]), kept
    yield _messages(everybody, told), _not_in_messages(len(told))


def _in_book(everybody: World, draft: Draft) -> Bools:
    """Rows of a few communes of Sơn Động, as many as a workbook bears."""
    unit = everybody.unit[draft.people]
    sizes = np.bincount(unit[draft.split == _SON_DONG], minlength=209)
    order = [u for u in np.argsort(sizes, kind="stable") if sizes[u]]
    fits = np.cumsum(sizes[order]) <= _BOOK_ROWS
    chosen = [u for u, ok in zip(order, fits, strict=True) if ok][:3]
    return np.isin(unit, chosen)


def _only(draft: Draft, log: Log, rows: npt.NDArray[np.int64], name: str) -> tuple[Draft, Log]:
    """Some rows of a draft, and the log of them."""
    place = np.full(len(draft), -1, dtype=np.int32)
    place[rows] = np.arange(len(rows))
    kept = Log()
    for at, kind, about, group, role in log.groups():
        new = place[at]
        kept.note(new[new >= 0], kind, about, group, role)
    cells = {role: column.take(pa.array(rows)) for role, column in draft.cells.items()}
    return Draft(draft.source, name, draft.day, draft.people[rows], cells, draft.split[rows]), kept


def _told_by_message(everybody: World, listed: Ints) -> Ints:
    """Persons living alone who are told by message only: one in 8000, four at least."""
    size = np.bincount(everybody.family.household[listed], minlength=everybody.family.households)
    alone = listed[size[everybody.family.household[listed]] == 1]
    return np.asarray(
        alone[:: max(1, len(alone) * 8000 // (len(listed) + 1))][: max(4, len(listed) // 8000)]
    )


def _messages(everybody: World, people: Ints) -> Draft:
    c = Cells(everybody, people, day_of(everybody, "population"))
    cells = {
        "personal_number": c.number(),
        "full_name": c.name(),
        "birth_date": c.birth(),
        "sex": c.sex(),
        "ethnic": c.ethnic(),
        "nationality": pa.repeat("VN", len(c)),
        "address": c.address(),
        "commune_code": c.commune_code(),
        "household_number": c.household(),
    }
    split = (np.arange(len(people)) % 2).astype(np.int32)
    return Draft("population", "messages", c.on, people, cells, split)


def _not_in_messages(count: int) -> Log:
    """What the population list promises and a message does not say (the nested ones least)."""
    log, rows = Log(), np.arange(count, dtype=np.int32)
    for about in ("life_status", "relation_to_head"):
        log.note(rows, "not_in_message", about, 1, "noise")
    log.note(rows[::2], "not_in_message", "household_number", 1, "noise")
    return log


def _readme(out: Path, scale: float, seed: int, on: date) -> None:
    text = f"""# Một tỉnh giả định – an invented province

Không ai trong thư mục này có thật. Nobody in this folder is real: names are drawn from counts of
name parts, personal numbers are 900 + the province code (924… for Bắc Giang), which no living
person has. Never mix these files with real ones.

- `lists/` — the lists of eleven sectors as offices send them, with their flaws. `dancu run` is
  given this folder.
- `truth/` — what is really so, for measuring only: people, households, events, records (whose row
  is which), errors (every flaw with file, sheet, row, field, kind, error group and role).

Made by `dancu province` with scale {scale:g}, seed {seed}, asked day {on.isoformat()}; the same
call makes the same bytes. Rates of flaws: `errors.csv` in the package `dancu.province`.
"""
    (out / "README.md").write_text(text, encoding="utf-8")
