"""What a command does to the register beside the store: the day that territories and pages go by."""

from __future__ import annotations

import datetime as dt


def set_register_day(day: dt.date) -> None:
    """The register is of this day from now on; needs Django set up."""
    from dancu.platform.access import territory

    territory.set_register_day(day)
