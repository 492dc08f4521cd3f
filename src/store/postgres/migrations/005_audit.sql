-- The audit: one chain of records per tenant (store/audit.h). Rows are only ever added; the triggers say so to
-- whoever holds a connection, and the hashes say so to whoever has the rows.
CREATE TABLE audit (
  tenant BIGINT NOT NULL,
  number BIGINT NOT NULL,            -- 1, 2, 3 …
  at BIGINT NOT NULL,
  actor_kind SMALLINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  address TEXT COLLATE "C" NOT NULL,
  trace_id TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  object_kind TEXT COLLATE "C" NOT NULL,
  object_id TEXT COLLATE "C" NOT NULL,
  before TEXT COLLATE "C" NOT NULL,
  after TEXT COLLATE "C" NOT NULL,
  reason TEXT COLLATE "C" NOT NULL,
  prev_hash BYTEA NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (tenant, number)
);
CREATE INDEX audit_by_time ON audit (tenant, at, number);
CREATE INDEX audit_by_actor ON audit (tenant, actor, at, number);
CREATE INDEX audit_by_action ON audit (tenant, action, at, number);
CREATE INDEX audit_by_object ON audit (tenant, object_id, at, number);

-- The newest record of each chain: what the next one follows, and what shows at once that the last ones are gone.
CREATE TABLE audit_ends (
  tenant BIGINT PRIMARY KEY,
  number BIGINT NOT NULL,
  hash BYTEA NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE audit_heads (
  tenant BIGINT NOT NULL,
  number BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  at BIGINT NOT NULL,
  key TEXT COLLATE "C" NOT NULL,     -- fingerprint of the key that signed it
  signature BYTEA NOT NULL,
  PRIMARY KEY (tenant, number)
);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the audit is only ever added to'; END $$;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_heads_are_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
