-- Alerts and what must be written in the transaction that acknowledges them. No index here is keyed by a random
-- value: those live in alert_keys, behind a watermark (docs/decisions/0002-store-layout.md).

CREATE TABLE tenants (
  tenant INTEGER PRIMARY KEY,
  name TEXT NOT NULL
) STRICT;
INSERT INTO tenants (tenant, name) VALUES (1, 'default');

-- Times are UTC nanoseconds; enums are the numbers of model/names.h.
CREATE TABLE alerts (
  seq INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  ulid TEXT NOT NULL,               -- of the id, without its prefix
  source TEXT NOT NULL,
  source_id TEXT,
  type TEXT NOT NULL,
  title TEXT NOT NULL,
  severity INTEGER NOT NULL,
  status INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  occurrences INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  host TEXT,
  user TEXT,
  ip TEXT,
  asset_tier INTEGER NOT NULL,
  requires_review INTEGER NOT NULL,
  fp_probability REAL NOT NULL,
  confidence REAL NOT NULL,
  attack BLOB,
  assignee TEXT,
  close_reason TEXT,
  tags BLOB,
  updated_at INTEGER,               -- null: never changed
  version INTEGER NOT NULL,
  block INTEGER NOT NULL,           -- where the document is
  slot INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX alerts_by_id ON alerts (tenant, ulid);
-- Lists walk one run of such an index for each pair of status and severity asked for, and merge the runs.
CREATE INDEX alerts_newest ON alerts (tenant, status, severity);
CREATE INDEX alerts_urgent ON alerts (tenant, status, severity, priority);
CREATE INDEX alerts_occurred ON alerts (tenant, status, severity, occurred_at);
-- Status and severity stand behind seq: they do not spread the inserts, but filters and counts need no row.
CREATE INDEX alerts_by_source ON alerts (tenant, source, seq, status, severity);
CREATE INDEX alerts_by_type ON alerts (tenant, type, seq, status, severity);
CREATE INDEX alerts_by_assignee ON alerts (tenant, assignee) WHERE assignee IS NOT NULL;
CREATE INDEX alerts_by_verdict ON alerts (tenant, verdict) WHERE verdict <> 0;
CREATE INDEX alerts_by_review ON alerts (tenant, requires_review) WHERE requires_review = 1;

-- One row a batch. Alerts of a block have consecutive seqs from first_seq on, in the order of their slots.
CREATE TABLE blocks (
  block INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  first_seq INTEGER NOT NULL,
  created BLOB,                     -- bit per slot that became an alert; null: all did
  links BLOB NOT NULL,              -- link records of all slots; before docs, so that a scan of links reads no docs
  docs BLOB NOT NULL                -- zstd
) STRICT;

-- 64-bit hashes of the client's id and of the fingerprint. Whoever finds a row here compares the alert's values.
CREATE TABLE alert_keys (
  key INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  PRIMARY KEY (key, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE alert_occurrences (
  alert_seq INTEGER NOT NULL,
  number INTEGER NOT NULL,          -- 2 for the first repeat
  occurred_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  block INTEGER NOT NULL,
  slot INTEGER NOT NULL,
  PRIMARY KEY (alert_seq, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency (
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  body_hash INTEGER NOT NULL,
  outcome BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- How far background indexing has come: 'keys', 'search' (seq of the last alert done).
CREATE TABLE watermarks (
  name TEXT PRIMARY KEY,
  seq INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Kept with each commit, so that nobody counts a table.
CREATE TABLE counters (
  tenant INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  name TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_stats (
  tenant INTEGER NOT NULL,
  source TEXT NOT NULL,
  type TEXT NOT NULL,
  closed REAL NOT NULL,
  false_positives REAL NOT NULL,
  PRIMARY KEY (tenant, source, type)
) STRICT, WITHOUT ROWID;
