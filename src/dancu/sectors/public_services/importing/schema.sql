-- What other portals' lists told: one row an import, what is known beside a dossier, rows that were not taken, and lists
-- of differences between two portals.
CREATE SEQUENCE services.import_number;
CREATE TABLE services.import (
    import_no bigint PRIMARY KEY DEFAULT nextval('services.import_number'),
    at timestamptz NOT NULL,
    by text NOT NULL,
    source text NOT NULL,
    -- [{"name", "sha256", "kind", "rows"}]
    files jsonb NOT NULL,
    rows integer NOT NULL, turns integer NOT NULL,
    added integer NOT NULL, changed integer NOT NULL, unchanged integer NOT NULL, bad integer NOT NULL,
    -- {reason: rows}
    reasons jsonb NOT NULL,
    CHECK (added >= 0 AND changed >= 0 AND unchanged >= 0 AND bad >= 0)
);

-- A dossier that came by a list. version_no: of the dossier as the list left it; another one now tells that somebody here
-- has acted on it since. promised: the due moment as the portal gave it, before pauses. turn_*: its changes of status.
CREATE TABLE services.imported (
    dossier_no bigint PRIMARY KEY REFERENCES services.dossier,
    source text NOT NULL,
    import_no bigint NOT NULL,
    version_no integer NOT NULL,
    promised timestamptz,
    state_at timestamptz NOT NULL,
    turn_at timestamptz[] NOT NULL,
    turn_status smallint[] NOT NULL,
    given text,
    CHECK (cardinality(turn_at) = cardinality(turn_status))
);
CREATE VIEW services.imported_turn WITH (security_invoker = true) AS
    SELECT i.dossier_no, i.source, t.at, t.status FROM services.imported i,
        LATERAL unnest(i.turn_at, i.turn_status) AS t(at, status);

CREATE TABLE services.import_bad (
    bad_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    import_no bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    file text NOT NULL, sheet text NOT NULL, row bigint NOT NULL, heading text NOT NULL,
    reason text NOT NULL, message_vi text NOT NULL, cells text NOT NULL
);
CREATE INDEX import_bad_import ON services.import_bad (import_no, bad_no);

CREATE TABLE services.difference_list (
    list_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    by text NOT NULL,
    name_a text NOT NULL, name_b text NOT NULL,
    date_from date NOT NULL, date_to date NOT NULL,
    -- {"a": {figure: n}, "b": {…}}, {reason: {"dossiers": n, figure: n}}
    totals jsonb NOT NULL, effects jsonb NOT NULL
);
CREATE TABLE services.difference (
    difference_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    list_no bigint NOT NULL REFERENCES services.difference_list ON DELETE CASCADE,
    at timestamptz NOT NULL DEFAULT now(),
    code text NOT NULL, unit_code text NOT NULL, procedure text NOT NULL,
    reason text NOT NULL, words text NOT NULL,
    total integer NOT NULL, online integer NOT NULL, on_time integer NOT NULL,
    row_a text NOT NULL, row_b text NOT NULL
);
CREATE INDEX difference_reason ON services.difference (list_no, reason, difference_no);
CREATE INDEX difference_unit ON services.difference (list_no, unit_code);
