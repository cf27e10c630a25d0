"""What a finished service tells the living register: recorded, tried out, taken back. Works as the register's owner.

Who may tell what about whom is decided before; the register itself keeps an event to the communes of `Recorder.units`.
"""

from __future__ import annotations

from dancu.engine.events.entered import Problem, forms
from dancu.platform.events.problems import all_told, label
from dancu.platform.events.recording import Entry, Recorder, do_record
from dancu.platform.events.undoing import TooLate, take_back
from dancu.platform.events.writer import desk
from dancu.store.errors import StoreError
from dancu.store.register.desk import Refused
from dancu.store.register.told import Conflict, Outcome, Outside

__all__ = [
    "Conflict", "Entry", "Outcome", "Outside", "Problem", "Recorder", "Refused", "StoreError", "TooLate", "all_told",
    "do_record", "forms", "has_test_people", "label", "take_back",
]  # fmt: skip


def has_test_people() -> bool:
    """Whether the register is one of invented people, whose numbers begin with 9."""
    return desk().context().test_people
