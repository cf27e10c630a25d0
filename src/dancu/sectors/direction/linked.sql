-- Books whose entries point to one another or to a second unit: inspections with findings, campaigns with their reach,
-- good models with their copies, units that help units. `other_…`: the second unit, which reads the entry too.
CREATE TABLE direction.inspection (
    LIKE pg_temp.version INCLUDING ALL,
    other_code text NOT NULL,
    other_on date NOT NULL,
    number text NOT NULL CHECK (number <> ''),
    held_on date NOT NULL,
    team text NOT NULL,
    subject text NOT NULL CHECK (length(subject) >= 5),
    result text NOT NULL DEFAULT '',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place,
    FOREIGN KEY (other_code, other_on) REFERENCES direction.place
);
CREATE UNIQUE INDEX inspection_once ON direction.inspection (unit_code, other_code, number, held_on)
    WHERE known_to IS NULL;

-- What an inspection found: in the unit of the inspector, about the unit that was inspected. Its tasks are those whose
-- origin it is; it is put right when one of them is accepted.
CREATE TABLE direction.finding (
    LIKE pg_temp.version INCLUDING ALL,
    inspection_no bigint NOT NULL,
    other_code text NOT NULL,
    other_on date NOT NULL,
    found_on date NOT NULL,
    what text NOT NULL CHECK (length(what) >= 5),
    indicator text NOT NULL DEFAULT '',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place,
    FOREIGN KEY (other_code, other_on) REFERENCES direction.place
);
CREATE INDEX finding_of ON direction.finding (inspection_no) WHERE known_to IS NULL;

-- A campaign: `units` are codes of its first day. What its indicator was before and after is counted, never kept.
CREATE TABLE direction.campaign (
    LIKE pg_temp.version INCLUDING ALL,
    name text NOT NULL CHECK (length(name) >= 5),
    first_day date NOT NULL,
    last_day date NOT NULL,
    aim text NOT NULL,
    indicator text NOT NULL CHECK (indicator <> ''),
    units text[] NOT NULL CHECK (units <> '{}'),
    CONSTRAINT campaign_days CHECK (last_day >= first_day),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);

CREATE TABLE direction.reach (
    LIKE pg_temp.version INCLUDING ALL,
    campaign_no bigint NOT NULL,
    held_on date NOT NULL,
    what text NOT NULL,
    people int NOT NULL CHECK (people > 0),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE INDEX reach_of ON direction.reach (campaign_no) WHERE known_to IS NULL;

CREATE TABLE direction.model (
    LIKE pg_temp.version INCLUDING ALL,
    name text NOT NULL CHECK (length(name) >= 5),
    kind text NOT NULL CHECK (kind IN ('model', 'practice')),
    since date NOT NULL,
    what text NOT NULL,
    result text NOT NULL DEFAULT '',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE UNIQUE INDEX model_once ON direction.model (unit_code, lower(name)) WHERE known_to IS NULL;

CREATE TABLE direction.copy (
    LIKE pg_temp.version INCLUDING ALL,
    model_no bigint NOT NULL,
    since date NOT NULL,
    note text NOT NULL DEFAULT '',
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE UNIQUE INDEX copy_once ON direction.copy (model_no, unit_code) WHERE known_to IS NULL;

-- A unit helps another in something for a time.
CREATE TABLE direction.pairing (
    LIKE pg_temp.version INCLUDING ALL,
    other_code text NOT NULL,
    other_on date NOT NULL,
    what text NOT NULL CHECK (length(what) >= 5),
    indicator text NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    valid_to date,
    result text NOT NULL DEFAULT '',
    CONSTRAINT pairing_of_two CHECK ((unit_code, unit_on) <> (other_code, other_on)),
    CONSTRAINT pairing_days CHECK (valid_to >= valid_from),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place,
    FOREIGN KEY (other_code, other_on) REFERENCES direction.place,
    CONSTRAINT pairing_once EXCLUDE USING gist (
        unit_code WITH =, other_code WITH =, indicator WITH =, daterange(valid_from, valid_to, '[]') WITH &&
    ) WHERE (known_to IS NULL)
);

ALTER TABLE direction.task DROP CONSTRAINT task_origin_kind_check;
ALTER TABLE direction.task ADD CONSTRAINT task_origin_kind_check
    CHECK (origin_kind IN ('directive', 'shortcoming', 'conclusion', 'plan', 'finding', 'own'));
