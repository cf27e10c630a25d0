"""The register's rows that go into the ledger: look-ups, events, judgements, what persons were before.

The key of a look-up is its receipt: whoever holds one finds it in the leaf itself.

Of an event only what came in: its `result` is written when it has been followed.
"""

from __future__ import annotations

from dancu.platform.ledger.kinds import Kind

KINDS = [
    Kind(
        "access.1", "register.access_log", "receipt",
        ("access_no", "receipt", "at", "citizen_id", "by", "role", "unit_code", "purpose", "basis", "fields",
         "extraordinary", "partner", "officer", "channel", "request_id", "request_digest",
         "hidden_until", "outcome"),
        about="citizen_id", at="at",
    ),
    Kind(
        "event.1", "register.event", "event_no",
        ("event_no", "ce_source", "ce_id", "kind", "happened_at", "recorded_at", "recorded_by", "digest", "data"),
        at="recorded_at",
    ),
    Kind(
        "judgement.1", "register.judgement", "judgement_no",
        ("judgement_no", "record_a", "record_b", "verdict", "by", "second_by", "reason", "at", "event_no"),
        at="at",
    ),
    Kind(
        "history.1", "register.person_history", "person_id,recorded",
        ("person_id", "citizen_id", "recorded", "row", "event_no"), about="citizen_id",
    ),
]  # fmt: skip
