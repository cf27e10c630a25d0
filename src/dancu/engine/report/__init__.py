"""Outputs for people and machines: report page and JSON, worklists, cleaned files, corrections taken back.

Pure: reads the tables of a run through a `Store` and gives bytes; the command line writes them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from dancu.engine.ports import Context, Store
from dancu.engine.report import corrections, page, worklists
from dancu.engine.report import document as documents
from dancu.engine.report import facts as facts_of
from dancu.engine.report.cleaned import cleaned_files
from dancu.engine.report.model import OutFile, Place, Score, Summary

__all__ = [
    "OutFile",
    "Place",
    "Score",
    "Summary",
    "cleaned_files",
    "corrections",
    "files",
    "summary",
    "worklist_files",
]


def files(
    store: Store, context: Context, manifest: dict[str, Any], *, target: float | None = None
) -> Iterator[OutFile]:
    """`report.html`, `report.json` and the worklists, one by one.

    `target`: the points that "fix these N records" aims at; None: the next colour above each commune.
    """
    facts = facts_of.gather(store, context)
    document = documents.document(store, context, manifest, facts, target=target)
    yield OutFile("report.html", page.render(document, facts))
    yield OutFile("report.json", json.dumps(document, ensure_ascii=False, indent=1).encode())
    yield from worklists.worklist_files(store, context, province=facts.province)


def worklist_files(
    store: Store,
    context: Context,
    *,
    units: Collection[str] | None = None,
    show_numbers: bool = False,
) -> Iterator[OutFile]:
    """The worklists of the communes of the province, or of `units` (codes of the day) only.

    `show_numbers`: personal numbers in full; the caller answers for who sees them.
    """
    province = facts_of.home(store, context)
    yield from worklists.worklist_files(
        store, context, province=province, only=units, show_numbers=show_numbers
    )


def summary(store: Store, context: Context, manifest: dict[str, Any]) -> Summary:
    """The numbers that the command line prints at the end of a run."""
    return documents.summary(store, facts_of.gather(store, context))
