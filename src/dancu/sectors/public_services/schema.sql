-- Dossiers of public services. A dossier's row is its present state; every move is a row that is only added.
-- Kept figures are signed differences that a trigger adds with the change itself, folded now and then; a recount over
-- all dossiers gives the same.
CREATE SCHEMA services;

CREATE TABLE services.dossier (
    dossier_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    procedure text NOT NULL,
    version smallint NOT NULL,
    essential text NOT NULL DEFAULT '',
    procedure_group text NOT NULL,
    -- The commune whose officers see it, and the unit that handles it (a commune, a district, the province).
    place text NOT NULL,
    unit_code text NOT NULL,
    channel smallint NOT NULL CHECK (channel IN (1, 2, 3)),
    applicant uuid,
    applicant_name text NOT NULL,
    filed_by uuid,
    form jsonb NOT NULL DEFAULT '{}',
    status smallint NOT NULL CHECK (status BETWEEN 1 AND 10),
    step smallint NOT NULL DEFAULT 0,
    holder text NOT NULL DEFAULT '',
    proposed_by text NOT NULL DEFAULT '',
    filed_at timestamptz NOT NULL,
    accepted_at timestamptz,
    due_at timestamptz,
    -- The new day named in an apology; whether it was in time is still told by due_at.
    promised_at timestamptz,
    paused_at timestamptz,
    ended_at timestamptz,
    returned_at timestamptz,
    minutes integer,
    on_time boolean,
    supplements smallint NOT NULL DEFAULT 0,
    extended boolean NOT NULL DEFAULT false,
    saved_papers smallint NOT NULL DEFAULT 0,
    electronic_result boolean NOT NULL DEFAULT false,
    paid_online boolean,
    paper_reason text NOT NULL DEFAULT '',
    bundle bigint REFERENCES services.dossier,
    source text NOT NULL DEFAULT 'dancu',
    version_no integer NOT NULL DEFAULT 1,
    CHECK ((paused_at IS NOT NULL) = (status IN (5, 6))),
    CHECK ((ended_at IS NOT NULL) = (status IN (3, 7, 8, 9, 10))),
    -- How long and whether in time is told when it has ended, of what was received.
    CHECK ((on_time IS NOT NULL) = (ended_at IS NOT NULL AND accepted_at IS NOT NULL))
);
CREATE INDEX dossier_inbox ON services.dossier (place, due_at) WHERE ended_at IS NULL;
CREATE INDEX dossier_holder ON services.dossier (holder, due_at) WHERE ended_at IS NULL AND holder <> '';
CREATE INDEX dossier_applicant ON services.dossier (applicant, filed_at) WHERE applicant IS NOT NULL;
CREATE INDEX dossier_bundle ON services.dossier (bundle) WHERE bundle IS NOT NULL;
CREATE INDEX dossier_accepted ON services.dossier (accepted_at) WHERE accepted_at IS NOT NULL;

CREATE TABLE services.move (
    move_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    event_id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    action text NOT NULL,
    status_before smallint,
    status_after smallint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    role text NOT NULL DEFAULT '',
    reason text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX move_dossier ON services.move (dossier_no, move_no);

CREATE TABLE services.delta (
    delta_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_code text NOT NULL, procedure text NOT NULL, version smallint NOT NULL, channel smallint NOT NULL,
    month date NOT NULL, figure text NOT NULL, n bigint NOT NULL
);
CREATE TABLE services.kept (
    unit_code text NOT NULL, procedure text NOT NULL, version smallint NOT NULL, channel smallint NOT NULL,
    month date NOT NULL, figure text NOT NULL, n bigint NOT NULL,
    PRIMARY KEY (month, figure, unit_code, procedure, version, channel)
);
CREATE VIEW services.figure AS
    SELECT unit_code, procedure, version, channel, month, figure, sum(n)::bigint AS n FROM (
        SELECT unit_code, procedure, version, channel, month, figure, n FROM services.kept
        UNION ALL SELECT unit_code, procedure, version, channel, month, figure, n FROM services.delta) AS part
    GROUP BY unit_code, procedure, version, channel, month, figure HAVING sum(n) <> 0;

-- What one dossier counts for: received in the month of its acceptance, ended in the month of its end.
CREATE FUNCTION services.contribution(d services.dossier)
RETURNS TABLE (month date, figure text, n bigint) LANGUAGE sql IMMUTABLE AS $$
    SELECT date_trunc('month', d.accepted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.figure, f.n
    FROM (VALUES ('received', 1::bigint), ('saved_papers', d.saved_papers::bigint),
                 ('asked_twice', (d.supplements > 1)::int::bigint)) AS f(figure, n)
    WHERE d.accepted_at IS NOT NULL AND f.n <> 0
    UNION ALL
    SELECT date_trunc('month', d.ended_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, f.figure, f.n
    FROM (VALUES ('ended', 1::bigint), ('on_time', d.on_time::int::bigint), ('minutes', d.minutes::bigint),
                 ('electronic', d.electronic_result::int::bigint),
                 ('paid_online', coalesce(d.paid_online, false)::int::bigint)) AS f(figure, n)
    WHERE d.accepted_at IS NOT NULL AND d.ended_at IS NOT NULL AND f.n <> 0
$$;

CREATE FUNCTION services.count_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO services.delta (unit_code, procedure, version, channel, month, figure, n)
    SELECT unit_code, procedure, version, channel, month, figure, sum(n) FROM (
        SELECT NEW.unit_code, NEW.procedure, NEW.version, NEW.channel, c.month, c.figure, c.n
        FROM services.contribution(NEW) c
        UNION ALL
        SELECT OLD.unit_code, OLD.procedure, OLD.version, OLD.channel, c.month, c.figure, -c.n
        FROM services.contribution(OLD) c WHERE TG_OP = 'UPDATE') AS part
    GROUP BY unit_code, procedure, version, channel, month, figure HAVING sum(n) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER counted AFTER INSERT OR UPDATE ON services.dossier
    FOR EACH ROW EXECUTE FUNCTION services.count_change();

-- The next code of an agency on a day, by the official rule: agency-YYMMDD-number of the day.
CREATE TABLE services.numbering (
    agency text NOT NULL, day date NOT NULL, last integer NOT NULL, PRIMARY KEY (agency, day)
);
CREATE FUNCTION services.next_code(agency text, day date) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO services.numbering AS n VALUES (agency, day, 1)
    ON CONFLICT ON CONSTRAINT numbering_pkey DO UPDATE SET last = n.last + 1
    RETURNING n.agency || '-' || to_char(n.day, 'YYMMDD') || '-' || lpad(n.last::text, 4, '0')
$$;
