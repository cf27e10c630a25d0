"""Indexes by the day as figures ask for it: of acceptance, of the end, of what is open, of what came on paper."""

from __future__ import annotations

from django.db import migrations

_ACCEPTED = "((accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"
_ENDED = "((ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"
_INDEXES = f"""
DROP INDEX services.dossier_ended, services.dossier_procedure, services.dossier_paper, services.dossier_accepted;
CREATE INDEX dossier_accepted ON services.dossier ({_ACCEPTED}) WHERE accepted_at IS NOT NULL;
CREATE INDEX dossier_ended ON services.dossier ({_ENDED}) WHERE ended_at IS NOT NULL;
CREATE INDEX dossier_procedure ON services.dossier (procedure, {_ACCEPTED}) WHERE accepted_at IS NOT NULL;
CREATE INDEX dossier_paper ON services.dossier ({_ACCEPTED}) WHERE channel <> 2;
CREATE INDEX dossier_open ON services.dossier ({_ACCEPTED}) WHERE ended_at IS NULL;
"""


class Migration(migrations.Migration):
    """After the counting."""

    dependencies = (("public_services", "0002_counting"),)
    operations = (migrations.RunSQL(_INDEXES, migrations.RunSQL.noop),)
