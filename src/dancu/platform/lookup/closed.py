"""The functions through which a verification reaches the register: they belong to the owner and log as they answer.

A partner proves itself with its token, an officer with the claim of the session. What comes back is a person's values,
for comparing, so a wall stands here too: only who already names the person (a word of the name, or the whole day of
birth) gets any; for everybody else the look is logged and nothing comes back. Nothing is shown of these values but
what `engine.verify` says. A question about nobody leaves its row in `lookup.vain`, so that both take the same way.
"""

from __future__ import annotations

from dancu.engine.verify import COLUMNS
from dancu.store.register import schema

KEPT = "interval '24 hours'"
"""For how long the same request is answered again under its receipt."""

_TYPES = schema.person()
COLUMNS_SQL = ", ".join(f"{name} {_TYPES[name]}" for name in COLUMNS)
_VALUES = ", ".join(f"someone.{name}" for name in COLUMNS)
_READ = ", ".join(f"p.{name}" for name in COLUMNS)
_HEAD = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

TABLES = """
CREATE SCHEMA lookup;
-- Questions about numbers that nobody bears: only added to. The number itself is not kept: `block` is a keyed hash of
-- all but its last three digits, which is enough to see that somebody counts through.
CREATE TABLE lookup.vain (
    vain_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receipt uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    partner text,
    officer text,
    purpose text NOT NULL,
    basis text NOT NULL,
    channel text NOT NULL,
    request_id uuid,
    request_digest bytea,
    block bytea NOT NULL,
    last_digits smallint NOT NULL
);
CREATE UNIQUE INDEX vain_request ON lookup.vain (partner, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX vain_number ON lookup.vain (by, block, last_digits, at);
"""

SEEN = f"""
-- `state`: found; none (nobody, out of reach, or not named); no_consent and stopped (found, but must not be answered);
-- closed (no such asker); too_many (about one person); conflict (the request's number was used for another content).
CREATE TYPE lookup.seen AS (state text, receipt uuid, repeated boolean, {COLUMNS_SQL});

-- Who bears a number now, else who bore it before; of several the one whose name fits.
CREATE FUNCTION lookup.bearer(number text, old_number text, name_key text) RETURNS bigint
LANGUAGE plpgsql STABLE {_HEAD} AS $$
DECLARE
    someone bigint;
BEGIN
    IF number <> '' THEN
        SELECT p.person_id INTO someone FROM register.person p WHERE p.personal_number = number
            ORDER BY p.name_key IS NOT DISTINCT FROM bearer.name_key DESC, p.person_id LIMIT 1;
        IF someone IS NULL THEN
            SELECT p.person_id INTO someone FROM register.person_history h
                JOIN register.person p ON p.citizen_id = register.went(h.citizen_id)
                WHERE h.row ->> 'personal_number' = number ORDER BY h.recorded DESC LIMIT 1;
        END IF;
    ELSE
        SELECT p.person_id INTO someone FROM register.person p WHERE p.old_number = bearer.old_number
            ORDER BY p.name_key IS NOT DISTINCT FROM bearer.name_key DESC, p.person_id LIMIT 1;
        IF someone IS NULL THEN
            SELECT p.person_id INTO someone FROM register.person_history h
                JOIN register.person p ON p.citizen_id = register.went(h.citizen_id)
                WHERE h.row ->> 'old_number' = bearer.old_number ORDER BY h.recorded DESC LIMIT 1;
        END IF;
    END IF;
    RETURN someone;
END $$;
"""

