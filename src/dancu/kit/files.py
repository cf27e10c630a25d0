"""Photos and scans that somebody hands in: looked at by content, drawn anew without EXIF, scanned; see evidence.py."""

from __future__ import annotations

from dancu.platform.worklists.evidence import LARGEST, Clean, NoEvidence, clean

__all__ = ["LARGEST", "Clean", "NoEvidence", "clean"]
