-- Who sees which pair, what of its other side, and the proposals that wait for a second officer.

ALTER TABLE register.duplicate ENABLE ROW LEVEL SECURITY;
CREATE POLICY one_side_in_own_territory ON register.duplicate FOR SELECT TO dancu_app USING (
    (SELECT access.all_units())
    OR unit_a = ANY ((SELECT access.units())::text[]) OR unit_b = ANY ((SELECT access.units())::text[])
);

-- A decision that would change who somebody is: nothing is applied before another officer has confirmed it.
CREATE TABLE register.proposal (
    proposal_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL UNIQUE,
    what text NOT NULL CHECK (what IN ('judge', 'split', 'withdraw')),
    answers jsonb NOT NULL,
    undoes bigint,
    duplicate_no bigint,
    reason text NOT NULL DEFAULT '',
    fields text[] NOT NULL,
    unit_codes text[] NOT NULL CHECK (cardinality(unit_codes) > 0),
    by text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    outcome text CHECK (outcome IN ('confirmed', 'refused', 'withdrawn')),
    decided_by text,
    decided_at timestamptz,
    CHECK ((outcome IS NULL) = (decided_by IS NULL)),
    -- Two persons: whoever proposed cannot be the one who confirms; a proposal is taken back by its own author.
    CHECK (outcome IS NULL OR (outcome = 'withdrawn') = (decided_by = by))
);
CREATE INDEX proposal_open ON register.proposal (expires_at) WHERE outcome IS NULL;
CREATE INDEX proposal_pair ON register.proposal (duplicate_no) WHERE outcome IS NULL;
ALTER TABLE register.proposal ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_in_own_territory ON register.proposal FOR SELECT TO dancu_app USING (
    (SELECT access.all_units()) OR unit_codes && (SELECT access.units())
);
CREATE POLICY in_ones_own_name ON register.proposal FOR INSERT TO dancu_app WITH CHECK (
    by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())
    AND ((SELECT access.all_units()) OR unit_codes && (SELECT access.units()))
);
CREATE POLICY decide_in_ones_own_name ON register.proposal FOR UPDATE TO dancu_app USING (
    outcome IS NULL AND ((SELECT access.all_units()) OR unit_codes && (SELECT access.units()))
) WITH CHECK (
    decided_by = (SELECT u.username FROM accounts_user u WHERE u.id = access.user_id())
    AND (outcome <> 'confirmed' OR expires_at > now())
);

-- The side of a pair that belongs to another commune: who it is, numbers masked, and a line in that person's log.
CREATE FUNCTION register.other_side(pair bigint, side text, purpose text, basis text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    doubt register.duplicate;
    record register.standard;
    person register.person;
BEGIN
    SELECT * INTO doubt FROM register.duplicate d WHERE d.duplicate_no = pair AND d.settled_at IS NULL
        AND (access.all_units() OR d.unit_a = ANY (access.units()) OR d.unit_b = ANY (access.units()));
    IF NOT FOUND THEN RETURN NULL; END IF;
    SELECT s.* INTO record FROM register.standard s
        WHERE s.record_id = CASE side WHEN 'a' THEN doubt.record_a ELSE doubt.record_b END;
    SELECT p.* INTO person FROM register.person p WHERE p.person_id = record.person_id;
    INSERT INTO register.access_log (citizen_id, by, unit_code, purpose, basis, fields)
        SELECT person.citizen_id, u.username, person.unit_code, other_side.purpose, other_side.basis, '{identity}'
        FROM public.accounts_user u WHERE u.id = access.user_id();
    IF NOT FOUND THEN RETURN NULL; END IF;
    RETURN jsonb_strip_nulls(jsonb_build_object(
        'record_id', record.record_id, 'source', record.source, 'list_date', record.list_date,
        'citizen_id', person.citizen_id, 'unit_code', person.unit_code, 'n_records', person.n_records,
        'values', jsonb_build_object(
            'full_name', record.full_name, 'sex', record.sex, 'birth_date', record.birth_date,
            'birth_year', record.birth_year, 'birth_month', record.birth_month, 'birth_day', record.birth_day,
            'life_status', record.life_status,
            'personal_number', left(record.personal_number, 3) || '•••••' || right(record.personal_number, 4),
            'old_number', left(record.old_number, 3) || '••' || right(record.old_number, 4))));
END
$$;
REVOKE ALL ON FUNCTION register.other_side(bigint, text, text, text) FROM PUBLIC;
