-- Consents, subjects' requests, breaches. Rows are only ever added: what ends something is a row of its own, so that
-- the ledger holds each of them and nothing that was said can be said otherwise later.
CREATE SCHEMA consent;

CREATE TABLE consent.scan (
    scan_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    citizen_id uuid NOT NULL,
    kind text NOT NULL,
    content bytea NOT NULL,
    sha256 text NOT NULL,
    recorded_by text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);

-- One purpose, one recipient ('' = the authority that keeps the register), never bundled.
CREATE TABLE consent.granted (
    consent_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receipt uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    event_id uuid NOT NULL UNIQUE,
    citizen_id uuid NOT NULL,
    purpose text NOT NULL,
    partner text NOT NULL DEFAULT '',
    fields text[] NOT NULL,
    text_version text NOT NULL,
    text_sha256 text NOT NULL,
    granted_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    channel text NOT NULL CHECK (channel IN ('page', 'paper')),
    given_by uuid NOT NULL,
    relation text NOT NULL CHECK (relation IN ('self', 'mother', 'father', 'guardian')),
    relation_basis text NOT NULL DEFAULT '',
    form_no text UNIQUE,
    identity_receipt uuid,
    scan_no bigint REFERENCES consent.scan,
    recorded_by text NOT NULL,
    CHECK (expires_at > granted_at),
    -- A child's consent is given by somebody else, everybody else's by nobody else.
    CHECK ((relation = 'self') = (given_by = citizen_id)),
    CHECK (relation <> 'guardian' OR relation_basis <> ''),
    -- On paper: the form, its scan, and the receipt of the look by which the officer knew who signed.
    CHECK ((channel = 'paper') = (form_no IS NOT NULL AND identity_receipt IS NOT NULL AND scan_no IS NOT NULL))
);
CREATE INDEX granted_of_citizen ON consent.granted (citizen_id, purpose, partner);

CREATE TABLE consent.withdrawn (
    consent_no bigint PRIMARY KEY REFERENCES consent.granted,
    event_id uuid NOT NULL UNIQUE,
    citizen_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    channel text NOT NULL CHECK (channel IN ('page', 'paper')),
    given_by uuid NOT NULL,
    reason text NOT NULL DEFAULT '',
    recorded_by text NOT NULL
);

CREATE TABLE consent.request (
    request_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receipt uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    event_id uuid NOT NULL UNIQUE,
    citizen_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('access', 'correction', 'restriction', 'objection', 'deletion', 'withdrawal')),
    purposes text[] NOT NULL DEFAULT '{}',
    consent_no bigint REFERENCES consent.granted,
    fields jsonb NOT NULL DEFAULT '{}',
    words text NOT NULL DEFAULT '',
    channel text NOT NULL CHECK (channel IN ('page', 'paper')),
    given_by uuid NOT NULL,
    relation text NOT NULL CHECK (relation IN ('self', 'mother', 'father', 'guardian')),
    form_no text UNIQUE,
    scan_no bigint REFERENCES consent.scan,
    recorded_by text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    respond_by date NOT NULL,
    due_on date NOT NULL,
    law text NOT NULL,
    CHECK (kind NOT IN ('restriction', 'objection') OR cardinality(purposes) > 0),
    CHECK ((kind = 'withdrawal') = (consent_no IS NOT NULL)),
    CHECK ((channel = 'paper') = (form_no IS NOT NULL))
);
CREATE INDEX request_of_citizen ON consent.request (citizen_id);

-- What was done about a request; `n` lets of two officers one be first.
CREATE TABLE consent.request_step (
    step_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_no bigint NOT NULL REFERENCES consent.request,
    n integer NOT NULL CHECK (n > 0),
    event_id uuid NOT NULL UNIQUE,
    action text NOT NULL,
    state_before text NOT NULL,
    state_after text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    reason text NOT NULL DEFAULT '',
    law text NOT NULL DEFAULT '',
    due_on date NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    UNIQUE (request_no, n)
);

