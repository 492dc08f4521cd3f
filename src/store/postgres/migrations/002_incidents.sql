-- Incidents are numbered by the correlator, within their tenant.
CREATE TABLE incidents (
  tenant BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  title TEXT COLLATE "C" NOT NULL,
  severity SMALLINT NOT NULL,
  priority SMALLINT NOT NULL,
  risk_score DOUBLE PRECISION NOT NULL,
  confidence DOUBLE PRECISION NOT NULL,
  status SMALLINT NOT NULL,
  verdict SMALLINT NOT NULL,
  assignee TEXT COLLATE "C",
  close_reason TEXT COLLATE "C",
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  first_seen BIGINT NOT NULL,
  last_seen BIGINT NOT NULL,
  alert_count BIGINT NOT NULL,       -- kept by the memberships below
  lead_alert BIGINT NOT NULL,
  tactics INTEGER NOT NULL,
  requires_review SMALLINT NOT NULL,
  review_reason TEXT COLLATE "C" NOT NULL,
  merged_into TEXT COLLATE "C",
  decided SMALLINT NOT NULL,
  version BIGINT NOT NULL,
  tlp SMALLINT NOT NULL DEFAULT 2,   -- model/tlp.h: AMBER
  first_response_at BIGINT,          -- null: no person has touched it
  PRIMARY KEY (tenant, seq)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX incidents_by_id ON incidents (tenant, id);
CREATE INDEX incidents_urgent ON incidents (tenant, priority, seq) WHERE merged_into IS NULL;
CREATE INDEX incidents_updated ON incidents (tenant, updated_at, seq) WHERE merged_into IS NULL;

CREATE TABLE incident_alerts (
  tenant BIGINT NOT NULL,
  alert_seq BIGINT NOT NULL,
  incident BIGINT NOT NULL,
  linked_to BIGINT NOT NULL,
  reason SMALLINT NOT NULL,
  weight INTEGER NOT NULL,
  entity_indexes BYTEA,
  PRIMARY KEY (tenant, alert_seq)
);
CREATE INDEX incident_alerts_by_incident ON incident_alerts (tenant, incident, alert_seq);

CREATE TABLE correlation (
  tenant BIGINT PRIMARY KEY,
  watermark BIGINT NOT NULL          -- alerts up to here have been judged
) WITH (fillfactor = 50);

CREATE TABLE decisions (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  kind SMALLINT NOT NULL,
  after_alert BIGINT NOT NULL,
  incident BIGINT NOT NULL,
  other_incident BIGINT NOT NULL,
  alerts BYTEA NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  made_at BIGINT NOT NULL
);
CREATE INDEX decisions_by_tenant ON decisions (tenant, number);

CREATE TABLE notes (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  incident TEXT COLLATE "C" NOT NULL,
  replaceable SMALLINT NOT NULL,     -- 1: the one note that the reference systems' calls overwrite
  author TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  revision BIGINT NOT NULL DEFAULT 1,
  edited_by TEXT COLLATE "C" NOT NULL DEFAULT '',
  edited_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX notes_by_incident ON notes (tenant, incident, number);

CREATE TABLE note_revisions (        -- texts that notes no longer have
  tenant BIGINT NOT NULL,
  note TEXT COLLATE "C" NOT NULL,
  revision BIGINT NOT NULL,
  author TEXT COLLATE "C" NOT NULL,
  text TEXT COLLATE "C" NOT NULL,
  written_at BIGINT NOT NULL,
  PRIMARY KEY (tenant, note, revision)
);

CREATE TABLE actions (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  incident TEXT COLLATE "C" NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  simulated SMALLINT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX actions_by_incident ON actions (tenant, incident, number);
