-- Papers of dossiers. A paper's row is only added; its bytes lie beside it, so that they can end without the act.
CREATE TABLE services.paper (
    paper_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    paper uuid NOT NULL UNIQUE,
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    -- The move that it was made for; NULL for one that somebody asked for (the control slip).
    move_no bigint REFERENCES services.move,
    kind text NOT NULL CHECK (kind IN ('receipt', 'supplement', 'refusal', 'apology', 'control_slip', 'stop', 'result')),
    -- What it proves in another procedure: result:<procedure>; '' for the forms of the process.
    proves text NOT NULL DEFAULT '' CHECK ((proves <> '') = (kind = 'result')),
    number text NOT NULL,
    title text NOT NULL,
    unit_code text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    size integer NOT NULL,
    -- Level of the signature (B-LT, B-T, B-B); '' for one that is signed by hand.
    signed text NOT NULL DEFAULT '',
    UNIQUE (move_no, kind)
);
CREATE INDEX paper_dossier ON services.paper (dossier_no, paper_no);
CREATE INDEX paper_sha256 ON services.paper (sha256);

CREATE TABLE services.paper_file (
    paper uuid PRIMARY KEY REFERENCES services.paper (paper),
    body bytea NOT NULL
);
-- PDF is packed already.
ALTER TABLE services.paper_file ALTER COLUMN body SET STORAGE EXTERNAL;

-- Whose documents a paper belongs to: the applicant's, and of a birth the child's too.
CREATE TABLE services.paper_person (
    paper uuid NOT NULL REFERENCES services.paper (paper),
    citizen uuid NOT NULL,
    PRIMARY KEY (citizen, paper)
);

CREATE TABLE services.paper_opening (
    opening_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    paper uuid NOT NULL REFERENCES services.paper (paper),
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    citizen uuid
);
CREATE INDEX paper_opening_paper ON services.paper_opening (paper, opening_no);

CREATE TABLE services.paper_numbering (
    unit_code text NOT NULL, symbol text NOT NULL, year smallint NOT NULL, last integer NOT NULL,
    PRIMARY KEY (unit_code, symbol, year)
);

-- The next number of a unit's papers of a kind in a year: 12/TNHS. Numbers of a transaction that fails come again.
CREATE FUNCTION services.next_paper(unit text, symbol text, year smallint) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO services.paper_numbering AS n VALUES (unit, symbol, year, 1)
    ON CONFLICT ON CONSTRAINT paper_numbering_pkey DO UPDATE SET last = n.last + 1
    RETURNING n.last || '/' || n.symbol
$$;

-- The papers of the citizen whose session this is.
CREATE FUNCTION services.my_papers() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.paper FROM services.paper_person p WHERE p.citizen = access.citizen_id()
$$;

-- The results that a person has already: asked by the person, or by whoever handles an open dossier of theirs.
CREATE FUNCTION services.results_of(person uuid)
RETURNS TABLE (paper uuid, proves text, number text, title text, unit_code text, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.paper, p.proves, p.number, p.title, p.unit_code, p.at
    FROM services.paper_person o JOIN services.paper p ON p.paper = o.paper
    WHERE o.citizen = person AND p.proves <> '' AND (
        access.citizen_id() = person OR access.all_units() OR EXISTS (
            SELECT 1 FROM services.dossier d WHERE d.applicant = person AND d.ended_at IS NULL
              AND (d.place = ANY (access.units()) OR d.unit_code = ANY (access.units()))))
    ORDER BY p.at DESC
$$;

-- Whether a file, byte for byte, was made here: for whoever holds it; tells nothing about a person.
CREATE FUNCTION services.paper_issued(hash bytea)
RETURNS TABLE (number text, title text, unit_code text, at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.number, p.title, p.unit_code, p.at FROM services.paper p WHERE p.sha256 = hash
$$;

REVOKE ALL ON FUNCTION services.next_paper(text, text, smallint), services.my_papers(), services.results_of(uuid),
    services.paper_issued(bytea) FROM PUBLIC;
