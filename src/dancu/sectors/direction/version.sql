-- The columns of an entry of a book, for `LIKE`. What we knew of it lies between known_from and known_to; only known_to
-- is ever set. Dropped when the books are made.
CREATE TEMP TABLE version (
    version_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    thing_no bigint NOT NULL,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    known_from timestamptz NOT NULL,
    known_to timestamptz CONSTRAINT known_for_a_while CHECK (known_to > known_from),
    "by" text NOT NULL
);
CREATE UNIQUE INDEX ON version (thing_no) WHERE known_to IS NULL;
