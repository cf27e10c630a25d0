"""Indicators, for sectors and the command line: counted, held against targets, ranked; what an app may define."""

from __future__ import annotations

from dancu.platform.reports import benchmarks, counting, eras, ranking, targets
from dancu.platform.reports.registry import NoIndicator, get, indicators

__all__ = [
    "NoIndicator",
    "benchmarks",
    "counting",
    "eras",
    "get",
    "indicators",
    "ranking",
    "targets",
]
