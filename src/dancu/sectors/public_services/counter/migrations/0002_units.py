"""Open dossiers by the unit that handles them: beside the index by place, so that the inbox reads its own rows alone."""

from __future__ import annotations

from django.db import migrations

_INDEXES = """
CREATE INDEX dossier_unit_desk ON services.dossier (unit_code) WHERE ended_at IS NULL;
CREATE INDEX dossier_unit_to_give ON services.dossier (unit_code) WHERE status = 9;
"""


class Migration(migrations.Migration):
    """Two small partial indexes."""

    dependencies = (("services_counter", "0001_initial"),)
    operations = (migrations.RunSQL(_INDEXES, migrations.RunSQL.noop),)
