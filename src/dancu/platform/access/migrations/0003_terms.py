"""Ages of the law, valid in time, for functions of the database."""

from __future__ import annotations

from pathlib import Path

from django.db import migrations

_TERMS = (Path(__file__).parent.parent / "terms.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """What they are is written down after the migrations."""

    dependencies = (("access", "0002_citizens"),)
    operations = (
        migrations.RunSQL(
            _TERMS, "DROP FUNCTION access.years(text, date); DROP TABLE access.term_years"
        ),
    )
