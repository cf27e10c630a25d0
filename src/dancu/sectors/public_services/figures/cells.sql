-- Differences as cells: a row of `services.delta` has the columns of `services.kept`, so that many dossiers of one
-- statement leave one row for each unit, procedure, channel and month, and folding is an addition. What a dossier counts
-- for is said once, in `services.counted`.
SELECT services.fold(2147483647);
DROP VIEW services.figure;
DROP FUNCTION services.fold(integer);
DROP TABLE services.delta;

CREATE TABLE services.delta (
    delta_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_code text NOT NULL, procedure text NOT NULL, version smallint NOT NULL, channel smallint NOT NULL,
    month date NOT NULL,
    received integer NOT NULL, saved_papers integer NOT NULL, reused integer NOT NULL, asked_twice integer NOT NULL,
    identified integer NOT NULL, received_electronic integer NOT NULL, completed integer NOT NULL,
    completed_minutes bigint NOT NULL,
    ended integer NOT NULL, on_time integer NOT NULL, minutes bigint NOT NULL, resulted integer NOT NULL,
    electronic integer NOT NULL, paid_online integer NOT NULL
);

-- In the month of acceptance: what came in and what became of it. In the month of the end: how it was ended.
CREATE FUNCTION services.counted(d services.dossier)
RETURNS TABLE (month date, received integer, saved_papers integer, reused integer, asked_twice integer,
    identified integer, received_electronic integer, completed integer, completed_minutes integer, ended integer,
    on_time integer, minutes integer, resulted integer, electronic integer, paid_online integer)
LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('month', d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 1, d.saved_papers::int,
        (d.saved_papers > 0)::int, (d.supplements > 1)::int, (d.applicant IS NOT NULL)::int, d.electronic_result::int,
        (d.ended_at IS NOT NULL)::int, coalesce(d.minutes, 0), 0, 0, 0, 0, 0, 0
    WHERE d.accepted_at IS NOT NULL
    UNION ALL
    SELECT date_trunc('month', d.ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, 0, 0, 0, 0, 0, 0, 0, 0, 1,
        d.on_time::int, d.minutes, (d.status IN (9, 10))::int, (d.electronic_result AND d.status IN (9, 10))::int,
        coalesce(d.paid_online, false)::int
    WHERE d.accepted_at IS NOT NULL AND d.ended_at IS NOT NULL
$$;

-- The same, figure by figure: what a recount adds up.
CREATE OR REPLACE FUNCTION services.contribution(d services.dossier)
RETURNS TABLE (month date, figure text, n bigint) LANGUAGE sql IMMUTABLE AS $$
    SELECT c.month, f.figure, f.n FROM services.counted(d) c CROSS JOIN LATERAL (VALUES
        ('received', c.received::bigint), ('saved_papers', c.saved_papers), ('reused', c.reused),
        ('asked_twice', c.asked_twice), ('identified', c.identified), ('received_electronic', c.received_electronic),
        ('completed', c.completed), ('completed_minutes', c.completed_minutes), ('ended', c.ended),
        ('on_time', c.on_time), ('minutes', c.minutes), ('resulted', c.resulted), ('electronic', c.electronic),
        ('paid_online', c.paid_online)) AS f(figure, n)
    WHERE f.n <> 0
$$;

CREATE VIEW services.figure AS
    SELECT unit_code, procedure, version, channel, month, figure, sum(n)::bigint AS n FROM (
        SELECT unit_code, procedure, version, channel, month, received, saved_papers, reused, asked_twice, identified,
            received_electronic, completed, completed_minutes, ended, on_time, minutes, resulted, electronic, paid_online
        FROM services.kept
        UNION ALL
        SELECT unit_code, procedure, version, channel, month, received, saved_papers, reused, asked_twice, identified,
            received_electronic, completed, completed_minutes, ended, on_time, minutes, resulted, electronic, paid_online
        FROM services.delta) AS k
    CROSS JOIN LATERAL (VALUES
        ('received', k.received::bigint), ('saved_papers', k.saved_papers), ('reused', k.reused),
        ('asked_twice', k.asked_twice), ('identified', k.identified), ('received_electronic', k.received_electronic),
        ('completed', k.completed), ('completed_minutes', k.completed_minutes), ('ended', k.ended),
        ('on_time', k.on_time), ('minutes', k.minutes), ('resulted', k.resulted), ('electronic', k.electronic),
        ('paid_online', k.paid_online)) AS f(figure, n)
    WHERE f.n <> 0
    GROUP BY unit_code, procedure, version, channel, month, figure HAVING sum(n) <> 0;

-- Once for a statement, however many dossiers it writes.
CREATE OR REPLACE FUNCTION services.count_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO services.delta (unit_code, procedure, version, channel, month, received, saved_papers, reused,
        asked_twice, identified, received_electronic, completed, completed_minutes, ended, on_time, minutes, resulted,
        electronic, paid_online)
    SELECT a.unit_code, a.procedure, a.version, a.channel, c.month, sum(c.received), sum(c.saved_papers), sum(c.reused),
        sum(c.asked_twice), sum(c.identified), sum(c.received_electronic), sum(c.completed), sum(c.completed_minutes),
        sum(c.ended), sum(c.on_time), sum(c.minutes), sum(c.resulted), sum(c.electronic), sum(c.paid_online)
    FROM added a CROSS JOIN LATERAL services.counted(ROW(a.*)::services.dossier) c
    GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION services.count_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO services.delta (unit_code, procedure, version, channel, month, received, saved_papers, reused,
        asked_twice, identified, received_electronic, completed, completed_minutes, ended, on_time, minutes, resulted,
        electronic, paid_online)
    SELECT * FROM (
        SELECT unit_code, procedure, version, channel, month, sum(s * received) AS received,
            sum(s * saved_papers) AS saved_papers, sum(s * reused) AS reused, sum(s * asked_twice) AS asked_twice,
            sum(s * identified) AS identified, sum(s * received_electronic) AS received_electronic,
            sum(s * completed) AS completed, sum(s * completed_minutes) AS completed_minutes, sum(s * ended) AS ended,
            sum(s * on_time) AS on_time, sum(s * minutes) AS minutes, sum(s * resulted) AS resulted,
            sum(s * electronic) AS electronic, sum(s * paid_online) AS paid_online
        FROM (
            SELECT 1 AS s, a.unit_code, a.procedure, a.version, a.channel, c.*
            FROM added a CROSS JOIN LATERAL services.counted(ROW(a.*)::services.dossier) c
            UNION ALL
            SELECT -1, g.unit_code, g.procedure, g.version, g.channel, c.*
            FROM gone g CROSS JOIN LATERAL services.counted(ROW(g.*)::services.dossier) c) AS part
        GROUP BY 1, 2, 3, 4, 5) AS moved
    WHERE (received, saved_papers, reused, asked_twice, identified, received_electronic, completed, completed_minutes,
        ended, on_time, minutes, resulted, electronic, paid_online) <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    RETURN NULL;
END $$;

-- At most `most` differences into the kept sums, in one statement: what comes in meanwhile stays for the next time.
CREATE FUNCTION services.fold(most integer) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM services.delta WHERE delta_no IN (
            SELECT delta_no FROM services.delta ORDER BY delta_no LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING *),
    added AS (
        INSERT INTO services.kept AS k SELECT unit_code, procedure, version, channel, month, sum(received),
            sum(saved_papers), sum(reused), sum(asked_twice), sum(identified), sum(received_electronic), sum(completed),
            sum(completed_minutes), sum(ended), sum(on_time), sum(minutes), sum(resulted), sum(electronic),
            sum(paid_online)
        FROM gone GROUP BY unit_code, procedure, version, channel, month
        ORDER BY month, unit_code, procedure, version, channel
        ON CONFLICT ON CONSTRAINT kept_pkey DO UPDATE SET
            received = k.received + excluded.received, saved_papers = k.saved_papers + excluded.saved_papers,
            reused = k.reused + excluded.reused, asked_twice = k.asked_twice + excluded.asked_twice,
            identified = k.identified + excluded.identified,
            received_electronic = k.received_electronic + excluded.received_electronic,
            completed = k.completed + excluded.completed,
            completed_minutes = k.completed_minutes + excluded.completed_minutes,
            ended = k.ended + excluded.ended, on_time = k.on_time + excluded.on_time,
            minutes = k.minutes + excluded.minutes, resulted = k.resulted + excluded.resulted,
            electronic = k.electronic + excluded.electronic, paid_online = k.paid_online + excluded.paid_online)
    SELECT count(*) FROM gone
$$;
REVOKE EXECUTE ON FUNCTION services.fold(integer) FROM PUBLIC;
