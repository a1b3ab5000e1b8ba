-- The embedded store. Keys are the DynamoDB tables' keys, column by column: what is one item there is one row here.
CREATE TABLE IF NOT EXISTS tenants (
    id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL
) WITHOUT ROWID;

-- Who tries to become the tenant of a name: the id stands before its key is made, and goes with the tenant's row.
CREATE TABLE IF NOT EXISTS tenant_attempts (
    name TEXT PRIMARY KEY, id TEXT NOT NULL
) WITHOUT ROWID;

-- One counter a line of changes: N configs of a namespace, S secrets of a namespace, C the tenant's control rows.
CREATE TABLE IF NOT EXISTS revisions (
    tenant TEXT NOT NULL, line TEXT NOT NULL, namespace TEXT NOT NULL,
    revision INTEGER NOT NULL, committed_at TEXT NOT NULL,
    PRIMARY KEY (tenant, line, namespace)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS config_heads (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (tenant, namespace, key, environment)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS config_versions (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    version INTEGER NOT NULL, record TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (tenant, namespace, key, environment, version)
) WITHOUT ROWID;

-- `version` is the one that listings tell of, `current` the one in use, if any is.
CREATE TABLE IF NOT EXISTS secret_heads (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    version INTEGER NOT NULL, newest INTEGER NOT NULL, current INTEGER, deleted INTEGER NOT NULL,
    PRIMARY KEY (tenant, namespace, key, environment)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS secret_versions (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    version INTEGER NOT NULL, record TEXT NOT NULL, mark TEXT NOT NULL, sealed BLOB,
    PRIMARY KEY (tenant, namespace, key, environment, version)
) WITHOUT ROWID;

-- Changes have their line's revision and are unique in it; accesses (line A) have none. Rows are put once.
CREATE TABLE IF NOT EXISTS journal (
    sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    tenant TEXT NOT NULL, line TEXT NOT NULL, namespace TEXT NOT NULL, revision INTEGER, ordinal INTEGER,
    entry TEXT NOT NULL,
    UNIQUE (tenant, line, namespace, revision, ordinal)
);

CREATE TABLE IF NOT EXISTS idempotency (
    tenant TEXT NOT NULL, operation TEXT NOT NULL, key TEXT NOT NULL,
    fingerprint TEXT NOT NULL, result TEXT NOT NULL, expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant, operation, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_due ON idempotency (expires_at);

-- A key is found by its id before anybody knows whose it is. `digest` is the SHA-256 of its secret.
CREATE TABLE IF NOT EXISTS api_keys (
    id TEXT PRIMARY KEY, tenant TEXT NOT NULL, record TEXT NOT NULL, digest TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS api_keys_listed ON api_keys (tenant, id);

-- What is said about a namespace. That it is there, its lines in `revisions` say too.
CREATE TABLE IF NOT EXISTS namespaces (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, deleted INTEGER NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (tenant, namespace)
) WITHOUT ROWID;

-- How far each consumer has followed the journal, and the rows that it gave up.
CREATE TABLE IF NOT EXISTS watermarks (
    consumer TEXT PRIMARY KEY, sequence INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS undelivered (
    consumer TEXT NOT NULL, sequence INTEGER NOT NULL,
    PRIMARY KEY (consumer, sequence)
) WITHOUT ROWID;

-- How far each consumer has followed each line of changes; `record` is a mark (llm_config_domain/lines.py).
CREATE TABLE IF NOT EXISTS journal_marks (
    consumer TEXT NOT NULL, tenant TEXT NOT NULL, line TEXT NOT NULL, namespace TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (consumer, tenant, line, namespace)
) WITHOUT ROWID;

-- The tenant behind which the next walk of a consumer's sweep begins.
CREATE TABLE IF NOT EXISTS sweeps (
    consumer TEXT PRIMARY KEY, tenant TEXT NOT NULL
) WITHOUT ROWID;

-- Who is told by webhook; `secret` is the signing secret, sealed. What becomes of deliveries is in no record.
CREATE TABLE IF NOT EXISTS subscriptions (
    tenant TEXT NOT NULL, id TEXT NOT NULL, active INTEGER NOT NULL, record TEXT NOT NULL, secret BLOB NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS delivery_states (
    tenant TEXT NOT NULL, id TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;

-- One rotation of a secret at a time; `due_at` is when somebody must look whether it still runs.
CREATE TABLE IF NOT EXISTS rotations (
    tenant TEXT NOT NULL, id TEXT NOT NULL,
    namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    ended INTEGER NOT NULL, due_at TEXT, record TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS rotations_running ON rotations (tenant, namespace, key, environment) WHERE NOT ended;
CREATE INDEX IF NOT EXISTS rotations_due ON rotations (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS rotation_settings (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    due_at TEXT, record TEXT NOT NULL,
    PRIMARY KEY (tenant, namespace, key, environment)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS rotation_settings_due ON rotation_settings (due_at) WHERE due_at IS NOT NULL;

-- When the end of a version is told of: none of those to come is NULL.
CREATE TABLE IF NOT EXISTS secret_expiries (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    version INTEGER NOT NULL, due_at TEXT, record TEXT NOT NULL,
    PRIMARY KEY (tenant, namespace, key, environment, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS secret_expiries_due ON secret_expiries (due_at) WHERE due_at IS NOT NULL;

-- What a service reported of its use of a version: counters.
CREATE TABLE IF NOT EXISTS usage_reports (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, key TEXT NOT NULL, environment TEXT NOT NULL,
    version_id TEXT NOT NULL, service TEXT NOT NULL, record TEXT NOT NULL,
    PRIMARY KEY (tenant, namespace, key, environment, version_id, service)
) WITHOUT ROWID;

-- The audit: a tree a tenant. `peaks` are the roots of its whole subtrees (32 bytes each), the largest first.
CREATE TABLE IF NOT EXISTS audit_heads (
    tenant TEXT PRIMARY KEY, size INTEGER NOT NULL, peaks BLOB NOT NULL
) WITHOUT ROWID;

-- `entry` is the canonical JSON that was hashed; the columns beside it are what is looked for.
CREATE TABLE IF NOT EXISTS audit_leaves (
    tenant TEXT NOT NULL, leaf INTEGER NOT NULL, id TEXT NOT NULL, at TEXT NOT NULL,
    event_type TEXT NOT NULL, actor TEXT NOT NULL, namespace TEXT NOT NULL, entry TEXT NOT NULL,
    PRIMARY KEY (tenant, leaf)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS audit_ids ON audit_leaves (tenant, id);
CREATE INDEX IF NOT EXISTS audit_times ON audit_leaves (tenant, at, leaf);

CREATE TABLE IF NOT EXISTS audit_nodes (
    tenant TEXT NOT NULL, level INTEGER NOT NULL, place INTEGER NOT NULL, hash BLOB NOT NULL,
    PRIMARY KEY (tenant, level, place)
) WITHOUT ROWID;

-- Who is behind a pseudonym of the trees; of an erased one, only since when it is erased.
CREATE TABLE IF NOT EXISTS audit_subjects (
    tenant TEXT NOT NULL, pseudonym TEXT NOT NULL, name TEXT, key TEXT, erased_at TEXT,
    PRIMARY KEY (tenant, pseudonym)
) WITHOUT ROWID;
CREATE UNIQUE INDEX IF NOT EXISTS audit_subject_names ON audit_subjects (tenant, name) WHERE name IS NOT NULL;

-- Which accesses have come of containers that number them; a home's own are in its journal.
CREATE TABLE IF NOT EXISTS audit_containers (
    container TEXT PRIMARY KEY, last INTEGER NOT NULL, last_at TEXT, heard_at TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS audit_gaps (
    container TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, after TEXT, before TEXT NOT NULL,
    since TEXT NOT NULL, settled INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (container, first)
) WITHOUT ROWID;

-- What each instance of a service says that it holds. Forgotten when it expires.
CREATE TABLE IF NOT EXISTS fleet_reports (
    tenant TEXT NOT NULL, namespace TEXT NOT NULL, environment TEXT NOT NULL,
    service TEXT NOT NULL, instance TEXT NOT NULL, record TEXT NOT NULL, expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant, namespace, environment, service, instance)
) WITHOUT ROWID;

-- Who watches over a gateway's connection. Forgotten when it expires.
CREATE TABLE IF NOT EXISTS watchers (
    connection TEXT NOT NULL PRIMARY KEY, tenant TEXT NOT NULL, version INTEGER NOT NULL,
    record TEXT NOT NULL, expires_at TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS watchers_of_tenant ON watchers (tenant, expires_at);
