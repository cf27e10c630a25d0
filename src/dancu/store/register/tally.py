"""From verdicts to findings that open and close, and to signed score deltas."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from dancu.rules import Rule

Name = tuple[str, str, int]
"""Rule, level, subject: what a finding is about."""
Place = tuple[str | None, str, str | None]
"""Source, unit, group key: where it counts."""
Score = tuple[str, str, str | None, str]
"""Rule, level, source, unit: what a score is counted by."""


class Difference(NamedTuple):
    """Findings to close (numbers), to give another group key, and to open."""

    closing: list[int]
    rekeyed: list[tuple[int, str | None]]
    opening: list[tuple[str, str, int, str | None, str, str | None]]


class Tally:
    """The verdicts of one transaction, before (-1) and after (+1)."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self._of = {
            level: [r for r in rules if level in r.levels] for level in ("person", "record")
        }
        self._evaluated: Counter[Score] = Counter()
        self._failed: Counter[Score] = Counter()
        self._findings: dict[Name, Place] = {}

    def rows(self, rows: Iterable[Sequence[Any]], level: str, sign: int) -> None:
        """Rows of `judging.verdicts`: subject, unit, source, and a verdict for each rule of the level."""
        for subject, unit, source, *verdicts in rows:
            for rule, verdict in zip(self._of[level], verdicts, strict=True):
                if verdict is None:
                    continue
                self._evaluated[(rule.id, level, source, unit)] += sign
                if verdict is False and sign > 0 and not rule.is_group:
                    self._findings[(rule.id, level, subject)] = (source, unit, None)

    def groups(self, rows: Iterable[Sequence[Any]], level: str) -> None:
        """Rows of `judging.person_groups` or `record_groups`: findings of group rules."""
        for rule, subject, key, unit, source in rows:
            self._findings[(self._rules[rule].id, level, subject)] = (source, unit or "?", key)

    def against(self, rows: Iterable[Sequence[Any]]) -> Difference:
        """What must change so that the open findings (`writing.open_findings`) become these."""
        found = Difference([], [], [])
        kept: set[Name] = set()
        for number, rule, level, subject, source, unit, key in rows:
            name, now = (rule, level, subject), self._findings.get((rule, level, subject))
            if now is None or now[:2] != (source, unit):
                found.closing.append(number)
                self._failed[(rule, level, source, unit)] -= 1
                continue
            kept.add(name)
            if now[2] != key:
                found.rekeyed.append((number, now[2]))
        for name, place in self._findings.items():
            if name not in kept:
                found.opening.append((*name, *place))
                self._failed[(name[0], name[1], place[0], place[1])] += 1
        return found

    def deltas(self) -> list[tuple[str, str, str | None, str, int, int]]:
        """Rule, level, source, unit, and by how much evaluated and failed move; after `against`."""
        return [
            (*name, self._evaluated[name], self._failed[name])
            for name in sorted(
                {*self._evaluated, *self._failed}, key=lambda n: (n[0], n[1], n[2] or "", n[3])
            )
            if self._evaluated[name] or self._failed[name]
        ]
