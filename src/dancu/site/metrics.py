"""Figures of this process, counted as they happen, and their text for a monitor (OpenMetrics 1.0).

One process serves the site (threads inside it), so nothing has to be shared between processes. No figure has a
person, a user or an address as its label: the views are those of the program.
"""

from __future__ import annotations

import bisect
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper bounds of the histogram of answering times, in seconds."""

Labels = tuple[tuple[str, str], ...]
Sample = tuple[str, Labels, float]


class Requests:
    """How many requests each view answered, how, and how long it took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._count: dict[tuple[str, str, int], int] = defaultdict(int)
        self._buckets: dict[str, list[int]] = {}
        self._seconds: dict[str, float] = defaultdict(float)
        self._running = 0

    def begin(self) -> None:
        """A request has come in."""
        with self._lock:
            self._running += 1

    def end(self, view: str, method: str, status: int, seconds: float) -> None:
        """It was answered."""
        with self._lock:
            self._running -= 1
            self._count[view, method, status] += 1
            buckets = self._buckets.setdefault(view, [0] * (len(BOUNDS) + 1))
            buckets[bisect.bisect_left(BOUNDS, seconds)] += 1
            self._seconds[view] += seconds

    def text(self) -> Iterator[str]:
        """Counter, histogram and gauge."""
        with self._lock:
            counts, seconds, running = dict(self._count), dict(self._seconds), self._running
            buckets = {view: list(found) for view, found in self._buckets.items()}
        yield from family(
            "dancu_requests", "counter", "Requests answered.",
            (("_total", (("view", v), ("method", m), ("status", str(s))), n)
             for (v, m, s), n in sorted(counts.items())),
        )  # fmt: skip
        yield from family(
            "dancu_request_seconds", "histogram", "Time until an answer was ready.",
            (sample for view in sorted(buckets) for sample in _histogram(view, buckets[view], seconds[view])),
        )  # fmt: skip
        yield from family(
            "dancu_requests_running", "gauge", "Requests being answered.", [("", (), running)]
        )


class AtEdge:
    """What the counter at the edge took in, has still to write, and has lost."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counted = self._lost = self._waiting = 0

    def move(self, *, counted: int = 0, lost: int = 0, waiting: int = 0) -> None:
        """Add to the figures; `waiting` goes down again when rows are written or lost."""
        with self._lock:
            self._counted += counted
            self._lost += lost
            self._waiting += waiting

    def text(self) -> Iterator[str]:
        """Two counters and a gauge."""
        with self._lock:
            counted, lost, waiting = self._counted, self._lost, self._waiting
        yield from family(
            "dancu_edge_answers", "counter", "Answers about a person that the edge counted.", [("_total", (), counted)]
        )  # fmt: skip
        yield from family(
            "dancu_edge_lost", "counter", "Of these the ones that could not be written down and are lost.",
            [("_total", (), lost)],
        )  # fmt: skip
        yield from family(
            "dancu_edge_waiting", "gauge", "Of these the ones not yet written.", [("", (), waiting)]
        )


def _histogram(view: str, buckets: list[int], seconds: float) -> Iterator[Sample]:
    label = ("view", view)
    total = 0
    for bound, count in zip((*BOUNDS, float("inf")), buckets, strict=True):
        total += count
        yield "_bucket", (label, ("le", "+Inf" if bound == float("inf") else repr(bound))), total
    yield "_sum", (label,), seconds
    yield "_count", (label,), total


def family(name: str, kind: str, told: str, samples: Iterable[Sample]) -> Iterator[str]:
    """One family: its head, then a line a sample (suffix, labels, value).

    >>> print(*family("x", "gauge", "An x.", [("", (("a", 'b"c'),), 2.0)]), sep="")
    # TYPE x gauge
    # HELP x An x.
    x{a="b\\"c"} 2
    <BLANKLINE>
    """
    yield f"# TYPE {name} {kind}\n# HELP {name} {told}\n"
    for suffix, labels, value in samples:
        yield f"{name}{suffix}{_labels(labels)} {_number(value)}\n"


def gauges(values: Mapping[str, float | None], told: Mapping[str, str]) -> Iterator[str]:
    """Families of one sample each; a name that ends with ``_total`` is a counter. What is not known is left out."""
    for name, value in values.items():
        if value is None:
            continue
        if name.endswith("_total"):
            base = name.removesuffix("_total")
            yield from family(base, "counter", told[name], [("_total", (), value)])
        else:
            yield from family(name, "gauge", told[name], [("", (), value)])


def _labels(labels: Labels) -> str:
    if not labels:
        return ""
    escaped = (
        (name, value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n"))
        for name, value in labels
    )
    return "{" + ",".join(f'{name}="{value}"' for name, value in escaped) + "}"


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))


requests = Requests()
"""Those of this process."""
at_edge = AtEdge()
"""Of this process too."""
