"""The search, from the tail of the text: province, then district, then the commune inside them.

Every way to read the text is scored alike; nothing is dropped for being ambiguous. Points off:
words left between the units, a type word that differs, letters or marks that differ, a province
of another era. A province or district that the text does not name costs a little, evenly.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from dancu.formats.address.lexicon import Entry, Lexicon, Names
from dancu.formats.address.reading import Mention, Mentions, Reading
from dancu.formats.address.words import (
    COMMUNE_TYPES,
    DISTRICT_TYPES,
    PROVINCE_TYPES,
    TYPES,
    is_small_place,
    sounds,
)

_TYPE_KEYS = frozenset("".join(words) for words in TYPES if len("".join(words)) > 2)
GOOD = 0.93
_SURE = 0.985
_NO_PROVINCE = 0.02
_PROVINCE_UNREAD = 0.08
_OTHER_ERA = 0.08
_DISTRICT_AS_COMMUNE = 0.08
_PER_EDIT = 0.06
_PER_EDIT_OF_SHORT = 0.1


class Hit(NamedTuple):
    """A unit with its score and the places of the text that it explains."""

    score: float
    entry: Entry
    used: tuple[Mention, ...]


class Scope(NamedTuple):
    """Names of communes that a province and/or district admits, and what that reading costs."""

    names: Names
    penalty: float


class Search:
    """One text against the lexicon."""

    def __init__(self, got: Reading, types: dict[int, tuple[int, str]], lex: Lexicon) -> None:
        self.got, self.types, self.lex = got, types, lex
        self.n = len(got.keys)
        self.hits: list[Hit] = []
        marked = (i for i in range(self.n - 1, -1, -1) if not got.raw[i].isascii())
        self._last_marked = next(marked, -1)
        self._no_province = _NO_PROVINCE

    def may_be_a_district(self) -> bool:
        """Whether the best commune has the name of a district and no word says which is meant."""
        top = max(self.hits, key=lambda h: h.score)
        name = top.used[0]
        return len(top.used) < 3 and not name.type and name.key in self.lex.districts

    def best(self) -> float:
        """The top score so far."""
        return max((h.score for h in self.hits), default=0.0)

    def exact(self, found: Mentions) -> None:
        """Try every commune mention inside every province and district mention."""
        self._no_province = _PROVINCE_UNREAD if found.provinces else _NO_PROVINCE
        for p in (*sorted(found.provinces, key=lambda m: (-m.end, m.start)), None):
            if p is None and self.best() >= GOOD:
                break
            for d in (*_nearest(found.districts, p), None):
                scopes = self.scopes(p, d)
                if not scopes:
                    continue
                for c in found.communes:
                    if not (_apart(c, p) and _apart(c, d)):
                        continue
                    for scope in scopes:
                        for entry in scope.names.get(c.key, ()):
                            self._score(entry, c, d, p, scope.penalty)
            if self.best() >= _SURE:
                break

    def scopes(self, p: Mention | None, d: Mention | None) -> list[Scope]:
        """Where to look for the commune, the strictest first."""
        lex = self.lex
        if p is None:
            if d is None:
                return [Scope(lex.anywhere, 0.2)]
            homes = {e.pkey for e in lex.districts.get(d.key, ())}
            return [
                Scope(lex.in_district[home, d.key], self._no_province)
                for home in sorted(homes)
                if (home, d.key) in lex.in_district
            ]
        places = [(p.key, 0.0), *((other, _OTHER_ERA) for other in lex.partners.get(p.key, ()))]
        if d is None:
            return [Scope(lex.in_province[k], cost) for k, cost in places if k in lex.in_province]
        return [
            Scope(lex.in_district[k, d.key], cost)
            for k, cost in places
            if (k, d.key) in lex.in_district
        ]

    def _score(
        self,
        entry: Entry,
        c: Mention,
        d: Mention | None,
        p: Mention | None,
        penalty: float,
    ) -> None:
        used = tuple(m for m in (c, d, p) if m is not None)
        if p is None and d is None and not self._stands_alone(c):
            return
        if entry.former and d is None and not c.type and entry.key == entry.dkey:
            return
        lost = penalty + sum(m.penalty for m in used) + self._gaps(used)
        lost += _type_differs(c.type, entry.type) + (0.02 if entry.former else 0.0)
        if d is not None:
            lost += _type_differs(d.type, entry.dtype)
        if p is not None and p.type and p.type != entry.ptype:
            lost += 0.005
        if d is None and not c.type and self._skips_a_commune(c, p):
            lost += _DISTRICT_AS_COMMUNE
        score = 1.0 - lost
        if score < 0.5 or score < self.best() - 0.1:
            return
        score -= self._marks(entry, c)
        self.hits.append(Hit(round(score, 4), entry, used))

    def _skips_a_commune(self, c: Mention, p: Mention | None) -> bool:
        """Whether a commune is read where a district of that name may stand, after a name."""
        before = c.start - 1
        if before < 0 or c.key not in self.lex.districts:
            return False
        homes = [p.key, *self.lex.partners.get(p.key, ())] if p else list(self.lex.districts_of)
        if not any(c.key in self.lex.districts_of.get(home, ()) for home in homes):
            return False
        part, keys = self.got.part, self.got.keys
        first = next((i for i in range(before, -1, -1) if i == 0 or part[i - 1] != part[i]), 0)
        small = is_small_place(keys[first], self.got.raw[first]) and first not in self.types
        return not small and not keys[first].isdigit()

    def _stands_alone(self, c: Mention) -> bool:
        """A commune without province and district must be named with its type or fill its part."""
        part = self.got.part
        opens = c.start == 0 or part[c.start - 1] != part[c.start]
        closes = c.end == self.n or part[c.end] != part[c.end - 1]
        larger = c.key in self.lex.provinces or c.key in self.lex.districts
        return bool(c.type) or (opens and closes and not larger)

    def _gaps(self, used: tuple[Mention, ...]) -> float:
        """What unexplained words between and after the units cost, and an unusual order."""
        spots = sorted((m.start, m.end) for m in used if m.end > m.start)
        inner = sum(max(0, b[0] - a[1]) for a, b in pairwise(spots))
        tail = self.n - spots[-1][1]
        order = [m.start for m in used if m.end > m.start]
        swapped = 0.01 if order != sorted(order) else 0.0
        return min(0.3, 0.04 * inner) + min(0.15, 0.015 * tail) + swapped

    def _marks(self, entry: Entry, c: Mention) -> float:
        """A little off where marks differ; nothing where the text from here on has none."""
        if self._last_marked < c.start or entry.former or c.end - c.first != len(entry.words):
            return 0.0
        lost = 0.0
        for raw, word in zip(self.got.raw[c.first : c.end], entry.words, strict=True):
            lost += _mark_cost(raw, word)
        return lost / len(entry.words)

    def repaired(self, found: Mentions) -> None:
        """Communes whose name is some letters away, inside the province and district named.

        A place where a district or province is exactly named is not read as a misspelt commune.
        """
        named = [m for m in (*found.provinces, *found.districts) if not m.penalty]
        for p in (*sorted(found.provinces, key=lambda m: -m.end), None):
            for d in (*_nearest(found.districts, p), None):
                if p is None and d is None:
                    continue
                for scope in self.scopes(p, d):
                    self._repair(scope, d, p, named)
            if self.best() >= GOOD:
                break

    def _repair(
        self, scope: Scope, d: Mention | None, p: Mention | None, named: list[Mention]
    ) -> None:
        for start, first, end, kind in self.spans(COMMUNE_TYPES, d, p):
            key = "".join(self.got.keys[first:end])
            if (
                key in scope.names
                or key in _TYPE_KEYS
                or self._inside_a_district(start, end, p, named)
            ):
                continue
            edit = _PER_EDIT if len(key) > 4 else _PER_EDIT_OF_SHORT
            bound = 2 if len(key) >= 7 and (d is not None or len(key) >= 9) else 1
            for name, far in _close(key, scope.names, bound):
                raw = "".join(self.got.raw[first:end]).lower()
                mention = Mention(start, first, end, name, kind, edit * far)
                for e in scope.names[name]:
                    near = 0.002 * OSA.distance(raw, "".join(e.words))
                    self._score(e, mention, d, p, scope.penalty + near)

    def _inside_a_district(
        self, start: int, end: int, p: Mention | None, named: list[Mention]
    ) -> bool:
        for m in named:
            if m.start <= start and end <= m.end:
                homes = self._districts_in(p)
                return m.key in homes or m.key in self.lex.provinces
        return False

    def spans(
        self, kinds: Iterable[str], d: Mention | None, p: Mention | None
    ) -> Iterator[tuple[int, int, int, str]]:
        """Where a misspelt name may stand: after a type word, a whole part, before the units."""
        part, seen = self.got.part, set[tuple[int, int]]()
        taken = [m for m in (d, p) if m is not None and m.end > m.start]
        limit = min((m.start for m in taken), default=self.n)
        for first, end in self._places(frozenset(kinds), limit):
            start, kind = self.types.get(first, (first, ""))
            if kind and kind not in kinds:
                continue
            if (first, end) in seen or any(start < m.end and m.start < end for m in taken):
                continue
            seen.add((first, end))
            small = start > 0 and not kind and part[start - 1] == part[start]
            if not (small and is_small_place(self.got.keys[start - 1], self.got.raw[start - 1])):
                yield start, first, end, kind

    def _places(self, kinds: frozenset[str], limit: int) -> Iterator[tuple[int, int]]:
        part, n = self.got.part, self.n
        bounds = [i for i in range(n) if i == 0 or part[i] != part[i - 1] or self.got.hyphen[i]]
        for first, (_, kind) in self.types.items():
            if kind in kinds and first < n:
                for end in range(first + 1, min(n, first + 5) + 1):
                    if part[end - 1] == part[first]:
                        yield first, end
        for first, end in zip(bounds, [*bounds[1:], n], strict=True):
            begin = next((f for f, (s, _) in self.types.items() if s == first and f < end), first)
            if end - begin <= 5:
                yield begin, end
        for size in range(1, 5):
            if limit - size >= 0 and part[limit - size] == part[limit - 1]:
                yield limit - size, limit

    def misread_provinces(self) -> list[Mention]:
        """Provinces whose name at the tail is one or two letters away."""
        found: list[Mention] = []
        for start, first, end, kind in self.spans(PROVINCE_TYPES, None, None):
            if end == self.n or kind:
                found += _near(self, self.lex.provinces, start, first, end, kind)
        return found

    def misread_districts(self, provinces: list[Mention]) -> list[Mention]:
        """Districts of the provinces named whose name is one or two letters away, or initials."""
        found: list[Mention] = []
        choices: list[Mention | None] = [*provinces] or [None]
        for p in choices:
            names = self._districts_in(p)
            for start, first, end, kind in self.spans(DISTRICT_TYPES, None, p):
                if p is not None or kind:
                    found += _near(self, names, start, first, end, kind)
                found += self._initials(names, start, first, end, kind)
        return found

    def _districts_in(self, p: Mention | None) -> Names:
        if p is None:
            return self.lex.districts
        places = (p.key, *self.lex.partners.get(p.key, ()))
        return {k: es for place in places for k, es in self.lex.districts_of.get(place, {}).items()}

    def _initials(
        self, names: Names, start: int, first: int, end: int, kind: str
    ) -> Iterator[Mention]:
        word = self.got.keys[first]
        if end == first + 1 and 2 <= len(word) <= 3:
            for key, entries in names.items():
                if "".join(w[0] for w in entries[0].words).translate(_PLAIN) == word:
                    yield Mention(start, first, end, key, kind, 0.02)


def _near(
    search: Search, names: Names, start: int, first: int, end: int, kind: str
) -> Iterator[Mention]:
    key = "".join(search.got.keys[first:end])
    bound = 2 if len(key) >= 9 else 1
    if len(key) < 4 and not kind:
        return
    for name, far in _close(key, names, bound):
        yield Mention(start, first, end, name, kind, 0.05 * far)


def _close(key: str, names: Names, bound: int) -> Iterator[tuple[str, int]]:
    """Names of three letters or more that are one to `bound` letters away."""
    found = process.extract(
        key, names.keys(), scorer=OSA.distance, processor=None, score_cutoff=bound, limit=None
    )
    for name, far, _ in found:
        if far > 0 and len(name) > 2:
            yield name, int(far)


def _nearest(districts: list[Mention], p: Mention | None) -> list[Mention]:
    return [d for d in sorted(districts, key=lambda m: -m.end) if _apart(d, p)]


def _apart(a: Mention, b: Mention | None) -> bool:
    return b is None or a.end <= b.start or b.end <= a.start


def _type_differs(said: str, lawful: str) -> float:
    return 0.02 if said and lawful and said != lawful else 0.0


_COSTS: dict[tuple[str, str], float] = {}


def _mark_cost(raw: str, word: str) -> float:
    cost = _COSTS.get((raw, word))
    if cost is None:
        if len(_COSTS) > 200_000:
            _COSTS.clear()
        cost = _COSTS[raw, word] = _compare(raw, word)
    return cost


def _compare(raw: str, word: str) -> float:
    said, lawful = sounds(raw), sounds(word)
    if said == lawful or (raw.isdigit() and word.isdigit()):
        return 0.0  # `1` and `01` are one number
    if raw.isascii():
        return 0.002
    return 0.004 * (said[0] != lawful[0]) + 0.004 * (said[1] != lawful[1])


_PLAIN = str.maketrans("đăâêôơư", "daaeoou")
