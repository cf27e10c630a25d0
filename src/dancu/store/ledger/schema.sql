-- The ledger. Rows stay in their own tables; here is what proves them. Nobody but the owner writes the tree.
CREATE SCHEMA ledger;
REVOKE ALL ON SCHEMA ledger FROM PUBLIC;

-- Every kind there ever was: old versions stay readable.
CREATE TABLE ledger.kind (
    kind_no smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    table_name text NOT NULL,
    key text NOT NULL,
    columns text[] NOT NULL,
    about text,
    row_at text,
    since timestamptz NOT NULL DEFAULT now(),
    until timestamptz
);

-- Written by the triggers, in the transaction of the row; emptied into ledger.entry by who gives places.
CREATE TABLE ledger.pending (
    entry_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    kind_no smallint NOT NULL,
    adopted boolean NOT NULL DEFAULT false,
    salt bytea NOT NULL,
    commitment bytea NOT NULL,
    key text NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000);

-- The leaves in their order. `adopted`: the row was there before the ledger. `salt` goes when the row is erased.
CREATE TABLE ledger.entry (
    leaf_index bigint PRIMARY KEY,
    entry_no bigint NOT NULL,
    at timestamptz NOT NULL,
    kind_no smallint NOT NULL,
    adopted boolean NOT NULL,
    salt bytea,
    commitment bytea NOT NULL,
    key text NOT NULL
);
-- A hash of the key: a quarter of an index on the keys themselves.
CREATE INDEX entry_key ON ledger.entry (hashtext(key));

