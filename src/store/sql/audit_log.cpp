#include "store/sql/audit_log.h"

#include <algorithm>

#include "store/audit_fields.h"
#include "store/sql/core.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

std::string word(std::int64_t value) {
  std::string bytes;
  ByteWriter(bytes).fixed64(static_cast<std::uint64_t>(value));
  return bytes;
}

Result<void> insert(const AuditRecord& record, Connection& db) {
  auto insert = db.prepare(
      "INSERT INTO audit (tenant, number, at, actor_kind, actor, address, trace_id, action, object_kind, "
      "object_id, before, after, reason, prev_hash, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, "
      "?11, ?12, ?13, ?14, ?15)");
  TOCSIN_CHECK(insert.run(record.tenant.value, record.number, record.at, record.actor_kind, record.actor,
                          record.address, record.trace_id, record.action, record.object_kind,
                          record.object_id, record.before, record.after, record.reason,
                          Blob{record.prev_hash}, Blob{record.hash}));
  auto end = db.prepare(
      "INSERT INTO audit_ends (tenant, number, hash) VALUES (?1, ?2, ?3) ON CONFLICT (tenant) DO UPDATE SET "
      "number = excluded.number, hash = excluded.hash");
  return end.run(record.tenant.value, record.number, Blob{record.hash});
}

// The end, held until the transaction is over: another process that shares the database waits and goes on
// from what this one wrote.
Result<ChainEnd> hold_chain_end(Connection& db, TenantId tenant) {
  ChainEnd end{.tenant = tenant};
  auto row = db.prepare(
      "INSERT INTO audit_ends (tenant, number, hash) VALUES (?1, 0, ?2) ON CONFLICT (tenant) DO UPDATE SET "
      "number = audit_ends.number RETURNING number, hash");
  if (row.query(tenant.value, Blob{end.hash}).next()) {
    end.number = row.int64(0);
    end.hash = row.blob(1);
  }
  TOCSIN_CHECK(row.status());
  return end;
}

}  // namespace

Result<ChainEnd> chain_end(Connection& db, TenantId tenant) {
  ChainEnd end{.tenant = tenant};
  auto row = db.prepare("SELECT number, hash FROM audit_ends WHERE tenant = ?1");
  if (row.query(tenant.value).next()) {
    end.number = row.int64(0);
    end.hash = row.blob(1);
  }
  TOCSIN_CHECK(row.status());
  return end;
}

Result<std::vector<ChainEnd>> chain_ends(Connection& db) {
  std::vector<ChainEnd> ends;
  auto rows = db.prepare("SELECT tenant, number, hash FROM audit_ends ORDER BY tenant");
  rows.query();
  while (rows.next()) ends.push_back({{rows.int64(0)}, rows.int64(1), std::string(rows.blob(2))});
  TOCSIN_CHECK(rows.status());
  return ends;
}

Result<void> append_audit(Connection& db, TenantId tenant, const Origin& origin, Timestamp now,
                          AuditEntry entry) {
  TOCSIN_TRY(end, hold_chain_end(db, tenant));
  return insert(next_record(end, origin, now, std::move(entry)), db);
}

Result<void> write_audit(WriteContext& context, TenantId tenant, AuditEntry entry) {
  return append_audit(context.db, tenant, *context.origin, context.now, std::move(entry));
}

IngestAudit::Group& IngestAudit::group_of(TenantId tenant, const Origin& origin, std::string_view source) {
  Key key{tenant.value, origin.kind, origin.actor, origin.address, std::string(source)};
  auto found = groups_.find(key);
  if (found == groups_.end() && groups_.size() >= kIngestSources) {
    std::get<4>(key) = kOtherSources;
    found = groups_.find(key);
  }
  if (found != groups_.end()) {
    found->second.one_trace = found->second.one_trace && found->second.origin.trace_id == origin.trace_id;
    return found->second;
  }
  auto& group = groups_[key];
  group.origin = origin;
  group.source = std::get<4>(key);
  return group;
}

void IngestAudit::add(TenantId tenant, const Origin& origin, Timestamp now, const IngestedPart& part,
                      const IngestedBlock& block) {
  auto& group = group_of(tenant, origin, part.source);
  group.at = std::max(group.at, now);
  if (group.blocks++ == 0) group.first_block = block.number;
  group.last_block = block.number;
  group.sum.alerts += part.alerts;
  group.sum.occurrences += part.occurrences;
  if (group.sum.first_seq == 0) group.sum.first_seq = part.first_seq;
  if (part.last_seq != 0) group.sum.last_seq = part.last_seq;
  group.hash.add(word(block.number)).add(word(block.first_seq)).add(block.digest);
}

Result<void> IngestAudit::write(Connection& db) {
  for (auto& [key, group] : groups_) {
    if (!group.one_trace) group.origin.trace_id.clear();
    AuditFields fields;
    fields.is("alerts", group.sum.alerts).is("occurrences", group.sum.occurrences);
    if (group.sum.first_seq != 0)
      fields.is("first_seq", group.sum.first_seq).is("last_seq", group.sum.last_seq);
    fields.is("blocks", group.blocks)
        .is("first_block", group.first_block)
        .is("last_block", group.last_block)
        .is("sha256", to_hex(group.hash.finish()));
    TOCSIN_CHECK(append_audit(db, TenantId{std::get<0>(key)}, group.origin, group.at,
                              {AuditAction::kIngestBatch, group.source, {}, fields.after()}));
  }
  groups_.clear();
  return {};
}

std::string block_digest(std::string_view links, std::string_view docs) {
  thread_local Sha256 hasher;
  return hasher.add(word(static_cast<std::int64_t>(links.size()))).add(links).add(docs).finish();
}

}  // namespace tocsin::store
