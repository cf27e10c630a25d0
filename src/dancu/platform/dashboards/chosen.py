"""Which figures a board shows of the many there are, and which a pillar has."""

from __future__ import annotations

from dancu.engine.report.indicators import Indicator
from dancu.platform.reports import registry

TEN = (
    "online_rate_essential_25", "online_rate_driving_licence", "online_rate_all", "online_rate_police",
    "online_rate_others", "paper_dossiers_essential_25", "on_time_rate", "electronic_result_rate",
    "online_payment_rate", "clean_records_rate",
)  # fmt: skip
"""The ten of a chairman's board, those with a target first."""


def ten() -> tuple[Indicator, ...]:
    """Those of the ten that this installation counts."""
    known = registry.indicators()
    return tuple(known[code] for code in TEN if code in known)


def in_pillar(pillar: str) -> tuple[Indicator, ...]:
    """All of a pillar; what names no pillar belongs to digital government."""
    return tuple(i for i in registry.indicators().values() if (i.pillar or "government") == pillar)


def every() -> tuple[Indicator, ...]:
    """All there are."""
    return tuple(registry.indicators().values())
