-- What a finished dossier tells the living register. The row is written with the signature, in its transaction; the
-- register takes it in when that has been committed, and again until it answers: its name never changes.
CREATE TABLE services.told (
    told_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    turn smallint NOT NULL DEFAULT 1,
    kind text NOT NULL,
    place text NOT NULL,
    data jsonb NOT NULL,
    -- waiting: on its way; taken; doubtful: taken, and a pair waits for a person; refused: an officer must look;
    -- taken_back: no longer in the register.
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'taken', 'doubtful', 'refused', 'taken_back')),
    problems jsonb NOT NULL DEFAULT '[]',
    event_no bigint,
    citizen uuid,
    by text NOT NULL,
    at timestamptz NOT NULL,
    answered_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    UNIQUE (dossier_no, turn),
    CHECK ((event_no IS NOT NULL) = (state IN ('taken', 'doubtful', 'taken_back')))
);
CREATE INDEX told_open ON services.told (place, told_no) WHERE state IN ('waiting', 'refused', 'doubtful');
