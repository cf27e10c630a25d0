-- What a unit was told, planned, paid, staffed and did. A row stands in the unit of its day: its code and that unit's
-- first day, for codes are used again. `territory` says which communes that is in each state of the units.
--
-- Books keep every version of an entry: `version.sql`.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE SCHEMA direction;

CREATE TABLE direction.place (
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    level text NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    lives daterange NOT NULL,
    PRIMARY KEY (unit_code, unit_on)
);

CREATE TABLE direction.territory (
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    state_from date NOT NULL,
    communes text[] NOT NULL CHECK (communes <> '{}'),
    PRIMARY KEY (unit_code, unit_on, state_from),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);

-- The units whose whole territory, in the state of the units of the register's day, is the asker's.
CREATE FUNCTION direction.my_places() RETURNS TABLE (unit_code text, unit_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.unit_code, t.unit_on FROM direction.territory t
    WHERE (SELECT access.all_units()) OR (
        t.communes <@ (SELECT access.units())
        AND t.state_from = (
            SELECT max(s.state_from) FROM direction.territory s
            WHERE s.state_from <= greatest(
                coalesce((SELECT value::date FROM access.setting WHERE name = 'register_day'),
                    (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date),
                (SELECT min(state_from) FROM direction.territory))))
$$;
REVOKE ALL ON FUNCTION direction.my_places() FROM PUBLIC;

-- Numbers of things, one sequence for all books, so that a number names one thing whatever book it is in.
CREATE SEQUENCE direction.thing_no;

CREATE TABLE direction.directive (
    LIKE pg_temp.version INCLUDING ALL,
    body text NOT NULL CHECK (body IN ('committee', 'task_force', 'police', 'office', 'department', 'other')),
    level text NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    number text NOT NULL,
    number_key text NOT NULL CHECK (number_key <> ''),
    issued_on date NOT NULL,
    issued_year int GENERATED ALWAYS AS (extract(year FROM issued_on)::int) STORED,
    kind text NOT NULL,
    subject text NOT NULL CHECK (length(subject) >= 5),
    about text NOT NULL DEFAULT 'project06',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE UNIQUE INDEX directive_once ON direction.directive (number_key, unit_code, body, issued_year)
    WHERE known_to IS NULL;

CREATE TABLE direction.plan (
    LIKE pg_temp.version INCLUDING ALL,
    year int NOT NULL CHECK (year BETWEEN 2022 AND 2045),
    number text NOT NULL,
    issued_on date NOT NULL,
    title text NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE UNIQUE INDEX plan_once ON direction.plan (unit_code, year) WHERE known_to IS NULL;

CREATE TABLE direction.budget (
    LIKE pg_temp.version INCLUDING ALL,
    year int NOT NULL CHECK (year BETWEEN 2022 AND 2045),
    source text NOT NULL,
    amount bigint NOT NULL CHECK (amount > 0),
    decision text NOT NULL,
    decided_on date NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX budget_of_unit ON direction.budget (unit_code, year);

CREATE TABLE direction.spending (
    LIKE pg_temp.version INCLUDING ALL,
    year int NOT NULL CHECK (year BETWEEN 2022 AND 2045),
    amount bigint NOT NULL CHECK (amount > 0),
    spent_on date NOT NULL,
    what text NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX spending_of_unit ON direction.spending (unit_code, year);

-- A row is a period of a post: filled or vacant. No name of the holder: that is in the staff files.
CREATE TABLE direction.post (
    LIKE pg_temp.version INCLUDING ALL,
    kind text NOT NULL CHECK (kind IN ('it_officer', 'project06_officer', 'security_officer')),
    full_time boolean NOT NULL,
    seat text NOT NULL CHECK (seat <> ''),
    state text NOT NULL CHECK (state IN ('filled', 'vacant')),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to >= valid_from),
    decision text NOT NULL DEFAULT '',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place,
    CONSTRAINT post_one_state EXCLUDE USING gist (
        unit_code WITH =, unit_on WITH =, kind WITH =, seat WITH =, daterange(valid_from, valid_to, '[]') WITH &&
    ) WHERE (known_to IS NULL)
);

CREATE TABLE direction.equipment (
    LIKE pg_temp.version INCLUDING ALL,
    kind text NOT NULL,
    pieces int NOT NULL CHECK (pieces > 0),
    state text NOT NULL CHECK (state IN ('working', 'broken', 'stored', 'gone')),
    since date NOT NULL,
    note text NOT NULL DEFAULT '',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);

-- A task: who must do what until when, from which origin. As it is now; what it was stands in the acts.
CREATE TABLE direction.task (
    task_no bigint PRIMARY KEY DEFAULT nextval('direction.thing_no'),
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    giver_code text NOT NULL,
    giver_on date NOT NULL,
    department text NOT NULL DEFAULT '',
    title text NOT NULL CHECK (length(title) >= 5),
    detail text NOT NULL DEFAULT '',
    origin_kind text NOT NULL CHECK (origin_kind IN ('directive', 'shortcoming', 'conclusion', 'plan', 'own')),
    origin_id bigint,
    state text NOT NULL CHECK (state IN ('open', 'reported', 'accepted', 'cancelled')),
    percent int NOT NULL DEFAULT 0 CHECK (percent BETWEEN 0 AND 100),
    due_on date NOT NULL,
    opened_at timestamptz NOT NULL,
    reported_by text NOT NULL DEFAULT '',
    finished_on date,
    accepted_by text NOT NULL DEFAULT '',
    closed_at timestamptz,
    reminded_for date,
    escalated_for date,
    escalated_to text NOT NULL DEFAULT '',
    version_no int NOT NULL DEFAULT 1,
    CHECK ((state IN ('accepted', 'cancelled')) = (closed_at IS NOT NULL)),
    CHECK ((state IN ('reported', 'accepted')) = (finished_on IS NOT NULL)),
    CHECK (state <> 'accepted' OR accepted_by <> reported_by),
    CHECK ((origin_kind = 'own') = (origin_id IS NULL)),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place,
    FOREIGN KEY (giver_code, giver_on) REFERENCES direction.place
);
CREATE INDEX task_open ON direction.task (due_on, task_no) WHERE closed_at IS NULL;
CREATE INDEX task_unit ON direction.task (unit_code, due_on);
CREATE INDEX task_origin ON direction.task (origin_kind, origin_id);

-- What was done to a task or an entry of a book, by whom, why; only added to. `state`, `due_on`, `finished_on`: a
-- task's after the act.
CREATE TABLE direction.act (
    act_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book text NOT NULL,
    thing_no bigint NOT NULL,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    event_id uuid NOT NULL UNIQUE,
    action text NOT NULL,
    state text NOT NULL DEFAULT '',
    due_on date,
    finished_on date,
    at timestamptz NOT NULL,
    "by" text NOT NULL,
    reason text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX act_of_thing ON direction.act (thing_no, act_no);

-- A scanned paper or a photo: of a directive, or the evidence of a task.
CREATE TABLE direction.paper (
    paper_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    book text NOT NULL,
    thing_no bigint NOT NULL,
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    kind text NOT NULL,
    sha256 text NOT NULL,
    content bytea NOT NULL,
    at timestamptz NOT NULL,
    "by" text NOT NULL,
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX paper_of_thing ON direction.paper (thing_no, paper_no);
