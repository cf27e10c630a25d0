"""What a tag of a list stands for: answered to who brings the tag, one by one."""

from __future__ import annotations

from django.db import migrations

FOUND = """
CREATE FUNCTION offline_found(of_list uuid, its_tag bytea)
RETURNS TABLE (citizen_id uuid, answer smallint, unit_code text, life_status text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT register.went(e.citizen_id), e.answer, p.unit_code, p.life_status
    FROM public.offline_entry e LEFT JOIN register.person p ON p.citizen_id = register.went(e.citizen_id)
    WHERE e.list_id = of_list AND e.tag = its_tag
$$;
REVOKE ALL ON FUNCTION offline_found(uuid, bytea) FROM PUBLIC;
"""


class Migration(migrations.Migration):
    """After the register's own."""

    dependencies = (("offline", "0001_initial"), ("register", "0004_receipts"))
    operations = (migrations.RunSQL(FOUND, "DROP FUNCTION offline_found(uuid, bytea)"),)
