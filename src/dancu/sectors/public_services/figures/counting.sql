-- What a dossier counts for, kept as sums. A statement on dossiers adds signed differences, one row for each cell that
-- moved, in its own transaction; `services.fold` adds them up into `services.kept`, a row for each unit, procedure,
-- channel and month. Whoever reads takes both in one statement, so folding changes no figure.
DROP TRIGGER counted ON services.dossier;
DROP FUNCTION services.count_change();
DROP VIEW services.figure;
DROP TABLE services.kept;

CREATE INDEX dossier_ended ON services.dossier (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX dossier_procedure ON services.dossier (procedure, accepted_at) WHERE accepted_at IS NOT NULL;
CREATE INDEX dossier_paper ON services.dossier (accepted_at) WHERE channel <> 2;

-- In the month of acceptance: what came in and what became of it. In the month of the end: how it was ended.
CREATE OR REPLACE FUNCTION services.contribution(d services.dossier)
RETURNS TABLE (month date, figure text, n bigint) LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('month', d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.figure, f.n
    FROM (VALUES ('received', 1::bigint), ('saved_papers', d.saved_papers::bigint),
                 ('reused', (d.saved_papers > 0)::int::bigint), ('asked_twice', (d.supplements > 1)::int::bigint),
                 ('identified', (d.applicant IS NOT NULL)::int::bigint),
                 ('received_electronic', d.electronic_result::int::bigint),
                 ('completed', (d.ended_at IS NOT NULL)::int::bigint),
                 ('completed_minutes', coalesce(d.minutes, 0)::bigint)) AS f(figure, n)
    WHERE d.accepted_at IS NOT NULL AND f.n <> 0
    UNION ALL
    SELECT date_trunc('month', d.ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.figure, f.n
    FROM (VALUES ('ended', 1::bigint), ('on_time', d.on_time::int::bigint), ('minutes', d.minutes::bigint),
                 ('resulted', (d.status IN (9, 10))::int::bigint),
                 ('electronic', (d.electronic_result AND d.status IN (9, 10))::int::bigint),
                 ('paid_online', coalesce(d.paid_online, false)::int::bigint)) AS f(figure, n)
    WHERE d.accepted_at IS NOT NULL AND d.ended_at IS NOT NULL AND f.n <> 0
$$;

CREATE TABLE services.kept (
    unit_code text NOT NULL, procedure text NOT NULL, version smallint NOT NULL, channel smallint NOT NULL,
    month date NOT NULL,
    received integer NOT NULL, saved_papers integer NOT NULL, reused integer NOT NULL, asked_twice integer NOT NULL,
    identified integer NOT NULL, received_electronic integer NOT NULL, completed integer NOT NULL,
    completed_minutes bigint NOT NULL,
    ended integer NOT NULL, on_time integer NOT NULL, minutes bigint NOT NULL, resulted integer NOT NULL,
    electronic integer NOT NULL, paid_online integer NOT NULL,
    PRIMARY KEY (month, unit_code, procedure, version, channel)
);

CREATE VIEW services.figure AS
    SELECT unit_code, procedure, version, channel, month, figure, sum(n)::bigint AS n FROM (
        SELECT k.unit_code, k.procedure, k.version, k.channel, k.month, f.figure, f.n
        FROM services.kept k CROSS JOIN LATERAL (VALUES
            ('received', k.received::bigint), ('saved_papers', k.saved_papers), ('reused', k.reused),
            ('asked_twice', k.asked_twice), ('identified', k.identified),
            ('received_electronic', k.received_electronic), ('completed', k.completed),
            ('completed_minutes', k.completed_minutes), ('ended', k.ended), ('on_time', k.on_time),
            ('minutes', k.minutes), ('resulted', k.resulted), ('electronic', k.electronic),
            ('paid_online', k.paid_online)) AS f(figure, n)
        UNION ALL SELECT unit_code, procedure, version, channel, month, figure, n FROM services.delta) AS part
    GROUP BY unit_code, procedure, version, channel, month, figure HAVING sum(n) <> 0;

-- Once for a statement, however many dossiers it writes.
CREATE FUNCTION services.count_added() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO services.delta (unit_code, procedure, version, channel, month, figure, n)
    SELECT a.unit_code, a.procedure, a.version, a.channel, c.month, c.figure, sum(c.n)
    FROM added a CROSS JOIN LATERAL services.contribution(ROW(a.*)::services.dossier) c
    GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;
CREATE FUNCTION services.count_changed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO services.delta (unit_code, procedure, version, channel, month, figure, n)
    SELECT unit_code, procedure, version, channel, month, figure, sum(n) FROM (
        SELECT a.unit_code, a.procedure, a.version, a.channel, c.month, c.figure, c.n
        FROM added a CROSS JOIN LATERAL services.contribution(ROW(a.*)::services.dossier) c
        UNION ALL
        SELECT g.unit_code, g.procedure, g.version, g.channel, c.month, c.figure, -c.n
        FROM gone g CROSS JOIN LATERAL services.contribution(ROW(g.*)::services.dossier) c) AS part
    GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER counted_added AFTER INSERT ON services.dossier
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION services.count_added();
CREATE TRIGGER counted_changed AFTER UPDATE ON services.dossier
    REFERENCING OLD TABLE AS gone NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION services.count_changed();

-- At most `most` differences into the kept sums, in one statement: what comes in meanwhile stays for the next time.
CREATE FUNCTION services.fold(most integer) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    WITH gone AS (
        DELETE FROM services.delta WHERE delta_no IN (
            SELECT delta_no FROM services.delta ORDER BY delta_no LIMIT most FOR UPDATE SKIP LOCKED)
        RETURNING *),
    added AS (
        INSERT INTO services.kept AS k SELECT unit_code, procedure, version, channel, month,
            coalesce(sum(n) FILTER (WHERE figure = 'received'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'saved_papers'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'reused'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'asked_twice'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'identified'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'received_electronic'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'completed'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'completed_minutes'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'ended'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'on_time'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'minutes'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'resulted'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'electronic'), 0),
            coalesce(sum(n) FILTER (WHERE figure = 'paid_online'), 0)
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

-- Everything there is, counted anew by this definition.
TRUNCATE services.delta;
INSERT INTO services.delta (unit_code, procedure, version, channel, month, figure, n)
    SELECT d.unit_code, d.procedure, d.version, d.channel, c.month, c.figure, sum(c.n)
    FROM services.dossier d CROSS JOIN LATERAL services.contribution(d) c GROUP BY 1, 2, 3, 4, 5, 6;
SELECT services.fold(2147483647);
