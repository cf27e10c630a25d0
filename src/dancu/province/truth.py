"""What is really so, kept apart from the lists: people, records, errors, households, events.

`records` and `errors` speak of cells by (file, sheet, row); `file` is the path below `lists/`,
`sheet` is "" where a file has no sheets, `row` is the 1-based row as a spreadsheet shows it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dancu.province import places
from dancu.province.cells import Cells, words
from dancu.province.families import Ints
from dancu.province.offices import Cabinet
from dancu.province.world import World


def write(folder: Path, world: World, cabinet: Cabinet) -> dict[int, int]:
    """The five tables; answers how many flaws were planted by error group."""
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder, "people", people(world))
    _save(folder, "households", households(world))
    _save(folder, "events", events(world))
    _save(folder, "records", records(cabinet))
    flaws = errors(cabinet)
    _save(folder, "errors", flaws)
    planted = flaws.filter(pc.equal(flaws["role"], "planted"))["error_group"].to_numpy()
    return {int(g): int(n) for g, n in zip(*np.unique(planted, return_counts=True), strict=True)}


def _save(folder: Path, name: str, table: pa.Table) -> None:
    pq.write_table(table, folder / f"{name}.parquet", compression="zstd", row_group_size=262_144)


def people(world: World) -> pa.Table:
    """One row a person, in their order; `person` counts from 0."""
    everyone = np.arange(world.size, dtype=np.int32)
    c, f = Cells(world, everyone, world.on), world.family
    return pa.table(
        {
            "person": everyone,
            "personal_number": c.number(),
            "old_number": c.old_number(),
            "full_name": c.name(),
            "birth_date": pa.array(f.birth).cast(pa.date32()),
            "sex": pa.array(f.sex.astype(str)),
            "ethnic": c.ethnic(),
            "household": f.household,
            "commune_code": words(places.codes(), world.unit),
            "hamlet": c.hamlet(),
            "father": _known(f.father),
            "mother": _known(f.mother),
            "spouse": _known(f.spouse),
            "marital_status": pa.array(world.married(world.on).astype(str)),
            "card_issued": _day(world.card_issued),
            "card_expires": _day(world.card_expires),
            "died": _day(world.died),
            "left": _day(world.left),
            "listed": world.listed(world.on),
        }
    )


def _known(who: Ints) -> pa.Array:
    return pa.array(who, mask=np.asarray(who < 0))


def _day(days: Ints) -> pa.Array:
    return pa.array(days, mask=np.asarray(days == -1)).cast(pa.date32())


def households(world: World) -> pa.Table:
    """One row a household: head, size, commune."""
    f = world.family
    heads = np.flatnonzero(f.head).astype(np.int32)
    return pa.table(
        {
            "household": f.household[heads],
            "household_number": Cells(world, heads, world.on).household(),
            "head": heads,
            "people": np.bincount(f.household)[f.household[heads]].astype(np.int32),
            "commune_code": words(places.codes(), world.unit[heads]),
        }
    )


def events(world: World) -> pa.Table:
    """Deaths, moves and departures, and the births and marriages of the last two years."""
    f, since = world.family, world.on - 730
    wed = np.where((f.sex == 1) & (f.spouse >= 0), f.marriage, -1)
    kinds = (
        ("birth", f.birth),
        ("death", world.died),
        ("marriage", wed),
        ("move", world.moved),
        ("departure", world.left),
    )
    tables = []
    for kind, days in kinds:
        rows = np.flatnonzero((days != -1) & (days > since) & (days <= world.on)).astype(np.int32)
        tables.append(
            pa.table(
                {
                    "kind": pa.repeat(kind, len(rows)),
                    "person": rows,
                    "day": pa.array(days[rows]).cast(pa.date32()),
                }
            )
        )
    return pa.concat_tables(tables)


def records(cabinet: Cabinet) -> pa.Table:
    """Whose record every row of every file is."""
    return pa.concat_tables(
        pa.table(
            {**_where(cabinet, i, None), "source": pa.repeat(d.source, len(d)), "person": d.people}
        )
        for i, (d, _, _) in enumerate(cabinet.drafts)
    )


def errors(cabinet: Cabinet) -> pa.Table:
    """Every flaw: place, source, person, field, kind, error group, role."""
    tables = []
    for i, (draft, _, log) in enumerate(cabinet.drafts):
        for rows, kind, about, group, role in log.groups():
            n = len(rows)
            tables.append(
                pa.table(
                    {
                        **_where(cabinet, i, rows),
                        "source": pa.repeat(draft.source, n),
                        "person": draft.people[rows],
                        "field": pa.repeat(about, n),
                        "kind": pa.repeat(kind, n),
                        "error_group": pa.array(np.full(n, group, dtype=np.int32)),
                        "role": pa.repeat(role, n),
                    }
                )
            )
    return pa.concat_tables(tables)


def _where(cabinet: Cabinet, draft: int, rows: Ints | None) -> dict[str, pa.Array]:
    at = cabinet.drafts[draft][1]
    take = slice(None) if rows is None else rows
    return {
        "file": words(cabinet.files, at.file[take]),
        "sheet": words(cabinet.sheets, at.sheet[take]),
        "row": pa.array(at.row[take].astype(np.int64)),
    }
