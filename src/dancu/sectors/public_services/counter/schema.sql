-- What the counter adds to a dossier: who handed in what for whom, how the identity was checked, and the day's queue.

-- Once a dossier: taken in at a counter. `parts`: code -> original, copy, shown, form or register. Only added to.
CREATE TABLE services.counter_filing (
    dossier_no bigint PRIMARY KEY REFERENCES services.dossier,
    at timestamptz NOT NULL,
    by text NOT NULL,
    parts jsonb NOT NULL,
    -- Somebody files for the applicant: the name that stood on the card, what they are to each other, and what the
    -- applicant's consent is (present, paper, guardian) with the paper's own number and day.
    filer_name text NOT NULL DEFAULT '',
    relation text NOT NULL DEFAULT '',
    consent text NOT NULL DEFAULT '',
    consent_note text NOT NULL DEFAULT '',
    ticket_no bigint,
    CHECK ((consent <> '') = (relation <> ''))
);

-- How the applicant's identity stands; the last line counts. Only added to.
-- state: verified, to_verify (the line was down), differs, by_paper. source: register, national, paper.
CREATE TABLE services.identity_check (
    check_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    at timestamptz NOT NULL,
    by text NOT NULL,
    state text NOT NULL CHECK (state IN ('verified', 'to_verify', 'differs', 'by_paper')),
    source text NOT NULL CHECK (source IN ('register', 'national', 'paper')),
    question uuid,
    receipt text NOT NULL DEFAULT '',
    note text NOT NULL DEFAULT ''
);
CREATE INDEX identity_check_dossier ON services.identity_check (dossier_no, check_no DESC);
CREATE INDEX identity_check_waiting ON services.identity_check (check_no) WHERE state = 'to_verify';

-- The queue of a day at a counter. A number is nobody's name.
CREATE TABLE services.ticket (
    ticket_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    place text NOT NULL,
    day date NOT NULL,
    -- U: the old, the disabled, the pregnant, who are served first; A: to file; B: to fetch a result.
    line text NOT NULL CHECK (line IN ('A', 'B', 'U')),
    number integer NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'called', 'done', 'skipped')),
    desk text NOT NULL DEFAULT '',
    taken_at timestamptz NOT NULL,
    called_at timestamptz,
    ended_at timestamptz,
    called_by text NOT NULL DEFAULT '',
    calls smallint NOT NULL DEFAULT 0,
    UNIQUE (place, day, line, number)
);
CREATE INDEX ticket_waiting ON services.ticket (place, day, ticket_no) WHERE state = 'waiting';

CREATE TABLE services.ticket_count (
    place text NOT NULL, day date NOT NULL, line text NOT NULL, last integer NOT NULL, PRIMARY KEY (place, day, line)
);

-- The next number of a line, taken at a kiosk where nobody is logged in; NULL when the day's numbers are used up.
CREATE FUNCTION services.take_ticket(place text, day date, line text, at timestamptz)
RETURNS TABLE (ticket_no bigint, number integer, ahead bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    next integer;
BEGIN
    INSERT INTO services.ticket_count AS c VALUES (take_ticket.place, take_ticket.day, take_ticket.line, 1)
    ON CONFLICT ON CONSTRAINT ticket_count_pkey DO UPDATE SET last = c.last + 1 WHERE c.last < 900
    RETURNING c.last INTO next;
    IF next IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY WITH made AS (
        INSERT INTO services.ticket (place, day, line, number, taken_at)
        VALUES (take_ticket.place, take_ticket.day, take_ticket.line, next, take_ticket.at)
        RETURNING ticket.ticket_no, ticket.number)
    SELECT made.ticket_no, made.number, (SELECT count(*) FROM services.ticket t WHERE t.place = take_ticket.place
        AND t.day = take_ticket.day AND t.state = 'waiting'
        AND (t.line = 'U' OR take_ticket.line <> 'U')) FROM made;
END $$;

-- What a screen in the hall shows: numbers and desks, nothing of anybody.
CREATE FUNCTION services.on_screen(place text, day date)
RETURNS TABLE (line text, number integer, state text, desk text, called_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    (SELECT t.line, t.number, t.state, t.desk, t.called_at FROM services.ticket t
     WHERE t.place = on_screen.place AND t.day = on_screen.day AND t.state IN ('called', 'skipped', 'done')
     ORDER BY t.called_at DESC LIMIT 12)
    UNION ALL
    (SELECT t.line, t.number, t.state, t.desk, t.called_at FROM services.ticket t
     WHERE t.place = on_screen.place AND t.day = on_screen.day AND t.state = 'waiting'
     ORDER BY (t.line = 'U') DESC, t.ticket_no LIMIT 200)
$$;

-- Whom the asker's own verification of the last hour was about: an identifier, for who named the person, never a value.
CREATE FUNCTION services.verified_person(receipt uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT register.went(l.citizen_id) FROM register.access_log l
    JOIN public.accounts_user u ON u.username = l.by AND u.id = access.user_id()
    WHERE l.receipt = verified_person.receipt AND l.channel = 'scan' AND l.outcome = 'compared'
        AND l.at > now() - interval '1 hour'
$$;
REVOKE ALL ON FUNCTION services.take_ticket(text, date, text, timestamptz), services.on_screen(text, date),
    services.verified_person(uuid) FROM PUBLIC;

-- The inbox: open dossiers of a commune, what runs before what waits for the applicant, the most urgent first; what has
-- no due day yet since nobody has received it counts from its filing.
CREATE INDEX dossier_desk ON services.dossier (place, (paused_at IS NOT NULL), (coalesce(due_at, filed_at)), dossier_no)
    WHERE ended_at IS NULL;
CREATE INDEX dossier_to_give ON services.dossier (place, ended_at, dossier_no) WHERE status = 9;
