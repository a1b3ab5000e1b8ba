-- The audit: a tree a tenant. Every table is seen and written for the tenant of the transaction alone
-- (`app.tenant_id`, set with SET LOCAL), by its owner too.
CREATE TABLE audit_heads (
    tenant text PRIMARY KEY, size bigint NOT NULL, peaks bytea NOT NULL
);

-- Hashes are never dropped: without them nothing that was exported could be proved again.
CREATE TABLE audit_nodes (
    tenant text NOT NULL, level smallint NOT NULL, place bigint NOT NULL, hash bytea NOT NULL,
    PRIMARY KEY (tenant, level, place)
);

-- `entry` is the canonical JSON that was hashed; the columns beside it are what is looked for. A partition a month.
CREATE TABLE audit_leaves (
    tenant text NOT NULL, leaf bigint NOT NULL, id text NOT NULL, at timestamptz(3) NOT NULL,
    event_type text NOT NULL, actor text NOT NULL, namespace text COLLATE "C" NOT NULL, entry text NOT NULL,
    PRIMARY KEY (tenant, leaf, at),
    UNIQUE (tenant, id, at)
) PARTITION BY RANGE (at);
CREATE TABLE audit_leaves_other PARTITION OF audit_leaves DEFAULT;
CREATE INDEX audit_leaves_times ON audit_leaves (tenant, at, leaf);
CREATE INDEX audit_leaves_types ON audit_leaves (tenant, event_type, leaf);
CREATE INDEX audit_leaves_actors ON audit_leaves (tenant, actor, leaf);
CREATE INDEX audit_leaves_namespaces ON audit_leaves (tenant, namespace, leaf);

ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_heads
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));
ALTER TABLE audit_nodes ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_nodes FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_nodes
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));
ALTER TABLE audit_leaves ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_leaves FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_leaves
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));

-- The months from `first` on, `months` of them, each a partition: made ahead of time, for a row that finds none falls into
-- `audit_leaves_other`, whose rows keep a month of their time from being made.
CREATE FUNCTION audit_make_months(first date, months integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    begins date := date_trunc('month', first);
BEGIN
    FOR number IN 1..months LOOP
        EXECUTE format(
            'CREATE TABLE IF NOT EXISTS %I PARTITION OF audit_leaves FOR VALUES FROM (%L) TO (%L)',
            'audit_leaves_' || to_char(begins, 'YYYY_MM'),
            to_char(begins, 'YYYY-MM-DD') || 'T00:00:00Z',
            to_char(begins + interval '1 month', 'YYYY-MM-DD') || 'T00:00:00Z'
        );
        begins := begins + interval '1 month';
    END LOOP;
END $$;

-- Functions log in as this role (on AWS by IAM): it adds rows and heads, and changes and removes no leaf and no node.
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'llm_config_audit') THEN
        CREATE ROLE llm_config_audit LOGIN;
    END IF;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam') THEN
        GRANT rds_iam TO llm_config_audit;
    END IF;
END $$;
GRANT SELECT, INSERT, UPDATE ON audit_heads TO llm_config_audit;
GRANT SELECT, INSERT ON audit_nodes, audit_leaves TO llm_config_audit;
