-- What keeps the service running: letters that could not be read, jobs, raw events, feedback, settings.
CREATE TABLE dead_letters (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  source TEXT NOT NULL,
  content_type TEXT NOT NULL,
  reason TEXT NOT NULL,
  truncated INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  resolved INTEGER NOT NULL,
  body BLOB NOT NULL                -- zstd
) STRICT;
CREATE UNIQUE INDEX dead_letters_by_id ON dead_letters (tenant, id);
CREATE INDEX dead_letters_open ON dead_letters (tenant, resolved);

CREATE TABLE jobs (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  dedupe_key TEXT,
  urgency INTEGER NOT NULL,
  state INTEGER NOT NULL,           -- 0 waiting, 1 leased, 2 done, 3 dead
  attempts INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  lease_until INTEGER NOT NULL,
  last_error TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_by_id ON jobs (tenant, id);
CREATE INDEX jobs_by_urgency ON jobs (tenant, state, urgency);
CREATE UNIQUE INDEX jobs_once ON jobs (tenant, kind, dedupe_key) WHERE state = 0 AND dedupe_key IS NOT NULL;

-- One row a batch; its events have consecutive seqs from first_seq on.
CREATE TABLE event_blocks (
  first_seq INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  events INTEGER NOT NULL,
  docs BLOB NOT NULL                -- zstd
) STRICT;

CREATE TABLE feedback (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  alert_id TEXT,
  incident_id TEXT,
  verdict INTEGER,
  correct_priority INTEGER,
  body TEXT NOT NULL,
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;

-- Written and emptied while the disk is full, to find out when it no longer is.
CREATE TABLE probe (
  bytes BLOB NOT NULL
) STRICT;
