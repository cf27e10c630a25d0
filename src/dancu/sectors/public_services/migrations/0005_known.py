"""What was known of each dossier at a moment, so that a figure can be asked for as it was known then."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

from dancu.kit.web import own_territory

_KNOWN = (Path(__file__).parent.parent / "figures" / "known.sql").read_text(encoding="utf-8")
_SEEN = f"({own_territory('place')} OR {own_territory('unit_code')})"
_CLOSED = (
    "ALTER TABLE services.dossier_was ENABLE ROW LEVEL SECURITY;"
    f"CREATE POLICY own_dossiers ON services.dossier_was FOR SELECT TO dancu_app USING ({_SEEN});"
)


class Migration(migrations.Migration):
    """After the counters of days."""

    dependencies = (("public_services", "0004_day_cells"),)
    operations = (migrations.RunSQL(_KNOWN + _CLOSED, migrations.RunSQL.noop),)
