-- Search over the names and numbers of the register, within the territory of the log-in.
-- pg_trgm, arrays and LIKE are not leakproof: under row-level security the planner may not use their indexes for the
-- pages' role. So the functions belong to the owner, filter by the territory themselves, and hand out masked numbers.

-- The communes that may be searched: those of the log-in, narrowed to those asked for. NULL: all, also rows without one.
CREATE OR REPLACE FUNCTION register.searched_units(asked text[]) RETURNS text[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN access.all_units() THEN asked
                WHEN asked IS NULL THEN access.units()
                ELSE ARRAY(SELECT unnest(asked) INTERSECT SELECT unnest(access.units())) END
$$;

CREATE OR REPLACE FUNCTION register.masked(number text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN length(number) >= 8
                THEN left(number, 3) || repeat('•', length(number) - 7) || right(number, 4)
                ELSE repeat('•', greatest(length(number) - 2, 1)) || right(number, 2) END
$$;

-- What a list of results shows of a person.
CREATE TYPE register.found AS (
    rank integer, sort_key text, person_id bigint, citizen_id uuid, full_name text, birth_date date,
    birth_year smallint, birth_month smallint, sex text, unit_code text, number text, life_status text, why text
);

-- The lines of a list, in the order of the ids. As its caller: through the functions below as the owner.
CREATE OR REPLACE FUNCTION register.shown(ranks integer[], ids bigint[], whys text[] DEFAULT '{}')
RETURNS SETOF register.found LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.rank, p.sort_key, p.person_id, p.citizen_id, p.full_name, p.birth_date, p.birth_year, p.birth_month,
           p.sex, p.unit_code, register.masked(p.personal_number), p.life_status, coalesce(t.why, '')
    FROM unnest(ranks, ids, whys) WITH ORDINALITY t(rank, id, why, place)
    JOIN register.person p ON p.person_id = t.id ORDER BY t.place
$$;

-- How many of the register's names are expected to hold all these words, the last one perhaps only begun: from the
-- statistics of the word index.
CREATE OR REPLACE FUNCTION register.expected(words text[], begun text) RETURNS double precision
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH known AS MATERIALIZED (
        SELECT e.word, e.share FROM pg_stats s,
            unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) AS e(word, share)
        WHERE s.schemaname = 'register' AND s.tablename = 'person_said'
    ), whole AS (
        SELECT coalesce(exp(sum(ln(coalesce(k.share, 0.0005)))), 1) AS share
        FROM unnest(words) w(word) LEFT JOIN known k ON k.word = w.word
    ), last AS (
        SELECT CASE WHEN begun = '' THEN 1
                    ELSE greatest(0.0005, (SELECT sum(share) FROM known WHERE starts_with(word, begun))) END AS share
    )
    SELECT c.reltuples * whole.share * least(1, last.share) FROM pg_class c, whole, last
    WHERE c.oid = 'register.person'::regclass
$$;

-- Names. Rank 0: the last word typed is the given name; 1: it begins the given name; 2: the words stand elsewhere.
-- Within a rank by sort_key: given name first, Vietnamese order. `lows`/`highs`: the ranges of sort_key of the ranks
-- 0 (the first `exact` of them) and 1. `patterns`, `keys`: what a name without marks, and the sort_key, must be LIKE.
-- `words`, `begun`: the whole words, and the beginning of the last one, for the word index.
CREATE OR REPLACE FUNCTION register.search_name(
    patterns text[], keys text[], words text[], begun text, lows text[], highs text[], exact integer,
    asked text[], born integer, after_rank integer, after_key text, after_id bigint, n integer
) RETURNS SETOF register.found
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET jit = off AS $$
DECLARE
    communes text[] := register.searched_units(asked);
    ranks integer[] := '{}';
    ids bigint[] := '{}';
    more bigint[];
    way text;
    rank integer;
    going_on boolean;
    likely double precision;
    elements text[] := words;
    other text := '';
    filter text := $q$ AND (' ' || name_key || ' ') LIKE ALL ($1)$q$;
BEGIN
    IF communes = '{}' THEN RETURN; END IF;
    IF born IS NOT NULL THEN
        elements := elements || born::text;
        filter := filter || ' AND birth_year = $4';
    END IF;
    IF keys <> '{}' THEN
        filter := filter || $q$ AND (' ' || sort_key || ' ') LIKE ALL ($2)$q$;
    END IF;
    IF communes IS NOT NULL THEN filter := filter || ' AND unit_code = ANY ($3)'; END IF;
    likely := register.expected(elements, begun);
    IF likely < (CASE WHEN cardinality(communes) <= 6 THEN 200 ELSE 2000 END) THEN
        -- Few: all of them by the word index, whatever their order. OFFSET 0: that index first.
        way := 'SELECT sort_key, person_id FROM (SELECT * FROM register.person WHERE '
            || CASE WHEN elements = '{}' THEN 'true'
                    ELSE 'array_append(string_to_array(name_key, '' ''), birth_year::text) @> $12' END
            || CASE WHEN begun = '' THEN '' ELSE ' AND name_key ~ (''\m'' || $13)' END
            || ' OFFSET 0) p WHERE true' || filter;
    ELSIF cardinality(communes) <= 6 THEN
        -- A commune is read whole, in its own index: a few milliseconds whatever is asked.
        way := 'SELECT sort_key, person_id FROM register.person WHERE true' || filter;
    END IF;
    IF way IS NOT NULL THEN
        EXECUTE
            'WITH hit AS MATERIALIZED (' || way || '),'
            ' ranked AS (SELECT coalesce((SELECT CASE WHEN r.i <= $8 THEN 0 ELSE 1 END'
            '  FROM unnest($6, $7) WITH ORDINALITY r(low, high, i)'
            '  WHERE hit.sort_key COLLATE "C" >= r.low AND hit.sort_key COLLATE "C" < r.high LIMIT 1), 2) AS rank,'
            '  sort_key COLLATE "C" AS sort_key, person_id FROM hit)'
            ' SELECT array_agg(rank), array_agg(person_id) FROM (SELECT rank, person_id FROM ranked'
            '  WHERE (rank, sort_key, person_id) > ($9, $10, $11)'
            '  ORDER BY rank, sort_key, person_id LIMIT $5) t'
            INTO ranks, ids
            USING patterns, keys, communes, born, n, lows, highs, exact, after_rank,
                  coalesce(after_key, ''), coalesce(after_id, 0), elements, begun;
        RETURN QUERY SELECT * FROM register.shown(ranks, ids);
        RETURN;
    END IF;
    FOR i IN 1 .. coalesce(cardinality(lows), 0) LOOP
        EXIT WHEN cardinality(ids) >= n;
        rank := CASE WHEN i <= exact THEN 0 ELSE 1 END;
        CONTINUE WHEN rank < after_rank OR (rank = after_rank AND highs[i] COLLATE "C" <= after_key);
        -- One lower bound only: of two, the index begins at the wrong one.
        going_on := rank = after_rank AND after_key COLLATE "C" >= lows[i];
        EXECUTE 'SELECT array_agg(person_id) FROM (SELECT person_id FROM register.person'
            ' WHERE ((sort_key COLLATE "C"), person_id) > ($6, $8) AND sort_key COLLATE "C" < $7' || filter ||
            ' ORDER BY sort_key COLLATE "C", person_id LIMIT $5) t'
            INTO more
            USING patterns, keys, communes, born, n - cardinality(ids),
                  CASE WHEN going_on THEN after_key ELSE lows[i] END, highs[i],
                  CASE WHEN going_on THEN after_id ELSE -1 END;
        IF more IS NOT NULL THEN
            ids := ids || more;
            ranks := ranks || array_fill(rank, ARRAY[cardinality(more)]);
        END IF;
    END LOOP;
    IF cardinality(ids) < n THEN
        other := ' AND NOT EXISTS (SELECT 1 FROM unnest($6, $7) r(low, high)'
            ' WHERE sort_key COLLATE "C" >= r.low AND sort_key COLLATE "C" < r.high)'
            ' AND ((sort_key COLLATE "C"), person_id) > ($8, $9)';
        IF likely > 20000 THEN
            -- So many that the order itself soon brings a page of them.
            way := 'SELECT person_id FROM register.person WHERE true' || filter || other ||
                ' ORDER BY sort_key COLLATE "C", person_id LIMIT $5';
        ELSE
            -- OFFSET 0: the word index first, whatever the planner expects of the order.
            way := 'SELECT person_id FROM (SELECT person_id, sort_key FROM register.person WHERE '
                || CASE WHEN elements <> '{}'
                        THEN 'array_append(string_to_array(name_key, '' ''), birth_year::text) @> $10'
                        ELSE 'name_key ~ (''\m'' || $11)' END
                || filter || ' OFFSET 0) t WHERE true' || other
                || ' ORDER BY sort_key COLLATE "C", person_id LIMIT $5';
        END IF;
        EXECUTE 'SELECT array_agg(person_id) FROM (' || way || ') t' INTO more
            USING patterns, keys, communes, born, n - cardinality(ids), lows, highs,
                  CASE WHEN after_rank = 2 THEN after_key ELSE '' END,
                  CASE WHEN after_rank = 2 THEN after_id ELSE 0 END, elements, begun;
        IF more IS NOT NULL THEN
            ids := ids || more;
            ranks := ranks || array_fill(2, ARRAY[cardinality(more)]);
        END IF;
    END IF;
    RETURN QUERY SELECT * FROM register.shown(ranks, ids);
END
$$;

-- Numbers of any kind, those that lost against another and those that a person had before.
CREATE OR REPLACE FUNCTION register.search_number(numbers text[], asked text[], born integer, n integer)
RETURNS SETOF register.found
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
    WITH hit(id, why, rank) AS (
        SELECT person_id, 'personal_number', 0 FROM register.person WHERE personal_number = ANY (numbers)
        UNION ALL SELECT person_id, 'old_number', 1 FROM register.person WHERE old_number = ANY (numbers)
        UNION ALL SELECT person_id, 'bhxh_number', 1 FROM register.person WHERE bhxh_number = ANY (numbers)
        UNION ALL SELECT person_id, 'bhyt_card', 1 FROM register.person WHERE bhyt_card = ANY (numbers)
        UNION ALL SELECT person_id, 'phone', 1 FROM register.person WHERE phone = ANY (numbers)
        UNION ALL SELECT person_id, 'tax_code', 1 FROM register.person WHERE tax_code = ANY (numbers)
        UNION ALL SELECT person_id, 'driving_licence', 1 FROM register.person WHERE driving_licence = ANY (numbers)
        UNION ALL SELECT person_id, 'student_code', 1 FROM register.person WHERE student_code = ANY (numbers)
        UNION ALL SELECT person_id, 'household_number', 1 FROM register.person WHERE household_number = ANY (numbers)
        UNION ALL SELECT person_id, 'contested.' || field, 2 FROM register.contested
            WHERE value = ANY (numbers) AND field <> 'full_name'
        UNION ALL SELECT p.person_id, 'former.' || h.field, 3 FROM register.person p, (
            SELECT citizen_id, 'personal_number' AS field FROM register.person_history
            WHERE row ->> 'personal_number' = ANY (numbers)
            UNION SELECT citizen_id, 'old_number' FROM register.person_history
            WHERE row ->> 'old_number' = ANY (numbers)) h
            WHERE p.citizen_id = register.went(h.citizen_id)
    ), communes(codes) AS (SELECT register.searched_units(asked)),
    best AS (
        SELECT DISTINCT ON (h.id) h.id, h.why, h.rank, p.sort_key FROM hit h
        JOIN register.person p ON p.person_id = h.id CROSS JOIN communes c
        WHERE (c.codes IS NULL OR p.unit_code = ANY (c.codes)) AND (born IS NULL OR p.birth_year = born)
        ORDER BY h.id, h.rank
    )
    SELECT f.* FROM (
        SELECT array_agg(rank), array_agg(id), array_agg(why)
        FROM (SELECT * FROM best ORDER BY rank, sort_key COLLATE "C", id LIMIT n) b
    ) b(ranks, ids, whys), register.shown(b.ranks, b.ids, b.whys) f
$$;

-- Names that a person no longer bears, or that a list writes and the register did not choose: whole words.
CREATE OR REPLACE FUNCTION register.search_old_name(words text[], asked text[], born integer, n integer)
RETURNS SETOF register.found
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off AS $$
    WITH named(id, name) AS (
        SELECT person_id, value FROM register.contested
        WHERE field = 'full_name' AND reason <> 'complete'
          AND string_to_array(register.folded(value), ' ') @> words
        UNION SELECT p.person_id, h.name FROM register.person p, (
            SELECT DISTINCT citizen_id, row ->> 'full_name' AS name FROM register.person_history
            WHERE string_to_array(row ->> 'name_key', ' ') @> words) h
            WHERE p.citizen_id = register.went(h.citizen_id)
    ), communes(codes) AS (SELECT register.searched_units(asked)),
    best AS (
        SELECT DISTINCT ON (h.id) h.id, h.name, p.sort_key FROM named h
        JOIN register.person p ON p.person_id = h.id CROSS JOIN communes c
        WHERE (c.codes IS NULL OR p.unit_code = ANY (c.codes)) AND (born IS NULL OR p.birth_year = born)
          AND NOT string_to_array(p.name_key, ' ') @> words
        ORDER BY h.id, h.name
    )
    SELECT f.* FROM (
        SELECT array_agg(0), array_agg(id), array_agg(name)
        FROM (SELECT * FROM best ORDER BY sort_key COLLATE "C", id LIMIT n) b
    ) b(ranks, ids, whys), register.shown(b.ranks, b.ids, b.whys) f
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA register FROM PUBLIC;
