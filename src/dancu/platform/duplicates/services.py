"""What officers decide: same, different, not clear; taken apart; taken back. Tried out first, then applied or proposed.

A decision that would change who somebody is (number, name, birth, sex), or that joins persons of two communes, is a
proposal: nothing happens before a second officer with the right has confirmed it. The answers stand beside the
machine's scores for ever; the last one about a pair counts.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from dancu.platform.access.rights import Refused, check_right, has_right
from dancu.platform.duplicates import queue
from dancu.platform.duplicates.errors import Expired, Later, NothingChosen, OnePerson, Settled
from dancu.platform.duplicates.explaining import reader
from dancu.platform.events.writer import desk
from dancu.platform.register.parts import Row, ask
from dancu.reference.terms import term
from dancu.store.register.desk import digest
from dancu.store.register.effects import Effects
from dancu.store.register.told import Answer, Incoming

JUDGE, CLOSE = "duplicate.judge", "identity.close"
VERDICTS = ("same", "different", "unsure")
IDENTITY: Mapping[str, tuple[str, ...]] = {
    "personal_number": ("personal_number",),
    "full_name": ("full_name",),
    "birth_date": ("birth_date", "birth_year", "birth_month", "birth_day"),
    "sex": ("sex",),
}
"""Field -> columns of a person whose change needs two officers."""
SHORTEST_REASON = 5
Verdict = tuple[int, int, str]
"""Two records, the smaller first, and what is said of them."""


@dataclass(frozen=True)
class Decision:
    """What is to be said: `what` judge, split or withdraw; `undoes`: the event that is taken back."""

    id: UUID
    what: str
    answers: tuple[Verdict, ...]
    reason: str
    units: tuple[str, ...]
    duplicate: int | None = None
    undoes: int | None = None


@dataclass(frozen=True)
class Result:
    """`event`: the number under which it was applied; `proposal`: the number under which it waits.

    `scores`: commune -> its index of 100 before and after.
    """

    event: int | None = None
    proposal: int | None = None
    scores: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)


# --- first officer ---


def do_judge(*, number: int, verdict: str, reason: str, event_id: UUID, by: Any) -> Result:
    """One pair of the queue. Raises Settled, Refused; then nothing was kept."""
    row = queue.find(number)
    if row is None or row["proposal_no"] is not None:
        raise Settled
    if verdict not in VERDICTS:
        raise ValueError(verdict)
    units = tuple(dict.fromkeys((row["unit_a"], row["unit_b"])))
    answers = ((row["record_a"], row["record_b"], verdict),)
    return _decide(Decision(event_id, "judge", answers, reason, units, number), by)


def do_join(
    *, records: tuple[int, int], verdict: str, reason: str, event_id: UUID, by: Any
) -> Result:
    """Two records of persons whom the officer sees, whether or not the machine had a doubt. Raises Refused."""
    if verdict not in VERDICTS:
        raise ValueError(verdict)
    a, b = min(records), max(records)
    return _decide(Decision(event_id, "judge", ((a, b, verdict),), reason, _units([a, b])), by)


def do_split(
    *, person: int, records: Iterable[int], reason: str, event_id: UUID, by: Any
) -> Result:
    """Take records out of a person: they are not the same as any that stay. Raises NothingChosen, Refused."""
    members = {row["record_id"] for row in _members(person)}
    out = members & set(records)
    stay = members - out
    if not out or not stay:
        raise NothingChosen
    answers = tuple((min(p), max(p), "different") for p in product(sorted(out), sorted(stay)))
    units = _units([*members])
    return _decide(Decision(event_id, "split", answers, reason, units), by)


def do_withdraw(*, event: int, reason: str, event_id: UUID, by: Any) -> Result:
    """Take a conclusion back: what had been said of its pairs before counts again. Raises Later, Refused."""
    known = ask("SELECT data FROM register.event WHERE event_no = %s AND kind = 'judgement'", event)
    if not known or _overtaken(event):
        raise Later
    before = tuple((a, b, verdict) for a, b, verdict in known[0]["data"]["before"])
    units = _units(sorted({r for a, b, _ in before for r in (a, b)}))
    return _decide(Decision(event_id, "withdraw", before, reason, units, None, event), by)


def last_of(by: str) -> Row | None:
    """The officer's last conclusion, if it is the last one about its pairs and was not itself a taking back."""
    found = ask(
        "SELECT e.event_no, e.data, e.recorded_at FROM register.event e WHERE e.event_no = (SELECT j.event_no"
        " FROM register.judgement j WHERE j.by = %s ORDER BY j.judgement_no DESC LIMIT 1)", by,
    )  # fmt: skip
    if (
        not found
        or found[0]["data"].get("what") in (None, "withdraw")
        or _overtaken(found[0]["event_no"])
    ):
        return None
    return found[0]


