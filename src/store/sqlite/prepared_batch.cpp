#include "store/sqlite/prepared_batch.h"

#include <array>

#include "store/sql/audit_log.h"

namespace tocsin::store {
namespace {

constexpr std::array kTexts{&PreparedAlert::ulid,     &PreparedAlert::source,       &PreparedAlert::source_id,
                            &PreparedAlert::type,     &PreparedAlert::title,        &PreparedAlert::host,
                            &PreparedAlert::user,     &PreparedAlert::ip,           &PreparedAlert::attack,
                            &PreparedAlert::assignee, &PreparedAlert::close_reason, &PreparedAlert::tags};
constexpr std::array kFlags{&PreparedAlert::has_source_id, &PreparedAlert::has_assignee,
                            &PreparedAlert::has_close_reason, &PreparedAlert::requires_review};
constexpr std::array kTimes{&PreparedAlert::occurred_at, &PreparedAlert::received_at,
                            &PreparedAlert::first_seen, &PreparedAlert::last_seen};

std::uint64_t flags_of(const PreparedAlert& row) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < kFlags.size(); ++i) bits |= std::uint64_t{row.*kFlags[i]} << i;
  return bits;
}

template <class Enum>
Enum enumerator(ByteReader& from) {
  return static_cast<Enum>(from.varint());
}

PreparedAlert decode_row(ByteReader& from, PreparedBatch& batch) {
  PreparedAlert row;
  for (const auto text : kTexts) {
    const auto value = from.text();
    row.*text = {static_cast<std::uint32_t>(batch.text.size()), static_cast<std::uint32_t>(value.size())};
    batch.text += value;
  }
  const auto bits = from.varint();
  for (std::size_t i = 0; i < kFlags.size(); ++i) row.*kFlags[i] = (bits >> i & 1) != 0;
  for (const auto time : kTimes) row.*time = from.time();
  row.severity = enumerator<model::Severity>(from);
  row.status = enumerator<model::AlertStatus>(from);
  row.verdict = enumerator<model::Verdict>(from);
  row.asset_tier = enumerator<model::AssetTier>(from);
  row.priority = static_cast<int>(from.signed_varint());
  row.occurrences = from.signed_varint();
  row.fp_probability = from.real();
  row.confidence = from.real();
  row.fingerprint = from.fixed64();
  if (row.has_source_id) {
    row.id_key = client_id_key(batch.tenant, batch.view(row.source), batch.view(row.source_id));
  }
  if (row.fingerprint != 0) row.fingerprint_key = fingerprint_key(batch.tenant, row.fingerprint);
  return row;
}

}  // namespace

void encode_columns(const PreparedAlert& row, std::string_view text, std::string& out) {
  ByteWriter to(out);
  for (const auto at : kTexts) to.text(text.substr((row.*at).offset, (row.*at).size));
  to.varint(flags_of(row));
  for (const auto time : kTimes) to.time(row.*time);
  to.varint(static_cast<std::uint64_t>(row.severity));
  to.varint(static_cast<std::uint64_t>(row.status));
  to.varint(static_cast<std::uint64_t>(row.verdict));
  to.varint(static_cast<std::uint64_t>(row.asset_tier));
  to.signed_varint(row.priority);
  to.signed_varint(row.occurrences);
  to.real(row.fp_probability);
  to.real(row.confidence);
  to.fixed64(row.fingerprint);
}

void encode_batch(const PreparedBatch& batch, std::string& out) {
  ByteWriter to(out);
  to.signed_varint(batch.tenant.value);
  to.text(batch.idempotency_key);
  to.fixed64(batch.body_hash);
  to.varint(batch.blocks.size());
  for (const auto& block : batch.blocks) {
    to.varint(block.count);
    to.text(block.columns);
    to.text(block.links);
    to.text(block.docs);
  }
}

void encode_origin(const Origin& origin, std::string& out) {
  ByteWriter to(out);
  to.varint(static_cast<std::uint64_t>(origin.kind));
  to.text(origin.actor);
  to.text(origin.address);
  to.text(origin.trace_id);
  to.text(origin.reason);
}

Origin decode_origin(ByteReader& from) {
  Origin origin;
  origin.kind = enumerator<ActorKind>(from);
  origin.actor = from.text();
  origin.address = from.text();
  origin.trace_id = from.text();
  origin.reason = from.text();
  return origin;
}

std::shared_ptr<PreparedBatch> decode_batch(ByteReader& from) {
  auto batch = std::make_shared<PreparedBatch>();
  batch->tenant = {from.signed_varint()};
  batch->idempotency_key = from.text();
  batch->body_hash = from.fixed64();
  batch->blocks.resize(from.count());
  for (auto& block : batch->blocks) {
    block.first = batch->alerts.size();
    block.count = from.varint();
    ByteReader columns(from.text());
    for (std::size_t i = 0; i < block.count && columns.ok(); ++i) {
      batch->alerts.push_back(decode_row(columns, *batch));
    }
    if (!columns.done()) return nullptr;
    block.links = from.text();
    block.docs = from.text();
    block.digest = block_digest(block.links, block.docs);
    batch->bytes += block.links.size() + block.docs.size();
  }
  return from.ok() ? batch : nullptr;
}

}  // namespace tocsin::store
