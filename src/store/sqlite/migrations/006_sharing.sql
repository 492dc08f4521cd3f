-- With whom an incident may be shared, what notes said before, and lists of indicators that came from others.
ALTER TABLE incidents ADD COLUMN tlp INTEGER NOT NULL DEFAULT 2;      -- model/tlp.h: AMBER

ALTER TABLE notes ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE notes ADD COLUMN edited_by TEXT NOT NULL DEFAULT '';
ALTER TABLE notes ADD COLUMN edited_at INTEGER NOT NULL DEFAULT 0;

CREATE TABLE note_revisions (                                         -- texts that notes no longer have
  tenant INTEGER NOT NULL,
  note TEXT NOT NULL,
  revision INTEGER NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  written_at INTEGER NOT NULL,
  PRIMARY KEY (tenant, note, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE intel_lists (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  format TEXT NOT NULL,
  source TEXT NOT NULL,
  tlp INTEGER NOT NULL,
  produced_at INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  entries INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX intel_lists_by_name ON intel_lists (tenant, name);
CREATE UNIQUE INDEX intel_lists_by_id ON intel_lists (tenant, id);

CREATE TABLE intel_entries (
  number INTEGER PRIMARY KEY,
  list INTEGER NOT NULL,            -- number of intel_lists, which knows the tenant
  kind INTEGER NOT NULL,
  value TEXT NOT NULL,
  label TEXT NOT NULL,
  reference TEXT NOT NULL,
  confidence INTEGER NOT NULL,
  tlp INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  valid_until INTEGER
) STRICT;
CREATE UNIQUE INDEX intel_entries_by_list ON intel_entries (list, kind, value);
CREATE INDEX intel_entries_by_value ON intel_entries (kind, value);
