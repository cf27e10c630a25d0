"""Who files for another may be in the session in which the applicant's paper is made."""

from __future__ import annotations

from django.db import migrations

from dancu.sectors.public_services.papers import closed


class Migration(migrations.Migration):
    """One policy."""

    dependencies = (("services_papers", "0001_initial"),)
    operations = (migrations.RunSQL(closed.of_the_applicant(), migrations.RunSQL.noop),)
