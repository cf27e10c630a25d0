"""Why two records are, or are not, one person: kept as JSON beside each pair, told in words on demand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link import wording
from dancu.engine.link.evidence import tenths
from dancu.engine.link.model import Model
from dancu.engine.link.settings import LEVELS, MISSING, LinkSettings

_CHUNK = 400_000


@dataclass(frozen=True)
class Evidence:
    """One comparison of a pair: its level and its weight in bits (positive speaks for one person).

    `frequency`: the share of people who have what the two records share, where that is known.
    """

    comparison: str
    level: str
    weight: float
    frequency: float | None = None


def evidence(why: str) -> list[Evidence]:
    """The evidence stored in `pairs.why`, the strongest first."""
    found = [Evidence(name, level, weight) for name, (level, weight) in json.loads(why).items()]
    return sorted(found, key=lambda e: -abs(e.weight))


def why_column(
    model: Model,
    settings: LinkSettings,
    a: npt.NDArray[np.int32],
    b: npt.NDArray[np.int32],
    pattern: npt.NDArray[np.uint64],
) -> pa.ChunkedArray:
    """JSON for each pair: comparison -> [level, weight in bits]; comparisons without a value are left out."""
    chunks = []
    for start in range(0, len(a), _CHUNK):
        part = slice(start, start + _CHUNK)
        coded = np.empty((len(a[part]), len(settings.comparisons)), np.int32)
        tenths(model, a[part], b[part], pattern[part], coded)
        pieces = [_pieces(c.name, c.kind, coded[:, k]) for k, c in enumerate(settings.comparisons)]
        body = pc.binary_join_element_wise(*pieces, ",", null_handling="skip")
        chunks.append(pc.binary_join_element_wise("{", body, "}", ""))
    return pa.chunked_array(chunks, pa.string())


def _pieces(name: str, kind: str, coded: npt.NDArray[np.int32]) -> pa.Array:
    distinct, place = np.unique(coded, return_inverse=True)
    texts = [_piece(name, kind, int(code)) for code in distinct]
    return pa.array(texts, pa.string()).take(pa.array(place))


def _piece(name: str, kind: str, code: int) -> str | None:
    level, weight = code // 10_000, (code % 10_000 - 5000) / 10
    if level == MISSING:
        return None
    return f'"{name}":["{LEVELS[kind][level]}",{weight:g}]'


def explain_pair(row: Mapping[str, Any], lang: str = "vi") -> str:
    """A row of `pairs` in words, a line for each piece of evidence, the strongest first. `lang`: vi or en."""
    verdict = wording.say("phrases", "joined" if row["joined"] else "apart", lang)
    total = wording.say("phrases", "total", lang)
    chance, score = wording.percent(row["probability"], lang), wording.points(row["score"], lang)
    head = f"{verdict} ({chance}; {total} {score})"
    if not row["joined"] and row.get("blocked_by"):
        because = wording.say("phrases", "because", lang)
        head += f" {because} {wording.reason(row['blocked_by'], lang)}"
    lines = [
        f"  {wording.points(e.weight, lang)}  {wording.sentence(e.comparison, e.level, None, lang)}"
        for e in evidence(row["why"])
    ]
    return "\n".join([head + ":", *lines])
