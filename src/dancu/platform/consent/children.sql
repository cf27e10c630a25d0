-- A parent speaks for, and reads about, a child; whoever is grown is nobody's to read, whatever age is asked with: the
-- age of a child lies below it, and `acts_for` asks for that each time. Of two children the page about one tells one's log alone.
CREATE OR REPLACE FUNCTION consent.is_parent(actor uuid, citizen uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM register.person p JOIN register.person a ON a.personal_number IN (p.mother_number, p.father_number)
        CROSS JOIN (SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date) AS t(today)
        WHERE p.citizen_id = register.went(is_parent.citizen) AND a.citizen_id = register.went(is_parent.actor)
          AND p.life_status IS DISTINCT FROM '2'
          AND p.birth_latest + make_interval(years => access.years('adult', t.today)) > t.today)
$$;

CREATE FUNCTION consent.my_child(child uuid, child_years integer, on_day date)
RETURNS TABLE (citizen_id uuid, full_name text, relation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY
    WITH mine AS (
        SELECT p.citizen_id, p.full_name, p.unit_code,
            consent.acts_for(access.citizen_id(), p.citizen_id, child_years, on_day) AS relation
        FROM register.person p WHERE access.citizen_id() IS NOT NULL AND p.citizen_id = register.went(my_child.child)
    ), told AS (
        INSERT INTO register.access_log (citizen_id, by, role, unit_code, purpose, basis, fields)
        SELECT m.citizen_id, 'công dân', 'citizen', m.unit_code, 'own', 'household', '{household}'
        FROM mine m WHERE m.relation IN ('mother', 'father')
    )
    SELECT m.citizen_id, m.full_name, m.relation FROM mine m WHERE m.relation IN ('mother', 'father');
END $$;

REVOKE ALL ON FUNCTION consent.my_child(uuid, integer, date) FROM PUBLIC;
