-- Who may reach the data: tenants, people, their sessions, keys of programs.
DROP TABLE tenants;                 -- of the first schema: never written but for its one row
CREATE TABLE tenants (
  tenant INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  title TEXT NOT NULL,
  suspended INTEGER NOT NULL,
  alerts_per_second INTEGER NOT NULL,
  storage_bytes INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  version INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX tenants_by_name ON tenants (name);
INSERT INTO tenants VALUES (1, 'default', 'Default', 0, 0, 0, 0, 1);

CREATE TABLE people (
  id TEXT PRIMARY KEY,
  login TEXT NOT NULL,              -- in lower case
  name TEXT NOT NULL,
  grants BLOB NOT NULL,             -- people_rows.cpp
  disabled INTEGER NOT NULL,
  must_change_password INTEGER NOT NULL,
  password_hash TEXT NOT NULL,
  totp_secret TEXT NOT NULL,        -- sealed
  totp_step INTEGER NOT NULL,
  recovery_hashes BLOB NOT NULL,
  external_id TEXT,                 -- null: none
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_sign_in INTEGER,
  version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX people_by_login ON people (login);
CREATE UNIQUE INDEX people_by_external_id ON people (external_id);

CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  person TEXT NOT NULL,
  token_hash TEXT NOT NULL,         -- SHA-256 in hex
  created_at INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  address TEXT NOT NULL,
  user_agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  token_hash TEXT NOT NULL,
  role INTEGER NOT NULL,
  verbs INTEGER NOT NULL,           -- bit 1 << verb
  scope BLOB NOT NULL,
  source TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used INTEGER,
  revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Grows with every change of the tables above: other processes see by it that theirs are old.
CREATE TABLE access_revision (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL) STRICT;
INSERT INTO access_revision VALUES (1, 1);
