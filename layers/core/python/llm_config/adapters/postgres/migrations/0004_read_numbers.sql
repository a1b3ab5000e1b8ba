-- Which accesses of the functions' containers have come, by the numbers that containers give them: a row a container, with the
-- highest that came, and one for each gap below it. All of it is the platform's. Moments are RFC 3339 in UTC.
CREATE TABLE audit_containers (
    tenant text NOT NULL, container text NOT NULL, last bigint NOT NULL, last_at text, heard_at text COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, container)
);
CREATE INDEX audit_containers_times ON audit_containers (tenant, heard_at);

-- One that was handed out to be told is settled: nothing that comes late changes it any more.
CREATE TABLE audit_gaps (
    tenant text NOT NULL, container text NOT NULL, first bigint NOT NULL, last bigint NOT NULL,
    after text, before text NOT NULL, since text COLLATE "C" NOT NULL, settled boolean NOT NULL DEFAULT false,
    PRIMARY KEY (tenant, container, first)
);
CREATE INDEX audit_gaps_times ON audit_gaps (tenant, since);

ALTER TABLE audit_containers ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_containers FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_containers
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));
ALTER TABLE audit_gaps ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_gaps FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_gaps
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE, DELETE ON audit_containers, audit_gaps TO llm_config_audit;
