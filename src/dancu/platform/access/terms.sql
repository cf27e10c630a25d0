-- Ages of the law for functions of the database: those of `terms.csv`, written down after each migration (terms.py).
CREATE TABLE access.term_years (
    code text NOT NULL,
    years integer NOT NULL CHECK (years > 0),
    valid_from date NOT NULL,
    valid_to date NOT NULL,
    PRIMARY KEY (code, valid_from)
);
REVOKE ALL ON TABLE access.term_years FROM PUBLIC;

-- The years of a term on a day. Without a row of the day it stops: nobody is taken for grown because a table is empty.
CREATE FUNCTION access.years(term text, on_day date) RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found_years integer := (
        SELECT t.years FROM access.term_years t WHERE t.code = term AND on_day BETWEEN t.valid_from AND t.valid_to);
BEGIN
    IF found_years IS NULL THEN
        RAISE EXCEPTION 'terms.csv: «%» has no years on %', term, on_day;
    END IF;
    RETURN found_years;
END $$;
REVOKE ALL ON FUNCTION access.years(text, date) FROM PUBLIC;
