"""Which reviews the role of the pages sees and may write: those of units that lie wholly in the log-in's territory."""

from __future__ import annotations

APP = "dancu_app"
_REVIEW = "((SELECT access.all_units()) OR communes <@ (SELECT access.units())::text[])"
_OF_REVIEW = "EXISTS (SELECT 1 FROM services.review r WHERE r.review_no = review_act.review_no)"


def statements() -> list[str]:
    """The policies; the tables must be there."""
    return [
        "ALTER TABLE services.review ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY own_reviews ON services.review TO {APP} USING {_REVIEW} WITH CHECK {_REVIEW};",
        "ALTER TABLE services.review_act ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_own_reviews ON services.review_act TO {APP} USING ({_OF_REVIEW}) WITH CHECK ({_OF_REVIEW});",
    ]
