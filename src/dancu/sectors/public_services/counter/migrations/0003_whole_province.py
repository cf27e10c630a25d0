"""The inbox of who sees the whole province: its order, and its counters from an index alone."""

from __future__ import annotations

from django.db import migrations

_INDEXES = """
CREATE INDEX dossier_every_desk ON services.dossier
    ((paused_at IS NOT NULL), (coalesce(due_at, filed_at)), dossier_no) WHERE ended_at IS NULL;
CREATE INDEX dossier_desk_counted ON services.dossier (status, proposed_by)
    INCLUDE (place, unit_code, applicant, filed_by, procedure, paused_at, due_at) WHERE ended_at IS NULL;
"""


class Migration(migrations.Migration):
    """Two partial indexes of open dossiers."""

    dependencies = (("services_counter", "0002_units"),)
    operations = (migrations.RunSQL(_INDEXES, migrations.RunSQL.noop),)
