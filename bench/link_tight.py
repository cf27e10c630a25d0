"""The frozen tight key set, the same records prepared for the rival, and the figures of clusters against the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

if TYPE_CHECKING:
    from dancu.engine.link import LinkSettings

TIGHT: dict[str, tuple[str, ...]] = {
    "personal_number": ("personal_number",),
    "old_number": ("old_number",),
    "bhxh_number": ("bhxh_number",),
    "name_year": ("full_name.folded", "birth_date.year"),
    "given_date": ("full_name.given", "birth_date.full"),
    "name_month_day": ("full_name.folded", "birth_date.month_day"),
    "household_given": ("household_number", "full_name.given"),
    "phone_given": ("phone", "full_name.given"),
}
"""About 6.5 million pairs at scale 1; frozen, so that figures of different days can be compared."""

NO_LIMIT = 1_000_000


def settings(keys: str, sources: tuple[str, ...]) -> LinkSettings:
    """The Vietnamese preset with its own (`wide`) or the frozen (`tight`) keys, one record per source."""
    from dancu.engine.link import preset
    from dancu.engine.link.settings import Key

    made = replace(preset("vietnamese_person"), one_per_source=sources)
    if keys == "wide":
        return made
    # No block is split or left out: both tools compare exactly the same pairs.
    tight = tuple(Key(name, parts) for name, parts in TIGHT.items())
    return replace(made, keys=tight, max_block=NO_LIMIT)


def key_columns(records: pa.Table, keys: str) -> dict[str, pa.Array]:
    """Each key's hashes as a column, null where a record has none."""
    from dancu.engine.link import columns
    from dancu.engine.link.keys import learn

    made = settings(keys, ())
    _, hashes, _ = learn(columns.read(records, made), made)
    return {
        f"k_{key.name}": pa.array(hashes[:, k].view(np.int64), mask=hashes[:, k] == 0)
        for k, key in enumerate(made.keys)
        if hashes[:, k].any()
    }


def for_rival(folder: str, keys: str) -> list[str]:
    """Writes `rival_<keys>.parquet`: clean columns as Splink's documentation asks for, and the keys; their names."""
    import pyarrow.parquet as pq

    records = pq.read_table(Path(folder, "records.parquet"))
    made = {name: records.column(name) for name in records.column_names if name != "full_name"}
    made |= _names(records.column("full_name"))
    for parent in ("father_name", "mother_name"):
        made[parent] = _by_value(records.column(parent), _folded)
    made["dob"] = _dates(records)
    hashes = key_columns(records, keys)
    pq.write_table(pa.table(made | hashes), Path(folder, f"rival_{keys}.parquet"))
    return list(hashes)


def _folded(text: str) -> str:
    from dancu.lib.text import fold

    return fold(text)


def _names(column: pa.ChunkedArray) -> dict[str, Any]:
    return {
        "name": _by_value(column, str.lower),
        "name_bare": _by_value(column, _folded),
        "name_sorted": _by_value(column, lambda t: " ".join(sorted(_folded(t).split()))),
        "surname": _by_value(column, lambda t: _folded(t).split()[0]),
        "given": _by_value(column, lambda t: _folded(t).split()[-1]),
    }


def _by_value(column: pa.ChunkedArray, function: Any) -> pa.Array:
    coded = column.combine_chunks().dictionary_encode()
    made = pa.array([function(text) for text in coded.dictionary.to_pylist()], pa.string())
    return made.take(coded.indices)


def _dates(records: pa.Table) -> pa.Array:
    import pyarrow.compute as pc

    parts = [
        pc.utf8_lpad(records.column(f"birth_{p}").cast(pa.string()), w, "0")
        for p, w in (("year", 4), ("month", 2), ("day", 2))
    ]
    return pc.binary_join_element_wise(*parts, "-")


def pairwise(truth: npt.NDArray[Any], found: npt.NDArray[Any]) -> dict[str, float]:
    """Pairwise precision, recall and F1 over clusters."""
    said, real = _pairs(found), _pairs(truth)
    _, place = np.unique(found, return_inverse=True)
    hit = _pairs(truth.astype(np.int64) * (int(place.max(initial=0)) + 1) + place)
    precision, recall = hit / max(said, 1), hit / max(real, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-12)
    return {"precision": precision, "recall": recall, "f1": f1}


