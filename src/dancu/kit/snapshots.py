"""Frozen reports: what an app says of its source files; freezing and checking, for the command line."""

from __future__ import annotations

from dancu.platform.snapshots.sources import Source, SourceFile
from dancu.platform.snapshots.told import NoSnapshot
from dancu.platform.snapshots.verifying import Difference, Verdict, verify

__all__ = ["Difference", "NoSnapshot", "Source", "SourceFile", "Verdict", "verify"]
