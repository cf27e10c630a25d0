"""Duplicates to judge: the queue, who sees it, what a verdict does and undoes, and the second officer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import psycopg
import pyarrow.parquet as pq
import pytest
from tests.web.register import RegisterSite

OPEN = "SELECT duplicate_no, record_a, record_b, unit_a, unit_b FROM register.duplicate WHERE settled_at IS NULL"


def test_the_queue_is_the_clerks_pairs_of_the_batch(register_site: RegisterSite) -> None:
    pairs = pq.read_table(register_site.run / "link" / "pairs.parquet").to_pylist()
    names = ("record_a", "record_b", "score", "probability", "joined", "blocked_by")
    wanted = {tuple(p[n] for n in names) for p in pairs if p["clerk"]}
    found = register_site.ask(f"SELECT {', '.join(names)} FROM register.duplicate WHERE opened_by IS NULL")
    assert wanted and set(found) == wanted