def _pairs(values: npt.NDArray[Any]) -> int:
    counts = np.unique(values, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def truth_of(folder: str) -> npt.NDArray[np.int64]:
    """The true person of each record of a folder."""
    truth: npt.NDArray[np.int64] = np.load(Path(folder, "truth.npy"))
    return truth


def best_threshold(folder: str) -> tuple[float, dict[str, float]]:
    """(bits, figures) of the cut of Splink's pairs whose connected components have the best F1."""
    import pyarrow.parquet as pq

    truth = truth_of(folder)
    found = pq.read_table(Path(folder, "edges.parquet"))
    a, b, w = (found.column(c).to_numpy() for c in ("a", "b", "w"))
    tried = {
        cut: pairwise(truth, components(a[w >= cut] - 1, b[w >= cut] - 1, len(truth)))
        for cut in np.arange(-4.0, 16.0)
    }
    best = max(tried, key=lambda cut: tried[cut]["f1"])
    return float(best), tried[best]


def components(
    a: npt.NDArray[np.int64], b: npt.NDArray[np.int64], size: int
) -> npt.NDArray[np.int32]:
    """Connected components of rows."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(size, size))
    label: npt.NDArray[np.int32] = connected_components(graph, directed=False)[1]
    return label


def of_clusters(folder: str, row: Mapping[str, Any], file: str = "clusters") -> dict[str, Any]:
    """Figures of the clusters that Splink has written; nothing where it has not come so far."""
    import pyarrow.parquet as pq

    if "note" in row:
        return {}
    table = pq.read_table(Path(folder, f"{file}.parquet")).sort_by("record_id")
    _, label = np.unique(table.column("cluster_id").to_numpy(), return_inverse=True)
    return {**pairwise(truth_of(folder), label), "largest": int(np.bincount(label).max())}


def of_cuts(folder: str, cuts: Sequence[float]) -> dict[str, Any]:
    """The best of the clusters that Splink has written at several cuts, and all their F1."""
    made = {
        cut: of_clusters(folder, {}, f"one_{place}")
        for place, cut in enumerate(cuts)
        if Path(folder, f"one_{place}.parquet").is_file()
    }
    if not made:
        return {}
    told = ", ".join(f"{cut:g}: {figures['f1']:.4f}" for cut, figures in made.items())
    return {**max(made.values(), key=lambda figures: figures["f1"]), "f1 by cut": told}


def of_ours(folder: str) -> dict[str, Any]:
    """Figures of our clusters, of the decisions made without a clerk, and the share of records sent to one."""
    import pyarrow.feather as feather

    truth = truth_of(folder)
    links = feather.read_table(Path(folder, "links.arrow"))
    pairs = feather.read_table(Path(folder, "pairs.arrow"))
    found = np.empty(len(truth), np.int64)
    found[links.column("record_id").to_numpy() - 1] = links.column("person_id").to_numpy()
    _, sizes = np.unique(found, return_counts=True)
    return {**pairwise(truth, found), "largest": int(sizes.max()), **decisions(truth, pairs)}


def decisions(truth: npt.NDArray[np.int64], pairs: pa.Table) -> dict[str, float]:
    """`clerk`: share of the records in a pair that the engine puts to a clerk. `auto_right`: share of all else.

    Decided without a clerk: every two records joined by certain pairs alone, and every other kept pair that is
    neither joined nor put to one.
    """
    from dancu.engine.link import preset

    _, high = preset("vietnamese_person").clerical
    a, b = (pairs.column(c).to_numpy() - 1 for c in ("record_a", "record_b"))
    joined, clerk = (pairs.column(c).to_numpy(zero_copy_only=False) for c in ("joined", "clerk"))
    sure = joined & (pairs.column("probability").to_numpy() >= high)
    known = components(a[sure], b[sure], len(truth))
    apart = ~joined & ~clerk
    both = truth * (int(known.max()) + 1) + known
    right = _pairs(both) + int((truth[a] != truth[b])[apart].sum())
    made = _pairs(known) + int(apart.sum())
    sent = len(np.unique(np.concatenate([a[clerk], b[clerk]])))
    return {"clerk": sent / len(truth), "auto_right": right / max(made, 1)}
