-- What a citizen's session reaches in the database: this person and nothing else, whatever a page should ask.

-- Sample log-ins of a demo (see dancu.site.demo); empty everywhere else.
CREATE TABLE citizen_sample (citizen_id uuid PRIMARY KEY, password text NOT NULL);

-- Whom a number of the e-ID leads to. 'in' for exactly one living person; nothing is told of anybody otherwise.
CREATE FUNCTION citizen_identify(number text) RETURNS TABLE (outcome text, citizen_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH found AS (
        SELECT p.citizen_id, p.life_status, p.death_date, p.number_status, p.unit_code
        FROM register.person p WHERE p.personal_number = number
    ), told AS (
        SELECT CASE
            WHEN (SELECT count(*) FROM found) = 0 THEN 'none'
            WHEN (SELECT count(*) FROM found) > 1 THEN 'several'
            WHEN (SELECT number_status FROM found) = 'cancelled' THEN 'cancelled'
            WHEN (SELECT life_status FROM found) = '2' OR (SELECT death_date FROM found) IS NOT NULL THEN 'dead'
            WHEN (SELECT unit_code FROM found) IS NULL THEN 'several'
            ELSE 'in' END AS outcome
    )
    SELECT told.outcome, CASE WHEN told.outcome = 'in' THEN (SELECT f.citizen_id FROM found f) END FROM told
$$;

-- The own household: names and relations. Of a child more to its parents, and to nobody else its name.
-- A look at somebody is a line in that one's log, here as everywhere.
CREATE FUNCTION citizen_household()
RETURNS TABLE (is_self boolean, full_name text, relation text, birth_date date, birth_year smallint, is_child boolean, is_dead boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me register.person;
    day date := (SELECT s.on_day FROM register.state s);
    adult integer;
BEGIN
    SELECT p.* INTO me FROM register.person p WHERE p.citizen_id = access.citizen_id();
    IF me.person_id IS NULL OR me.household_number IS NULL OR me.unit_code IS NULL THEN RETURN; END IF;
    adult := access.years('adult', day);
    INSERT INTO register.access_log (citizen_id, by, role, unit_code, purpose, basis, fields)
    SELECT p.citizen_id, 'công dân', 'citizen', p.unit_code, 'own', 'household', '{household}'
    FROM register.person p
    WHERE p.household_number = me.household_number AND p.unit_code = me.unit_code AND p.person_id <> me.person_id;
    RETURN QUERY
    WITH member AS (
        SELECT p.*, p.person_id = me.person_id AS self,
            coalesce(p.birth_date > day - make_interval(years => adult), p.birth_year > extract(year FROM day) - adult,
                false) AS child,
            coalesce(me.personal_number IN (p.father_number, p.mother_number), false) AS mine
        FROM register.person p WHERE p.household_number = me.household_number AND p.unit_code = me.unit_code
    )
    SELECT m.self, CASE WHEN NOT m.child OR m.mine OR m.self THEN m.full_name END, m.relation_to_head,
        CASE WHEN m.self OR m.child AND m.mine THEN m.birth_date END,
        CASE WHEN m.self OR m.child AND m.mine THEN m.birth_year END,
        m.child, m.life_status IS NOT DISTINCT FROM '2'
    FROM member m ORDER BY m.relation_to_head IS DISTINCT FROM 'CH', m.birth_earliest NULLS LAST, m.person_id;
END $$;

-- Everybody that the citizen of this session was before: identifiers merged into the own one, over several steps.
CREATE FUNCTION citizen_same() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE one(id) AS (
        SELECT access.citizen_id() WHERE access.citizen_id() IS NOT NULL
        UNION
        SELECT m.citizen_id FROM one JOIN register.merged m ON m.into_id = one.id
    )
    SELECT id FROM one
$$;

-- Who looked at the citizen of this session, the newest first, below a line (until, below) and from a moment on.
-- A line that the law holds back is not there until its day. `look`: only the line with this receipt.
-- Somebody may have thousands of lines, most have a dozen: the planner knows the dozen and would read and sort them
-- all. The index is followed backwards instead, and only lines of one moment are sorted (jit: costs of what is
-- switched off count as large, and compiling would take longer than reading).
CREATE FUNCTION citizen_looks(
    until timestamptz, below bigint, since timestamptz, before timestamptz, look uuid, most integer
) RETURNS TABLE (
    access_no bigint, at timestamptz, by_name text, role text, unit_code text, purpose text, basis text,
    fields text[], outside boolean, receipt uuid, partner text, partner_name text, officer text, channel text,
    hidden_until date, outcome text, own boolean, of_household boolean
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
SET plan_cache_mode = force_custom_plan SET enable_sort = off SET enable_bitmapscan = off SET jit = off AS $$
#variable_conflict use_column
DECLARE
    today date := (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
    from_at timestamptz := coalesce(since, '-infinity');
    to_at timestamptz := coalesce(before, 'infinity');
    last_at timestamptz := coalesce(until, 'infinity');
    last_no bigint := coalesce(below, 9223372036854775807);
BEGIN
    RETURN QUERY
    WITH mine AS MATERIALIZED (SELECT s.id FROM public.citizen_same() AS s(id)),
    line AS MATERIALIZED (
        SELECT x.* FROM mine CROSS JOIN LATERAL (
            SELECT a.* FROM register.access_log a
            WHERE look IS NULL AND a.citizen_id = mine.id AND a.at >= from_at AND a.at < to_at
              AND a.at <= last_at AND (a.at, a.access_no) < (last_at, last_no)
              AND (a.hidden_until IS NULL OR a.hidden_until <= today)
            ORDER BY a.at DESC, a.access_no DESC LIMIT most
        ) x
        UNION ALL
        SELECT a.* FROM register.access_log a
        WHERE a.receipt = look AND a.citizen_id IN (SELECT mine.id FROM mine)
          AND (a.hidden_until IS NULL OR a.hidden_until <= today)
    ),
    shown AS (SELECT line.* FROM line ORDER BY line.at DESC, line.access_no DESC LIMIT most)
    SELECT l.access_no, l.at, u.display_name::text, l.role, l.unit_code, l.purpose, l.basis, l.fields,
        l.extraordinary IS NOT NULL, l.receipt, l.partner, p.name_vi::text, l.officer, l.channel, l.hidden_until,
        l.outcome, l.by = 'công dân' AND l.fields <> '{household}', l.by = 'công dân' AND l.fields = '{household}'
    FROM shown l
    LEFT JOIN public.accounts_user u ON u.username = l.by
    LEFT JOIN public.partners_partner p ON p.client_id = l.partner
    ORDER BY l.at DESC, l.access_no DESC;
END $$;

REVOKE ALL ON TABLE citizen_sample FROM PUBLIC;
REVOKE ALL ON FUNCTION citizen_identify(text), citizen_household(), citizen_same(),
    citizen_looks(timestamptz, bigint, timestamptz, timestamptz, uuid, integer) FROM PUBLIC;

-- One's own look is logged in one's own name, which is no account's.
CREATE POLICY by_the_citizen ON register.access_log FOR INSERT TO dancu_app WITH CHECK (
    by = 'công dân' AND role = 'citizen' AND purpose = 'own' AND citizen_id = (SELECT access.citizen_id())
);

-- The log is read through citizen_looks; how the province works on a record is not part of it.
CREATE POLICY not_for_citizens ON register.access_log AS RESTRICTIVE FOR SELECT TO dancu_app
    USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON register.event AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON register.judgement AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON register.duplicate AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON register.proposal AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON worklists_task AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON worklists_taskstep AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON worklists_fix AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON worklists_evidence AS RESTRICTIVE TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);

ALTER TABLE citizen_question ENABLE ROW LEVEL SECURITY;
CREATE POLICY asked_by_me ON citizen_question FOR SELECT TO dancu_app
    USING (citizen_id IN (SELECT citizen_same()) OR (SELECT access.has_role('auditor')));
CREATE POLICY ask ON citizen_question FOR INSERT TO dancu_app
    WITH CHECK (citizen_id = (SELECT access.citizen_id()) AND state = 'sent');
CREATE POLICY answer ON citizen_question FOR UPDATE TO dancu_app
    USING ((SELECT access.has_role('auditor'))) WITH CHECK (
        answered_by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id()));

-- Who made the exports that the citizen of this session was in: names of officers, of no others.
CREATE FUNCTION citizen_exporters() RETURNS TABLE (username text, display_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT u.username::text, u.display_name::text FROM public.accounts_user u
    WHERE access.citizen_id() IS NOT NULL
      AND u.username IN (SELECT b.by FROM ledger.bulk_of(access.citizen_id()) b)
$$;
REVOKE ALL ON FUNCTION citizen_exporters() FROM PUBLIC;
