-- What the register held of each dossier at a moment: a figure asked for as it was known then gives the same digits for
-- ever. Only what figures count by is kept of a former state, and nothing of a person.
ALTER TABLE services.dossier ADD COLUMN known_from timestamptz;
ALTER TABLE services.dossier ALTER COLUMN known_from SET DEFAULT now();
COMMENT ON COLUMN services.dossier.known_from IS 'since when it counts as it does; NULL: always';

CREATE TABLE services.dossier_was (
    was_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_no bigint NOT NULL,
    procedure text NOT NULL, version smallint NOT NULL, place text NOT NULL, unit_code text NOT NULL,
    channel smallint NOT NULL, status smallint NOT NULL, accepted_at timestamptz, ended_at timestamptz,
    minutes integer, on_time boolean, supplements smallint NOT NULL, saved_papers smallint NOT NULL,
    electronic_result boolean NOT NULL, paid_online boolean, identified boolean NOT NULL,
    known_from timestamptz,
    known_to timestamptz NOT NULL,
    -- Said so that a question about now never reads this table.
    CHECK (known_to IS NOT NULL),
    CHECK (known_from IS NULL OR known_from < known_to)
);
CREATE INDEX dossier_was_of ON services.dossier_was (dossier_no, was_no);
CREATE INDEX dossier_was_known ON services.dossier_was (known_to);

-- The present and every former state, with the columns that figures count by.
CREATE VIEW services.dossier_known WITH (security_invoker = true) AS
    SELECT dossier_no, procedure, version, place, unit_code, channel, status, accepted_at, ended_at, minutes, on_time,
        supplements, saved_papers, electronic_result, paid_online, applicant, known_from, NULL::timestamptz AS known_to
    FROM services.dossier
    UNION ALL
    SELECT dossier_no, procedure, version, place, unit_code, channel, status, accepted_at, ended_at, minutes, on_time,
        supplements, saved_papers, electronic_result, paid_online,
        CASE WHEN identified THEN '00000000-0000-0000-0000-000000000000'::uuid END, known_from, known_to
    FROM services.dossier_was;

-- From the moment of the transaction on: within one there are no states that anybody else could have known.
CREATE FUNCTION services.known_anew() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (OLD.procedure, OLD.version, OLD.unit_code, OLD.channel, OLD.status, OLD.accepted_at, OLD.ended_at, OLD.minutes,
        OLD.on_time, OLD.supplements, OLD.saved_papers, OLD.electronic_result, OLD.paid_online, OLD.applicant IS NULL)
       IS DISTINCT FROM
       (NEW.procedure, NEW.version, NEW.unit_code, NEW.channel, NEW.status, NEW.accepted_at, NEW.ended_at, NEW.minutes,
        NEW.on_time, NEW.supplements, NEW.saved_papers, NEW.electronic_result, NEW.paid_online, NEW.applicant IS NULL)
    THEN
        NEW.known_from := now();
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER known_anew BEFORE UPDATE ON services.dossier
    FOR EACH ROW EXECUTE FUNCTION services.known_anew();

CREATE FUNCTION services.keep_known() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO services.dossier_was (dossier_no, procedure, version, place, unit_code, channel, status, accepted_at,
            ended_at, minutes, on_time, supplements, saved_papers, electronic_result, paid_online, identified,
            known_from, known_to)
        SELECT o.dossier_no, o.procedure, o.version, o.place, o.unit_code, o.channel, o.status, o.accepted_at, o.ended_at,
            o.minutes, o.on_time, o.supplements, o.saved_papers, o.electronic_result, o.paid_online,
            o.applicant IS NOT NULL, o.known_from, n.known_from
        FROM old_rows o JOIN new_rows n USING (dossier_no)
        -- A clock set back, or a state that only this transaction saw, leaves nothing behind.
        WHERE n.known_from IS DISTINCT FROM o.known_from AND (o.known_from IS NULL OR o.known_from < n.known_from);
    ELSE
        INSERT INTO services.dossier_was (dossier_no, procedure, version, place, unit_code, channel, status, accepted_at,
            ended_at, minutes, on_time, supplements, saved_papers, electronic_result, paid_online, identified,
            known_from, known_to)
        SELECT o.dossier_no, o.procedure, o.version, o.place, o.unit_code, o.channel, o.status, o.accepted_at, o.ended_at,
            o.minutes, o.on_time, o.supplements, o.saved_papers, o.electronic_result, o.paid_online,
            o.applicant IS NOT NULL, o.known_from, now()
        FROM old_rows o WHERE o.known_from IS NULL OR o.known_from < now();
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_known_changed AFTER UPDATE ON services.dossier
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION services.keep_known();
CREATE TRIGGER keep_known_gone AFTER DELETE ON services.dossier
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION services.keep_known();
REVOKE ALL ON FUNCTION services.keep_known() FROM PUBLIC;
