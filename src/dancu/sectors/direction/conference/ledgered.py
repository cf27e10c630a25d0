"""Briefs, statements, conclusions and commendations go into the ledger; all else of a conference stands in its acts."""

from __future__ import annotations

from dancu.kit.ledger import Kind

_WHO = ("at", "by")
KINDS = [
    Kind("conference_brief.1", table="direction.conference_brief", key="brief_no", at="at", columns=(
        "brief_no", "conference_no", "unit_code", "unit_on", "content", *_WHO,
    )),
    Kind("conference_statement.1", table="direction.conference_statement", key="statement_no", at="at", columns=(
        "statement_no", "conference_no", "unit_code", "unit_on", "event_id", "speaker", "said", *_WHO,
    )),
    Kind("conference_conclusion.1", table="direction.conference_conclusion", key="conclusion_no", at="at", columns=(
        "conclusion_no", "conference_no", "unit_code", "unit_on", "event_id", "said", "due_on", "task_no",
        "shortcoming_no", *_WHO,
    )),
    Kind("commendation.1", table="direction.commendation", key="commendation_no", at="at", columns=(
        "commendation_no", "unit_code", "unit_on", "event_id", "indicator", "indicator_version", "first_day",
        "last_day", "before_numerator", "before_denominator", "numerator", "denominator", "reason", *_WHO,
    )),
]  # fmt: skip
