-- One row a child, written by the end of the service that enrolled it; never changed. What ended is a second row.
CREATE SCHEMA health_insurance;

CREATE TABLE health_insurance.child (
    child_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    citizen uuid NOT NULL,
    unit_code text NOT NULL,
    dossier text NOT NULL,
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL,
    CHECK (valid_to > valid_from)
);
CREATE UNIQUE INDEX child_once ON health_insurance.child (citizen);
CREATE INDEX child_unit ON health_insurance.child (unit_code, child_no);
