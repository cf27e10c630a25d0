"""Whether a dossier lies in somebody's communes is looked up, however many communes these are."""

from __future__ import annotations

from django.db import migrations

from dancu.sectors.public_services import closed


class Migration(migrations.Migration):
    """After the cells."""

    dependencies = (("public_services", "0006_cells"),)
    operations = (
        migrations.RunSQL(
            f"ALTER POLICY own_dossiers ON services.dossier USING ({closed.DOSSIER}) WITH CHECK ({closed.DOSSIER})",
            migrations.RunSQL.noop,
        ),
    )
