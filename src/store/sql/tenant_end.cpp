#include "store/sql/tenant_end.h"

#include "base/sha256.h"
#include "store/audit_fields.h"
#include "store/sql/people_rows.h"

namespace tocsin::store {

Result<void> end_grants(Connection& db, TenantId tenant) {
  std::vector<Person> concerned;
  auto rows = db.prepare(join_sql({"SELECT ", kPersonColumns, " FROM people"}));
  rows.query();
  while (rows.next()) {
    TOCSIN_TRY(person, read_person(rows));
    const auto gone =
        std::erase_if(person.grants, [&](const Grant& grant) { return grant.tenant == tenant.value; });
    if (gone > 0) concerned.push_back(std::move(person));
  }
  TOCSIN_CHECK(rows.status());
  auto change = db.prepare("UPDATE people SET grants = ?2, version = version + 1 WHERE id = ?1");
  for (const auto& person : concerned) {
    const auto grants = encode_grants(person.grants);
    TOCSIN_CHECK(change.run(person.id.str(), Blob{grants}));
  }
  return db.prepare("UPDATE access_revision SET revision = revision + 1 WHERE one = 1").run();
}

AuditEntry audit_of_removal(TenantId tenant, const ChainEnd& end, const RowsByTable& rows) {
  AuditFields fields;
  fields.was("audit_records", end.number).was("audit_hash", to_hex(end.hash));
  for (const auto& [table, count] : rows)
    if (count > 0) fields.was(table, count);
  return {AuditAction::kTenantRemove, std::to_string(tenant.value), fields.before(), {}};
}

}  // namespace tocsin::store
