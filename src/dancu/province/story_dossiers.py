"""The dossiers of the story: two half-years in lots whose shares the review tells, as lists of a portal.

What the review does not tell (who filed what when, how long it took) is drawn from a seed. Nobody in them is real.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dancu.province import dossier_files, dossiers, story
from dancu.province.dossiers import Filed, Lives
from dancu.reference import services, units

POLICE = {"BG.ES06": 12, "BG.ES02": 6, "1.013079": 4, "1.004222": 4, "1.004194": 4, "BG.ES05": 2, "BG.ES09": 2,
          "BG.ES01": 2, "BG.ES08": 1}  # fmt: skip
OTHERS = {"BG.ES17": 6, "BG.ES12": 5, "BG.ES21": 4, "BG.ES13": 3, "BG.ES14": 3, "BG.ES18": 3, "BG.ES19": 3,
          "BG.ES22": 2, "BG.ES23": 2, "BG.ES24": 1, "BG.ES25": 1}  # fmt: skip
LICENCE = {"3.000347": 1}
REST = {"BG.CT09": 12, "BG.HT04": 2, "BG.XD01": 1}
"""Procedures that are none of the 25."""
NOW = dt.datetime.combine(story.DAY, dt.time(8))
FILES = {2023: "ho-so-2023.csv", 2024: "ho-so-2024.csv"}
Codes = npt.NDArray[Any]


class Lot(NamedTuple):
    """So many dossiers of these procedures, and so many of them online."""

    weights: Mapping[str, int]
    n: int
    online: int


def lots(scale: float) -> tuple[Lot, ...]:
    """The first half of 2024, by groups whose shares the review tells.

    >>> [(lot.n, lot.online) for lot in lots(1.0)]
    [(250000, 249800), (6556, 3535), (75844, 68000), (137622, 41287)]
    >>> found = lots(0.01)
    >>> sum(lot.n for lot in found[:3]), sum(lot.online for lot in found[:3])
    (3324, 3213)
    """
    told = story.by_id(scale=scale)
    every, essential = _pair(told["F03"]), _pair(told["F06"])
    police, licence = _pair(told["F07"]), _pair(told["F24"])
    return (
        Lot(POLICE, *police),
        Lot(LICENCE, *licence),
        Lot(OTHERS, *_less(essential, police, licence)),
        Lot(REST, *_less(every, essential)),
    )


def lots_before(scale: float) -> tuple[Lot, ...]:
    """The same months of 2023: of all, 70,15% were online; how many of which group is ours.

    >>> found = lots_before(0.01)
    >>> sum(lot.online for lot in found) / sum(lot.n for lot in found)
    0.7015
    """
    told = story.by_id(scale=scale)
    every, essential = _pair(told["before:all"]), _pair(told["before:essential"])
    police = _pair(told["before:police"])
    return (
        Lot(POLICE, *police),
        Lot(REST, *_less(every, essential)),
        Lot(OTHERS, *_less(essential, police)),
    )


def make(scale: float, seed: int, out: Path) -> tuple[Path, ...]:
    """A list for each half-year into `out`; the same scale and seed give the same rows."""
    out.mkdir(parents=True, exist_ok=True)
    for year, name in FILES.items():
        rng = np.random.default_rng([seed, 62, year])
        found = lives(rng, year, scale)
        columns = dossier_files.columns_of(found, rng, offered()) | _told(found, rng)
        dossier_files.write(out / name, columns, list(columns))
    return tuple(out / name for name in FILES.values())


def lives(rng: np.random.Generator, year: int, scale: float) -> Lives:
    """All dossiers of the half-year with what became of them by the morning of the review."""
    found = lots(scale) if year == story.DAY.year else lots_before(scale)
    which, channel = _drawn(rng, found)
    communes = np.array([u.code for u in units.on(story.DAY).communes_of(story.ROOT)])
    unit = _handled_by(communes[rng.integers(0, len(communes), len(which))], which)
    last = dt.date(year, story.DAY.month, story.DAY.day) - dt.timedelta(days=1)
    received = dossiers.moments(rng, len(which), dt.date(year, 1, 2), last)
    order = np.lexsort((received, unit))
    unit, received, which, channel = unit[order], received[order], which[order], channel[order]
    due = dossiers.due_of(received, which, offered())
    return dossiers.lived(rng, Filed(unit, which, channel, received, due), until=NOW)


def offered() -> list[services.Procedure]:
    """The procedures of all lots, by code, as on the day of the review."""
    codes = sorted({*POLICE, *OTHERS, *LICENCE, *REST})
    return [services.get(code, on=story.DAY) for code in codes]


def _told(found: Lives, rng: np.random.Generator) -> dict[str, npt.NDArray[Any]]:
    """What a good portal tells beside: paid through it, a signed electronic result, papers asked for."""
    online = found.channel == services.ONLINE
    good = np.isin(found.status, (9, 10))
    fee = np.array([p.fee > 0 for p in offered()])[found.procedure]
    document = np.array([p.result_kind == "document" for p in offered()])[found.procedure]
    paid = fee & (rng.random(len(found)) < np.where(online, 0.85, 0.2))
    signed = good & document & (rng.random(len(found)) < np.where(online, 0.93, 0.6))
    return {
        "Thanh toán trực tuyến": np.where(fee, np.where(paid, "Có", "Không"), "").astype(object),
        "Kết quả điện tử": np.where(signed, "Có", "Không").astype(object),
        "Số lần bổ sung": np.where(found.asked, "1", "0").astype(object),
    }


def _drawn(rng: np.random.Generator, found: tuple[Lot, ...]) -> tuple[dossiers.Ints, dossiers.Ints]:
    """Procedure (its number in `offered`) and channel of each dossier."""
    number = {p.code: k for k, p in enumerate(offered())}
    which, channel = [], []
    for lot in found:
        weights = np.array(list(lot.weights.values()), float)
        drawn = rng.choice([number[c] for c in lot.weights], lot.n, p=weights / weights.sum())
        paper = rng.choice((services.IN_PERSON, services.POSTAL), lot.n - lot.online, p=(0.9, 0.1))
        which.append(drawn)
        channel.append(np.concatenate([np.full(lot.online, services.ONLINE), paper]))
    return np.concatenate(which), np.concatenate(channel).astype(np.int64)


def _handled_by(commune: Codes, which: dossiers.Ints) -> Codes:
    """The commune itself, its district or the province, by the level of the procedure."""
    tree = units.on(story.DAY)
    codes, at = np.unique(commune, return_inverse=True)
    district = np.array([tree.get(c).district_code for c in codes])[at]
    level = np.array([p.level for p in offered()])[which]
    return np.where(
        level == "commune", commune, np.where(level == "district", district, story.ROOT)
    )


def _pair(told: story.Told) -> tuple[int, int]:
    """How many, and how many of them online."""
    return told.denominator or 0, told.numerator


def _less(whole: tuple[int, int], *parts: tuple[int, int]) -> tuple[int, int]:
    return whole[0] - sum(n for n, _ in parts), whole[1] - sum(online for _, online in parts)
