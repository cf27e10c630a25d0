"""The indicators as the asker may see them: row-level security leaves the own communes' records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from dancu.engine.report.indicators import Asked, Figure, Indicator, counted, figure, records
from dancu.sectors.demo.indicators import INDICATORS
from dancu.sectors.demo.models import Card

MOST = 500


@dataclass(frozen=True)
class Line:
    """An indicator with its figure."""

    indicator: Indicator
    figure: Figure


def lines(asked: Asked) -> list[Line]:
    """All indicators, rolled up from numerators and denominators."""
    return [Line(one, of(one, asked)) for one in INDICATORS]


def of(indicator: Indicator, asked: Asked) -> Figure:
    """One of them."""
    return figure(indicator, None, [(row[1], row[2]) for row in _rows(counted(indicator, asked))])


def cards(indicator: Indicator, asked: Asked, *, hit: bool | None) -> list[Card]:
    """The records that the figure opens to. `hit`: those inside or outside the numerator."""
    numbers = [row[0] for row in _rows(records(indicator, asked, hit=hit))]
    found = Card.objects.in_bulk([int(number) for number in numbers[:MOST]])
    return list(found.values())


def _rows(query: tuple[str, list[Any]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*query)
        return cursor.fetchall()
