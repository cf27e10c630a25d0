"""From a text to its answer: read, search, and only then repair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from dancu.formats.address.lexicon import Entry, Lexicon, lexicon, name_key
from dancu.formats.address.model import AddressMatch, Candidate, Why
from dancu.formats.address.reading import Mention, Mentions, Reading, mentions, read, type_words
from dancu.formats.address.search import GOOD, Hit, Search
from dancu.formats.address.words import COMMUNE_TYPES
from dancu.reference import units

_LEAST = 0.7
_EVEN = 0.0005
_NOTHING = AddressMatch(None, None, "", (), 0.0, (), "", "not_found")


def match(text: str, *, on: date | None, province: str | None) -> AddressMatch:
    """See `address.parse`."""
    lex = lexicon()
    got = read(text, lex)
    if not got.keys:
        why: Why = "not_found" if text.strip() else "empty"
        return replace(_NOTHING, reason=why, head=text.strip())
    hits = _hits(got, lex, province)
    if got.note and _top(hits) < GOOD:
        with_note = read(f"{got.text.strip()}, {got.note}", lex)
        more = _hits(with_note, lex, province)
        if _top(hits) < _LEAST or _top(more) > _top(hits):
            got, hits = with_note, more
    if not hits:
        return replace(_NOTHING, head=_tidy(got.text))
    return _answer(_typed_by_note(hits, got), got, on)


def _top(hits: list[Hit]) -> float:
    return max((h.score for h in hits), default=0.0)


def _hits(got: Reading, lex: Lexicon, province: str | None) -> list[Hit]:
    """The hits of the top score; of communes if any, else of a district or province."""
    types = type_words(got, lex)
    found = mentions(got, types, lex)
    n = len(got.keys)
    if province and not found.provinces:
        found.provinces += [Mention(n, n, n, key, "") for key in _given(province, lex)]
    search = Search(got, types, lex)
    search.exact(found)
    if search.best() < GOOD:
        _widen(search, found)
    communes = [h for h in search.hits if h.score >= _LEAST and not _passes_over(h, got, types)]
    if communes and not search.may_be_a_district():
        return communes
    return communes + _coarser(found, search, lex, besides=bool(communes))


def _passes_over(hit: Hit, got: Reading, types: dict[int, tuple[int, str]]) -> bool:
    """A repaired reading that leaves a commune unread which the text names: `Xã Hoa Đào Mới, Huyện Sơn Động`."""
    return hit.score < GOOD and any(
        kind in COMMUNE_TYPES
        and (place == 0 or got.part[place - 1] != got.part[place])
        and not any(m.start <= name < m.end for m in hit.used)
        for name, (place, kind) in types.items()
    )


def _widen(search: Search, found: Mentions) -> None:
    """Repairs, cheapest first: province and district, then the commune."""
    if not found.provinces:
        found.provinces += search.misread_provinces()
    found.districts += search.misread_districts(found.provinces)
    search.exact(found)
    if search.best() < GOOD:
        search.repaired(found)


def _given(province: str, lex: Lexicon) -> tuple[str, ...]:
    """The keys of a province given as a code or a name."""
    if province.isdigit():
        return tuple(dict.fromkeys(name_key(u.name) for u in units.history(province)))
    key = name_key(province)
    for kind in ("thanhpho", "tinh"):
        key = key.removeprefix(kind)
    return (key,) if key in lex.provinces else lex.aliases.get(key, ())


def _coarser(found: Mentions, search: Search, lex: Lexicon, *, besides: bool) -> list[Hit]:
    """Only a district or a province is named: answered at its own level."""
    provinces: list[Mention | None] = [*found.provinces] or [None]
    hits = [hit for d in found.districts for p in provinces for hit in _districts(d, p, lex)]
    if hits or besides:
        return hits
    named = [p for p in found.provinces if p.end > p.start and _is_named(p, search.got)]
    return [
        Hit(round(0.9 - p.penalty - _differs(p, e), 4), e, (p,))
        for p in named
        for e in lex.provinces[p.key]
    ]


def _districts(d: Mention, p: Mention | None, lex: Lexicon) -> Iterator[Hit]:
    if p is None:
        if d.type:
            for e in lex.districts[d.key]:
                yield Hit(round(0.93 - d.penalty - _differs(d, e), 4), e, (d,))
    elif d.end <= p.start or p.end <= d.start:
        for e in lex.districts[d.key]:
            if e.pkey == p.key:
                lost = d.penalty + p.penalty + _differs(d, e)
                yield Hit(round(0.95 - lost, 4), e, (d, p))


def _is_named(p: Mention, got: Reading) -> bool:
    return p.end == len(got.keys) or bool(p.type) or _fills(p, got)


def _fills(m: Mention, got: Reading) -> bool:
    opens = m.start == 0 or got.part[m.start - 1] != got.part[m.start]
    return opens and (m.end == len(got.keys) or got.part[m.end] != got.part[m.end - 1])


def _differs(m: Mention, e: Entry) -> float:
    return 0.02 if m.type and m.type != e.type else 0.0


def _typed_by_note(hits: list[Hit], got: Reading) -> list[Hit]:
    """`Cao Thượng (Xã)`: a bracket that holds only a type decides between namesakes."""
    note = " ".join(got.note.lower().split())
    kept = [h for h in hits if h.entry.type == note] if note else []
    return kept or hits


def _answer(hits: list[Hit], got: Reading, on: date | None) -> AddressMatch:
    top = max(h.score for h in hits)
    even = [h for h in hits if h.score >= top - _EVEN]
    if on is not None:
        day = max((d for d in units.days_of_change() if d <= on), default=units.FIRST_DAY)
        even = [h for h in even if day in h.entry.eras] or even
    found: dict[str, Candidate] = {}
    for hit in even:
        e, old = hit.entry, found.get(hit.entry.code)
        eras = tuple(sorted({*e.eras, *(old.eras if old else ())}))
        name = e.path if old is None or max(e.eras) > max(old.eras) else old.name
        found[e.code] = Candidate(e.code, e.level, name, eras, hit.score)
    candidates = tuple(sorted(found.values(), key=lambda c: c.code))
    head = _head(got, even[0])
    if len(candidates) > 1:
        level = candidates[0].level
        return AddressMatch(None, level, "", (), top, candidates, head, "ambiguous")
    (one,) = candidates
    return AddressMatch(one.code, one.level, one.name, one.eras, top, candidates, head, "found")


def _head(got: Reading, hit: Hit) -> str:
    """The text that no unit explains: before the first, and after the last in another order."""
    spots = [m for m in hit.used if m.end > m.start]
    if not spots:
        return _tidy(got.text)
    first, last = min(m.start for m in spots), max(m.end for m in spots)
    before = got.text[: got.starts[first]] if first < len(got.starts) else got.text
    after = got.text[got.ends[last - 1] :]
    return ", ".join(t for t in (_tidy(before), _tidy(after)) if t)


def _tidy(text: str) -> str:
    return " ".join(text.split()).strip(" ,.;:-–/|")
