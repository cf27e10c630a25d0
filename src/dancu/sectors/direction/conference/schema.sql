-- A conference of a unit and of those below it. What is told of it stands in direction.act (book 'conference') too.
CREATE TABLE direction.conference (
    conference_no bigint PRIMARY KEY DEFAULT nextval('direction.thing_no'),
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    title text NOT NULL CHECK (length(title) >= 5),
    held_on date NOT NULL,
    starts text NOT NULL CHECK (starts ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'),
    venue text NOT NULL,
    figures_on date NOT NULL CHECK (figures_on <= held_on),
    -- [{"time": …, "what": …, "who": …}], in order.
    agenda jsonb NOT NULL DEFAULT '[]',
    state text NOT NULL CHECK (state IN ('preparing', 'open', 'closed')),
    briefed_at timestamptz,
    version_no int NOT NULL DEFAULT 1,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX conference_unit ON direction.conference (unit_code, held_on);

-- A connection point: the unit that sits there; `host_…`: whose conference it is.
CREATE TABLE direction.conference_point (
    point_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conference_no bigint NOT NULL REFERENCES direction.conference,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    host_code text NOT NULL,
    host_on date NOT NULL,
    level text NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'connected', 'absent')),
    people int NOT NULL DEFAULT 0 CHECK (people BETWEEN 0 AND 1000),
    told_at timestamptz,
    told_by text NOT NULL DEFAULT '',
    UNIQUE (conference_no, unit_code),
    CHECK ((state = 'waiting') = (told_at IS NULL)),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX conference_point_unit ON direction.conference_point (unit_code, unit_on);

-- What a unit was told about itself, as it was when the briefs were made.
CREATE TABLE direction.conference_brief (
    brief_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conference_no bigint NOT NULL REFERENCES direction.conference,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    content jsonb NOT NULL,
    at timestamptz NOT NULL,
    "by" text NOT NULL,
    UNIQUE (conference_no, unit_code),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);

-- What was said, by which unit; no name is asked for, the office speaks.
CREATE TABLE direction.conference_statement (
    statement_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    conference_no bigint NOT NULL REFERENCES direction.conference,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    speaker text NOT NULL DEFAULT '',
    said text NOT NULL CHECK (length(said) >= 5),
    at timestamptz NOT NULL,
    "by" text NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX conference_statement_of ON direction.conference_statement (conference_no, statement_no);

-- A conclusion: who does what until when; its task, and the shortcoming it is about, if it is about one.
CREATE TABLE direction.conference_conclusion (
    conclusion_no bigint PRIMARY KEY DEFAULT nextval('direction.thing_no'),
    conference_no bigint NOT NULL REFERENCES direction.conference,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    said text NOT NULL CHECK (length(said) >= 5),
    due_on date NOT NULL,
    task_no bigint NOT NULL REFERENCES direction.task,
    shortcoming_no bigint REFERENCES direction.shortcoming,
    at timestamptz NOT NULL,
    "by" text NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX conference_conclusion_of ON direction.conference_conclusion (conference_no, conclusion_no);

-- A commendation proposed or decided: for which figure's rise, by how much, from which period to which.
CREATE TABLE direction.commendation (
    commendation_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    indicator text NOT NULL,
    indicator_version int NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    before_numerator numeric NOT NULL,
    before_denominator numeric NOT NULL,
    numerator numeric NOT NULL,
    denominator numeric NOT NULL,
    reason text NOT NULL CHECK (length(reason) >= 5),
    at timestamptz NOT NULL,
    "by" text NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
