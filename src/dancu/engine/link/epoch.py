"""A model epoch: all that was learnt from a body of records and then frozen, so that any record, alone or in a
batch, today or next month, is weighed alike. Settings with their m and u, how often values are met, which blocks
are split. Its identifier is a digest of its content: equal identifiers, equal answers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from math import log2
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from dancu.engine.link.settings import LinkSettings, LinkSettingsError, read_settings

U64 = npt.NDArray[np.uint64]
MOST_LIFT = 5.0
"""Bits at most that the cover of lists adds."""

_NO_HASHES = np.zeros(0, np.uint64)
_SCHEMA = pa.schema(
    [
        ("what", pa.string()),  # settings | prior | cover | shares | rest | split | left_out
        ("name", pa.string()),  # a comparison or a key
        ("feature", pa.string()),
        ("hash", pa.int64()),
        ("value", pa.float64()),
        ("text", pa.string()),
    ]
)


@dataclass(frozen=True)
class Shares:
    """log2 of the share of records that have a value: `log` float32 for the sorted `hashes`, `rest` for any other."""

    hashes: U64
    log: npt.NDArray[np.float32]
    rest: float

    def of(self, hashes: U64) -> npt.NDArray[np.float32]:
        """The shares of these values."""
        if not len(self.hashes):
            return np.full(len(hashes), self.rest, np.float32)
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        return np.where(self.hashes[at] == hashes, self.log[at], np.float32(self.rest))

    def of_one(self, value: int) -> float:
        """The share of one value."""
        return self._found.get(value, self.rest)

    @cached_property
    def _found(self) -> dict[int, float]:
        return dict(zip(self.hashes.tolist(), self.log.tolist(), strict=True))


@dataclass(frozen=True)
class Splits:
    """Blocks of one key too large: `split` by the further parts, and of these the ones `left_out`; sorted."""

    split: U64 = field(default_factory=lambda: _NO_HASHES)
    left_out: U64 = field(default_factory=lambda: _NO_HASHES)

    @cached_property
    def sets(self) -> tuple[frozenset[int], frozenset[int]]:
        """Both as sets, for one record at a time."""
        return frozenset(self.split.tolist()), frozenset(self.left_out.tolist())


@dataclass(frozen=True)
class Epoch:
    """`settings` with the m and u in force; `prior` in bits; `shares` by (comparison, feature); `splits` by key.

    `cover`: (list, other list) -> share of the records of the first whose person stands in the second, for lists that
    have each person once. Where nearly everybody is listed, a match is likelier than the prior of a random pair says.
    """

    settings: LinkSettings
    prior: float
    shares: Mapping[tuple[str, str], Shares]
    splits: Mapping[str, Splits]
    cover: Mapping[tuple[str, str], float] = field(default_factory=dict)

    @cached_property
    def id(self) -> str:
        """Twelve hexadecimal digits of the SHA-256 of the content."""
        digest = hashlib.sha256(_plain(self.settings).encode())
        digest.update(repr((self.prior, sorted(self.cover.items()))).encode())
        for (name, feature), shares in sorted(self.shares.items()):
            digest.update(f"{name}.{feature}:{shares.rest!r}".encode())
            digest.update(shares.hashes.tobytes() + shares.log.tobytes())
        for name, splits in sorted(self.splits.items()):
            digest.update(name.encode() + splits.split.tobytes() + splits.left_out.tobytes())
        return digest.hexdigest()[:12]

    @property
    def floor(self) -> float:
        """Bits from which a pair is kept."""
        most = max((self.lift(a, b) for a, b in self.cover), default=0.0)
        return bits(self.settings.clerical[0]) - self.prior - most

    def lift(self, one: str, other: str) -> float:
        """Bits that two lists which cover each other add to the prior: either record would hardly be alone."""
        alone = (1 - self.cover.get((one, other), 0.0)) * (1 - self.cover.get((other, one), 0.0))
        return min(-log2(alone), MOST_LIFT)

    @property
    def least(self) -> float:
        """Bits from which a pair may join two records."""
        return bits(self.settings.threshold) - self.prior

    def to_table(self) -> pa.Table:
        """The epoch as rows, for keeping: what, name, feature, hash, value, text."""
        parts = [
            _rows("settings", text=_plain(self.settings)),
            _rows("prior", values=[self.prior]),
        ]
        for (name, feature), shares in sorted(self.shares.items()):
            parts.append(_rows("rest", name, feature, values=[shares.rest]))
            parts.append(_rows("shares", name, feature, shares.hashes, shares.log))
        parts += [_rows("cover", a, b, values=[c]) for (a, b), c in sorted(self.cover.items())]
        for name, splits in sorted(self.splits.items()):
            parts.append(_rows("split", name, hashes=splits.split))
            parts.append(_rows("left_out", name, hashes=splits.left_out))
        return pa.concat_tables(parts)

    @classmethod
    def from_table(cls, table: pa.Table) -> Epoch:
        """The epoch that `to_table` wrote; raises LinkSettingsError for any other table."""
        try:
            heads = table.filter(
                pc.is_in(table["what"], pa.array(["settings", "prior", "rest", "cover"]))
            )
            known = {(r["what"], r["name"], r["feature"]): r for r in heads.to_pylist()}
            settings = read_settings(json.loads(known["settings", "", ""]["text"]))
            prior = float(known["prior", "", ""]["value"])
        except (KeyError, TypeError, ValueError) as error:
            raise LinkSettingsError(f"link: bảng không phải là một kỳ mô hình ({error})") from error
        shares = {}
        for what, name, feature in known:
            if what == "rest":
                hashes, log = _hashes(table, "shares", name, feature)
                rest = float(known[what, name, feature]["value"])
                shares[name, feature] = Shares(hashes, log, rest)
        splits = {
            key.name: Splits(
                _hashes(table, "split", key.name)[0], _hashes(table, "left_out", key.name)[0]
            )
            for key in settings.keys
        }
        cover = {(a, b): float(r["value"]) for (w, a, b), r in known.items() if w == "cover"}
        return cls(settings, prior, shares, splits, cover)


def no_epoch() -> pa.Table:
    """A table of no rows with the columns of `Epoch.to_table`."""
    return _SCHEMA.empty_table()


def bits(probability: float) -> float:
    """log2 of the odds."""
    return log2(probability / (1 - probability))


def chance(log_odds: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """Probabilities of log2 odds."""
    return np.asarray(1 / (1 + np.exp2(-np.clip(log_odds, -900, 900))))


def _plain(settings: LinkSettings) -> str:
    return json.dumps(asdict(settings), sort_keys=True)


def _rows(
    what: str,
    name: str = "",
    feature: str = "",
    hashes: U64 = _NO_HASHES,
    values: Iterable[float] = (),
    *,
    text: str | None = None,
) -> pa.Table:
    given = np.asarray(values if isinstance(values, np.ndarray) else list(values), np.float64)
    size = max(len(hashes), len(given), int(text is not None))
    none = pa.nulls(size)
    columns = [
        pa.repeat(what, size),
        pa.repeat(name, size),
        pa.repeat(feature, size),
        pa.array(hashes.view(np.int64)) if len(hashes) else none.cast(pa.int64()),
        pa.array(given) if len(given) else none.cast(pa.float64()),
        pa.repeat(text, size) if text is not None else none.cast(pa.string()),
    ]
    return pa.Table.from_arrays(columns, schema=_SCHEMA)


def _hashes(
    table: pa.Table, what: str, name: str, feature: str = ""
) -> tuple[U64, npt.NDArray[np.float32]]:
    chosen = pc.and_(
        pc.and_(pc.equal(table["what"], what), pc.equal(table["name"], name)),
        pc.equal(table["feature"], feature),
    )
    rows = table.filter(chosen).combine_chunks()
    hashes = rows["hash"].to_numpy().astype(np.int64).view(np.uint64)
    return hashes, rows["value"].to_numpy().astype(np.float32)
