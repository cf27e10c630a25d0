"""The adapter to our own register: the officer's question of this request's session, logged in its transaction.

Partners come by the verification API and not by here: their questions are logged under their token (platform.lookup).
That API and the scan page call `lookup.answering` themselves while there is a register: they show what the port does
not carry (values a purpose allows, a repeated request number, the signature) and their p99 is counted in milliseconds.
They turn to the port in verify-only mode (`gateway.counter`); this adapter is for callers that must not know which.
"""

from __future__ import annotations

from dancu.platform.gateway.port import NOT_YET, Reply, Request
from dancu.platform.lookup import answering
from dancu.reference import purposes

_REASONS = {"stopped": "stopped_by_person"}
"""A line that is stopped is another thing than a person who has had a purpose stopped."""


class RegisterGateway:
    """Never waits: the register is here, or the page is not."""

    def ask(self, request: Request) -> Reply:
        """Raises ReferenceDataError for a purpose that does not hold on the day."""
        purpose = purposes.get(request.purpose, on=request.on)
        told = answering.for_officer(
            request.asked, purpose=purpose, on=request.on, channel=request.channel, basis=request.basis
        )  # fmt: skip
        if told.state != "answered":
            return Reply(
                "refused",
                NOT_YET,
                request.number,
                told.receipt,
                _REASONS.get(told.state, told.state),
            )
        return Reply("verified", told.answer, request.number, told.receipt)
