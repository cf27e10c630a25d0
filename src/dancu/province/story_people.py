"""The people of the story: as many living persons as the review counts records of, each once on the police's list.

Unlike the demo's lists this one has nobody twice, nobody dead and no wrong number: how many persons a messy list makes
depends on how it is matched, and the figure of the review would then be that of our matching. Its layouts are those of
the ten districts, with their headings, encodings and file forms.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from dancu.province import lists, story, world
from dancu.province.flaws import Log
from dancu.province.offices import Cabinet, file_away

_SPARE = 1.03
"""So many more are drawn: some have died or left by the day."""


def make(scale: float, seed: int, out: Path) -> int:
    """The list, a file a district, into `out`; how many persons stand on it."""
    wanted = story.by_id(scale=scale)["F23"].numerator
    everybody = world.make(math.ceil(wanted * _SPARE) + 40, seed, story.DAY)
    living = np.flatnonzero(everybody.listed(lists.day_of(everybody, "population")))
    people = living[:wanted].astype(np.int32)
    assert len(people) == wanted, f"{len(people)} of {wanted} live: draw more"
    people = people[np.lexsort((people, everybody.unit[people]))]
    file_away(Cabinet(out), lists.population(everybody, people), Log())
    return wanted
