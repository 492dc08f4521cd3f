#include "model/link.h"
#include "store/sql/audit_log.h"
#include "store/sqlite/alert_row.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/prepared_batch.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kBlockBytes = std::size_t{1}
                                    << 20;  // a reader of one document unpacks no more than about this
constexpr std::size_t kIdempotencyKeyBytes = 255;

PreparedAlert::Text put(std::string_view value, std::string& text) {
  const auto offset = static_cast<std::uint32_t>(text.size());
  text += value;
  return {offset, static_cast<std::uint32_t>(value.size())};
}

void put_texts(const model::Alert& alert, PreparedAlert& row, std::string& text) {
  const auto columns = alert_columns(alert);
  row.ulid = put(columns.ulid, text);
  row.host = put(columns.host, text);
  row.user = put(columns.user, text);
  row.ip = put(columns.ip, text);
  row.attack = put(columns.attack, text);
  row.tags = put(columns.tags, text);
  row.source = put(alert.source, text);
  row.source_id = put(alert.source_id.value_or(""), text);
  row.type = put(alert.type, text);
  row.title = put(alert.title, text);
  row.assignee = put(alert.assignee.value_or(""), text);
  row.close_reason = put(alert.close_reason.value_or(""), text);
}

void put_numbers(const model::Alert& alert, PreparedAlert& row) {
  row.severity = alert.severity;
  row.status = alert.status;
  row.verdict = alert.triage.verdict;
  row.asset_tier = alert.asset_tier;
  row.has_source_id = alert.source_id && !alert.source_id->empty();
  row.has_assignee = alert.assignee.has_value();
  row.has_close_reason = alert.close_reason.has_value();
  row.requires_review = alert.requires_review;
  row.priority = alert.priority;
  row.occurrences = alert.occurrences;
  row.occurred_at = alert.occurred_at;
  row.received_at = alert.received_at;
  row.first_seen = alert.first_seen == Timestamp{} ? alert.occurred_at : alert.first_seen;
  row.last_seen = alert.last_seen == Timestamp{} ? alert.occurred_at : alert.last_seen;
  row.fp_probability = alert.triage.fp_probability;
  row.confidence = alert.triage.confidence;
}

PreparedAlert prepare(TenantId tenant, const NewAlert& added, std::string& text) {
  const auto& alert = added.alert;
  PreparedAlert row;
  put_texts(alert, row, text);
  put_numbers(alert, row);
  row.fingerprint = added.fingerprint;
  if (row.has_source_id) row.id_key = client_id_key(tenant, alert.source, *alert.source_id);
  if (added.fingerprint != 0) row.fingerprint_key = fingerprint_key(tenant, added.fingerprint);
  return row;
}

// What a batch is written into before its size is known. Kept by the thread: fresh memory for each batch
// costs more than writing it.
struct Drafts {
  BlockWriter docs;
  std::string links;
  std::string columns;
  std::string text;

  // What a batch that could not be finished left goes too.
  void clear() {
    constexpr std::size_t kKept = std::size_t{1} << 20;
    docs.clear();
    for (auto* draft : {&links, &columns, &text}) {
      draft->clear();
      if (draft->capacity() > kKept) draft->shrink_to_fit();
    }
  }
};

// Its bytes, in memory of just their size.
std::string taken(std::string& draft) {
  std::string out(draft);
  draft.clear();
  return out;
}

void close_block(PreparedBlock& block, Drafts& drafts, PreparedBatch& batch) {
  if (block.count == 0) return;
  block.docs = drafts.docs.pack();
  drafts.docs.clear();
  block.links = taken(drafts.links);
  block.columns = taken(drafts.columns);
  block.digest = block_digest(block.links, block.docs);
  batch.bytes += block.docs.size() + block.links.size() + block.columns.size();
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
  prepared->origin = Acting::current();
  prepared->idempotency_key = std::move(batch.idempotency_key);
  prepared->body_hash = batch.body_hash;
  prepared->alerts.reserve(batch.alerts.size());
  PreparedBlock block;
  thread_local Drafts drafts;
  drafts.clear();
  for (const auto& added : batch.alerts) {
    model::encode(model::make_link_record(added.alert), drafts.links);
    encode_document(added.alert, drafts.docs.open_item());
    drafts.docs.close_item();
    ++block.count;
    prepared->alerts.push_back(prepare(tenant, added, drafts.text));
    encode_columns(prepared->alerts.back(), drafts.text, drafts.columns);
    if (drafts.docs.bytes() >= kBlockBytes) close_block(block, drafts, *prepared);
  }
  close_block(block, drafts, *prepared);
  prepared->text = taken(drafts.text);
  prepared->bytes += prepared->alerts.size() * sizeof(PreparedAlert) + prepared->text.size();
  return std::shared_ptr<const PreparedBatch>(std::move(prepared));
}

}  // namespace tocsin::store
