#include "model/link.h"
#include "store/sqlite/alert_append.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1}
                                    << 20;  // a reader of one document unpacks no more than about this
constexpr std::size_t kIdempotencyKeyBytes = 255;
constexpr std::size_t kRowBytes = 1024;  // of an alert's other fields, as a guess for the queue's bound

// The document's fields have been written out: the queue should not hold them twice.
void drop_document(model::Alert& alert) {
  alert.message = {};
  alert.raw = {};
  alert.entities = {};
  alert.iocs = {};
  alert.facts = {};
  alert.triage.reasons = {};
  alert.process = {};
}

PreparedAlert prepare(TenantId tenant, NewAlert added) {
  PreparedAlert prepared;
  if (added.alert.first_seen == Timestamp{}) added.alert.first_seen = added.alert.occurred_at;
  if (added.alert.last_seen == Timestamp{}) added.alert.last_seen = added.alert.occurred_at;
  const auto columns = alert_columns(added.alert);
  prepared.ulid = columns.ulid;
  prepared.host = columns.host;
  prepared.user = columns.user;
  prepared.ip = columns.ip;
  prepared.attack = columns.attack;
  prepared.tags = columns.tags;
  prepared.fingerprint = added.fingerprint;
  const auto& alert = added.alert;
  if (alert.source_id && alert.source_id->empty()) added.alert.source_id.reset();
  if (alert.source_id) prepared.id_key = client_id_key(tenant, alert.source, *alert.source_id);
  if (added.fingerprint != 0) prepared.fingerprint_key = fingerprint_key(tenant, added.fingerprint);
  drop_document(added.alert);
  prepared.alert = std::move(added.alert);
  return prepared;
}

void close_block(PreparedBlock& block, BlockWriter& docs, PreparedBatch& batch) {
  if (block.count == 0) return;
  block.docs = docs.pack();
  batch.bytes += block.docs.size() + block.links.size();
  docs = BlockWriter();
  const auto next = block.first + block.count;
  batch.blocks.push_back(std::move(block));
  block = PreparedBlock();
  block.first = next;
}

}  // namespace

Result<std::shared_ptr<const PreparedBatch>> prepare_batch(TenantId tenant, IngestBatch batch) {
  if (batch.idempotency_key.size() > kIdempotencyKeyBytes) {
    return error(ErrorKind::kInvalidInput, "append alerts", "the Idempotency-Key is longer than 255 bytes",
                 "Use a UUID");
  }
  auto prepared = std::make_shared<PreparedBatch>();
  prepared->tenant = tenant;
  prepared->idempotency_key = std::move(batch.idempotency_key);
  prepared->body_hash = batch.body_hash;
  prepared->alerts.reserve(batch.alerts.size());
  PreparedBlock block;
  BlockWriter docs;
  for (auto& added : batch.alerts) {
    model::encode(model::make_link_record(added.alert), block.links);
    encode_document(added.alert, docs.open_item());
    docs.close_item();
    ++block.count;
    prepared->alerts.push_back(prepare(tenant, std::move(added)));
    if (docs.bytes() >= kBlockBytes) close_block(block, docs, *prepared);
  }
  close_block(block, docs, *prepared);
  prepared->bytes += prepared->alerts.size() * kRowBytes;
  return std::shared_ptr<const PreparedBatch>(std::move(prepared));
}

}  // namespace tocsin::store
