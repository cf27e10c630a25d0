"""The picture of an explanation: bars of the evidence, the graph of a cluster, and the page that holds them.

One self-contained HTML file: no script, no network, one style block; all data is escaped by the template.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from math import cos, pi, sin
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined

from dancu.engine.link import wording

WIDTH = 1000
"""Units of a bar's drawing from end to end."""

MOST_DRAWN = 24
"""Records of a cluster that are drawn; a larger one is told as a table only."""


@dataclass(frozen=True)
class Bar:
    """One step as a rectangle, in units of the drawing: from `x` over `width`; `end` is where its total stands."""

    x: float
    width: float
    end: float
    sign: str


@dataclass(frozen=True)
class Bars:
    """All steps on one axis, and where on it 0 points and the threshold stand."""

    bars: tuple[Bar, ...]
    zero: float
    threshold: float


def bars(steps: Sequence[Mapping[str, Any]], threshold: float) -> Bars:
    """The steps of a story (`weight`, `total` in bits) as bars; `threshold` in log2 odds."""
    totals = [0.0, threshold, *(s["total"] for s in steps)]
    low, high = min(totals), max(totals)
    margin = (high - low) * 0.02
    scale = WIDTH / (high - low + 2 * margin)

    def place(total: float) -> float:
        return float(round((total - low + margin) * scale, 3))

    drawn = []
    for step in steps:
        start, end = place(step["total"] - step["weight"]), place(step["total"])
        sign = "plus" if step["weight"] >= 0 else "minus"
        drawn.append(Bar(min(start, end), round(abs(end - start), 3), end, sign))
    return Bars(tuple(drawn), place(0.0), place(threshold))


@dataclass(frozen=True)
class Node:
    """A record of a cluster, where it is drawn."""

    record: int
    x: float
    y: float


@dataclass(frozen=True)
class Edge:
    """A link between two drawn records; `label` stands at (`x`, `y`)."""

    x1: float
    y1: float
    x2: float
    y2: float
    x: float
    y: float
    kind: str
    label: str


@dataclass(frozen=True)
class Net:
    """A cluster as a drawing 360 units wide and `height` high."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    height: int


def net(members: Sequence[int], links: Sequence[Mapping[str, Any]]) -> Net | None:
    """The records on a circle and the links between them; None for one record, or too many to draw."""
    if not 2 <= len(members) <= MOST_DRAWN:
        return None
    places = _places(members)
    # The weakest is drawn last: on top.
    ordered = sorted(links, key=lambda x: (x["weakest"], x["holds"]))
    edges = tuple(_edge(x, places, crowded=len(members) > 3) for x in ordered)
    nodes = tuple(Node(m, *places[m]) for m in members)
    return Net(nodes, edges, 130 if len(members) == 2 else 330)


def _places(members: Sequence[int]) -> dict[int, tuple[float, float]]:
    if len(members) == 2:
        return {members[0]: (55.0, 65.0), members[1]: (305.0, 65.0)}
    turn = 2 * pi / len(members)
    return {
        m: (round(180 + 135 * sin(turn * k), 1), round(165 - 125 * cos(turn * k), 1))
        for k, m in enumerate(members)
    }


def _edge(
    link: Mapping[str, Any], places: Mapping[int, tuple[float, float]], *, crowded: bool
) -> Edge:
    (x1, y1), (x2, y2) = places[link["a"]], places[link["b"]]
    kind = "weakest" if link["weakest"] else "holds" if link["holds"] else "spare"
    shown = link["weakest"] or (link["holds"] and not crowded)
    # Off the middle, where the links of a regular figure cross.
    x, y = x1 + 0.42 * (x2 - x1), y1 + 0.42 * (y2 - y1)
    return Edge(x1, y1, x2, y2, round(x, 1), round(y, 1), kind, link["chance"] if shown else "")


def page(story: Mapping[str, Any], facts: Mapping[str, str], lang: str = "vi") -> bytes:
    """A story as a page, UTF-8. `facts`: what stands in the head, label -> text.

    A story has `title`, `records` (record_id, list, place) and `graph` (of `story.person`, or None); that of a pair
    also has `others` (sentences) and `values` (label, a, b, state, said); that of a person `weakest_pair`, the story
    of that pair or None.
    """
    drawn: dict[str, Any] = {"bars": None, "net": None}
    shown = story if story["kind"] == "pair" else story["weakest_pair"]
    if shown:
        drawn["bars"] = bars(shown["steps"], shown["threshold"])
    if story["graph"]:
        drawn["net"] = net(story["graph"]["members"], story["graph"]["links"])
    text = (
        _environment()
        .get_template("explain.html.j2")
        .render(story=story, facts=facts, lang=lang, say=_said(lang), **drawn)
    )
    return text.encode("utf-8")


def _said(lang: str) -> Any:
    def said(word: str, part: str = "page", **values: Any) -> str:
        return wording.say(part, word, lang, **{k: str(v) for k, v in values.items()})

    return said


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
    environment.globals["css"] = _text("explain.css")
    environment.globals["WIDTH"] = WIDTH
    return environment


@cache
def _text(name: str) -> str:
    return resources.files("dancu.engine.link").joinpath(f"templates/{name}").read_text("utf-8")
