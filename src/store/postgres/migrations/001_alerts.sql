-- Alerts and what is written in the transaction that acknowledges them (docs/decisions/0006-postgresql.md). Times are
-- UTC nanoseconds; enums are the numbers of model/names.h; texts compare by their bytes.

CREATE TABLE tenants (
  tenant BIGINT PRIMARY KEY,
  name TEXT COLLATE "C" NOT NULL
);
INSERT INTO tenants (tenant, name) VALUES (1, 'default');

-- Whoever writes for a tenant holds its row until the commit, so that its alerts are numbered in the order of their
-- commits, whichever process they came through. 0: what belongs to no tenant.
CREATE TABLE tenant_locks (
  tenant BIGINT PRIMARY KEY,
  last_seq BIGINT NOT NULL DEFAULT 0,
  last_block BIGINT NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE alerts (
  tenant BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  block BIGINT NOT NULL,             -- where the document is
  id_key BIGINT,                     -- hash of tenant, source and the client's id; whoever finds it compares the values
  fingerprint_key BIGINT,            -- hash of tenant and fingerprint
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  occurrences BIGINT NOT NULL,
  fingerprint BIGINT NOT NULL,
  updated_at BIGINT,                 -- null: never changed
  version BIGINT NOT NULL,
  fp_probability DOUBLE PRECISION NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  slot INTEGER NOT NULL,
  priority SMALLINT NOT NULL,
  severity SMALLINT NOT NULL,
  status SMALLINT NOT NULL,
  verdict SMALLINT NOT NULL,
  asset_tier SMALLINT NOT NULL,
  requires_review SMALLINT NOT NULL,
  ulid TEXT COLLATE "C" NOT NULL,    -- of the id, without its prefix
  source TEXT COLLATE "C" NOT NULL,
  source_id TEXT COLLATE "C",
  type TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  host TEXT COLLATE "C",
  "user" TEXT COLLATE "C",
  ip TEXT COLLATE "C",
  assignee TEXT COLLATE "C",
  close_reason TEXT COLLATE "C",
  attack BYTEA,
  tags BYTEA,
  PRIMARY KEY (tenant, seq)
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX alerts_by_id ON alerts (tenant, ulid);
CREATE INDEX alerts_by_id_key ON alerts (id_key, seq) WHERE id_key IS NOT NULL;
CREATE INDEX alerts_by_fingerprint ON alerts (fingerprint_key, seq) WHERE fingerprint_key IS NOT NULL;
-- Lists merge one run of such an index for each pair of status and severity asked for.
CREATE INDEX alerts_newest ON alerts (tenant, status, severity, seq);
CREATE INDEX alerts_urgent ON alerts (tenant, status, severity, priority, seq);
CREATE INDEX alerts_occurred ON alerts (tenant, status, severity, occurred_at, seq);
CREATE INDEX alerts_by_source ON alerts (tenant, source, seq);
CREATE INDEX alerts_by_type ON alerts (tenant, type, seq);
CREATE INDEX alerts_by_assignee ON alerts (tenant, assignee, seq) WHERE assignee IS NOT NULL;
CREATE INDEX alerts_by_verdict ON alerts (tenant, verdict, seq) WHERE verdict <> 0;
CREATE INDEX alerts_by_review ON alerts (tenant, seq) WHERE requires_review = 1;

-- One row a batch. Alerts of a block have consecutive seqs from first_seq on, in the order of their slots.
CREATE TABLE blocks (
  tenant BIGINT NOT NULL,
  block BIGINT NOT NULL,
  first_seq BIGINT NOT NULL,
  created BYTEA,                     -- bit per slot that became an alert; null: all did
  links BYTEA NOT NULL,              -- link records of all slots
  docs BYTEA NOT NULL,               -- zstd
  PRIMARY KEY (tenant, block)
);
ALTER TABLE blocks ALTER COLUMN links SET STORAGE EXTERNAL;
ALTER TABLE blocks ALTER COLUMN docs SET STORAGE EXTERNAL;

CREATE TABLE alert_occurrences (
  tenant BIGINT NOT NULL,
  alert_seq BIGINT NOT NULL,
  number BIGINT NOT NULL,            -- 2 for the first repeat
  occurred_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  block BIGINT NOT NULL,
  id_key BIGINT,                     -- null: it came without an id
  slot INTEGER NOT NULL,
  source_id TEXT COLLATE "C",
  PRIMARY KEY (tenant, alert_seq, number)
);
CREATE INDEX alert_occurrences_by_id ON alert_occurrences (id_key) WHERE id_key IS NOT NULL;

CREATE TABLE idempotency (
  tenant BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,
  body_hash BIGINT NOT NULL,
  outcome BYTEA NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, key)
);
CREATE INDEX idempotency_by_age ON idempotency (created_at);

-- Kept with each commit, so that nobody counts a table.
CREATE TABLE counters (
  tenant BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  value BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, name)
) WITH (fillfactor = 50);

CREATE TABLE rule_stats (
  tenant BIGINT NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  type TEXT COLLATE "C" NOT NULL,
  closed DOUBLE PRECISION NOT NULL,
  false_positives DOUBLE PRECISION NOT NULL,
  PRIMARY KEY (tenant, source, type)
);

-- Full text, filled behind a watermark with words of our own (model/search_text.h): no positions, no dictionary.
CREATE TABLE alert_text (
  tenant BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  words TSVECTOR NOT NULL,
  PRIMARY KEY (tenant, seq)
);
CREATE INDEX alert_text_words ON alert_text USING gin (words);

CREATE TABLE watermarks (
  tenant BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  seq BIGINT NOT NULL,
  PRIMARY KEY (tenant, name)
) WITH (fillfactor = 50);
