"""What is worked out for whole columns of a list is what is worked out for one cell alone."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pyarrow as pa
import pytest

from dancu.reference import working_time
from dancu.sectors.public_services.importing import codes, line, moments

FIRST = dt.datetime(2022, 11, 1)


def _moments(rng: random.Random, n: int, *, days: int = 3 * 365) -> list[dt.datetime]:
    return [FIRST + dt.timedelta(seconds=rng.randrange(days * 86_400)) for _ in range(n)]


def _column(of: list[dt.datetime]) -> moments.Times:
    return np.array(of, "datetime64[s]")


@pytest.mark.parametrize("seed", range(3))
def test_office_time_of_columns_is_that_of_each_row(seed: int) -> None:
    rng = random.Random(seed)
    starts = _moments(rng, 500)
    spent = [rng.choice((1, 60, 210, 480, 481, rng.randrange(1, 200_000))) for _ in starts]
    ends = line.after(_column(starts), np.array(spent))
    assert ends.tolist() == [
        working_time.after(a, minutes=n) for a, n in zip(starts, spent, strict=True)
    ]
    later = [a + dt.timedelta(minutes=rng.randrange(-500, 90_000)) for a in starts]
    assert line.minutes(_column(starts), _column(later)).tolist() == [
        max(0, working_time.minutes_between(a, b)) for a, b in zip(starts, later, strict=True)
    ]


def test_office_time_goes_over_the_turn_of_a_year() -> None:
    start, end = dt.datetime(2023, 12, 28, 8), dt.datetime(2024, 1, 3, 9)
    assert line.minutes(_column([start]), _column([end])).tolist() == [
        working_time.minutes_between(start, end)
    ]


FORMS = ("%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M",
         "%Hh%M ngày %d.%m.%Y")  # fmt: skip
DAYS = ("%d/%m/%Y", "%Y-%m-%d", "%Y%m%d", "%d.%m.%Y")
NONE = ("31/02/2024", "29/02/2023", "20241301000000", "20240600", "2024-06-21T24:00:00", "21/06/2024 10:60",
        "21/06/2024 10:00:61", "00000000", "abcdefgh", "２０２４０６２１", "1999-12-31", "2100-01-01")  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_cells_in_any_form_are_read_as_they_were_written(seed: int) -> None:
    rng = random.Random(seed)
    cells: list[str | None] = []
    wanted: list[tuple[dt.datetime | None, bool, bool]] = []
    for at in _moments(rng, 400, days=20 * 365):
        day = at.replace(hour=0, minute=0, second=0)
        form = rng.choice((*FORMS, *DAYS))
        read = day if form in DAYS else at if "%S" in form else at.replace(second=0)
        cells.append(f" {at:{form}} " if rng.random() < 0.1 else f"{at:{form}}")
        wanted.append((read, form in DAYS, False))
    cells += [*NONE, "", None]
    wanted += [(None, False, True)] * len(NONE) + [(None, False, False)] * 2
    found = moments.read(pa.chunked_array([cells[:150], cells[150:]]))
    told = [
        (at, bool(dated) and at is not None, bool(wrong))
        for at, dated, wrong in zip(found.at.tolist(), found.dated, found.wrong, strict=True)
    ]
    assert told == wanted


def test_a_code_is_one_however_often_and_in_whatever_form_it_stands() -> None:
    given = ["H02.07.204-240603-0001", " 204.00.07.H02 - 240603 - 0001 ", "HS-17", None]
    assert codes.dossiers(pa.chunked_array([given * 3])).to_pylist() == [
        "H02.07.204-240603-0001", "H02.07.204-240603-0001", None, None,
    ] * 3  # fmt: skip
