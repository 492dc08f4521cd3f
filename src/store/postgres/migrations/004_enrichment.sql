-- Lists of indicators that came from others, what the organisation says of its hosts, networks and people, and files
-- of reference.
CREATE TABLE intel_lists (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  format TEXT COLLATE "C" NOT NULL,
  source TEXT COLLATE "C" NOT NULL,
  tlp SMALLINT NOT NULL,
  produced_at BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  imported_by TEXT COLLATE "C" NOT NULL,
  entries BIGINT NOT NULL
);
CREATE UNIQUE INDEX intel_lists_by_name ON intel_lists (tenant, name);
CREATE UNIQUE INDEX intel_lists_by_id ON intel_lists (tenant, id);

-- A value may be longer than an index row: it is found by its hash.
CREATE TABLE intel_entries (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  list BIGINT NOT NULL,              -- number of intel_lists, which knows the tenant
  kind SMALLINT NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
  label TEXT COLLATE "C" NOT NULL,
  reference TEXT COLLATE "C" NOT NULL,
  confidence SMALLINT NOT NULL,
  tlp SMALLINT NOT NULL,
  seen_at BIGINT NOT NULL,
  valid_until BIGINT
);
CREATE INDEX intel_entries_by_list ON intel_entries (list, number);
CREATE INDEX intel_entries_by_value ON intel_entries USING hash (value);

CREATE TABLE assets (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,    -- in lower case
  version BIGINT NOT NULL,
  origin TEXT COLLATE "C" NOT NULL,
  updated_by TEXT COLLATE "C" NOT NULL,
  updated_at BIGINT NOT NULL,
  search TEXT COLLATE "C" NOT NULL,  -- every field, in lower case
  document BYTEA NOT NULL            -- inventory_rows.cpp
);
CREATE UNIQUE INDEX assets_by_name ON assets (tenant, name);
CREATE UNIQUE INDEX assets_by_id ON assets (tenant, id);

CREATE TABLE directory_users (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  version BIGINT NOT NULL,
  origin TEXT COLLATE "C" NOT NULL,
  updated_by TEXT COLLATE "C" NOT NULL,
  updated_at BIGINT NOT NULL,
  search TEXT COLLATE "C" NOT NULL,
  document BYTEA NOT NULL
);
CREATE UNIQUE INDEX directory_users_by_name ON directory_users (tenant, name);
CREATE UNIQUE INDEX directory_users_by_id ON directory_users (tenant, id);

CREATE TABLE reference_files (
  number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenant BIGINT NOT NULL,
  id TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  version TEXT COLLATE "C" NOT NULL,
  as_of BIGINT NOT NULL,
  imported_at BIGINT NOT NULL,
  imported_by TEXT COLLATE "C" NOT NULL,
  entries BIGINT NOT NULL,
  body TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX reference_files_by_name ON reference_files (tenant, kind, name);
CREATE UNIQUE INDEX reference_files_by_id ON reference_files (tenant, id);
