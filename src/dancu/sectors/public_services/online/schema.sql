-- What a citizen keeps with a dossier: drafts, files, consents to be filed for, ratings, complaints; and the one
-- question a stranger may ask, by a dossier's code.
CREATE TABLE services.draft (
    draft uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner uuid NOT NULL,
    -- A child or somebody who has consented; NULL for oneself.
    for_whom uuid,
    for_name text NOT NULL DEFAULT '',
    relation text NOT NULL DEFAULT 'self' CHECK (relation IN ('self', 'mother', 'father', 'helper')),
    procedure text NOT NULL,
    answers jsonb NOT NULL DEFAULT '{}',
    -- Of the filing, so that a second press files nothing.
    event_id uuid NOT NULL DEFAULT gen_random_uuid(),
    saved_at timestamptz NOT NULL,
    dossier_no bigint REFERENCES services.dossier,
    CHECK ((for_whom IS NULL) = (relation = 'self'))
);
CREATE INDEX draft_of_owner ON services.draft (owner, saved_at);
ALTER TABLE services.draft ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON services.draft TO dancu_app
    USING (owner = (SELECT access.citizen_id())) WITH CHECK (owner = (SELECT access.citizen_id()));

CREATE TABLE services.attachment (
    attachment uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    owner uuid NOT NULL,
    -- With the draft until it is filed, with the dossier from then on.
    draft uuid REFERENCES services.draft ON DELETE CASCADE,
    dossier_no bigint REFERENCES services.dossier,
    part text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('image/jpeg', 'application/pdf')),
    content bytea NOT NULL,
    sha256 text NOT NULL,
    at timestamptz NOT NULL,
    CHECK ((draft IS NULL) <> (dossier_no IS NULL))
);
CREATE INDEX attachment_of_draft ON services.attachment (draft) WHERE draft IS NOT NULL;
CREATE INDEX attachment_of_dossier ON services.attachment (dossier_no) WHERE dossier_no IS NOT NULL;
ALTER TABLE services.attachment ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON services.attachment FOR SELECT TO dancu_app USING (
    owner = (SELECT access.citizen_id())
    OR EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = attachment.dossier_no));
CREATE POLICY put ON services.attachment FOR INSERT TO dancu_app WITH CHECK (
    owner = (SELECT access.citizen_id()) AND (
        EXISTS (SELECT 1 FROM services.draft r WHERE r.draft = attachment.draft)
        OR EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = attachment.dossier_no)));
CREATE POLICY file ON services.attachment FOR UPDATE TO dancu_app
    USING (owner = (SELECT access.citizen_id()) AND dossier_no IS NULL)
    WITH CHECK (owner = (SELECT access.citizen_id())
        AND EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = attachment.dossier_no));
CREATE POLICY drop_it ON services.attachment FOR DELETE TO dancu_app
    USING (owner = (SELECT access.citizen_id()) AND dossier_no IS NULL);

