"""Sums of persons that are kept, and the day that codes of units are of."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_SQL = (Path(__file__).parent.parent / "kept.sql").read_text(encoding="utf-8")
_UNDO = """
DROP FUNCTION reports.event_cells, reports.people_cells, reports.fold_people, reports.people_touched,
    reports.people_as_known, reports.coded_on;
DROP TABLE reports.people_sum, reports.people_anchor;
"""


class Migration(migrations.Migration):
    """After the definitions."""

    dependencies = (
        ("reports", "0001_initial"),
        ("register", "0005_recorded"),
        ("access", "0001_initial"),
    )
    operations = (migrations.RunSQL(_SQL, _UNDO),)
