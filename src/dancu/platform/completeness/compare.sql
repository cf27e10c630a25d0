WITH s AS MATERIALIZED (
    SELECT * FROM edge.served WHERE at >= %(begin)s AND at < %(end)s
),
-- Which of the identifiers are persons, and under which identifier they are known today.
named AS (
    SELECT DISTINCT u.id FROM s, unnest(s.subject || s.persons) AS u(id)
),
known AS MATERIALIZED (
    SELECT n.id, register.went(n.id) AS now_id FROM named n
    WHERE EXISTS (SELECT FROM register.person p WHERE p.citizen_id = n.id)
       OR EXISTS (SELECT FROM register.merged m WHERE m.citizen_id = n.id)
),
-- A request may have begun before midnight; its lines are looked for an hour to both sides.
lines AS MATERIALIZED (
    SELECT l.served, array_agg(DISTINCT l.citizen_id) AS citizens FROM register.access_log l
    WHERE l.at >= %(begin)s - interval '1 hour' AND l.at < %(end)s + interval '1 hour' AND l.served IS NOT NULL
    GROUP BY l.served
),
bulk AS MATERIALIZED (
    SELECT b.served, sum(b.count) AS persons FROM ledger.bulk b
    WHERE b.at >= %(begin)s - interval '1 hour' AND b.at < %(end)s + interval '1 hour' AND b.served IS NOT NULL
    GROUP BY b.served
),
seen AS (
    SELECT s.*, l.citizens, b.persons AS bulk,
        ARRAY(SELECT DISTINCT k.now_id FROM unnest(s.subject) u(id) JOIN known k USING (id)) AS about,
        ARRAY(SELECT DISTINCT k.now_id FROM unnest(s.subject || s.persons) u(id) JOIN known k USING (id)) AS shown,
        (SELECT count(*) FROM unnest(s.receipts) r(receipt)
         WHERE NOT EXISTS (SELECT FROM register.access_log x WHERE x.receipt = r.receipt)
           -- A question about a number that nobody bears has a receipt too, and one that another register answered.
           AND NOT EXISTS (SELECT FROM lookup.vain v WHERE v.receipt = r.receipt)
           AND NOT EXISTS (SELECT FROM gateway_asked g WHERE g.receipt = r.receipt)) AS no_line,
        -- A receipt of another request's line is nobody's here, unless this request was the same question again.
        (SELECT count(*) FROM unnest(s.receipts) r(receipt)
         WHERE NOT EXISTS (SELECT FROM register.access_log x WHERE x.receipt = r.receipt AND x.served = s.request)
           AND NOT EXISTS (SELECT FROM lookup.vain v WHERE v.receipt = r.receipt AND v.served = s.request)
           AND NOT EXISTS (SELECT FROM lookup.repeat a WHERE a.receipt = r.receipt AND a.served = s.request)
           AND NOT EXISTS (SELECT FROM gateway_asked g WHERE g.receipt = r.receipt)) AS foreign_line
    FROM s LEFT JOIN lines l ON l.served = s.request LEFT JOIN bulk b ON b.served = s.request
),
logged AS (
    SELECT seen.*, ARRAY(SELECT DISTINCT register.went(c) FROM unnest(citizens) c) AS written FROM seen
)
SELECT at, request, route, greatest(cardinality(shown), numbers, cardinality(receipts)) AS persons,
    CASE
        WHEN no_line > 0 AND NOT route = ANY (%(earlier)s) THEN 'receipt'
        WHEN foreign_line > 0 AND NOT route = ANY (%(earlier)s) THEN 'other_person'
        WHEN cardinality(shown) = 0 AND numbers = 0 AND cardinality(receipts) = 0 THEN
            CASE WHEN NOT sealed THEN 'nobody'
                 WHEN citizens IS NOT NULL OR bulk IS NOT NULL OR route = ANY (%(lists)s) THEN 'file'
                 ELSE 'sealed' END
        WHEN citizens IS NULL AND bulk IS NULL THEN
            CASE WHEN route = ANY (%(lists)s) THEN 'list'
                 WHEN cardinality(receipts) > 0 THEN 'logged'
                 ELSE 'unlogged' END
        WHEN bulk IS NOT NULL AND bulk >= cardinality(shown) THEN 'logged'
        WHEN NOT about <@ written THEN 'other_person'
        WHEN cardinality(shown) > 0 AND NOT shown && written THEN 'other_person'
        WHEN NOT shown <@ written AND NOT route = ANY (%(linked)s) THEN 'partly'
        ELSE 'logged'
    END AS kind
FROM logged
