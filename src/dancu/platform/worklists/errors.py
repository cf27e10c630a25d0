"""Why an action on a task was not done; the message is shown to the officer."""

from __future__ import annotations

from typing import Any


class WorklistError(ValueError):
    """Base: the message says what happened and what to do."""


class Changed(WorklistError):
    """Somebody else did something to the task meanwhile; `step` says what."""

    def __init__(self, message: str, step: Any) -> None:
        self.step = step
        super().__init__(message)


class NotOpen(WorklistError):
    """The action is not open in the task's state."""
