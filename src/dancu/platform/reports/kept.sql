-- What stood in the register, kept as sums of one moment and put right by what the register recorded since (or before).
-- Recorded time does the work: no event waits for a sum, and a sum lags behind no event.

-- The day whose units the codes of persons are of, as known at a moment (NULL: now).
CREATE FUNCTION reports.coded_on(known timestamptz) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(
        (SELECT c.day FROM register.unit_change c
         WHERE c.applied_at <= known AND (c.state = 'applied' OR c.state = 'undone' AND c.undone_at > known)
         ORDER BY c.applied_at DESC LIMIT 1),
        (SELECT c.on_day_before FROM register.unit_change c
         WHERE c.applied_at > known AND c.state IN ('applied', 'undone') ORDER BY c.applied_at LIMIT 1),
        (SELECT s.value::date FROM access.setting s WHERE s.name = 'register_day'))
$$;

-- The moment that the sums are of; days before `floor` are one day in them. One row at most.
CREATE TABLE reports.people_anchor (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    known timestamptz NOT NULL,
    floor date NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE reports.people_sum (
    unit_code text NOT NULL,
    since date NOT NULL,
    until date,
    lists text[],
    records bigint NOT NULL,
    clean bigint NOT NULL
);

-- Persons (NULL: all) as the register held them at a moment (NULL: now), counted by unit, first and last day and, where
-- that is asked for, by the set of lists that they stand in: the facts of `indicators.py`. Given a `day`, those of that
-- day alone; given a `floor`, days before it are one day.
CREATE FUNCTION reports.people_as_known(ids bigint[], known timestamptz, floor date, day date, by_lists boolean)
RETURNS TABLE (unit_code text, since date, until date, lists text[], records bigint, clean bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    own text := CASE WHEN ids IS NULL THEN '' ELSE ' AND %s = ANY ($2)' END;
    lists_now text := CASE WHEN by_lists THEN 'p.sources' ELSE 'NULL::text[]' END;
    lists_then text := CASE WHEN by_lists THEN 'ARRAY(SELECT jsonb_array_elements_text(h.row -> ''sources''))'
        ELSE 'NULL::text[]' END;
BEGIN
    RETURN QUERY EXECUTE
        'WITH bad AS (SELECT f.subject_id FROM register.finding f WHERE f.level = ''person'' AND f.closed_at IS NULL'
        ' AND ($1 IS NULL OR f.opened_at <= $1)' || format(own, 'f.subject_id') ||
        ' UNION SELECT f.subject_id FROM register.finding f WHERE f.level = ''person'' AND f.closed_at IS NOT NULL'
        ' AND f.closed_at > $1 AND f.opened_at <= $1' || format(own, 'f.subject_id') ||
        '), held AS (SELECT p.person_id, p.unit_code, coalesce(p.birth_earliest, DATE ''1900-01-01'') AS born,'
        ' coalesce(p.death_date, CASE WHEN p.life_status = ''2'' THEN DATE ''1900-01-01'' END) AS gone, '
        || lists_now || ' AS lists'
        ' FROM register.person p WHERE ($1 IS NULL OR p.recorded_from <= $1)' || format(own, 'p.person_id') ||
        ' UNION ALL SELECT h.person_id, h.row ->> ''unit_code'','
        ' coalesce((h.row ->> ''birth_earliest'')::date, DATE ''1900-01-01''), coalesce((h.row ->> ''death_date'')::date,'
        ' CASE WHEN h.row ->> ''life_status'' = ''2'' THEN DATE ''1900-01-01'' END), '
        || lists_then || ' FROM register.person_history h'
        ' WHERE $1 IS NOT NULL AND h.recorded @> $1' || format(own, 'h.person_id') ||
        ') SELECT coalesce(held.unit_code, ''?''),'
        ' CASE WHEN $4 IS NOT NULL THEN $4 WHEN born < $3 THEN $3 - 1 ELSE born END,'
        ' CASE WHEN $4 IS NULL THEN gone END, lists, count(*), count(*) FILTER (WHERE bad.subject_id IS NULL)'
        ' FROM held LEFT JOIN bad ON bad.subject_id = held.person_id'
        ' WHERE ($4 IS NULL OR born <= $4 AND (gone IS NULL OR gone > $4))'
        ' AND ($3 IS NULL OR gone IS NULL OR gone >= $3) GROUP BY 1, 2, 3, 4'
        USING known, ids, floor, day;
END $$;

-- Whoever was recorded otherwise, or found otherwise, after the one moment and up to the other.
CREATE FUNCTION reports.people_touched(lo timestamptz, hi timestamptz) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.person_id FROM register.person p WHERE p.recorded_from > lo AND p.recorded_from <= hi
    UNION SELECT h.person_id FROM register.person_history h WHERE upper(h.recorded) > lo AND upper(h.recorded) <= hi
    UNION SELECT h.person_id FROM register.person_history h WHERE lower(h.recorded) > lo AND lower(h.recorded) <= hi
    UNION SELECT f.subject_id FROM register.finding f WHERE f.level = 'person' AND f.opened_at > lo AND f.opened_at <= hi
    UNION SELECT f.subject_id FROM register.finding f
        WHERE f.level = 'person' AND f.closed_at IS NOT NULL AND f.closed_at > lo AND f.closed_at <= hi
$$;

-- The sums anew. Of a moment before every transaction that is still open began, so that whatever they record comes
-- after it; where the caller may not see when others began, an hour back. Gives how many persons stand in them.
CREATE FUNCTION reports.fold_people() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    moment timestamptz;
    bottom date;
    told bigint;
BEGIN
    LOCK TABLE reports.people_anchor IN EXCLUSIVE MODE;
    SELECT least(min(a.xact_start), now()) - CASE
        WHEN pg_has_role('pg_read_all_stats', 'USAGE') THEN interval '1 second' ELSE interval '1 hour' END
    INTO moment FROM pg_stat_activity a WHERE a.datname = current_database();
    bottom := make_date(extract(year FROM reports.coded_on(moment))::int - 3, 1, 1);
    DELETE FROM reports.people_sum;
    INSERT INTO reports.people_sum (unit_code, since, until, lists, records, clean)
        SELECT * FROM reports.people_as_known(NULL, moment, bottom, NULL, true);
    INSERT INTO reports.people_anchor (known, floor, made_at) VALUES (moment, bottom, clock_timestamp())
        ON CONFLICT (one) DO UPDATE SET known = excluded.known, floor = excluded.floor, made_at = excluded.made_at;
    SELECT coalesce(sum(s.records), 0) INTO told FROM reports.people_sum s;
    RETURN told;
END $$;

-- Cells of persons and of those without an open finding (`list` NULL), and for each of the lists that are named, of the
-- persons in it and of those whom the list `base` has too: on the last day, or (months given) month by month from the
-- first, as `engine/report/cells.py` says. Where no sums are kept that could serve, every person is read, once for all.
CREATE FUNCTION reports.people_cells(
    first date, last date, months integer, known timestamptz, changes date[], named text[], base text
) RETURNS TABLE (list text, unit_code text, state integer, month integer, records numeric, hit numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    anchor reports.people_anchor;
    at timestamptz := coalesce(people_cells.known, 'infinity');
    ids bigint[];
    serves boolean;
    on_day date := CASE WHEN months IS NULL THEN last END;
    before date := CASE WHEN months IS NOT NULL THEN first END;
    era integer := coalesce(width_bucket(reports.coded_on(people_cells.known), changes), 0);
    starts date[];
    by_lists boolean := cardinality(named) > 0;
BEGIN
    SELECT a.* INTO anchor FROM reports.people_anchor a;
    serves := FOUND AND (CASE WHEN months IS NULL THEN last ELSE first END) >= anchor.floor
        AND clock_timestamp() >= anchor.made_at;
    IF serves THEN
        ids := ARRAY(SELECT reports.people_touched(least(anchor.known, at), greatest(anchor.known, at)) LIMIT 100001);
        serves := cardinality(ids) <= 100000;
    END IF;
    starts := ARRAY(SELECT (first + make_interval(months => m))::date FROM generate_series(0, months) AS m);
    RETURN QUERY
        WITH part AS (
            SELECT s.unit_code, s.since, s.until, CASE WHEN by_lists THEN s.lists END AS lists, s.records, s.clean
            FROM reports.people_sum s WHERE serves
            UNION ALL SELECT k.*
            FROM reports.people_as_known(CASE WHEN serves THEN ids END, people_cells.known, before, on_day, by_lists) k
            UNION ALL SELECT k.unit_code, k.since, k.until, k.lists, -k.records, -k.clean
            FROM reports.people_as_known(
                CASE WHEN serves THEN ids ELSE '{}' END, anchor.known, before, on_day, by_lists
            ) k
        ), turned AS (
            SELECT p.unit_code, 0 AS month, p.lists, p.records, p.clean FROM part p
            WHERE months IS NULL AND p.since <= last AND (p.until IS NULL OR p.until > last)
            UNION ALL SELECT p.unit_code, width_bucket(turn.day, starts), p.lists, turn.sign * p.records,
                turn.sign * p.clean
            FROM part p CROSS JOIN LATERAL (VALUES (p.since, 1), (p.until, -1)) AS turn(day, sign)
            WHERE months IS NOT NULL AND (p.until IS NULL OR p.until > p.since)
                AND turn.day < starts[months + 1]
        ), summed AS (
            SELECT t.unit_code, t.month, t.lists, sum(t.records)::numeric AS records, sum(t.clean)::numeric AS clean
            FROM turned t GROUP BY 1, 2, 3
        )
        SELECT NULL, s.unit_code, era, s.month, sum(s.records), sum(s.clean) FROM summed s
        GROUP BY 2, 4 HAVING sum(s.records) <> 0 OR sum(s.clean) <> 0
        UNION ALL SELECT n.list, s.unit_code, era, s.month, sum(s.records),
            coalesce(sum(s.records) FILTER (WHERE base = ANY (s.lists)), 0)
        FROM summed s JOIN unnest(named) AS n(list) ON n.list = ANY (s.lists)
        GROUP BY 1, 2, 4
        HAVING sum(s.records) <> 0 OR coalesce(sum(s.records) FILTER (WHERE base = ANY (s.lists)), 0) <> 0;
END $$;

-- Cells of events of life, all kinds at once, as known at a moment (NULL: now): where the person was when it was known.
CREATE FUNCTION reports.event_cells(
    kinds text[], first date, last date, months integer, known timestamptz, changes date[]
)
RETURNS TABLE (kind text, unit_code text, state integer, month integer, events numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    era integer := coalesce(width_bucket(reports.coded_on(event_cells.known), changes), 0);
    starts date[] := ARRAY(SELECT (first + make_interval(months => m))::date FROM generate_series(0, months - 1) AS m);
    final date := CASE WHEN months IS NULL THEN last ELSE (first + make_interval(months => months))::date - 1 END;
BEGIN
    -- Now: most often asked, and the persons as they are can be read by several processes at once.
    IF event_cells.known IS NULL THEN
        RETURN QUERY SELECT e.kind, coalesce(p.unit_code, '?'), era,
            CASE WHEN months IS NULL THEN 0 ELSE width_bucket(e.valid_on, starts) END, count(*)::numeric
            FROM register.life_event e JOIN register.person p ON p.person_id = e.person_id
            WHERE e.kind = ANY (kinds) AND e.valid_on BETWEEN first AND final GROUP BY 1, 2, 4;
        RETURN;
    END IF;
    RETURN QUERY
        WITH held AS (
            SELECT p.person_id, p.unit_code FROM register.person p WHERE p.recorded_from <= event_cells.known
            UNION ALL SELECT h.person_id, h.row ->> 'unit_code' FROM register.person_history h
            WHERE h.recorded @> event_cells.known
        )
        SELECT e.kind, coalesce(held.unit_code, '?'), era,
            CASE WHEN months IS NULL THEN 0 ELSE width_bucket(e.valid_on, starts) END, count(*)::numeric
        FROM register.life_event e JOIN held ON held.person_id = e.person_id
        WHERE e.kind = ANY (kinds) AND e.valid_on BETWEEN first AND final AND (
            e.recorded_on IS NULL OR e.recorded_on::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh' <= event_cells.known
        ) GROUP BY 1, 2, 4;
END $$;

REVOKE ALL ON FUNCTION reports.coded_on(timestamptz),
    reports.people_as_known(bigint[], timestamptz, date, date, boolean), reports.people_touched(timestamptz, timestamptz), reports.fold_people(),
    reports.people_cells(date, date, integer, timestamptz, date[], text[], text),
    reports.event_cells(text[], date, date, integer, timestamptz, date[]) FROM PUBLIC;
