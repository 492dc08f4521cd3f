-- Incidents are numbered by the correlator, within their tenant.
CREATE TABLE incidents (
  tenant INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  title TEXT NOT NULL,
  severity INTEGER NOT NULL,
  priority INTEGER NOT NULL,
  risk_score REAL NOT NULL,
  confidence REAL NOT NULL,
  status INTEGER NOT NULL,
  verdict INTEGER NOT NULL,
  assignee TEXT,
  close_reason TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  first_seen INTEGER NOT NULL,
  last_seen INTEGER NOT NULL,
  alert_count INTEGER NOT NULL,     -- kept by the memberships below
  lead_alert INTEGER NOT NULL,
  tactics INTEGER NOT NULL,
  requires_review INTEGER NOT NULL,
  review_reason TEXT NOT NULL,
  merged_into TEXT,
  decided INTEGER NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (tenant, seq)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX incidents_by_id ON incidents (tenant, id);
CREATE INDEX incidents_urgent ON incidents (tenant, priority, seq) WHERE merged_into IS NULL;
CREATE INDEX incidents_updated ON incidents (tenant, updated_at, seq) WHERE merged_into IS NULL;

CREATE TABLE incident_alerts (
  alert_seq INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  incident INTEGER NOT NULL,
  linked_to INTEGER NOT NULL,
  reason INTEGER NOT NULL,
  weight INTEGER NOT NULL,
  entity_indexes BLOB
) STRICT;
CREATE INDEX incident_alerts_by_incident ON incident_alerts (tenant, incident);

CREATE TABLE correlation (
  tenant INTEGER PRIMARY KEY,
  watermark INTEGER NOT NULL        -- alerts up to here have been judged
) STRICT;

CREATE TABLE decisions (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  after_alert INTEGER NOT NULL,
  incident INTEGER NOT NULL,
  other_incident INTEGER NOT NULL,
  alerts BLOB NOT NULL,
  actor TEXT NOT NULL,
  made_at INTEGER NOT NULL
) STRICT;
CREATE INDEX decisions_by_tenant ON decisions (tenant);

CREATE TABLE notes (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  incident TEXT NOT NULL,
  replaceable INTEGER NOT NULL,     -- 1: the one note that the reference systems' calls overwrite
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX notes_by_incident ON notes (tenant, incident);

CREATE TABLE actions (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  incident TEXT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  detail TEXT NOT NULL,
  simulated INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX actions_by_incident ON actions (tenant, incident);
