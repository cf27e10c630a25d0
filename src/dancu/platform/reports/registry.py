"""Which indicators there are: `INDICATORS` in the module `indicators.py` of every installed app, and their faster ways.

A faster way (`SUMS`, of `engine.report.cells.Sums`, in the module `indicator_sums.py` of any app) gives the same cells
from sums that are kept; a test holds both together.
"""

from __future__ import annotations

from functools import cache

from dancu.engine.report.cells import Sums
from dancu.engine.report.indicators import Indicator
from dancu.platform.ui.registry import collect


class NoIndicator(LookupError):
    """There is no indicator of this code; the message says so."""


class TwoIndicators(RuntimeError):
    """Two apps define the same code."""


@cache
def indicators() -> dict[str, Indicator]:
    """All of them by code, in the order of the apps."""
    found: dict[str, Indicator] = {}
    for indicator in collect("indicators", "INDICATORS"):
        if indicator.code in found:
            raise TwoIndicators(f"{indicator.code}: defined twice; give one of them another code")
        found[indicator.code] = indicator
    return found


def get(code: str) -> Indicator:
    """The indicator; raises NoIndicator."""
    try:
        return indicators()[code]
    except KeyError:
        raise NoIndicator(
            f"Không có chỉ số mang mã «{code}»; xem danh mục tại /chi-tieu/. (No indicator {code}.)"
        ) from None


@cache
def sums() -> dict[str, Sums]:
    """The faster way of each indicator that has one."""
    return {code: one for one in collect("indicator_sums", "SUMS") for code in one.codes}
