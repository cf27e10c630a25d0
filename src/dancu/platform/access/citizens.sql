-- A citizen's own session: a claim without an account that opens exactly one person.

ALTER TABLE access.claim ALTER COLUMN user_id DROP NOT NULL;
ALTER TABLE access.claim ADD COLUMN citizen_id uuid;
ALTER TABLE access.claim ADD CONSTRAINT claim_of_one CHECK ((user_id IS NULL) <> (citizen_id IS NULL));
ALTER TABLE access.claim ADD CONSTRAINT claim_of_citizen CHECK (
    citizen_id IS NULL OR (NOT all_units AND units = '{}' AND roles = '{citizen}')
);
CREATE INDEX claim_of_citizen ON access.claim (citizen_id) WHERE ended_at IS NULL AND citizen_id IS NOT NULL;

-- The citizen whose own session this is; NULL for officers, partners and strangers.
CREATE FUNCTION access.citizen_id() RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (access.current_claim()).citizen_id
$$;
REVOKE ALL ON FUNCTION access.citizen_id() FROM PUBLIC;

-- The persons opened one by one: by extraordinary access, or the citizen who is asking.
CREATE OR REPLACE FUNCTION access.persons() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(e.target), '{}')
        || coalesce((SELECT ARRAY[c.citizen_id::text] FROM access.current_claim() c WHERE c.citizen_id IS NOT NULL), '{}')
    FROM access.running_extraordinary() e WHERE e.kind = 'person'
$$;

-- Who works here is nobody's business in a citizen's session; log-in is done as the gate.
ALTER TABLE accounts_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts_accountevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY not_for_citizens ON accounts_user TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON accounts_grant TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY not_for_citizens ON accounts_accountevent TO dancu_app USING ((SELECT access.citizen_id()) IS NULL);
CREATE POLICY gate ON accounts_user TO dancu_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON accounts_grant TO dancu_gate USING (true) WITH CHECK (true);
CREATE POLICY gate ON accounts_accountevent TO dancu_gate USING (true) WITH CHECK (true);
