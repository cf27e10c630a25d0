"""In what state a person's number, card and permanent residence are: said by events alone, `in_force` or what ended it.

The event latest in valid time decides; of those of one day the one known last, and of these the one that puts right:
who loses a card and gets another on the same day has a card. A number that was cancelled, a commune from which
somebody was struck off, stay as last known beside their state.
"""

from __future__ import annotations

from collections.abc import Mapping

from dancu.engine.events.replaced import last_event

IN_FORCE = "in_force"
STATUSES: Mapping[str, Mapping[str, str]] = {
    "number_status": {"number_cancelled": "cancelled", "number_reestablished": IN_FORCE},
    "residence_status": {"residence_cancelled": "cancelled", "move": IN_FORCE},
    "card_status": {"card_lost": "lost", "card_found": IN_FORCE, "card_issued": IN_FORCE},
}
"""Column -> kind of event -> the state after it."""


def statuses() -> str:
    """One row a person of whom such an event is known: each state and `<column>_from`, the record that says it."""
    columns = ", ".join(
        f"max(CASE WHEN field = '{name}' THEN {what} END) AS {name}{end}"
        for name in STATUSES
        for what, end in (("state", ""), ("record_id", "_from"))
    )
    every = " UNION ALL ".join(_ranked(name) for name in STATUSES)
    return f"SELECT person_id, {columns} FROM ({every}) r WHERE choice = 1 GROUP BY person_id"


def _ranked(name: str) -> str:
    whens = " ".join(f"WHEN '{kind}' THEN '{state}'" for kind, state in STATUSES[name].items())
    kinds = ", ".join(f"'{kind}'" for kind in STATUSES[name])
    return (
        f"SELECT person_id, record_id, '{name}' AS field, state, row_number() OVER (PARTITION BY person_id"
        f" ORDER BY valid_on DESC, recorded_on DESC, CASE WHEN state = '{IN_FORCE}' THEN 0 ELSE 1 END, event_id)"
        f" AS choice FROM (SELECT *, CASE kind {whens} END AS state FROM _event_known"
        f" WHERE kind IN ({kinds})) k"
    )


def changed() -> dict[str, str]:
    """Column of `persons` -> its expression over golden `g` and the states `t`."""
    made = {}
    for name in STATUSES:
        made[name] = f"coalesce(t.{name}, g.{name}) AS {name}"
        made[f"{name}_from"] = f"coalesce(t.{name}_from, g.{name}_from) AS {name}_from"
    return made


def cards() -> str:
    """person_id, card_record, card_issued, card_expires of the last card, where golden knows none or an older one."""
    day = "coalesce(s.card_issued, m.valid_on)"
    return (
        f"SELECT m.person_id, m.record_id AS card_record, {day} AS card_issued, s.card_expires"
        f" FROM ({last_event(('card_issued',), stated=True)}) m"
        " JOIN standard s ON s.record_id = m.record_id JOIN golden g ON g.person_id = m.person_id"
        f" WHERE g.card_issued IS NULL OR g.card_issued < {day}"
    )


def card_changed() -> dict[str, str]:
    """Column of `persons` -> its expression over golden `g` and the cards `k`; the old card's last day goes with it."""
    some = "k.card_record IS NOT NULL"
    return {
        "card_issued": f"CASE WHEN {some} THEN k.card_issued ELSE g.card_issued END AS card_issued",
        "card_issued_from": f"CASE WHEN {some} THEN k.card_record ELSE g.card_issued_from END AS card_issued_from",
        "card_issued_issue": f"CASE WHEN NOT {some} THEN g.card_issued_issue END AS card_issued_issue",
        "card_expires": f"CASE WHEN {some} THEN k.card_expires ELSE g.card_expires END AS card_expires",
        "card_expires_from": f"CASE WHEN NOT {some} THEN g.card_expires_from"
        " WHEN k.card_expires IS NOT NULL THEN k.card_record END AS card_expires_from",
    }
