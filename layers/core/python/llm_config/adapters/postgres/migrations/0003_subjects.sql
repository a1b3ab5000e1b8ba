-- Who is behind a pseudonym of the trees; of an erased one, only since when it is erased (RFC 3339). Rows of the time before
-- name actors in the leaves themselves.
CREATE TABLE audit_subjects (
    tenant text NOT NULL, pseudonym text NOT NULL, name text, key text, erased_at text,
    PRIMARY KEY (tenant, pseudonym),
    UNIQUE (tenant, name)
);
ALTER TABLE audit_subjects ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_subjects FORCE ROW LEVEL SECURITY;
CREATE POLICY of_the_tenant ON audit_subjects
    USING (tenant = current_setting('app.tenant_id', true)) WITH CHECK (tenant = current_setting('app.tenant_id', true));
GRANT SELECT, INSERT, UPDATE (name, key, erased_at) ON audit_subjects TO llm_config_audit;
