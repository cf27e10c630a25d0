"""What a command does to the register beside the store: the day that pages go by, the tasks that follow from it."""

from __future__ import annotations

import datetime as dt


def set_register_day(day: dt.date) -> None:
    """The register is of this day from now on; needs Django set up."""
    from dancu.platform.access import territory

    territory.set_register_day(day)


def refresh_tasks() -> int:
    """Tasks for the open findings of every commune; how many were made. Needs Django set up."""
    from dancu.platform.worklists import making

    return making.refresh_tasks().made
