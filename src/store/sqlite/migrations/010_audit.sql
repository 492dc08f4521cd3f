-- The audit: one chain of records per tenant (store/audit.h). Rows are only ever added; the triggers say so to
-- whoever holds a connection, and the hashes say so to whoever has the file.
CREATE TABLE audit (
  tenant INTEGER NOT NULL,
  number INTEGER NOT NULL,          -- 1, 2, 3 …
  at INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  trace_id TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  reason TEXT NOT NULL,
  prev_hash BLOB NOT NULL,
  hash BLOB NOT NULL,
  PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;
-- A page walks one of these from its cursor on, newest first.
CREATE INDEX audit_by_time ON audit (tenant, at, number);
CREATE INDEX audit_by_actor ON audit (tenant, actor, at, number);
CREATE INDEX audit_by_action ON audit (tenant, action, at, number);
CREATE INDEX audit_by_object ON audit (tenant, object_id, at, number);

-- The newest record of each chain: what the next one follows, and what shows at once that the last ones are gone.
CREATE TABLE audit_ends (
  tenant INTEGER PRIMARY KEY,
  number INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;

CREATE TABLE audit_heads (
  tenant INTEGER NOT NULL,
  number INTEGER NOT NULL,
  hash BLOB NOT NULL,
  at INTEGER NOT NULL,
  key TEXT NOT NULL,                -- fingerprint of the key that signed it
  signature BLOB NOT NULL,
  PRIMARY KEY (tenant, number)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
-- INSERT OR REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE tenant = NEW.tenant AND number >= NEW.number)
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER audit_heads_are_not_changed BEFORE UPDATE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
CREATE TRIGGER audit_heads_are_not_deleted BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;
