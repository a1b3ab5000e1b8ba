-- What of the audit lies in the archive: a row a piece. Readers learn from it which times they cannot answer any more.
CREATE TABLE audit_archives (
    tenant text NOT NULL, month date NOT NULL, first bigint NOT NULL, last bigint NOT NULL, entries bigint NOT NULL,
    PRIMARY KEY (tenant, month, first)
);
ALTER TABLE audit_archives ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_archives FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_archives FOR SELECT USING (tenant = current_setting('app.tenant_id', true));
-- Who keeps the database counts the pieces of all tenants: it reads whole partitions too.
CREATE POLICY of_the_keeper ON audit_archives TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT ON audit_archives TO llm_config_audit;

-- A month is archived, and later dropped, for all tenants together.
CREATE TABLE audit_months (month date PRIMARY KEY, archived_at timestamptz, dropped_at timestamptz);
GRANT SELECT ON audit_months TO llm_config_audit;

-- As before, and it tells the months that were made now; rows that fell among others meanwhile move to their month.
DROP FUNCTION audit_make_months(date, integer);
CREATE FUNCTION audit_make_months(first date, months integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    month date := date_trunc('month', first);
    name text;
    begins text;
    ends text;
BEGIN
    FOR number IN 1..months LOOP
        name := 'audit_leaves_' || to_char(month, 'YYYY_MM');
        begins := to_char(month, 'YYYY-MM-DD') || 'T00:00:00Z';
        ends := to_char(month + interval '1 month', 'YYYY-MM-DD') || 'T00:00:00Z';
        IF to_regclass(name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I (LIKE audit_leaves INCLUDING ALL)', name);
            EXECUTE format(
                'WITH moved AS (DELETE FROM audit_leaves_other WHERE at >= %L AND at < %L RETURNING *)'
                ' INSERT INTO %I SELECT * FROM moved', begins, ends, name
            );
            EXECUTE format(
                'ALTER TABLE audit_leaves ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', name, begins, ends
            );
            RETURN NEXT to_char(month, 'YYYY-MM');
        END IF;
        month := month + interval '1 month';
    END LOOP;
END $$;
