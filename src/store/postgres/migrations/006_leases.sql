-- Work that one process at a time does for a tenant (store/leases.h).
CREATE TABLE leases (
  tenant BIGINT NOT NULL,
  name TEXT COLLATE "C" NOT NULL,
  owner TEXT COLLATE "C" NOT NULL,
  until BIGINT NOT NULL,
  PRIMARY KEY (tenant, name)
) WITH (fillfactor = 50);
