-- What is looked for by its name: a copy of the names and metadata of configs and secrets, and of no value. A row's revision is
-- that of its line, and an earlier one never takes its place; one without a record was deleted.
--
-- No index over parts of names: under row-level security a condition that is not leakproof (LIKE, strpos) is asked of a tenant's
-- own rows alone, so that no plan would use one (docs/adr/0024).
CREATE TABLE names (
    tenant text NOT NULL, namespace text COLLATE "C" NOT NULL, key text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL, kind text COLLATE "C" NOT NULL,
    revision bigint NOT NULL, record text,
    PRIMARY KEY (tenant, namespace, key, environment, kind)
);
ALTER TABLE names ENABLE ROW LEVEL SECURITY;
ALTER TABLE names FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON names
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));

-- Whatever a tenant committed before this time (RFC 3339) is in its names.
CREATE TABLE names_reached (tenant text PRIMARY KEY, at text COLLATE "C" NOT NULL);
ALTER TABLE names_reached ENABLE ROW LEVEL SECURITY;
ALTER TABLE names_reached FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON names_reached
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));

-- Who keeps the names and who searches them are other roles than the audit's: neither sees an entry of it, and who searches
-- changes nothing.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['llm_config_names', 'llm_config_search'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', name);
        END IF;
        IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
            EXECUTE format('GRANT rds_iam TO %I', name);
        END IF;
    END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE (revision, record) ON names TO llm_config_names;
GRANT SELECT, INSERT, UPDATE (at) ON names_reached TO llm_config_names;
GRANT SELECT ON names, names_reached TO llm_config_search;
