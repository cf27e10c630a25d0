"""Which rows the role of the pages sees and may write: the cards of its communes, and the steps of those."""

from __future__ import annotations

from dancu.kit.web import policy

_OF_CARD = "EXISTS (SELECT 1 FROM demo_card c WHERE c.id = card_id)"


def statements() -> list[str]:
    """The policies; the tables must be there."""
    return [
        policy("demo_card", "unit_code", person="citizen_id"),
        "ALTER TABLE demo_step ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY of_own_cards ON demo_step TO dancu_app USING ({_OF_CARD}) WITH CHECK ({_OF_CARD});",
    ]
