"""What direction refuses, in words for the screen."""

from __future__ import annotations


class DirectionError(Exception):
    """It cannot be done; the message says what is wrong and what to do next."""


class NotOpen(DirectionError):
    """The action is not open in this state, or not for this person."""


class Changed(DirectionError):
    """Somebody else has acted since it was shown."""


class NoThing(LookupError):
    """Nothing under this number that the asker may see; says no more."""