CREATE TABLE consent.restriction (
    restriction_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    request_no bigint NOT NULL REFERENCES consent.request,
    citizen_id uuid NOT NULL,
    purpose text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    UNIQUE (request_no, purpose)
);
CREATE INDEX restriction_of_citizen ON consent.restriction (citizen_id, purpose);

CREATE TABLE consent.restriction_end (
    restriction_no bigint PRIMARY KEY REFERENCES consent.restriction,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    reason text NOT NULL
);

CREATE TABLE consent.breach (
    breach_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receipt uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    event_id uuid NOT NULL UNIQUE,
    discovered_at timestamptz NOT NULL,
    notify_by timestamptz NOT NULL,
    law text NOT NULL,
    content jsonb NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CHECK (notify_by > discovered_at)
);

CREATE TABLE consent.breach_step (
    step_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    breach_no bigint NOT NULL REFERENCES consent.breach,
    n integer NOT NULL CHECK (n > 0),
    event_id uuid NOT NULL UNIQUE,
    action text NOT NULL,
    state_before text NOT NULL,
    state_after text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    reason text NOT NULL DEFAULT '',
    detail jsonb NOT NULL DEFAULT '{}',
    UNIQUE (breach_no, n)
);

-- Whom a breach touched, as far as the access log knows.
CREATE TABLE consent.breach_person (
    breach_no bigint NOT NULL REFERENCES consent.breach,
    citizen_id uuid NOT NULL,
    unit_code text,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    PRIMARY KEY (breach_no, citizen_id)
);
CREATE INDEX breach_of_citizen ON consent.breach_person (citizen_id);

-- Impact assessments, in versions.
CREATE TABLE consent.assessment (
    assessment_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('processing', 'transfer')),
    version integer NOT NULL CHECK (version > 0),
    content jsonb NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (kind, version)
);

CREATE INDEX IF NOT EXISTS merged_into ON register.merged (into_id) WHERE into_id IS NOT NULL;

