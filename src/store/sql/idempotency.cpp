#include "store/sql/idempotency.h"

#include "store/sqlite/codec.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {
namespace {

std::string encode_outcomes(const std::vector<AppendOutcome>& outcomes) {
  std::string bytes;
  ByteWriter to(bytes);
  to.varint(outcomes.size());
  for (const auto& outcome : outcomes) {
    to.text(outcome.id.str());
    to.signed_varint(outcome.seq);
  }
  return bytes;
}

std::vector<AppendOutcome> decode_outcomes(std::string_view bytes) {
  ByteReader from(bytes);
  std::vector<AppendOutcome> outcomes(from.count());
  for (auto& outcome : outcomes) {
    outcome.kind = AppendKind::kDuplicate;
    outcome.id = AlertId::parse(from.text()).value_or(AlertId());
    outcome.seq = from.signed_varint();
  }
  return outcomes;
}

}  // namespace

Result<std::optional<std::vector<AppendOutcome>>> earlier_outcome(const PreparedBatch& batch,
                                                                  WriteContext& context) {
  auto row = context.db.prepare(
      "SELECT body_hash, outcome FROM idempotency WHERE tenant = ?1 AND key = ?2 AND created_at > ?3");
  row.query(batch.tenant.value, batch.idempotency_key, context.now - context.options.idempotency_kept);
  std::optional<std::vector<AppendOutcome>> outcomes;
  if (!row.next()) {
    TOCSIN_CHECK(row.status());
    return outcomes;
  }
  if (static_cast<std::uint64_t>(row.int64(0)) != batch.body_hash) {
    return error(ErrorKind::kInvalidInput, "append alerts", "Idempotency-Key reused with another body",
                 "Use a new key for a new body", "Idempotency-Key");
  }
  outcomes = decode_outcomes(row.blob(1));
  return outcomes;
}

Result<void> remember_outcome(const PreparedBatch& batch, const std::vector<AppendOutcome>& outcomes,
                              WriteContext& context) {
  auto save = context.db.prepare(
      "INSERT INTO idempotency (tenant, key, body_hash, outcome, created_at) VALUES (?1, ?2, ?3, ?4, ?5) "
      "ON CONFLICT (tenant, key) DO UPDATE SET body_hash = excluded.body_hash, outcome = excluded.outcome, "
      "created_at = excluded.created_at");
  const auto bytes = encode_outcomes(outcomes);
  return save.run(batch.tenant.value, batch.idempotency_key, batch.body_hash, Blob{bytes}, context.now);
}

}  // namespace tocsin::store
