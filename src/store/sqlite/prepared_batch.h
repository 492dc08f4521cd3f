#pragma once
// A batch with all the work done that needs no database, on the caller's thread.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.h"
#include "store/acting.h"
#include "store/sqlite/codec.h"
#include "store/sqlite/key_index.h"

namespace tocsin::store {

// A row ready to be bound. Texts are places in PreparedBatch::text: a batch is one allocation and not a
// thousand, and costs the writer's thread nothing to let go of.
struct PreparedAlert {
  struct Text {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
  };
  Text ulid, source, source_id, type, title, host, user, ip, attack, assignee, close_reason, tags;
  model::Severity severity{};
  model::AlertStatus status{};
  model::Verdict verdict{};
  model::AssetTier asset_tier{};
  bool has_source_id = false;
  bool has_assignee = false;
  bool has_close_reason = false;
  bool requires_review = false;
  int priority = 0;
  std::int64_t occurrences = 1;
  Timestamp occurred_at{}, received_at{}, first_seen{}, last_seen{};
  double fp_probability = 0;
  double confidence = 0;
  std::uint64_t fingerprint = 0;
  Key id_key = 0;           // 0: the client gave no id
  Key fingerprint_key = 0;  // 0: it has none

  bool comes_closed() const { return status == model::AlertStatus::kClosed && has_close_reason; }
};

struct PreparedBlock {
  std::size_t first = 0;  // of PreparedBatch::alerts
  std::size_t count = 0;
  std::string links;
  std::string docs;
  std::string columns;  // of the alerts' rows (encode_columns)
  std::string digest;   // of links and docs (audit_log.h)
};

struct PreparedBatch {
  TenantId tenant;
  Origin origin;  // who delivered it
  std::vector<PreparedAlert> alerts;
  std::string text;
  std::string_view view(PreparedAlert::Text at) const {
    return std::string_view(text).substr(at.offset, at.size);
  }
  std::vector<PreparedBlock> blocks;
  std::string idempotency_key;
  std::uint64_t body_hash = 0;
  std::size_t bytes = 0;  // roughly what it holds in memory
};

// An alert's columns, for PreparedBlock::columns.
void encode_columns(const PreparedAlert& row, std::string_view text, std::string& out);

// A whole batch but for its origin, for the ingest journal. Nothing for bytes that encode_batch did not
// write.
void encode_batch(const PreparedBatch& batch, std::string& out);
std::shared_ptr<PreparedBatch> decode_batch(ByteReader& from);
void encode_origin(const Origin& origin, std::string& out);
Origin decode_origin(ByteReader& from);

// Speaks for whom the calling thread speaks for. Takes kInvalidInput for an Idempotency-Key of more than 255
// bytes.
Result<std::shared_ptr<const PreparedBatch>> prepare_batch(TenantId tenant, IngestBatch batch);

}  // namespace tocsin::store
