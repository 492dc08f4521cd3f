-- What keeps the service running: letters that could not be read, jobs, raw events, feedback, settings, answers.
CREATE TABLE dead_letters (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  content_type TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  truncated SMALLINT NOT NULL,
  received_at BIGINT NOT NULL,
  attempts INTEGER NOT NULL,
  resolved SMALLINT NOT NULL,
  body BYTEA NOT NULL                -- zstd
);
ALTER TABLE dead_letters ALTER COLUMN body SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX dead_letters_by_id ON dead_letters (tenant, id);
CREATE INDEX dead_letters_open ON dead_letters (tenant, resolved, number);

CREATE TABLE jobs (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  payload TEXT COLLATE "C" NOT NULL,
  dedupe_key TEXT COLLATE "C",
  urgency INTEGER NOT NULL,
  state SMALLINT NOT NULL,           -- 0 waiting, 1 leased, 2 done, 3 dead
  attempts INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  run_at BIGINT NOT NULL,
  lease_until BIGINT NOT NULL,
  last_error TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX jobs_by_id ON jobs (tenant, id);
CREATE INDEX jobs_by_urgency ON jobs (tenant, state, urgency);
CREATE UNIQUE INDEX jobs_once ON jobs (tenant, kind, dedupe_key) WHERE state = 0 AND dedupe_key IS NOT NULL;

-- One row a batch; its events have consecutive seqs from first_seq on, within their tenant.
CREATE TABLE event_blocks (
  tenant BIGINT NOT NULL,
  first_seq BIGINT NOT NULL,
  events BIGINT NOT NULL,
  docs BYTEA NOT NULL,               -- zstd
  PRIMARY KEY (tenant, first_seq)
);
ALTER TABLE event_blocks ALTER COLUMN docs SET STORAGE EXTERNAL;

CREATE TABLE feedback (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  alert_id TEXT COLLATE "C",
  incident_id TEXT COLLATE "C",
  verdict SMALLINT,
  correct_priority INTEGER,
  body TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL
);

CREATE TABLE settings (
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, key)
);

-- The answer to a call with an Idempotency-Key, for as long as the key is remembered.
CREATE TABLE answers (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  request_hash BIGINT NOT NULL,
  status INTEGER NOT NULL,
  headers BYTEA NOT NULL,
  body BYTEA NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX answers_by_key ON answers (tenant, key);
CREATE INDEX answers_by_age ON answers (created_at);

-- By how much people moved the priority of alerts of a rule: the last word on each alert.
CREATE TABLE priority_corrections (
  tenant BIGINT NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  alert_id TEXT COLLATE "C" NOT NULL,
  delta INTEGER NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, source, type, alert_id)
);
CREATE INDEX priority_corrections_newest ON priority_corrections (tenant, source, type, made_at, delta);