-- Everybody that is this person by now: the identifier it leads to, and all that were merged into that one.
CREATE FUNCTION consent.same(citizen uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH RECURSIVE one(id) AS (
        SELECT register.went(citizen)
        UNION
        SELECT m.citizen_id FROM one JOIN register.merged m ON m.into_id = one.id
    )
    SELECT id FROM one
$$;

-- The number of the consent that stands at a moment, or NULL: not silence, not another purpose, not another recipient.
CREATE FUNCTION consent.given(citizen uuid, purpose text, partner text, at timestamptz) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT g.consent_no FROM consent.granted g
    WHERE g.citizen_id IN (SELECT consent.same(given.citizen))
      AND g.purpose = given.purpose AND g.partner = coalesce(given.partner, '')
      AND g.granted_at <= coalesce(given.at, clock_timestamp()) AND g.expires_at > coalesce(given.at, clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM consent.withdrawn w
                      WHERE w.consent_no = g.consent_no AND w.at <= coalesce(given.at, clock_timestamp()))
    ORDER BY g.consent_no DESC LIMIT 1
$$;

-- The number of the request by which a purpose is stopped for this person at a moment, or NULL.
CREATE FUNCTION consent.restricted(citizen uuid, purpose text, at timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.request_no FROM consent.restriction r
    WHERE r.citizen_id IN (SELECT consent.same(restricted.citizen))
      AND r.purpose = restricted.purpose AND r.at <= coalesce(restricted.at, clock_timestamp())
      AND NOT EXISTS (SELECT 1 FROM consent.restriction_end e
                      WHERE e.restriction_no = r.restriction_no AND e.at <= coalesce(restricted.at, clock_timestamp()))
    ORDER BY r.restriction_no LIMIT 1
$$;

-- Who may speak for whom on a day: oneself from the age on, for a child the parents that the register names.
CREATE FUNCTION consent.acts_for(actor uuid, citizen uuid, child_years integer, on_day date) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE
        WHEN p.life_status = '2' THEN NULL
        WHEN NOT c.is_child THEN CASE WHEN a.citizen_id = p.citizen_id THEN 'self' END
        WHEN a.personal_number = p.mother_number THEN 'mother'
        WHEN a.personal_number = p.father_number THEN 'father'
    END
    FROM register.person p
    CROSS JOIN LATERAL (SELECT coalesce(p.birth_latest + make_interval(years => child_years) > on_day, false)) c(is_child)
    JOIN register.person a ON a.citizen_id = register.went(acts_for.actor)
    WHERE p.citizen_id = register.went(acts_for.citizen)
$$;

CREATE FUNCTION consent.is_parent(actor uuid, citizen uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM register.person p JOIN register.person a ON a.personal_number IN (p.mother_number, p.father_number)
        WHERE p.citizen_id = register.went(is_parent.citizen) AND a.citizen_id = register.went(is_parent.actor))
$$;

-- Identifiers alone: whose look counts as a check of who signs for a child.
CREATE FUNCTION consent.parents(citizen uuid) RETURNS TABLE (citizen_id uuid, relation text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.citizen_id, CASE WHEN a.personal_number = p.mother_number THEN 'mother' ELSE 'father' END
    FROM register.person p JOIN register.person a ON a.personal_number IN (p.mother_number, p.father_number)
    WHERE p.citizen_id = register.went(parents.citizen)
$$;

-- The children of the citizen of this session; each is told in its own log.
CREATE FUNCTION consent.my_children(child_years integer, on_day date)
RETURNS TABLE (citizen_id uuid, full_name text, relation text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me register.person;
BEGIN
    SELECT p.* INTO me FROM register.person p WHERE p.citizen_id = access.citizen_id();
    IF me.personal_number IS NULL THEN RETURN; END IF;
    RETURN QUERY
    WITH mine AS (
        SELECT p.citizen_id, p.full_name, p.unit_code, p.birth_latest,
            consent.acts_for(me.citizen_id, p.citizen_id, child_years, on_day) AS relation
        FROM register.person p WHERE p.mother_number = me.personal_number
        UNION
        SELECT p.citizen_id, p.full_name, p.unit_code, p.birth_latest,
            consent.acts_for(me.citizen_id, p.citizen_id, child_years, on_day)
        FROM register.person p WHERE p.father_number = me.personal_number
    ), told AS (
        INSERT INTO register.access_log (citizen_id, by, role, unit_code, purpose, basis, fields)
        SELECT m.citizen_id, 'công dân', 'citizen', m.unit_code, 'own', 'household', '{household}'
        FROM mine m WHERE m.relation IS NOT NULL
    )
    SELECT m.citizen_id, m.full_name, m.relation FROM mine m WHERE m.relation IS NOT NULL
    ORDER BY m.birth_latest, m.citizen_id;
END $$;

-- What the citizen of this session was touched by, once the people touched are to be told; the words meant for them.
CREATE FUNCTION consent.my_breaches() RETURNS TABLE (breach_no bigint, told_at timestamptz, words text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.breach_no, s.at, s.detail ->> 'words'
    FROM consent.breach_person p JOIN consent.breach_step s ON s.breach_no = p.breach_no AND s.action = 'tell_people'
    WHERE access.citizen_id() IS NOT NULL AND p.citizen_id IN (SELECT consent.same(access.citizen_id()))
    ORDER BY s.at DESC
$$;

-- A person's request to have something corrected becomes a task of its commune: a new one, or the one that is there.
CREATE FUNCTION consent.open_task(request bigint, words text) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    asked consent.request;
    who text := coalesce((SELECT u.username FROM public.accounts_user u WHERE u.id = access.user_id()), 'công dân');
    someone register.person;
    before text;
    task bigint;
BEGIN
    SELECT r.* INTO asked FROM consent.request r WHERE r.request_no = request AND r.kind = 'correction'
        AND r.recorded_by = who AND (access.citizen_id() IS NULL OR r.given_by = access.citizen_id());
    SELECT p.* INTO someone FROM register.person p WHERE p.citizen_id = register.went(asked.citizen_id);
    IF someone.unit_code IS NULL THEN RETURN NULL; END IF;
    SELECT t.id, t.state INTO task, before FROM public.worklists_task t WHERE t.citizen_id = someone.citizen_id FOR UPDATE;
    IF task IS NULL THEN
        INSERT INTO public.worklists_task (citizen_id, person_id, unit_code, with_unit, findings, rules, effect, state,
            version, created_at, review_due, fix_due, house_visit, assigned_to, changed_at, changed_by)
        VALUES (someone.citizen_id, someone.person_id, someone.unit_code, '', '{}', '{}', 0, 'new', 1, now(),
            asked.respond_by, asked.due_on, false, '', now(), who)
        RETURNING id, state INTO task, before;
    ELSIF before IN ('fixed', 'cannot_fix', 'not_an_error') THEN
        UPDATE public.worklists_task t SET state = 'new', closed_at = NULL, created_at = now(), with_unit = '',
            review_due = asked.respond_by, fix_due = asked.due_on, house_visit = false, assigned_to = ''
        WHERE t.id = task;
    END IF;
    UPDATE public.worklists_task t SET version = t.version + 1, changed_at = now(), changed_by = who,
        asked = t.asked || request,
        asked_fields = ARRAY(SELECT DISTINCT f FROM unnest(
            t.asked_fields || ARRAY(SELECT jsonb_object_keys(asked.fields))::varchar[]) f ORDER BY f),
        fix_due = least(t.fix_due, asked.due_on)
    WHERE t.id = task;
    INSERT INTO public.worklists_taskstep (task_id, event_id, action, state_before, state_after, at, by, reason, detail)
    SELECT t.id, gen_random_uuid(), 'ask', before, t.state, now(), who, words,
        jsonb_build_object('request', request, 'fields', ARRAY(SELECT jsonb_object_keys(asked.fields)))
    FROM public.worklists_task t WHERE t.id = task;
    RETURN task;
END $$;

-- The request was answered: its task is held open by the others alone, and closes by itself when nothing is left.
CREATE FUNCTION consent.close_task(request bigint) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    who text := (SELECT u.username FROM public.accounts_user u WHERE u.id = access.user_id());
    found public.worklists_task;
BEGIN
    IF who IS NULL AND NOT EXISTS (SELECT 1 FROM consent.request r WHERE r.request_no = request
        AND r.given_by = access.citizen_id()) THEN RETURN NULL; END IF;
    UPDATE public.worklists_task t SET asked = array_remove(t.asked, request), version = t.version + 1,
        asked_fields = CASE WHEN cardinality(t.asked) > 1 THEN t.asked_fields ELSE '{}' END,
        changed_at = now(), changed_by = coalesce(who, 'công dân')
    WHERE request = ANY (t.asked) RETURNING t.* INTO found;
    IF found.id IS NULL THEN RETURN NULL; END IF;
    INSERT INTO public.worklists_taskstep (task_id, event_id, action, state_before, state_after, at, by, reason, detail)
    VALUES (found.id, gen_random_uuid(), 'answered', found.state, found.state, now(), coalesce(who, 'công dân'), '',
        jsonb_build_object('request', request));
    RETURN found.person_id;
END $$;

-- The state of the task behind a request, for who may see the request but not the task.
CREATE FUNCTION consent.task_state(request bigint) RETURNS TABLE (task bigint, state text, fixes bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id, t.state::text, (SELECT count(*) FROM public.worklists_fix x WHERE x.task_id = t.id
        AND x.state = 'applied' AND x.applied_at >= r.received_at)
    FROM consent.request r JOIN public.worklists_task t ON request = ANY (t.asked)
        OR EXISTS (SELECT 1 FROM public.worklists_taskstep s WHERE s.task_id = t.id AND s.action = 'ask'
                   AND (s.detail ->> 'request')::bigint = request)
    WHERE r.request_no = request AND t.citizen_id = register.went(r.citizen_id)
$$;

REVOKE ALL ON SCHEMA consent FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA consent FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA consent FROM PUBLIC;
