-- The proof of who is asking, closed to the role of the pages.
-- A page's transaction names a secret (dancu.token); the functions look its hash up. The secret is derived from
-- the cookie and the secret key and stands nowhere in the database, so no query can find another user's.
CREATE SCHEMA access;

CREATE TABLE access.setting (name text PRIMARY KEY, value text NOT NULL);

CREATE TABLE access.claim (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id bigint NOT NULL,
    all_units boolean NOT NULL DEFAULT false,
    units text[] NOT NULL DEFAULT '{}',
    roles text[] NOT NULL DEFAULT '{}',
    register_day date NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz
);
CREATE INDEX claim_of_user ON access.claim (user_id) WHERE ended_at IS NULL;

CREATE TABLE access.extraordinary (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    token_hash bytea NOT NULL REFERENCES access.claim ON DELETE CASCADE,
    user_id bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('unit', 'person')),
    target text NOT NULL,
    units text[] NOT NULL DEFAULT '{}',
    reason text NOT NULL CHECK (length(reason) >= 10),
    valid_from timestamptz NOT NULL DEFAULT now(),
    valid_until timestamptz NOT NULL,
    ended_at timestamptz,
    CHECK (valid_until > valid_from)
);
CREATE INDEX extraordinary_of_claim ON access.extraordinary (token_hash);

CREATE FUNCTION access.current_claim() RETURNS access.claim
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT c FROM access.claim c
    WHERE c.token_hash = sha256(convert_to(current_setting('dancu.token', true), 'UTF8'))
      AND c.ended_at IS NULL AND c.expires_at > clock_timestamp()
$$;

CREATE FUNCTION access.user_id() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT (access.current_claim()).user_id
$$;

CREATE FUNCTION access.all_units() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((access.current_claim()).all_units, false)
$$;

CREATE FUNCTION access.has_role(role text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(role = ANY ((access.current_claim()).roles), false)
$$;

-- What is running now of this claim: for the clock on every page.
CREATE FUNCTION access.running_extraordinary()
RETURNS TABLE (id bigint, kind text, target text, units text[], reason text, valid_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.id, e.kind, e.target, e.units, e.reason, e.valid_until
    FROM access.extraordinary e
    WHERE e.token_hash = (access.current_claim()).token_hash
      AND e.ended_at IS NULL AND e.valid_until > clock_timestamp()
    ORDER BY e.id
$$;

CREATE FUNCTION access.units() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce((access.current_claim()).units, '{}')
        || coalesce((SELECT array_agg(u) FROM access.running_extraordinary() e, unnest(e.units) u), '{}')
$$;

-- The persons opened one by one.
CREATE FUNCTION access.persons() RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(array_agg(e.target), '{}') FROM access.running_extraordinary() e WHERE e.kind = 'person'
$$;

REVOKE ALL ON SCHEMA access FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA access FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC;
