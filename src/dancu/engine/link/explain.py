"""Why two records are, or are not, one person: kept as JSON beside each pair, told in words on demand."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from dancu.engine.link import wording
from dancu.engine.link.evidence import tenths
from dancu.engine.link.jit import bare
from dancu.engine.link.model import Model
from dancu.engine.link.settings import LEVELS, MISSING, LinkSettings

_CHUNK = 400_000
_CODES = 160_000  # what `tenths` makes of 16 levels


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
    spans = [slice(first, first + _CHUNK) for first in range(0, len(a), _CHUNK)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        chunks = pool.map(lambda s: _why(model, settings, a[s], b[s], pattern[s]), spans)
        return pa.chunked_array(list(chunks), pa.string())


def _why(
    model: Model,
    settings: LinkSettings,
    a: npt.NDArray[np.int32],
    b: npt.NDArray[np.int32],
    pattern: npt.NDArray[np.uint64],
) -> pa.Array:
    coded = np.empty((len(a), len(settings.comparisons)), np.int32)
    tenths(model, a, b, pattern, coded)
    met = np.zeros((coded.shape[1], _CODES), np.bool_)
    _meet(coded, met)
    where, at, data = _dictionary(settings, met)
    offsets = np.zeros(len(a) + 1, np.int32)
    _measure(coded, where, at, offsets)
    text = np.empty(offsets[-1], np.uint8)
    _write(coded, where, at, data, offsets, text)
    return pa.StringArray.from_buffers(len(a), pa.py_buffer(offsets), pa.py_buffer(text))


def _dictionary(
    settings: LinkSettings, met: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """Place of the piece of each code that is met, where each begins, and the letters; the first one is empty."""
    where, pieces = np.zeros(met.shape, np.int32), [b""]
    for c, code in zip(*np.nonzero(met), strict=True):
        comparison = settings.comparisons[c]
        if piece := _piece(comparison.name, comparison.kind, int(code)):
            where[c, code] = len(pieces)
            pieces.append(piece.encode())
    return where, np.cumsum([0, *map(len, pieces)]), np.array(list(b"".join(pieces)), np.uint8)


@bare
def _meet(coded, met):  # type: ignore[no-untyped-def]
    for k in range(coded.shape[0]):
        for c in range(coded.shape[1]):
            met[c, coded[k, c]] = True


@bare
def _measure(coded, where, at, offsets):  # type: ignore[no-untyped-def]
    """Ends of the texts: two braces, the pieces, a comma between."""
    for k in range(coded.shape[0]):
        size = 1
        for c in range(coded.shape[1]):
            piece = where[c, coded[k, c]]
            size += at[piece + 1] - at[piece] + (piece > 0)
        offsets[k + 1] = offsets[k] + max(size, 2)


@bare
def _write(coded, where, at, data, offsets, text):  # type: ignore[no-untyped-def]
    for k in range(coded.shape[0]):
        end = offsets[k]
        text[end] = 123
        end += 1
        for c in range(coded.shape[1]):
            piece = where[c, coded[k, c]]
            if piece > 0:
                if end > offsets[k] + 1:
                    text[end] = 44
                    end += 1
                for b in range(at[piece], at[piece + 1]):
                    text[end] = data[b]
                    end += 1
        text[end] = 125


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
