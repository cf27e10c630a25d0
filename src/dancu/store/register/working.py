"""A batch's steps on tables that lie in memory: the living register uses the engine without a run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from dancu.engine.ports import Drop, Kernel, Part, Step
from dancu.store.duckdb import DuckStore


def perform(
    store: DuckStore, steps: Iterable[Step], *, told: Callable[[str], None] = lambda _name: None
) -> None:
    """Runs the steps of a stage; a table made in parts is put together. `told` hears each table's name."""
    begun: set[str] = set()
    for step in steps:
        if isinstance(step, Drop):
            for name in step.names:
                store.drop(name)
            continue
        told(step.name)
        if isinstance(step, Kernel):
            given = {key: store.fetch(query) for key, query in step.inputs.items()}
            store.put(step.name, step.function(**given))
        elif isinstance(step, Part) and step.name in begun:
            store.create(step.name, f"SELECT * FROM {step.name} UNION ALL {step.query}")
        else:
            store.create(step.name, step.query)
            if isinstance(step, Part):
                begun.add(step.name)
