"""The tables of the ledger, said once in SQL beside this file."""

from __future__ import annotations

from pathlib import Path

SCHEMA = (Path(__file__).parent / "schema.sql").read_text(encoding="utf-8")
LOCK = 0x6C65_6467
"""Held until commit by who gives places in the tree ("ledg")."""
