"""Weights moved by what clerks have judged: ridge logistic regression on the levels, around the weights in force.

Never required. The adjustments are bits on top of the learnt weights (`LinkSettings.adjust`), so that m and u stay
what they are: shares of records. A sample drawn by strata is weighed back to the population, and a free constant
takes up what is left of the prior, so that the draw does not leak into the weights.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from math import log
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from dancu.engine.link import quality
from dancu.engine.link.epoch import Epoch
from dancu.engine.link.explain import evidence
from dancu.engine.link.settings import LinkSettings

LEAST, LEAST_OF_EACH = 200, 30
"""Judged pairs, and of either answer: with fewer, a fit of dozens of levels tells of the sample, not of people."""

MOST = 4.0
"""Bits by which a level is moved at most."""

_RIDGE = 4.0  # of an adjustment in nats: half of one is common, two are not
_ROUNDS = 50
_FOLDS = 5


@dataclass(frozen=True)
class Refined:
    """`settings` with the adjustments, or as they were; `why` says which, in Vietnamese."""

    settings: LinkSettings
    used: bool
    why: str


def refine(
    pairs: pa.Table, answers: Mapping[tuple[int, int], bool | None], epoch: Epoch
) -> Refined:
    """The settings of the epoch moved by these answers.

    `answers`: (record_a, record_b) -> one person; None ("cannot tell") moves nothing.
    """
    sure = {key: same for key, same in answers.items() if same is not None}
    return _refined(pairs, sure, epoch)


def _refined(pairs: pa.Table, answers: Mapping[tuple[int, int], bool], epoch: Epoch) -> Refined:
    rows = _decided_by_score(quality.asked(pairs, answers))
    same = np.array([answers[_key(r)] for r in rows], float)
    few = min(int(same.sum()), int(len(same) - same.sum())) if len(same) else 0
    if len(rows) < LEAST or few < LEAST_OF_EACH:
        why = (
            f"mới có {len(rows)} cặp đã kết luận, ít nhất một loại chỉ có {few}; "
            f"cần {LEAST} cặp, mỗi loại từ {LEAST_OF_EACH}"
        )
        return Refined(epoch.settings, False, why)
    levels = [{(e.comparison, e.level) for e in evidence(r["why"])} for r in rows]
    names = sorted(set().union(*levels))
    seen = np.array([[name in found for name in names] for found in levels], float)
    chance = np.clip([r["probability"] for r in rows], 1e-6, 1 - 1e-6)
    data = _Data(seen, same, np.log(chance / (1 - chance)), _weights(pairs, rows, answers))
    if not _better(data):
        return Refined(epoch.settings, False, "trọng số hiện có đã hợp với kết luận của cán bộ")
    return Refined(
        _adjusted(epoch.settings, names, _fitted(data)[:-1]), True, f"đã dùng {len(rows)} cặp"
    )


class _Data(NamedTuple):
    """Judged pairs: levels met [pairs, levels], answers, log odds in force (natural), and weights."""

    seen: npt.NDArray[np.float64]
    same: npt.NDArray[np.float64]
    offset: npt.NDArray[np.float64]
    weight: npt.NDArray[np.float64]

    def of(self, chosen: npt.NDArray[np.bool_]) -> _Data:
        """Some of the pairs."""
        return _Data(*(column[chosen] for column in self))


def _decided_by_score(pairs: pa.Table) -> list[dict[str, Any]]:
    """The pairs that no constraint keeps apart: what it forbids says nothing of the weights."""
    soft = pc.is_in(pairs["blocked_by"], pa.array(["rival", "weak_cluster"]))
    free = pc.or_(pc.is_null(pairs["blocked_by"]), soft)
    found: list[dict[str, Any]] = pairs.filter(free).to_pylist()
    return found


def _better(data: _Data) -> bool:
    """Whether pairs that a fit has not seen are told better by it, by more than one standard error."""
    fold = np.arange(len(data.same)) % _FOLDS
    gains = np.zeros(len(data.same))
    for k in range(_FOLDS):
        part = data.of(fold == k)
        moved = _fitted(data.of(fold != k))
        after = part.offset + part.seen @ moved[:-1] * log(2)
        gains[fold == k] = part.weight * (_loss(part.offset, part.same) - _loss(after, part.same))
    return bool(gains.sum() > gains.std() * np.sqrt(len(gains)))


def _loss(odds: npt.NDArray[np.float64], same: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.asarray(np.logaddexp(0, np.where(same > 0, -odds, odds)))


def _key(row: Mapping[str, object]) -> tuple[int, int]:
    return int(str(row["record_a"])), int(str(row["record_b"]))


def _weights(
    pairs: pa.Table, rows: list[dict[str, Any]], answers: Mapping[tuple[int, int], bool]
) -> npt.NDArray[np.float64]:
    """How many pairs each judged one stands for, tempered (square root), so that no few of them decide all."""
    strata = {(s.band, s.joined): s for s in quality.judged(pairs, answers)}
    chance = np.array([float(str(r["probability"])) for r in rows])
    joined = np.array([bool(r["joined"]) for r in rows])
    names = quality.names()
    found = [strata[names[k]] for k in quality.stratum_of(chance, joined).tolist()]
    weights = np.sqrt([s.pairs / max(s.judged, 1) for s in found])
    return np.asarray(weights / weights.mean())


def _fitted(data: _Data) -> npt.NDArray[np.float64]:
    """Adjustments in bits of the levels and, last, of the constant; by Newton steps."""
    x = np.column_stack([data.seen, np.ones(len(data.seen))])
    ridge = np.append(np.full(data.seen.shape[1], _RIDGE), 0.05)
    beta = np.zeros(x.shape[1])
    for _ in range(_ROUNDS):
        p = 1 / (1 + np.exp(-np.clip(data.offset + x @ beta, -30, 30)))
        slope = x.T @ (data.weight * (data.same - p)) - ridge * beta
        curve = (x * (data.weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        beta = beta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-9))
        if float(np.abs(step).max()) < 1e-6:
            break
    return np.asarray(np.clip(beta / log(2), -MOST, MOST))


def _adjusted(
    settings: LinkSettings, names: list[tuple[str, str]], moved: npt.NDArray[np.float64]
) -> LinkSettings:
    adjust = {name: dict(levels) for name, levels in settings.adjust.items()}
    for (comparison, level), bits in zip(names, moved.tolist(), strict=True):
        before = adjust.setdefault(comparison, {}).get(level, 0.0)
        adjust[comparison][level] = round(before + bits, 3)
    return replace(settings, adjust=adjust)


def as_yaml(settings: LinkSettings) -> str:
    """The settings as a file that `dancu link --settings` reads."""
    plain = json.loads(json.dumps(asdict(settings)))
    return yaml.safe_dump(plain, allow_unicode=True, sort_keys=False)
