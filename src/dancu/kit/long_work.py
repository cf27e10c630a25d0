"""Long work of a sector: a job with progress that survives a closed tab, and the owner's address of the database."""

from __future__ import annotations

from dancu.platform.events.writer import owner
from dancu.platform.tasks.models import Job
from dancu.platform.tasks.services import Told, asked_by, last_of, progress, start

__all__ = ["Job", "Told", "asked_by", "last_of", "owner", "progress", "start"]
