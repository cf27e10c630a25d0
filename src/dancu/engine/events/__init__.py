"""Events: births, deaths, moves, marriages, corrections, cards and unit changes, each with its two times.

`standard`, `links` and `golden` in; `events` and `persons` (the register on the asked day) out.
"""

from __future__ import annotations

from functools import partial

from dancu.engine.events import queries, register, statuses
from dancu.engine.events.replaced import REPLACEMENTS, replaced
from dancu.engine.events.units import unit_changes
from dancu.engine.ports import Context, Drop, Kernel, Sql, Step

__all__ = ["plan", "unit_changes"]

_CODES = (
    "SELECT permanent_unit AS code, list_date, count(*) AS records FROM standard"
    " WHERE permanent_unit IS NOT NULL GROUP BY permanent_unit, list_date"
)


def plan(context: Context) -> list[Step]:
    """Steps that make `events` and `persons`."""
    sources = context.sources
    parts = (
        "SELECT * FROM _event_listed",
        queries.spouse_events(),
        queries.stated_events(),
        queries.changed_events(),
    )
    made = [
        *(Sql(f"_event_{r.name}", replaced(r)) for r in REPLACEMENTS),
        Sql("_event_statuses", statuses.statuses()),
        Sql("_event_cards", statuses.cards()),
        Sql("_event_deaths", register.deaths()),
        Sql("_event_marriages", register.marriages()),
        Sql("_event_confirmed", register.confirmed(context.on)),
    ]
    return [
        Sql("_event_spoken", queries.spoken(sources)),
        Sql("_event_listed", queries.listed_events(sources)),
        Sql("_event_changes", queries.changes()),
        Sql("_event_all", " UNION ALL ".join(parts)),
        Kernel("_event_units", {"codes": _CODES}, partial(unit_changes, on=context.on)),
        Sql("events", queries.events(), keep=True),
        Drop(("_event_listed", "_event_changes", "_event_all", "_event_units")),
        Sql("_event_known", register.known_events(context.on)),
        *made,
        Sql("persons", register.persons(), keep=True),
        Drop(("_event_spoken", "_event_known", *(s.name for s in made))),
    ]
