"""The one base error of the reference room; its messages say what, where and what to do."""

from __future__ import annotations


class ReferenceDataError(Exception):
    """Reference data was asked for something it does not hold."""


class UnknownDayError(ReferenceDataError):
    """The day lies before the first day for which the reference data is known."""


class UnknownUnitError(ReferenceDataError):
    """No unit with this code is in force on the asked day."""


class UnknownCodeError(ReferenceDataError):
    """A value is not in a code list."""
