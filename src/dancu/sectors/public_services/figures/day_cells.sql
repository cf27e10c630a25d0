-- Counters of the dossiers of some days, for whoever may see sums and not dossiers: what the kept sums are for whole
-- months. `state`: in which state of the units, counted between the days of change; `known`: as the register held each
-- dossier at that moment (NULL: now).
CREATE FUNCTION services.day_cells(first date, last date, changes date[], known timestamptz)
RETURNS TABLE (
    unit_code text, state integer, month date, procedure text, version smallint,
    received bigint, saved_papers bigint, reused bigint, asked_twice bigint, identified bigint,
    received_electronic bigint, completed bigint, completed_minutes bigint, ended bigint, on_time bigint,
    minutes bigint, resulted bigint, electronic bigint, paid_online bigint, online bigint, online_electronic bigint
)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN QUERY EXECUTE format('
        SELECT d.unit_code, width_bucket(t.day, $3), date_trunc(''month'', t.day)::date, d.procedure, d.version,
            count(*), sum(d.saved_papers)::bigint, count(*) FILTER (WHERE d.saved_papers > 0),
            count(*) FILTER (WHERE d.supplements > 1), count(d.applicant), count(*) FILTER (WHERE d.electronic_result),
            count(d.ended_at), sum(d.minutes)::bigint,
            0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
            count(*) FILTER (WHERE d.channel = 2), count(*) FILTER (WHERE d.channel = 2 AND d.electronic_result)
        FROM %1$s d CROSS JOIN LATERAL (
            SELECT (d.accepted_at AT TIME ZONE ''Asia/Ho_Chi_Minh'')::date AS day
        ) t
        WHERE (d.accepted_at AT TIME ZONE ''Asia/Ho_Chi_Minh'')::date BETWEEN $1 AND $2 AND %2$s
        GROUP BY 1, 2, 3, 4, 5
        UNION ALL
        SELECT d.unit_code, width_bucket(t.day, $3), date_trunc(''month'', t.day)::date, d.procedure, d.version,
            0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
            count(*), count(*) FILTER (WHERE d.on_time), sum(d.minutes)::bigint,
            count(*) FILTER (WHERE d.status IN (9, 10)),
            count(*) FILTER (WHERE d.electronic_result AND d.status IN (9, 10)),
            count(*) FILTER (WHERE d.paid_online), 0::bigint, 0::bigint
        FROM %1$s d CROSS JOIN LATERAL (
            SELECT (d.ended_at AT TIME ZONE ''Asia/Ho_Chi_Minh'')::date AS day
        ) t
        WHERE (d.ended_at AT TIME ZONE ''Asia/Ho_Chi_Minh'')::date BETWEEN $1 AND $2 AND d.accepted_at IS NOT NULL
            AND %2$s
        GROUP BY 1, 2, 3, 4, 5',
        CASE WHEN known IS NULL THEN 'services.dossier' ELSE 'services.dossier_known' END,
        CASE WHEN known IS NULL THEN 'true' ELSE
            '(d.known_from IS NULL OR d.known_from <= $4) AND (d.known_to IS NULL OR d.known_to > $4)' END
    ) USING first, last, changes, known;
END $$;
REVOKE ALL ON FUNCTION services.day_cells(date, date, date[], timestamptz) FROM PUBLIC;
