"""Link: which records are the same person. Table `standard` in, `links`, `pairs`, `link_report` and `link_epoch` out.

Pure: codes and Arrow, nothing is opened. Settings are plain data (`LinkSettings`); two presets ship.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pyarrow as pa

from dancu.engine.link.epoch import Epoch, no_epoch
from dancu.engine.link.explain import Evidence, evidence, explain_pair
from dancu.engine.link.judge import Judged, judge
from dancu.engine.link.matcher import LinkResult, components, link
from dancu.engine.link.settings import LinkSettings, LinkSettingsError, preset, read_settings
from dancu.engine.ports import Context, Kernel, Step

__all__ = [
    "Epoch",
    "Evidence",
    "Judged",
    "LinkResult",
    "LinkSettings",
    "LinkSettingsError",
    "components",
    "evidence",
    "explain_pair",
    "judge",
    "link",
    "plan",
    "preset",
    "read_settings",
    "settings_of",
]


def settings_of(context: Context) -> LinkSettings:
    """The run's settings: those given under `link`, else the Vietnamese preset, with each source's own rule."""
    given = context.of("link")
    chosen = read_settings(given) if given else preset("vietnamese_person")
    one = [name for name, spec in context.sources.items() if spec.one_per_person]
    return replace(chosen, one_per_source=tuple(sorted({*chosen.one_per_source, *one})))


def plan(context: Context) -> list[Step]:
    """Steps that make `pairs`, `links`, `link_report` (what, value: JSON) and `link_epoch`."""
    settings = settings_of(context)
    job = _Job(settings)
    return [
        Kernel("pairs", {"records": _records(settings)}, job.pairs, keep=True),
        Kernel(
            "links",
            {
                "records": "SELECT record_id FROM standard ORDER BY record_id",
                "joined": "SELECT record_a, record_b FROM pairs WHERE joined",
            },
            components,
            keep=True,
        ),
        Kernel("link_report", {}, job.report),
        Kernel("link_epoch", {}, job.epoch),
    ]


def _records(settings: LinkSettings) -> str:
    columns = [settings.id_column, settings.source_column, *settings.columns()]
    return f"SELECT {', '.join(dict.fromkeys(columns))} FROM standard ORDER BY record_id"


@dataclass
class _Job:
    """One matching job of a run; keeps the report of the pairs for the step after."""

    settings: LinkSettings
    notes: dict[str, Any] = field(default_factory=dict)
    learnt: Epoch | None = None

    def pairs(self, records: pa.Table) -> pa.Table:
        result = link(records, self.settings)
        self.notes, self.learnt = dict(result.report), result.epoch
        return result.pairs

    def epoch(self) -> pa.Table:
        """The model that made the links; no rows for a run without records."""
        return self.learnt.to_table() if self.learnt else no_epoch()

    def report(self) -> pa.Table:
        return pa.table(
            {
                "what": pa.array(list(self.notes), pa.string()),
                "value": pa.array([json.dumps(v) for v in self.notes.values()], pa.string()),
            }
        )
