-- What was asked of the national service about whoever these keyed hashes of numbers are of, the newest first. The key
-- stands nowhere in the database, so nobody makes a hash of another's number up; only a citizen's session is answered.
CREATE FUNCTION citizen_asked(abouts bytea[]) RETURNS TABLE (
    at timestamptz, by_name text, role text, unit_code text, partner text, partner_name text, officer text,
    purpose text, basis text, fields text[], receipt uuid, channel text, state text, result text
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT q.at, u.display_name::text, q.role::text, q.unit_code::text, q.partner::text, p.name_vi::text,
        q.officer::text, q.purpose::text, q.basis,
        ARRAY(SELECT jsonb_array_elements_text(q.fields)), q.receipt, q.channel::text, e.state::text, e.result::text
    FROM public.gateway_asked q
    LEFT JOIN public.gateway_answered e ON e.question_id = q.id
    LEFT JOIN public.accounts_user u ON u.username = q.by
    LEFT JOIN public.partners_partner p ON p.client_id = q.partner AND q.partner <> ''
    WHERE access.citizen_id() IS NOT NULL
      AND (q.about = ANY (abouts) OR q.citizen_id IN (SELECT public.citizen_same()))
    ORDER BY q.at DESC, q.id DESC LIMIT 1000
$$;
REVOKE ALL ON FUNCTION citizen_asked(bytea[]) FROM PUBLIC;
