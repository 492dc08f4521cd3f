-- Who may reach the data: tenants, people, their sessions, keys of programs.
DROP TABLE tenants;                 -- of the first schema: never written but for its one row
CREATE TABLE tenants (
  tenant BIGINT PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  suspended BIGINT NOT NULL,
  alerts_per_second BIGINT NOT NULL,
  storage_bytes BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX tenants_by_name ON tenants (name);
INSERT INTO tenants VALUES (1, 'default', 'Default', 0, 0, 0, 0, 1);

CREATE TABLE people (
  id TEXT COLLATE "C" PRIMARY KEY,
  login TEXT COLLATE "C" NOT NULL,              -- in lower case
  name TEXT COLLATE "C" NOT NULL,
  grants BYTEA NOT NULL,             -- people_rows.cpp
  disabled BIGINT NOT NULL,
  must_change_password BIGINT NOT NULL,
  password_hash TEXT COLLATE "C" NOT NULL,
  totp_secret TEXT COLLATE "C" NOT NULL,        -- sealed
  totp_step BIGINT NOT NULL,
  recovery_hashes BYTEA NOT NULL,
  external_id TEXT COLLATE "C",                 -- null: none
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  last_sign_in BIGINT,
  version BIGINT NOT NULL
);
CREATE UNIQUE INDEX people_by_login ON people (login);
CREATE UNIQUE INDEX people_by_external_id ON people (external_id);

CREATE TABLE sessions (
  id TEXT COLLATE "C" PRIMARY KEY,
  person TEXT COLLATE "C" NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL,         -- SHA-256 in hex
  created_at BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  user_agent TEXT COLLATE "C" NOT NULL
);

CREATE TABLE api_keys (
  id TEXT COLLATE "C" PRIMARY KEY,
  tenant BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  token_hash TEXT COLLATE "C" NOT NULL,
  role BIGINT NOT NULL,
  verbs BIGINT NOT NULL,           -- bit 1 << verb
  scope BYTEA NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  created_by TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  last_used BIGINT,
  revoked BIGINT NOT NULL
);

-- Grows with every change of the tables above: other processes see by it that theirs are old.
CREATE TABLE access_revision (one BIGINT PRIMARY KEY CHECK (one = 1), revision BIGINT NOT NULL);
INSERT INTO access_revision VALUES (1, 1);
