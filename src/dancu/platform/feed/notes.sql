-- What changed after a place in the outbox, as far as some communes reach (NULL: everywhere): one row a person and
-- change, and one with kind NULL for a change that says nothing here, so that the reader's place moves on. No value of
-- any field comes out: only which of `wanted` differ (NULL: none is named, and any change of the person is told).
-- It depends on the outbox and the history alone, so that the same place gives the same notes again; but a person who
-- has withdrawn consent, or had the purpose stopped, is told of no more, whenever the change was.
CREATE OR REPLACE FUNCTION feed.notes(
    after_no bigint, most integer, communes text[], wanted text[], purpose text, client text, by_consent boolean)
RETURNS TABLE (outbox_no bigint, part integer, at timestamptz, kind text, citizen uuid, into_citizen uuid,
               fields text[], data jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH told AS (
        SELECT o.* FROM register.outbox o WHERE o.outbox_no > after_no ORDER BY o.outbox_no LIMIT most
    ),
    named AS (
        SELECT o.outbox_no, o.event_no, o.at, o.kind, o.data, c.citizen, coalesce(c.n, 0)::integer AS part
        FROM told o LEFT JOIN LATERAL (
            SELECT x.citizen::uuid AS citizen, x.n FROM jsonb_array_elements_text(
                CASE WHEN o.data ? 'citizens' THEN o.data -> 'citizens' ELSE '[]' END) WITH ORDINALITY x(citizen, n)
            UNION ALL SELECT (o.data ->> 'citizen')::uuid, 1 WHERE o.data ? 'citizen'
        ) c ON true
    ),
    -- The person as it was before the event, and as the very same event left it.
    states AS (
        SELECT n.*, b.row AS before, a.row AS after, coalesce(upper(b.recorded), n.at) AS since
        FROM named n
        LEFT JOIN LATERAL (
            SELECT h.row, h.recorded FROM register.person_history h
            WHERE h.event_no = n.event_no AND h.citizen_id = n.citizen ORDER BY h.recorded DESC LIMIT 1
        ) b ON true
        LEFT JOIN LATERAL (
            SELECT v.row FROM (
                SELECT h.row, lower(h.recorded) AS since FROM register.person_history h
                WHERE h.citizen_id = n.citizen
                UNION ALL
                SELECT to_jsonb(p), p.recorded_from FROM register.person p WHERE p.citizen_id = n.citizen
            ) v WHERE v.since = coalesce(upper(b.recorded), n.at) LIMIT 1
        ) a ON n.kind <> 'person.merged' AND n.kind <> 'person.removed'
    ),
    seen AS (
        SELECT s.*,
            s.before IS NOT NULL AND (communes IS NULL OR s.before ->> 'unit_code' = ANY (communes)) AS was,
            s.after IS NOT NULL AND (communes IS NULL OR s.after ->> 'unit_code' = ANY (communes)) AS is_now,
            ARRAY(SELECT f FROM unnest(wanted) f
                  WHERE s.before ->> f IS DISTINCT FROM s.after ->> f ORDER BY f) AS changed
        FROM states s
    ),
    heirs AS (
        SELECT s.*, CASE WHEN s.kind = 'person.merged' AND s.was THEN (
            SELECT v.citizen_id FROM (
                SELECT h.citizen_id, h.row ->> 'unit_code' AS unit, h.recorded FROM register.person_history h
                WHERE h.citizen_id = (s.data ->> 'into')::uuid
                UNION ALL
                SELECT p.citizen_id, p.unit_code, tstzrange(p.recorded_from, NULL) FROM register.person p
                WHERE p.citizen_id = (s.data ->> 'into')::uuid
            ) v WHERE v.recorded @> s.since AND (communes IS NULL OR v.unit = ANY (communes)) LIMIT 1
        ) END AS heir
        FROM seen s
    ),
    meant AS (
        SELECT h.*, CASE
            WHEN h.citizen IS NOT NULL AND purpose IS NOT NULL AND (
                by_consent AND consent.given(register.went(h.citizen), purpose, client, now()) IS NULL
                OR consent.restricted(register.went(h.citizen), purpose, now()) IS NOT NULL) THEN NULL
            WHEN h.kind = 'person.changed' AND h.was AND h.is_now THEN
                CASE WHEN wanted IS NULL OR cardinality(h.changed) > 0 THEN 'person.changed' END
            WHEN h.kind = 'person.changed' AND h.is_now THEN 'person.arrived'
            WHEN h.kind = 'person.changed' AND h.was THEN 'person.left'
            WHEN h.kind = 'person.merged' AND h.was THEN
                CASE WHEN h.heir IS NULL THEN 'person.left' ELSE 'person.merged' END
            WHEN h.kind = 'person.removed' AND h.was THEN 'person.removed'
            WHEN h.kind = 'person.split' AND h.is_now THEN 'person.split'
            WHEN h.kind = 'register.day' THEN h.kind
            WHEN h.kind = 'unit.changed' AND (communes IS NULL OR h.data ->> 'unit' = ANY (communes)
                OR h.data -> 'to' ?| communes) THEN h.kind
        END AS meaning
        FROM heirs h
    )
    SELECT m.outbox_no, m.part, m.at, m.meaning, m.citizen, m.heir,
        CASE WHEN m.meaning IN ('person.changed', 'person.arrived') THEN m.changed ELSE '{}' END,
        -- How many persons went where is nobody's business here.
        CASE m.meaning
            WHEN 'register.day' THEN jsonb_build_object('on', m.data ->> 'on')
            WHEN 'unit.changed' THEN jsonb_build_object('unit', m.data ->> 'unit',
                'to', (SELECT jsonb_agg(k ORDER BY k) FROM jsonb_object_keys(m.data -> 'to') k))
            ELSE '{}'::jsonb
        END
    FROM meant m ORDER BY m.outbox_no, m.part
$$;
REVOKE ALL ON FUNCTION feed.notes(bigint, integer, text[], text[], text, text, boolean) FROM PUBLIC;
CREATE OR REPLACE FUNCTION feed.last_place() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(max(outbox_no), 0) FROM register.outbox
$$;
REVOKE ALL ON FUNCTION feed.last_place() FROM PUBLIC;
-- When the first change after a place was recorded: how old the news is that a reader has not had.
CREATE OR REPLACE FUNCTION feed.time_after(place bigint) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT at FROM register.outbox WHERE outbox_no > place ORDER BY outbox_no LIMIT 1
$$;
REVOKE ALL ON FUNCTION feed.time_after(bigint) FROM PUBLIC;
-- The last place before a moment: where a replay from that moment begins.
CREATE OR REPLACE FUNCTION feed.place_at(moment timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(min(outbox_no) - 1, feed.last_place()) FROM register.outbox WHERE at >= moment
$$;
REVOKE ALL ON FUNCTION feed.place_at(timestamptz) FROM PUBLIC;
-- The values of some fields of a person for a partner, and the line in the person's log, in one: no line, no value.
-- Nothing for who is out of reach, has not consented or has had the purpose stopped. The registration is looked at
-- here once more, so that no caller can ask for more than it opens.
CREATE OR REPLACE FUNCTION feed.given(
    client text, purpose text, basis text, citizen uuid, fields text[], communes text[], by_consent boolean)
RETURNS jsonb LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who public.partners_partner;
    someone register.person;
    open_ones text[];
BEGIN
    SELECT p.* INTO who FROM public.partners_partner p WHERE p.client_id = client AND p.suspended_at IS NULL
        AND p.active_from <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AND (p.active_to IS NULL OR p.active_to >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date);
    open_ones := ARRAY(SELECT f FROM unnest(given.fields) f WHERE coalesce(who.purposes -> given.purpose, '[]') ? f
                       ORDER BY f);
    SELECT p.* INTO someone FROM register.person p WHERE p.citizen_id = given.citizen;
    IF who.client_id IS NULL OR cardinality(open_ones) = 0 OR someone.citizen_id IS NULL
        OR NOT coalesce(communes IS NULL OR someone.unit_code = ANY (communes), false)
        OR consent.restricted(given.citizen, given.purpose, now()) IS NOT NULL
        OR by_consent AND consent.given(given.citizen, given.purpose, client, now()) IS NULL
    THEN RETURN NULL;
    END IF;
    INSERT INTO register.access_log (citizen_id, by, unit_code, purpose, basis, fields, partner, channel, outcome)
    VALUES (given.citizen, client, someone.unit_code, given.purpose, given.basis, open_ones, client, 'feed', 'told');
    RETURN (SELECT jsonb_object_agg(f, to_jsonb(someone) -> f) FROM unnest(open_ones) f);
END $$;
REVOKE ALL ON FUNCTION feed.given(text, text, text, uuid, text[], text[], boolean) FROM PUBLIC;
