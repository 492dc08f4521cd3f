#include "store/sql/lease_store.h"

namespace tocsin::store {
namespace {

Result<std::optional<Lease>> read_lease(Connection& db, TenantId tenant, std::string_view name) {
  auto row = db.prepare("SELECT owner, until FROM leases WHERE tenant = ?1 AND name = ?2");
  std::optional<Lease> lease;
  if (row.query(tenant.value, name).next())
    lease = Lease{std::string(name), std::string(row.text(0)), row.time(1)};
  TOCSIN_CHECK(row.status());
  return lease;
}

Result<void> write_lease(const Lease& lease, TenantId tenant, WriteContext& context) {
  return context.db
      .prepare(
          "INSERT INTO leases (tenant, name, owner, until) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (tenant, "
          "name) DO "
          "UPDATE SET owner = excluded.owner, until = excluded.until")
      .run(tenant.value, lease.name, lease.owner, lease.until);
}

}  // namespace

Result<bool> SqlLeaseStore::take(std::string_view name, std::string_view owner,
                                 std::chrono::milliseconds length) {
  return parts_.writer.wait<bool>([&](WriteContext& context) -> Result<bool> {
    TOCSIN_TRY(held, read_lease(context.db, tenant_, name));
    if (held && held->owner != owner && held->until > context.now) return false;
    TOCSIN_CHECK(
        context.db
            .prepare("INSERT INTO leases (tenant, name, owner, until) VALUES (?1, ?2, ?3, ?4) ON CONFLICT "
                     "(tenant, name) DO UPDATE SET owner = excluded.owner, until = excluded.until")
            .run(tenant_.value, name, owner, context.now + length));
    return true;
  });
}

Result<void> SqlLeaseStore::seize(std::string_view name, std::string_view owner,
                                  std::chrono::milliseconds length) {
  return parts_.writer.wait_for([&](WriteContext& context) {
    return write_lease({std::string(name), std::string(owner), context.now + length}, tenant_, context);
  });
}

Result<void> SqlLeaseStore::give_back(std::string_view name, std::string_view owner) {
  return parts_.writer.wait_for([&](WriteContext& context) {
    return context.db.prepare("DELETE FROM leases WHERE tenant = ?1 AND name = ?2 AND owner = ?3")
        .run(tenant_.value, name, owner);
  });
}

Result<std::optional<Lease>> SqlLeaseStore::find(std::string_view name) const {
  TOCSIN_TRY(db, parts_.readers.take());
  TOCSIN_TRY(lease, read_lease(*db, tenant_, name));
  if (lease && lease->until <= parts_.clock.now()) lease.reset();
  return lease;
}

Result<void> check_lease(std::string_view name, std::string_view owner, TenantId tenant,
                         WriteContext& context) {
  if (owner.empty() && context.process.empty()) return {};
  TOCSIN_TRY(held, read_lease(context.db, tenant, name));
  const bool others = held && held->until > context.now && held->owner != context.process;
  if (owner.empty() ? !others : held && held->owner == owner) return {};
  return error(ErrorKind::kConflict, "write what the lease '" + std::string(name) + "' is for",
               held ? "another process has taken it over" : "nobody holds it", "Try again in a few seconds");
}

}  // namespace tocsin::store
