"""Why something about consents or duties was not done; the message is shown to whoever asked."""

from __future__ import annotations


class ConsentError(ValueError):
    """Base: the message says what happened and what to do."""


class TextChanged(ConsentError):
    """What the person read is not the text of the day any more."""


class AlreadyGiven(ConsentError):
    """A consent for the same purpose and recipient stands; a second one would say nothing new."""


class NotTheirs(ConsentError):
    """Whoever gives it is neither the person nor a parent of the child."""


class BadPaper(ConsentError):
    """The paper form lacks what makes it count."""


class NotOpen(ConsentError):
    """It is not open any more, or somebody else was first."""
