-- Work that one process at a time does for a tenant (store/leases.h).
CREATE TABLE leases (
  tenant INTEGER NOT NULL,
  name TEXT NOT NULL,
  owner TEXT NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (tenant, name)
) STRICT, WITHOUT ROWID;