def _decide(decision: Decision, by: Any) -> Result:
    _check_right(by, JUDGE, decision.units)
    event = incoming(decision, by=by.username)
    if _says_nothing(decision):
        return Result(event=desk().submit(event).event_no)
    effects = desk().try_out(event)
    if decision.what == "judge" and any(person.before is None for person in effects.persons):
        # Two persons are said to be one, and what contradicts between their records would part from it.
        decision = _of_whole_persons(decision)
        event = incoming(decision, by=by.username)
        effects = desk().try_out(event)
    if fields := _needs_second(decision, effects):
        return Result(proposal=_propose(decision, fields, by))
    return Result(event=desk().submit(event).event_no, scores=effects.scores())


def _of_whole_persons(decision: Decision) -> Decision:
    pairs = [
        p for a, b, verdict in decision.answers if verdict == "same" for p in reader().whole(a, b)
    ]
    answers = tuple((*p, "same") for p in pairs)
    return replace(decision, answers=answers) if answers else decision


def _says_nothing(decision: Decision) -> bool:
    return all(verdict == "unsure" for *_, verdict in decision.answers)


def _needs_second(decision: Decision, effects: Effects) -> tuple[str, ...]:
    """The identity fields that would change; `unit_code` where persons of two communes become one."""
    found = identity_changes(effects)
    joins = any(person.after is None for person in effects.persons)
    return (*found, "unit_code") if joins and len(decision.units) > 1 else found


def identity_changes(effects: Effects) -> tuple[str, ...]:
    """The identity fields in which a person would be another one than before."""
    return tuple(f for f, columns in IDENTITY.items() if any(_changes(effects, c) for c in columns))


def _changes(effects: Effects, column: str) -> bool:
    """Of a person that stays: any change. Of one that goes or comes: a value that none on the other side has."""
    before = [p.before.get(column) for p in effects.persons if p.before]
    after = [p.after.get(column) for p in effects.persons if p.after]
    for person in effects.persons:
        old = person.before.get(column) if person.before else None
        new = person.after.get(column) if person.after else None
        if person.before and person.after:
            if old != new:
                return True
        elif (old is not None and old not in after) or (new is not None and new not in before):
            return True
    return False


def incoming(decision: Decision, *, by: str, second_by: str | None = None) -> Incoming:
    """The decision as an event of the register."""
    answers = tuple(
        Answer(a, b, verdict, decision.reason, second_by) for a, b, verdict in decision.answers
    )
    said = {"what": decision.what, "answers": [list(a) for a in decision.answers]}
    data = {
        **said,
        "before": [list(v) for v in _former(decision.answers)],
        "undoes": decision.undoes,
    }
    return Incoming(
        "dancu", str(decision.id), "judgement", by, digest("judgement", said | {"by": by}), data,
        judgements=answers,
    )  # fmt: skip


def _former(answers: Sequence[Verdict]) -> list[Verdict]:
    """What counts now about these pairs, in the words of an answer, so that it can be put back."""
    pairs = [(a, b) for a, b, _ in answers]
    known = reader().answered(pairs)
    firsts, seconds = ([p[k] for p in pairs] for k in range(2))
    unsure = {
        (row["record_a"], row["record_b"])
        for row in ask(
            "SELECT DISTINCT ON (j.record_a, j.record_b) j.record_a, j.record_b, j.verdict"
            " FROM unnest(%s::bigint[], %s::bigint[]) n(a, b)"
            " JOIN register.judgement j ON j.record_a = n.a AND j.record_b = n.b"
            " ORDER BY j.record_a, j.record_b, j.judgement_no DESC", firsts, seconds,
        )
        if row["verdict"] == "unsure"
    }  # fmt: skip
    said = {True: "same", False: "different", None: "withdrawn"}
    return [(*p, "unsure" if p in unsure else said[known.get(p)]) for p in pairs]