ASK = f"""
-- One question of one asker who is already known: the look is logged, and what may be compared comes back.
CREATE FUNCTION lookup.ask(
    asker text, partner text, role text, communes text[], a_subject_day integer, officer text, channel text,
    purpose text, basis text, fields text[], needs_consent boolean, number text, old_number text, name_key text,
    born date, request uuid, digest bytea, block bytea, last_digits smallint
) RETURNS lookup.seen
LANGUAGE plpgsql VOLATILE {_HEAD} AS $$
DECLARE
    someone record;
    before record;
    told lookup.seen;
    n integer;
    bearer bigint;
BEGIN
    told.repeated := false;
    IF request IS NOT NULL THEN
        SELECT l.receipt, l.request_digest, l.at INTO before FROM register.access_log l
            WHERE l.partner = ask.partner AND l.request_id = request;
        IF before.receipt IS NULL THEN
            SELECT v.receipt, v.request_digest, v.at INTO before FROM lookup.vain v
                WHERE v.partner = ask.partner AND v.request_id = request;
        END IF;
        IF before.receipt IS NOT NULL THEN
            IF before.request_digest IS DISTINCT FROM digest OR before.at < now() - {KEPT} THEN
                told.state := 'conflict';
                RETURN told;
            END IF;
            told.receipt := before.receipt;
            told.repeated := true;
            INSERT INTO lookup.repeat (receipt) VALUES (before.receipt);
        END IF;
    END IF;
    bearer := lookup.bearer(number, old_number, name_key);
    SELECT p.person_id, p.citizen_id, p.unit_code, p.name_key, p.birth_date, {_READ} INTO someone
        FROM register.person p WHERE p.person_id = bearer;
    IF NOT told.repeated THEN
        IF someone.person_id IS NULL THEN
            SELECT count(*) INTO n FROM lookup.vain v WHERE v.by = asker AND v.block = ask.block
                AND v.last_digits = ask.last_digits AND v.at > now() - interval '1 day';
        ELSE
            SELECT count(*) INTO n FROM register.access_log l WHERE l.citizen_id = someone.citizen_id
                AND l.at > now() - interval '1 day' AND l.by = asker AND l.channel = ask.channel;
        END IF;
        IF n >= a_subject_day THEN
            told.state := 'too_many';
            RETURN told;
        END IF;
    END IF;
    told.state := CASE
        WHEN someone.person_id IS NULL THEN 'none'
        WHEN communes IS NOT NULL AND NOT coalesce(someone.unit_code = ANY (communes), false) THEN 'none'
        WHEN NOT coalesce(string_to_array(someone.name_key, ' ') && string_to_array(ask.name_key, ' '), false)
            AND someone.birth_date IS DISTINCT FROM born THEN 'none'
        WHEN consent.restricted(someone.citizen_id, purpose, now()) IS NOT NULL THEN 'stopped'
        WHEN needs_consent AND consent.given(someone.citizen_id, purpose, coalesce(ask.partner, ''), now()) IS NULL
            THEN 'no_consent'
        ELSE 'found' END;
    IF NOT told.repeated THEN
        told.receipt := gen_random_uuid();
        IF someone.person_id IS NULL THEN
            INSERT INTO lookup.vain (receipt, by, partner, officer, purpose, basis, channel, request_id,
                request_digest, block, last_digits)
            VALUES (told.receipt, asker, ask.partner, ask.officer, ask.purpose, ask.basis, ask.channel, request,
                digest, ask.block, ask.last_digits);
        ELSE
            INSERT INTO register.access_log (receipt, citizen_id, by, role, unit_code, purpose, basis, fields, partner,
                officer, channel, request_id, request_digest, outcome)
            VALUES (told.receipt, someone.citizen_id, asker, ask.role, someone.unit_code, ask.purpose, ask.basis,
                ask.fields, ask.partner, ask.officer, ask.channel, request, digest,
                CASE told.state WHEN 'found' THEN 'compared' WHEN 'none' THEN 'not_identified' ELSE told.state END);
        END IF;
    END IF;
    IF told.state <> 'none' THEN
        SELECT told.state, told.receipt, told.repeated, {_VALUES} INTO told;
    END IF;
    RETURN told;
END $$;
"""

