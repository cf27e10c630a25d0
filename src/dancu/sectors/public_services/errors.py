"""What a dossier refuses, in words for the screen."""

from __future__ import annotations


class ServiceError(Exception):
    """It cannot be done; the message says what is wrong and what to do next."""


class NotOpen(ServiceError):
    """The action is not open in the dossier's status, or not for this person."""


class Changed(ServiceError):
    """Somebody else has acted on the dossier since it was shown."""


class NoDossier(LookupError):
    """Nothing under this number or code that the asker may see; says no more."""