-- «Nhờ nộp thay»: who lets whom file for them. Bound to the helper by a code that the giver hands over.
CREATE TABLE services.proxy (
    proxy uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    code_hash bytea NOT NULL UNIQUE,
    giver uuid NOT NULL,
    giver_name text NOT NULL,
    helper uuid,
    helper_name text NOT NULL DEFAULT '',
    given_at timestamptz NOT NULL,
    until date NOT NULL,
    taken_at timestamptz,
    withdrawn_at timestamptz,
    -- On paper at a counter: the officer and the signed form.
    recorded_by text NOT NULL DEFAULT '',
    paper text NOT NULL DEFAULT '',
    CHECK (helper IS NULL OR helper <> giver)
);
CREATE INDEX proxy_of_giver ON services.proxy (giver);
CREATE INDEX proxy_of_helper ON services.proxy (helper) WHERE helper IS NOT NULL;
CREATE TABLE services.proxy_act (
    act_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    proxy uuid NOT NULL,
    action text NOT NULL CHECK (action IN ('give', 'take', 'withdraw')),
    giver uuid NOT NULL,
    helper uuid,
    until date NOT NULL,
    recorded_by text NOT NULL,
    paper text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE FUNCTION services.note_proxy() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO services.proxy_act (proxy, action, giver, helper, until, recorded_by, paper) VALUES (
        NEW.proxy,
        CASE WHEN TG_OP = 'INSERT' THEN 'give' WHEN NEW.withdrawn_at IS NOT NULL THEN 'withdraw' ELSE 'take' END,
        NEW.giver, NEW.helper, NEW.until, NEW.recorded_by, NEW.paper);
    RETURN NULL;
END $$;
CREATE TRIGGER noted AFTER INSERT OR UPDATE ON services.proxy
    FOR EACH ROW EXECUTE FUNCTION services.note_proxy();
ALTER TABLE services.proxy ENABLE ROW LEVEL SECURITY;
CREATE POLICY of_both ON services.proxy FOR SELECT TO dancu_app
    USING (giver = (SELECT access.citizen_id()) OR helper = (SELECT access.citizen_id()));
CREATE POLICY give ON services.proxy FOR INSERT TO dancu_app
    WITH CHECK (giver = (SELECT access.citizen_id()) AND helper IS NULL AND recorded_by = '');
CREATE POLICY withdraw ON services.proxy FOR UPDATE TO dancu_app
    USING (giver = (SELECT access.citizen_id()) OR helper = (SELECT access.citizen_id()))
    WITH CHECK (withdrawn_at IS NOT NULL);

-- The helper shows the code; nothing is told of a wrong one.
CREATE FUNCTION services.take_proxy(hash bytea, name text, on_day date) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid;
BEGIN
    IF access.citizen_id() IS NULL THEN RETURN NULL; END IF;
    UPDATE services.proxy p SET helper = access.citizen_id(), helper_name = take_proxy.name, taken_at = now()
    WHERE p.code_hash = take_proxy.hash AND p.helper IS NULL AND p.withdrawn_at IS NULL
      AND p.until >= on_day AND p.giver <> access.citizen_id()
    RETURNING p.proxy INTO found;
    RETURN found;
END $$;

-- At a counter, for somebody without e-ID: an officer who handles dossiers where this person lives.
CREATE FUNCTION services.paper_proxy(hash bytea, whom uuid, paper text, until date, at timestamptz) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    officer text := (SELECT u.username FROM public.accounts_user u WHERE u.id = access.user_id());
    made uuid;
BEGIN
    IF officer IS NULL OR length(trim(paper_proxy.paper)) < 5 THEN RETURN NULL; END IF;
    INSERT INTO services.proxy (code_hash, giver, giver_name, given_at, until, recorded_by, paper)
    SELECT paper_proxy.hash, p.citizen_id, coalesce(p.full_name, ''), paper_proxy.at, paper_proxy.until, officer,
        trim(paper_proxy.paper)
    FROM register.person p
    WHERE p.citizen_id = register.went(whom) AND p.life_status IS DISTINCT FROM '2'
      AND (access.all_units() OR p.unit_code = ANY (access.units()))
    RETURNING proxy INTO made;
    RETURN made;
END $$;

-- Whether the citizen of this session may file for somebody: oneself, a child, whoever has consented.
CREATE FUNCTION services.may_file_for(whom uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT whom = access.citizen_id() OR consent.is_parent(access.citizen_id(), whom) OR EXISTS (
        SELECT 1 FROM services.proxy p WHERE p.giver = whom AND p.helper = access.citizen_id()
        AND p.withdrawn_at IS NULL AND p.until >= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)
$$;
-- Whatever a page should ask: a citizen's session puts in nobody else's dossier. (A part of a linked service may name
-- nobody yet, as a child that has no record.)
CREATE POLICY for_whom_one_may ON services.dossier AS RESTRICTIVE FOR INSERT TO dancu_app WITH CHECK (
    (SELECT access.citizen_id()) IS NULL OR applicant IS NULL
    OR applicant = (SELECT access.citizen_id()) OR services.may_file_for(applicant));

CREATE TABLE services.rating (
    rating_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier_no bigint NOT NULL UNIQUE REFERENCES services.dossier,
    stars smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    words text NOT NULL DEFAULT '',
    at timestamptz NOT NULL
);
ALTER TABLE services.rating ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON services.rating FOR SELECT TO dancu_app
    USING (EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = rating.dossier_no));
CREATE POLICY by_the_applicant ON services.rating FOR INSERT TO dancu_app WITH CHECK (EXISTS (
    SELECT 1 FROM services.dossier d WHERE d.dossier_no = rating.dossier_no
    AND (SELECT access.citizen_id()) IN (d.applicant, d.filed_by) AND d.ended_at IS NOT NULL));

CREATE TABLE services.complaint (
    complaint_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    event_id uuid NOT NULL UNIQUE,
    dossier_no bigint NOT NULL REFERENCES services.dossier,
    citizen uuid NOT NULL,
    words text NOT NULL,
    at timestamptz NOT NULL,
    due_on date NOT NULL,
    answer text NOT NULL DEFAULT '',
    answered_by text NOT NULL DEFAULT '',
    answered_at timestamptz,
    CHECK ((answered_at IS NULL) = (answer = ''))
);
CREATE INDEX complaint_open ON services.complaint (due_on) WHERE answered_at IS NULL;
ALTER TABLE services.complaint ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON services.complaint FOR SELECT TO dancu_app USING (
    citizen = (SELECT access.citizen_id()) OR ((SELECT access.citizen_id()) IS NULL
        AND EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = complaint.dossier_no)));
CREATE POLICY complain ON services.complaint FOR INSERT TO dancu_app WITH CHECK (
    citizen = (SELECT access.citizen_id()) AND answered_at IS NULL
    AND EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = complaint.dossier_no));
CREATE POLICY answer ON services.complaint FOR UPDATE TO dancu_app
    USING ((SELECT access.citizen_id()) IS NULL AND answered_at IS NULL
        AND EXISTS (SELECT 1 FROM services.dossier d WHERE d.dossier_no = complaint.dossier_no))
    WITH CHECK (answered_by = (SELECT u.username FROM public.accounts_user u WHERE u.id = access.user_id()));

-- What anybody who knows a code is told: the status and the day, of a code that does not exist nothing.
CREATE FUNCTION services.follow(asked text) RETURNS TABLE (status smallint, due_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.status, coalesce(d.promised_at, d.due_at) FROM services.dossier d WHERE d.code = asked
$$;
-- How often one address has asked within a minute, this time counted in.
CREATE TABLE services.followed (
    who bytea NOT NULL, minute timestamptz NOT NULL, times integer NOT NULL, PRIMARY KEY (who, minute)
);
CREATE FUNCTION services.follow_count(who bytea) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO services.followed AS f VALUES (follow_count.who, date_trunc('minute', now()), 1)
    ON CONFLICT ON CONSTRAINT followed_pkey DO UPDATE SET times = f.times + 1
    RETURNING f.times
$$;
REVOKE ALL ON FUNCTION services.note_proxy(), services.take_proxy(bytea, text, date),
    services.paper_proxy(bytea, uuid, text, date, timestamptz), services.may_file_for(uuid), services.follow(text),
    services.follow_count(bytea) FROM PUBLIC;
