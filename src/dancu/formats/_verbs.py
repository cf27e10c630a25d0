"""Two verbs every format writes the same way, said once."""

from __future__ import annotations

from collections.abc import Callable

from dancu.formats.errors import FormatError


def passes(validate: Callable[[], object]) -> bool:
    """Whether a validation goes through; what `is_valid` of every format is made of."""
    try:
        validate()
    except FormatError:
        return False
    return True
