-- What left the house, as the counter around the application saw it. Its role adds and reads nothing; pages read nothing.
CREATE SCHEMA edge;
REVOKE ALL ON SCHEMA edge FROM PUBLIC;
CREATE TABLE edge.served (
    at timestamptz NOT NULL,
    request uuid NOT NULL,
    route text NOT NULL,
    status smallint NOT NULL,
    subject uuid[] NOT NULL,
    persons uuid[] NOT NULL,
    numbers integer NOT NULL,
    receipts uuid[] NOT NULL,
    sealed boolean NOT NULL
);
CREATE INDEX served_at ON edge.served USING brin (at);

-- The number that the edge gave the request stands beside every line, whoever writes it.
ALTER TABLE register.access_log ADD COLUMN IF NOT EXISTS served uuid
    DEFAULT nullif(current_setting('dancu.request', true), '')::uuid;
ALTER TABLE ledger.bulk ADD COLUMN IF NOT EXISTS served uuid
    DEFAULT nullif(current_setting('dancu.request', true), '')::uuid;
CREATE INDEX IF NOT EXISTS access_log_at ON register.access_log USING brin (at);

-- One row a comparison, one row a gap: added to, never changed.
CREATE SCHEMA completeness;
CREATE TABLE completeness.run (
    run_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    on_day date NOT NULL,
    answers bigint NOT NULL,
    persons bigint NOT NULL,
    lists bigint NOT NULL,
    sealed bigint NOT NULL,
    lines bigint NOT NULL,
    unseen bigint NOT NULL,
    receipts bigint NOT NULL,
    gaps bigint NOT NULL,
    database_audit text NOT NULL
);
CREATE INDEX run_day ON completeness.run (on_day, run_no);
CREATE TABLE completeness.gap (
    gap_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_no bigint NOT NULL REFERENCES completeness.run,
    kind text NOT NULL CHECK (kind IN ('unlogged', 'other_person', 'partly', 'sealed', 'receipt')),
    at timestamptz,
    request uuid,
    route text NOT NULL,
    persons bigint NOT NULL,
    receipt uuid
);
CREATE INDEX gap_run ON completeness.gap (run_no);
-- Receipts that partners hold, as they told them; a receipt of a line that is gone is a gap.
CREATE TABLE completeness.held (
    held_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    partner text NOT NULL,
    receipt uuid NOT NULL,
    UNIQUE (partner, receipt)
);
