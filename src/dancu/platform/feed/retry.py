"""When a letter is sent again and when a subscriber is left in peace: exponential, with jitter, up to an end.

>>> [round(longest(n)) for n in (1, 2, 3, 8, 20)]
[5, 10, 20, 640, 21600]
>>> rest(2), rest(3), rest(5), rest(30)
(0.0, 60.0, 240.0, 900.0)
"""

from __future__ import annotations

import random
from collections.abc import Callable

TRIES = 17
"""After this many the letter is dead; with the waits between them about a day has passed."""
FIRST, MOST = 5.0, 6 * 3600.0
IN_A_ROW = 3
"""Rounds without any success after which the subscriber's circuit opens."""
REST, LONGEST_REST = 60.0, 900.0


def longest(tries: int) -> float:
    """The most that is waited after so many tries, in seconds."""
    return min(MOST, FIRST * 2.0 ** (tries - 1))


def wait(tries: int, *, asked: float = 0.0, chance: Callable[[], float] = random.random) -> float:
    """Between half and all of the longest, so that many letters do not come back at once; at least what was asked."""
    return max(longest(tries) * (0.5 + chance() / 2), min(asked, MOST))


def rest(failures: int) -> float:
    """How long nothing is sent to a subscriber after so many rounds without success in a row."""
    return 0.0 if failures < IN_A_ROW else min(LONGEST_REST, REST * 2.0 ** (failures - IN_A_ROW))
