"""How near two values are: small compiled functions over bytes, syllable codes and date parts.

Levels are places in `settings.LEVELS` of the kind; bytes are UTF-8, so folded names and digits are one byte a letter.
"""

from __future__ import annotations

import numpy as np

from dancu.engine.link.jit import bare, part

GENERATION = 13
"""Years: no parent is nearer in age to a child."""


@bare
def one_edit(data, a, a_end, b, b_end):  # type: ignore[no-untyped-def]
    """Whether two byte strings differ by one letter put in, left out, changed, or two neighbours swapped."""
    while a < a_end and b < b_end and data[a] == data[b]:
        a += 1
        b += 1
    while a < a_end and b < b_end and data[a_end - 1] == data[b_end - 1]:
        a_end -= 1
        b_end -= 1
    left, right = a_end - a, b_end - b
    if left <= 1 and right <= 1:
        return True
    return left == 2 and right == 2 and data[a] == data[b_end - 1] and data[a_end - 1] == data[b]


@bare
def jaro_winkler(data, a, a_end, b, b_end):  # type: ignore[no-untyped-def]
    """Jaro-Winkler similarity of two byte strings, 0 to 1 (prefix weight 0.1); the first 64 bytes count."""
    n, m = min(a_end - a, 64), min(b_end - b, 64)
    if n == 0 or m == 0:
        return 0.0
    reach = max(max(n, m) // 2 - 1, 0)
    taken_a, taken_b = np.uint64(0), np.uint64(0)
    one = np.uint64(1)
    matches = 0
    for i in range(n):
        for j in range(max(0, i - reach), min(m, i + reach + 1)):
            if data[a + i] == data[b + j] and not (taken_b >> np.uint64(j)) & one:
                taken_a |= one << np.uint64(i)
                taken_b |= one << np.uint64(j)
                matches += 1
                break
    if matches == 0:
        return 0.0
    moved, j = 0, 0
    for i in range(n):
        if (taken_a >> np.uint64(i)) & one:
            while not (taken_b >> np.uint64(j)) & one:
                j += 1
            if data[a + i] != data[b + j]:
                moved += 1
            j += 1
    jaro = (matches / n + matches / m + (matches - moved / 2) / matches) / 3
    same = 0
    while same < min(4, n, m) and data[a + same] == data[b + same]:
        same += 1
    return jaro + same * 0.1 * (1 - jaro)


@part
def date_level(shapes, a, b):  # type: ignore[no-untyped-def]
    """Level of two different dates, rows [year, month, day]; 0 in a part means that it is not known."""
    year = shapes[a, 0] == shapes[b, 0]
    month, day = shapes[a, 1], shapes[a, 2]
    other_month, other_day = shapes[b, 1], shapes[b, 2]
    if month == 0 or other_month == 0 or day == 0 or other_day == 0:
        if not year:
            return 6 if _generation(shapes[a, 0], shapes[b, 0]) else 5
        return 2 if month == other_month or month == 0 or other_month == 0 else 5
    if year and month == other_day and day == other_month:
        return 1
    # Whoever does not know the day writes the first of January.
    if year and ((month == 1 and day == 1) or (other_month == 1 and other_day == 1)):
        return 2
    if not year and _generation(shapes[a, 0], shapes[b, 0]):
        return 6
    if int(year) + int(month == other_month) + int(day == other_day) == 2:
        return 3
    return 4 if year else 5


@part
def _generation(x, y):  # type: ignore[no-untyped-def]
    """Whether two years are as far apart as a parent's and a child's, and no slip of one digit or of two swapped."""
    if abs(x - y) < GENERATION or x % 100 == y % 100:
        return False
    if x // 100 == y // 100:
        tens, units = x // 10 % 10, x % 10
        other_tens, other_units = y // 10 % 10, y % 10
        return units != other_units and not (tens == other_units and units == other_tens)
    return True


@part
def name_level(shapes, a, b):  # type: ignore[no-untyped-def]
    """Level of two different names, rows [syllables, has marks, folded syllables …], letters not looked at."""
    n, m = shapes[a, 0], shapes[b, 0]
    same = 0
    for i in range(min(n, m)):
        same += shapes[a, 2 + i] == shapes[b, 2 + i]
    given = shapes[a, 1 + n] == shapes[b, 1 + m]
    if n == m and same == n:
        return 1 if shapes[a, 1] == 0 or shapes[b, 1] == 0 else 2
    if n == m and _same_syllables(shapes, a, b):
        return 3
    if n != m and given and shapes[a, 2] == shapes[b, 2] and _within(shapes, a, b):
        return 4
    if n == m and same == n - 1 and n > 2:
        return 6 if given else 8
    return 7 if given else 9


@part
def _same_syllables(shapes, a, b):  # type: ignore[no-untyped-def]
    """Whether two names of equal length hold the same syllables in another order."""
    used = 0
    for i in range(shapes[a, 0]):
        found = False
        for j in range(shapes[b, 0]):
            if not found and shapes[a, 2 + i] == shapes[b, 2 + j] and not (used >> j) & 1:
                used |= 1 << j
                found = True
        if not found:
            return False
    return True


@part
def _within(shapes, a, b):  # type: ignore[no-untyped-def]
    """Whether the shorter name is the longer one with syllables left out."""
    if shapes[a, 0] > shapes[b, 0]:
        a, b = b, a
    i = 0
    for j in range(shapes[b, 0]):
        if i < shapes[a, 0] and shapes[a, 2 + i] == shapes[b, 2 + j]:
            i += 1
    return i == shapes[a, 0]
