-- What a unit falls short of, as of the last check; what each check found stands in direction.act (book 'shortcoming').
-- `subject` tells two of the same kind apart: the indicator, the kind of post, the late task.
CREATE TABLE direction.shortcoming (
    shortcoming_no bigint PRIMARY KEY DEFAULT nextval('direction.thing_no'),
    unit_code text NOT NULL,
    unit_on date NOT NULL,
    level text NOT NULL CHECK (level IN ('province', 'district', 'commune')),
    kind text NOT NULL CHECK (kind IN
        ('missed_target', 'no_budget', 'vacant_post', 'no_plan', 'late_task', 'link_failing')),
    subject text NOT NULL DEFAULT '',
    title text NOT NULL,
    period text NOT NULL CHECK (period ~ '^20[0-9]{2}-H[12]$'),
    indicator text NOT NULL DEFAULT '',
    indicator_version int,
    numerator numeric,
    denominator numeric,
    target_id text NOT NULL DEFAULT '',
    target numeric,
    comparison text NOT NULL DEFAULT '',
    -- In records: so many would have had to be in the numerator; so many further ones would do (none: no number does).
    gap bigint NOT NULL CHECK (gap >= 0),
    gap_new bigint,
    distance numeric NOT NULL CHECK (distance >= 0),
    found_on date NOT NULL,
    found_at timestamptz NOT NULL,
    checked_on date NOT NULL CHECK (checked_on >= found_on),
    result text NOT NULL CHECK (result IN ('found', 'still', 'better', 'worse', 'fixed', 'again', 'ended')),
    closed_on date,
    task_no bigint REFERENCES direction.task,
    cause text NOT NULL DEFAULT '',
    remedy text NOT NULL DEFAULT '',
    promised_on date,
    version_no int NOT NULL DEFAULT 1,
    CHECK ((closed_on IS NOT NULL) = (result IN ('fixed', 'ended'))),
    CHECK ((kind = 'missed_target') = (target IS NOT NULL AND indicator_version IS NOT NULL)),
    FOREIGN KEY (unit_code, unit_on) REFERENCES direction.place
);
CREATE UNIQUE INDEX shortcoming_once ON direction.shortcoming (unit_code, unit_on, kind, subject, period);
CREATE UNIQUE INDEX shortcoming_one_open ON direction.shortcoming (unit_code, unit_on, kind, subject)
    WHERE closed_on IS NULL;