def _overtaken(event: int) -> bool:
    """Whether something later was said of a pair of this event."""
    return bool(
        ask(
            "SELECT 1 AS x FROM register.judgement j JOIN register.judgement l ON l.record_a = j.record_a"
            " AND l.record_b = j.record_b AND l.judgement_no > j.judgement_no AND l.event_no <> j.event_no"
            " WHERE j.event_no = %s LIMIT 1", event,
        )
    )  # fmt: skip


def _members(person: int) -> list[Row]:
    return ask("SELECT record_id FROM register.standard WHERE person_id = %s", person)


def _units(records: Sequence[int]) -> tuple[str, ...]:
    """The communes of the persons of these records, as far as they may be seen."""
    rows = ask(
        "SELECT DISTINCT p.unit_code FROM register.standard s JOIN register.person p"
        " ON p.person_id = s.person_id WHERE s.record_id = ANY(%s) AND p.unit_code IS NOT NULL"
        " ORDER BY 1", list(records),
    )  # fmt: skip
    return tuple(row["unit_code"] for row in rows)


def _check_right(by: Any, right: str, units: Sequence[str]) -> None:
    """The right must hold in one of the communes."""
    check_right(by, right)
    if not any(has_right(by, right, unit) for unit in units):
        check_right(by, right, unit=units[0] if units else "?")


# --- second officer ---


def _propose(decision: Decision, fields: Sequence[str], by: Any) -> int:
    answers = json.dumps([list(a) for a in decision.answers])
    return int(
        ask(
            "INSERT INTO register.proposal (event_id, what, answers, undoes, duplicate_no, reason, fields,"
            " unit_codes, by, expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
            " ON CONFLICT (event_id) DO NOTHING RETURNING proposal_no",
            str(decision.id), decision.what, answers, decision.undoes, decision.duplicate, decision.reason,
            list(fields), list(decision.units), by.username, _open_until(),
        )[0]["proposal_no"]
    )  # fmt: skip


def _open_until() -> dt.datetime:
    """Until when a proposal of now waits for its second officer."""
    return timezone.now() + dt.timedelta(
        days=term("second_officer", on=timezone.localdate()).amount
    )


def waiting() -> list[Row]:
    """Open proposals that this log-in may see, the oldest first."""
    return ask(
        "SELECT * FROM register.proposal WHERE outcome IS NULL AND expires_at > now() ORDER BY proposal_no"
    )


def find_proposal(number: int) -> Row | None:
    """One proposal, open or not."""
    found = ask("SELECT * FROM register.proposal WHERE proposal_no = %s", number)
    return found[0] if found else None


def decision_of(row: Row) -> Decision:
    """A proposal as the decision that it was."""
    answers = tuple((int(a), int(b), str(v)) for a, b, v in row["answers"])
    return Decision(
        UUID(str(row["event_id"])), row["what"], answers, row["reason"], tuple(row["unit_codes"]),
        row["duplicate_no"], row["undoes"],
    )  # fmt: skip


def may_confirm(row: Row, by: Any) -> bool:
    """Whether this officer may be the second one."""
    return row["by"] != by.username and any(
        has_right(by, CLOSE, unit) for unit in row["unit_codes"]
    )


@transaction.atomic
def do_decide(*, number: int, outcome: str, by: Any) -> int | None:
    """Confirm, refuse or (the author) withdraw a proposal; the event's number when it was applied.

    Raises OnePerson, Expired, Refused; what the register says when it can no longer be applied.
    """
    row = find_proposal(number)
    if row is None or row["outcome"] is not None or row["expires_at"] <= timezone.now():
        raise Expired
    if outcome == "withdrawn":
        if row["by"] != by.username:
            raise Refused
    elif row["by"] == by.username:
        raise OnePerson
    else:
        _check_right(by, CLOSE, row["unit_codes"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE register.proposal SET outcome = %s, decided_by = %s, decided_at = now()"
            " WHERE proposal_no = %s AND outcome IS NULL", [outcome, by.username, number],
        )  # fmt: skip
        if cursor.rowcount != 1:
            raise Expired
    if outcome != "confirmed":
        return None
    event = incoming(decision_of(row), by=row["by"], second_by=by.username)
    return desk().submit(event).event_no
