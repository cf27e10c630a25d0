"""Keys of partner systems, and the outbox as a partner may read it."""

from __future__ import annotations

from django.db import migrations, models

OUTBOX = """
CREATE SCHEMA IF NOT EXISTS events;
REVOKE ALL ON SCHEMA events FROM PUBLIC;
-- What changed after a place in the outbox, as far as the territory of who asks reaches: a citizen belongs to it now,
-- or did until that very event. Only identifiers come out.
CREATE FUNCTION events.outbox(after_no bigint, most integer)
RETURNS TABLE (outbox_no bigint, event_no bigint, kind text, data jsonb, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS (SELECT access.all_units() AS everywhere, access.units() AS units),
    part AS (
        SELECT o.* FROM register.outbox o WHERE o.outbox_no > after_no ORDER BY o.outbox_no LIMIT most
    ),
    told AS (
        SELECT o.outbox_no, c.citizen FROM part o CROSS JOIN LATERAL (
            SELECT jsonb_array_elements_text(o.data -> 'citizens') AS citizen
            UNION ALL SELECT o.data ->> 'citizen' WHERE o.data ? 'citizen'
        ) c CROSS JOIN asked a
        WHERE a.everywhere
           OR EXISTS (SELECT 1 FROM register.person p
                      WHERE p.citizen_id = register.went(c.citizen::uuid) AND p.unit_code = ANY (a.units))
           OR EXISTS (SELECT 1 FROM register.person_history h
                      WHERE h.event_no = o.event_no AND h.citizen_id = c.citizen::uuid
                        AND h.row ->> 'unit_code' = ANY (a.units))
    ),
    -- A note about others still moves the reader's place on, with nothing in it.
    kept AS (SELECT t.outbox_no, jsonb_agg(t.citizen ORDER BY t.citizen) AS citizens FROM told t GROUP BY 1)
    SELECT o.outbox_no, o.event_no, o.kind,
        CASE WHEN k.citizens IS NULL THEN NULL
             WHEN o.data ? 'citizens' THEN jsonb_build_object('citizens', k.citizens)
             ELSE o.data END,
        o.at
    FROM part o LEFT JOIN kept k ON k.outbox_no = o.outbox_no ORDER BY o.outbox_no
$$;
REVOKE ALL ON FUNCTION events.outbox(bigint, integer) FROM PUBLIC;
-- Who recorded an event sees that it was recorded, wherever its person went (or belongs to no commune yet).
CREATE POLICY own_word ON register.event FOR SELECT TO dancu_app
    USING (recorded_by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id()));
"""


class Migration(migrations.Migration):
    """First state."""

    initial = True
    dependencies = (("register", "0001_initial"),)
    operations = (
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("user_id", models.BigIntegerField(db_index=True)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("kinds", models.JSONField()),
                ("units", models.JSONField()),
                ("unit_on", models.DateField(help_text="the day on which units is to be read")),
                ("a_minute", models.PositiveIntegerField(default=600)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("created_by", models.CharField(max_length=60)),
                ("expires_at", models.DateTimeField()),
                ("last_used_on", models.DateField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, default="", max_length=60)),
            ],
            options={"ordering": ("-created_at",)},
        ),
        migrations.RunSQL(OUTBOX, migrations.RunSQL.noop),
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS finding_opener ON register.finding (opened_by) WHERE opened_by IS NOT NULL;"
            "CREATE INDEX IF NOT EXISTS finding_closer ON register.finding (closed_by) WHERE closed_by IS NOT NULL;"
            "CREATE INDEX IF NOT EXISTS score_delta_event ON register.score_delta (event_no) WHERE event_no IS NOT NULL;"
            "CREATE INDEX IF NOT EXISTS person_history_event ON register.person_history (event_no);",
            migrations.RunSQL.noop,
        ),
    )
