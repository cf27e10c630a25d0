-- Every definition of every indicator there ever was, and the two functions that count by them.
CREATE SCHEMA reports;

-- Added to by `dancu migrate` alone. `digest` is of all that decides the digits: a changed one needs a new version.
CREATE TABLE reports.definition (
    code text NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    digest text NOT NULL,
    said jsonb NOT NULL,
    single text NOT NULL,
    monthly text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (code, version)
);

-- Leaders see sums of units whose records they may not see: numbers come out, and no subject. What is carried out is
-- the text that the owner wrote down at the migration, never one that a caller hands in.
CREATE FUNCTION reports.cells(
    which text, v integer, first date, last date, known timestamptz, changes date[]
) RETURNS TABLE (unit_code text, state integer, month integer, numerator numeric, denominator numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE said text;
BEGIN
    SELECT d.single INTO STRICT said FROM reports.definition d WHERE d.code = which AND d.version = v;
    RETURN QUERY EXECUTE said USING first, last, known, changes;
END $$;

CREATE FUNCTION reports.month_cells(
    which text, v integer, first date, months integer, known timestamptz, changes date[]
) RETURNS TABLE (unit_code text, state integer, month integer, numerator numeric, denominator numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE said text;
BEGIN
    SELECT d.monthly INTO STRICT said FROM reports.definition d WHERE d.code = which AND d.version = v;
    RETURN QUERY EXECUTE said USING first, months, known, changes;
END $$;

REVOKE ALL ON FUNCTION reports.cells(text, integer, date, date, timestamptz, date[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION reports.month_cells(text, integer, date, integer, timestamptz, date[]) FROM PUBLIC;
