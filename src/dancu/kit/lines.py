"""A line to another machine: JSON over HTTP within a deadline, one host, no redirect; and when to try again."""

from __future__ import annotations

from dancu.platform.feed.retry import wait
from dancu.platform.gateway.errors import LineDown
from dancu.platform.gateway.line import Heard, Line

__all__ = ["Heard", "Line", "LineDown", "wait"]
