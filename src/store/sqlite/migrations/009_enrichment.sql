-- What the organisation says of its hosts, networks and people, and files of reference.
CREATE TABLE assets (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,               -- in lower case
  version INTEGER NOT NULL,
  origin TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  search TEXT NOT NULL,             -- every field, in lower case
  document BLOB NOT NULL            -- inventory_rows.cpp
) STRICT;
CREATE UNIQUE INDEX assets_by_name ON assets (tenant, name);
CREATE UNIQUE INDEX assets_by_id ON assets (tenant, id);

CREATE TABLE directory_users (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  origin TEXT NOT NULL,
  updated_by TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  search TEXT NOT NULL,
  document BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX directory_users_by_name ON directory_users (tenant, name);
CREATE UNIQUE INDEX directory_users_by_id ON directory_users (tenant, id);

CREATE TABLE reference_files (
  number INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  version TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  entries INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX reference_files_by_name ON reference_files (tenant, kind, name);
CREATE UNIQUE INDEX reference_files_by_id ON reference_files (tenant, id);
