"""The page itself: one HTML file that needs no network, no script and no font of its own."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined

from dancu.engine.report import map as maps
from dancu.engine.report import words
from dancu.engine.report.facts import Facts, Row

_BEST = 10


def render(document: Row, facts: Facts) -> bytes:
    """`document` as a page, UTF-8; `facts` for the outlines of the day."""
    former = maps.former_provinces(facts) if not document["districts"] else None
    drawn = document["districts"] or document["communes"]
    template = _environment().get_template("report.html.j2")
    judged = [c for c in document["communes"] if c["scores"]["*"]]
    text = template.render(
        doc=document,
        css=_text("report.css"),
        map=maps.draw(facts, drawn, former=former),
        worst=judged[:_BEST],
        best=judged[::-1][:_BEST] if len(judged) > _BEST else [],
        dims=document["method"]["dimensions"],
        rule_by_id={r["id"]: r for r in document["rules"]},
        on=facts.on,
    )
    return text.encode("utf-8")


class _Packaged(BaseLoader):
    """Templates of this package, also out of a zipped wheel."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Any]:
        return _text(template), template, lambda: True


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=_Packaged(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        number=words.number,
        decimal=words.decimal,
        percent=words.percent,
        points=words.points,
        level=words.level,
        day=_day,
        moment=_moment,
        slug=words.slug,
    )
    environment.globals.update(
        COLOURS=words.COLOURS, VERDICTS=words.VERDICTS, DIMENSIONS=words.DIMENSIONS
    )
    return environment


def _day(value: str | date | None) -> str:
    """A day, or the text of one, as dd/mm/yyyy."""
    return words.day_of(
        date.fromisoformat(value[:10]) if isinstance(value, str) and value else value or None
    )


def _moment(value: str) -> str:
    """The text of a moment as dd/mm/yyyy hh:mm, in its own time zone."""
    return f"{datetime.fromisoformat(value):%d/%m/%Y %H:%M}"


@cache
def _text(name: str) -> str:
    return resources.files("dancu.engine.report").joinpath(f"templates/{name}").read_text("utf-8")
