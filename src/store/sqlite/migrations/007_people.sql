-- What people did, and what their calls were answered.

ALTER TABLE incidents ADD COLUMN first_response_at INTEGER;   -- null: no person has touched it
UPDATE incidents SET first_response_at = updated_at WHERE decided = 1;

-- The answer to a call with an Idempotency-Key, for as long as the key is remembered. Deliveries of alerts keep
-- theirs in the table idempotency, with the alerts.
CREATE TABLE answers (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  key TEXT NOT NULL,
  request_hash INTEGER NOT NULL,
  status INTEGER NOT NULL,
  headers BLOB NOT NULL,
  body BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX answers_by_key ON answers (tenant, key);
CREATE INDEX answers_by_age ON answers (created_at);

-- By how much people moved the priority of alerts of a rule: the last word on each alert.
CREATE TABLE priority_corrections (
  tenant INTEGER NOT NULL,
  source TEXT NOT NULL,
  type TEXT NOT NULL,
  alert_id TEXT NOT NULL,
  delta INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, source, type, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX priority_corrections_newest ON priority_corrections (tenant, source, type, made_at, delta);
