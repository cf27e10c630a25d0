"""Finding a service in plain words: what a farmer types, and what should come first.

`queries.csv`: the rows `tuned` are what the phrases were written for; the rows `held_out` were written apart and no
phrase was added for them, so that their rate tells something.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from dancu.lib.text import fold
from dancu.reference import service_codes, service_words, services

ON = dt.date(2025, 7, 7)
QUERIES = list(
    csv.DictReader(Path(__file__).with_name("queries.csv").read_text("utf-8").splitlines())
)


def _rates(which: str) -> tuple[int, float, float]:
    found = [
        ([p.code for p in services.find_by_words(q["typed"], on=ON)], q["first"])
        for q in QUERIES
        if q["set"] == which
    ]
    first = sum(codes[:1] == [wanted] for codes, wanted in found)
    third = sum(wanted in codes[:3] for codes, wanted in found)
    return len(found), first / len(found), third / len(found)


def test_what_the_phrases_were_written_for_comes_first() -> None:
    n, first, third = _rates("tuned")
    print(f"tuned: {n} queries, {first:.0%} first, {third:.0%} among three")
    assert n >= 60 and first >= 0.97 and third == 1


def test_most_of_what_nobody_wrote_a_phrase_for_is_found_too() -> None:
    n, first, third = _rates("held_out")
    print(f"held out: {n} queries, {first:.0%} first, {third:.0%} among three")
    assert n >= 40 and first >= 0.85 and third >= 0.95


def test_marks_make_no_difference() -> None:
    for q in QUERIES:
        assert services.find_by_words(fold(q["typed"]), on=ON) == services.find_by_words(
            q["typed"], on=ON
        )


@pytest.mark.parametrize("typed", ["", "   ", "?!", "xyzzy", "toi muon lam thu tuc"])
def test_words_that_say_nothing_find_nothing(typed: str) -> None:
    assert services.find_by_words(typed, on=ON) == ()


@pytest.mark.parametrize(
    ("typed", "found"),
    [("1.004222", "1.004222"), ("1.001193.000.00.00.H02", "BG.ES12"), ("BG.ES22", "BG.ES22")],
)
def test_a_code_finds_its_procedure(typed: str, found: str) -> None:
    assert [p.code for p in services.find_by_words(typed, on=ON)] == [found]


def test_a_service_is_not_found_before_it_is_in_force() -> None:
    assert services.find_by_words("khai sinh", on=dt.date(2020, 1, 1)) == ()


def test_each_procedure_has_phrases_and_no_phrase_belongs_to_two() -> None:
    known = {p.code for p in services.procedures(on=ON)}
    assert set(service_words.synonyms()) == known
    phrases = [fold(p) for said in service_words.synonyms().values() for p in said]
    assert len(set(phrases)) == len(phrases) and min(map(len, phrases)) >= 3


def test_local_codes_mean_a_procedure_of_the_day_and_its_essential_service() -> None:
    for on in (dt.date(2024, 6, 21), ON):
        codes = services.local_codes(on=on)
        assert len({(c.portal, c.code) for c in codes}) == len(codes)
        for c in codes:
            assert services.get(c.procedure, on=on).essential_id == c.essential, c
        assert {c.essential for c in codes} - {""} == {f"ES{n:02}" for n in range(1, 26)}


def test_the_code_of_a_licence_went_with_its_ministry() -> None:
    assert service_codes.meant("1.002809", on=dt.date(2025, 2, 28)) is not None
    assert service_codes.meant("1.002809", on=dt.date(2025, 3, 1)) is None
    assert service_codes.meant("1.002755", on=ON, portal="province") is None
