-- Frozen reports: what was said, by which definitions, over which units, from which records. Rows are only added.
CREATE SCHEMA snapshots;

-- `known`: the figures are those of what the register held at that moment. `sha256`: of the definitions, units, figures
-- and commitments; `pdf_sha256`: of the signed document that carries them.
CREATE TABLE snapshots.snapshot (
    snapshot_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    snapshot uuid NOT NULL UNIQUE,
    key text NOT NULL,
    unit_code text NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    known timestamptz NOT NULL,
    figures integer NOT NULL,
    sha256 bytea NOT NULL CHECK (length(sha256) = 32),
    pdf_sha256 bytea NOT NULL CHECK (length(pdf_sha256) = 32),
    signed text NOT NULL,
    signer text NOT NULL,
    at timestamptz NOT NULL,
    by text NOT NULL
);
CREATE INDEX snapshot_key ON snapshots.snapshot (key, snapshot_no);

CREATE TABLE snapshots.file (
    snapshot_no bigint PRIMARY KEY REFERENCES snapshots.snapshot,
    told bytea NOT NULL,
    pdf bytea NOT NULL
);
ALTER TABLE snapshots.file ALTER COLUMN pdf SET STORAGE EXTERNAL;

-- A figure as it was frozen, by the code that stands on paper.
CREATE TABLE snapshots.figure (
    snapshot_no bigint NOT NULL REFERENCES snapshots.snapshot,
    short_code text NOT NULL,
    indicator text NOT NULL,
    version integer NOT NULL,
    unit_code text NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric NOT NULL,
    commitment bytea NOT NULL CHECK (length(commitment) = 32),
    PRIMARY KEY (short_code, snapshot_no)
);

-- What the salts of the records are made of: with it a guess about a record could be tried, so pages never read it.
CREATE TABLE snapshots.seed (
    snapshot_no bigint PRIMARY KEY REFERENCES snapshots.snapshot,
    seed bytea NOT NULL CHECK (length(seed) = 32)
);

-- The records of a unit's code in a state of the units: root over all their salted hashes, and eight bytes of each, by
-- which a record that is another one now can be named.
CREATE TABLE snapshots.cell (
    snapshot_no bigint NOT NULL REFERENCES snapshots.snapshot,
    indicator text NOT NULL,
    version integer NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    unit_code text NOT NULL,
    state integer NOT NULL,
    root bytea NOT NULL CHECK (length(root) = 32),
    leaves bytea NOT NULL,
    PRIMARY KEY (snapshot_no, indicator, version, first, last, unit_code, state)
);
ALTER TABLE snapshots.cell ALTER COLUMN leaves SET STORAGE EXTERNAL;
