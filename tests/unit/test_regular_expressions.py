"""No regular expression of ours can be made to think for long: each is given texts that make bad ones hang.

The APIs take texts of 300 letters, and cells of lists are not looked into beyond `readers.LONGEST` (a test of its own,
tests/spec/standardise/test_long_cells.py): texts here are that long. What grows with the square of the length (a
handful do: a few milliseconds) passes; what doubles with each letter, or grows with the cube, does not.
"""

from __future__ import annotations

import contextlib
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from types import ModuleType

import pytest

import dancu
from dancu import engine, formats, lib
from dancu.engine.standardise.readers import LONGEST
from dancu.formats import FORMATS
from dancu.formats.errors import FormatError

LONG = LONGEST
SEEDS = (
    "a",
    "0",
    " ",
    "a ",
    "0 ",
    "<",
    "|",
    "1-",
    "a.",
    "A<",
    "Ă",
    "ă ",
    "/",
    "1/",
    "x,",
    "\t",
    "\n",
    "a\n",
    "_",
    "0a",
)
HOSTILE = [seed * (LONG // len(seed)) + end for seed in SEEDS for end in ("", "!", "\x00")]
MOST = 0.05
"""Seconds of processor time for one text; a pattern that is linear needs under a millisecond."""
PACKAGES: tuple[ModuleType, ...] = (formats, lib, engine)


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)


def patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = {
        (module.__name__.removeprefix(f"{dancu.__name__}."), name): value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str)
    }
    return [(f"{module}.{name}", value) for (module, name), value in sorted(found.items())]


def spent(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    pattern.fullmatch(text)
    pattern.match(text)
    next(pattern.finditer(text), None)
    return time.process_time() - began


def test_there_are_patterns_to_look_at() -> None:
    assert len(patterns()) > 40


def test_no_pattern_takes_long_over_a_hostile_text() -> None:
    slow = {
        name: round(worst, 2)
        for name, pattern in patterns()
        if (worst := max(spent(pattern, text) for text in HOSTILE)) > MOST
    }
    assert slow == {}


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_no_format_takes_long_over_a_hostile_text(form: str) -> None:
    with contextlib.suppress(FormatError):
        FORMATS[form].validate("Xã Tân Mỹ")  # word lists are read at the first call
    for text in HOSTILE:
        began = time.process_time()
        with contextlib.suppress(FormatError):
            FORMATS[form].validate(text)
        assert time.process_time() - began < 2 * MOST, text[:20]


def test_a_pattern_that_hangs_is_found() -> None:
    assert spent(re.compile("(a+)+b"), "a" * 24) > MOST