ASKERS = f"""
-- A partner's question: its token names it, its registration says where and how often.
CREATE FUNCTION lookup.by_partner(
    token text, officer text, purpose text, basis text, fields text[], needs_consent boolean, number text,
    old_number text, name_key text, born date, request uuid, digest bytea, block bytea, last_digits smallint
) RETURNS lookup.seen
LANGUAGE plpgsql VOLATILE {_HEAD} AS $$
DECLARE
    who public.partners_partner;
    told lookup.seen;
BEGIN
    SELECT p.* INTO who FROM public.partners_token t JOIN public.partners_partner p ON p.client_id = t.client_id
        WHERE t.digest = sha256(convert_to(by_partner.token, 'UTF8')) AND t.expires_at > now()
        AND t.scopes ? by_partner.purpose AND p.purposes ? by_partner.purpose AND p.suspended_at IS NULL
        AND (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date BETWEEN p.active_from AND coalesce(p.active_to, 'infinity');
    IF who.client_id IS NULL THEN
        told.state := 'closed';
        RETURN told;
    END IF;
    RETURN lookup.ask(who.client_id, who.client_id, '',
        CASE WHEN who.units ? '*' THEN NULL
             ELSE ARRAY(SELECT jsonb_array_elements_text(who.communes)) END,
        who.a_subject_day::integer, officer, 'api', purpose, basis, fields, needs_consent, number, old_number,
        name_key, born, request, digest, block, last_digits);
END $$;

-- An officer's question at a counter: anybody may stand there, so the whole register answers.
CREATE FUNCTION lookup.by_officer(
    channel text, purpose text, basis text, fields text[], needs_consent boolean, number text, old_number text,
    name_key text, born date, block bytea, last_digits smallint
) RETURNS lookup.seen
LANGUAGE plpgsql VOLATILE {_HEAD} AS $$
DECLARE
    who text := (SELECT u.username FROM public.accounts_user u WHERE u.id = access.user_id());
    told lookup.seen;
BEGIN
    IF who IS NULL OR by_officer.channel NOT IN ('scan', 'offline') THEN
        told.state := 'closed';
        RETURN told;
    END IF;
    RETURN lookup.ask(who, NULL, array_to_string((access.current_claim()).roles, ' '), NULL, 50, NULL, channel,
        purpose, basis, fields, needs_consent, number, old_number, name_key, born, NULL, NULL, block, last_digits);
END $$;

-- More of a person just looked at, named by the receipt: former values and homes. For a receipt of nobody: nothing.
CREATE FUNCTION lookup.more(of_receipt uuid) RETURNS TABLE (former jsonb, homes jsonb)
LANGUAGE sql STABLE {_HEAD} AS $$
    WITH one AS (
        SELECT p.person_id, p.citizen_id FROM register.access_log l
        JOIN register.person p ON p.citizen_id = register.went(l.citizen_id)
        WHERE l.receipt = of_receipt AND l.outcome = 'compared' AND l.at > now() - {KEPT}
    ), said(field, value) AS (
        SELECT c.field, c.value FROM one JOIN register.contested c ON c.person_id = one.person_id
        WHERE c.value IS NOT NULL AND c.reason <> 'complete'
        UNION SELECT f.field, h.row ->> f.field FROM one JOIN register.person_history h ON h.citizen_id = one.citizen_id
        CROSS JOIN (VALUES ('full_name'), ('father_name'), ('mother_name'), ('spouse_name'), ('phone'), ('old_number'),
            ('household_number'), ('bhyt_card'), ('permanent_unit')) f(field)
        WHERE h.row ->> f.field IS NOT NULL
    )
    SELECT (SELECT jsonb_object_agg(s.field, s.v) FROM (SELECT field, jsonb_agg(value) v FROM said GROUP BY 1) s),
        (SELECT jsonb_agg(jsonb_build_array(r.unit_code, r.valid_from, r.valid_to)) FROM one
         JOIN register.residence r ON r.person_id = one.person_id WHERE r.unit_code IS NOT NULL)
$$;
"""

RECEIPTS = f"""
-- The receipts of a partner's answers in a time: what it holds itself. Whom they are about is not told.
CREATE FUNCTION lookup.receipts(client text, since timestamptz, until timestamptz, most integer)
RETURNS TABLE (receipt uuid, at timestamptz, purpose text, officer text)
LANGUAGE sql STABLE {_HEAD} AS $$
    SELECT * FROM (
        SELECT l.receipt, l.at, l.purpose, l.officer FROM register.access_log l
            WHERE l.partner = client AND l.at >= since AND l.at < until
        UNION ALL SELECT v.receipt, v.at, v.purpose, v.officer FROM lookup.vain v
            WHERE v.partner = client AND v.at >= since AND v.at < until
    ) r WHERE access.has_role('administrator') OR access.has_role('auditor') ORDER BY at, receipt LIMIT most
$$;
"""

REPEATS = """
-- The number that the edge gave a request stands beside a question about nobody too; and an answer given again, under
-- the receipt of before, leaves a row of its own: so that a receipt in an answer is known to be this answer's.
ALTER TABLE lookup.vain ADD COLUMN served uuid DEFAULT nullif(current_setting('dancu.request', true), '')::uuid;
CREATE TABLE lookup.repeat (
    repeat_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    receipt uuid NOT NULL,
    served uuid DEFAULT nullif(current_setting('dancu.request', true), '')::uuid
);
CREATE INDEX repeat_served ON lookup.repeat (served);
"""

_CLOSE = "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA lookup FROM PUBLIC; REVOKE ALL ON SCHEMA lookup FROM PUBLIC;"


def statements() -> list[str]:
    """All of it, in order."""
    return [TABLES, SEEN, ASK, ASKERS, RECEIPTS, _CLOSE]


def repeats() -> list[str]:
    """What came later: `ask` anew where it stands as it was before."""
    return [REPEATS, ASK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")]
