"""What an app says about a table that goes into the ledger, in its ``ledgered.py``: ``KINDS = [Kind(…)]``.

Only tables that are added to, never changed: what is committed to must read the same for ever.
"""

from __future__ import annotations

from dancu.store.ledger.kinds import Kind

__all__ = ["Kind"]