CREATE TABLE ledger.tree (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    origin text NOT NULL,
    size bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO ledger.tree (origin) VALUES ('dancu-ledger-' || left(replace(gen_random_uuid()::text, '-', ''), 12));

-- Hash tiles as in C2SP tlog-tiles: 256 hashes wide, of the tree's levels 0, 8, 16 and 24.
CREATE TABLE ledger.tile (
    level smallint NOT NULL,
    index bigint NOT NULL,
    hashes bytea NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    PRIMARY KEY (level, index)
);
ALTER TABLE ledger.tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

CREATE TABLE ledger.head (
    head_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    size bigint NOT NULL,
    root bytea NOT NULL,
    at timestamptz NOT NULL,
    kid text NOT NULL,
    note text NOT NULL,
    token bytea,
    token_tries integer NOT NULL DEFAULT 0,
    token_error text
);

-- What was, or is to be, given to the second body.
CREATE TABLE ledger.handover (
    handover_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    head_no bigint NOT NULL REFERENCES ledger.head,
    channel text NOT NULL CHECK (channel IN ('drop', 'mail', 'post')),
    first_leaf bigint NOT NULL,
    next_leaf bigint NOT NULL,
    tries integer NOT NULL DEFAULT 0,
    error text,
    try_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    sha256 text,
    CHECK (next_leaf >= first_leaf)
);
CREATE INDEX handover_waiting ON ledger.handover (try_at) WHERE done_at IS NULL;

CREATE TABLE ledger.check_run (
    check_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    size bigint NOT NULL,
    rows bigint NOT NULL,
    seconds double precision NOT NULL,
    found jsonb NOT NULL
);

-- Erasure under the law: which leaves have lost their row and salt; itself an entry.
CREATE TABLE ledger.erasure (
    erasure_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    law text NOT NULL CHECK (law <> ''),
    kind text NOT NULL,
    count bigint NOT NULL,
    leaves int8multirange NOT NULL
);

-- A bulk read or an export: one row, one commitment to the set of persons.
CREATE TABLE ledger.bulk (
    bulk_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    by text NOT NULL,
    partner text,
    purpose text NOT NULL,
    basis text NOT NULL,
    what text NOT NULL,
    count bigint NOT NULL,
    set_root bytea NOT NULL
);
-- A dense number for each identifier that ever was in a set.
CREATE TABLE ledger.member (
    member_no bigint GENERATED ALWAYS AS IDENTITY (START 0 MINVALUE 0) PRIMARY KEY,
    citizen_id uuid NOT NULL UNIQUE
);
-- From this the salt of each member's leaf comes.
CREATE TABLE ledger.bulk_seed (bulk_no bigint PRIMARY KEY REFERENCES ledger.bulk, seed bytea NOT NULL);
-- 4096 numbers a chunk, a bit for each: an index on the chunk finds the sets that somebody is in.
CREATE TABLE ledger.bulk_chunk (
    chunk integer NOT NULL,
    bulk_no bigint NOT NULL REFERENCES ledger.bulk,
    count integer NOT NULL,
    root bytea NOT NULL,
    bits bytea NOT NULL CHECK (octet_length(bits) = 512),
    PRIMARY KEY (chunk, bulk_no)
);
CREATE INDEX bulk_chunk_of ON ledger.bulk_chunk (bulk_no, chunk);

-- The bytes of a leaf: what is written here is what is hashed, for ever.
CREATE FUNCTION ledger.leaf(kind text, key text, at timestamptz, adopted boolean, commitment bytea) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT '{"v":1,"kind":' || to_json(kind)::text || ',"key":' || to_json(key)::text
        || ',"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        || CASE WHEN adopted THEN '","adopted":true' ELSE '"' END
        || ',"commitment":"' || encode(commitment, 'hex') || '"}'
$$;
CREATE FUNCTION ledger.leaf_hash(kind text, key text, at timestamptz, adopted boolean, commitment bytea) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256('\x00'::bytea || convert_to(ledger.leaf(kind, key, at, adopted, commitment), 'UTF8'))
$$;

-- Whether an entry with this key waits for its place: a receipt is a promise until then.
CREATE FUNCTION ledger.waits(wanted text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM ledger.pending p WHERE p.key = wanted)
$$;

-- Numbers for identifiers, made where there are none yet.
CREATE FUNCTION ledger.members(citizens uuid[]) RETURNS TABLE (member_no bigint, citizen_id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO ledger.member (citizen_id)
        SELECT DISTINCT c FROM unnest(citizens) c
        WHERE NOT EXISTS (SELECT FROM ledger.member m WHERE m.citizen_id = c) ORDER BY c
        ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT m.member_no, m.citizen_id FROM ledger.member m
        WHERE m.citizen_id = ANY (citizens) ORDER BY m.member_no;
END $$;

-- The sets that a person is in, also under identifiers that went into this one; for who may see the person.
CREATE FUNCTION ledger.bulk_of(citizen uuid) RETURNS TABLE (
    bulk_no bigint, at timestamptz, by text, partner text, purpose text, basis text, what text, count bigint,
    citizen_id uuid
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF NOT pg_has_role(session_user, current_user, 'MEMBER') THEN
        IF NOT (access.has_role('auditor') OR access.all_units()
            OR EXISTS (SELECT FROM register.person p WHERE p.citizen_id = register.went(citizen)
                AND (p.unit_code = ANY (access.units()) OR p.citizen_id::text = ANY (access.persons())))) THEN
            RETURN;
        END IF;
    END IF;
    RETURN QUERY
    WITH RECURSIVE one(id) AS (
        SELECT citizen
        UNION
        SELECT x.citizen_id FROM one JOIN register.merged x ON x.into_id = one.id
    ),
    known AS MATERIALIZED (SELECT m.member_no, m.citizen_id FROM one JOIN ledger.member m ON m.citizen_id = one.id)
    SELECT b.bulk_no, b.at, b.by, b.partner, b.purpose, b.basis, b.what, b.count, k.citizen_id
    FROM known k JOIN ledger.bulk_chunk c ON c.chunk = (k.member_no >> 12)::integer
        -- Said twice: of the join alone the planner expects hundreds of identifiers and reads all chunks.
        AND c.chunk = ANY (ARRAY(SELECT (member_no >> 12)::integer FROM known))
    JOIN ledger.bulk b ON b.bulk_no = c.bulk_no
    WHERE get_bit(c.bits, (k.member_no & 4095)::integer) = 1 ORDER BY b.bulk_no DESC, k.citizen_id;
END $$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA ledger FROM PUBLIC;
