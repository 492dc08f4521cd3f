#include "store/postgres/alert_append.h"

#include <algorithm>

#include "store/postgres/append_lookup.h"
#include "store/postgres/copy_rows.h"
#include "store/sql/created_alerts.h"
#include "store/sql/idempotency.h"
#include "store/sqlite/alert_row.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kOccurrencesKept = 100;

constexpr const char* kCopyAlerts =
    "COPY alerts (tenant, seq, block, slot, id_key, fingerprint_key, occurred_at, received_at, first_seen, "
    "last_seen, occurrences, fingerprint, version, fp_probability, confidence, priority, severity, status, "
    "verdict, asset_tier, requires_review, ulid, source, source_id, type, title, host, \"user\", ip, "
    "assignee, "
    "close_reason, attack, tags) FROM STDIN BINARY";
constexpr std::int16_t kAlertColumns = 33;
constexpr const char* kCopyBlocks =
    "COPY blocks (tenant, block, first_seq, created, links, docs) FROM STDIN BINARY";
constexpr std::int16_t kBlockColumns = 6;
constexpr const char* kCopyOccurrences =
    "COPY alert_occurrences (tenant, alert_seq, number, occurred_at, received_at, block, slot, id_key, "
    "source_id) FROM STDIN BINARY";
constexpr std::int16_t kOccurrenceColumns = 9;

struct Place {
  model::Seq seq = 0;
  std::int64_t block = 0;
  std::size_t slot = 0;
};

void add_row(CopyRows& rows, const PreparedBatch& batch, const PreparedAlert& a, const Place& place,
             std::string_view tags) {
  rows.begin_row(kAlertColumns);
  rows.big(batch.tenant.value);
  rows.big(place.seq);
  rows.big(place.block);
  rows.integer(static_cast<std::int64_t>(place.slot));
  rows.optional_big(a.id_key, a.id_key != 0);
  rows.optional_big(a.fingerprint_key, a.fingerprint_key != 0);
  for (const auto time : {a.occurred_at, a.received_at, a.first_seen, a.last_seen})
    rows.big(to_unix_nanos(time));
  rows.big(a.occurrences);
  rows.big(static_cast<std::int64_t>(a.fingerprint));
  rows.big(1);  // version
  rows.real(a.fp_probability);
  rows.real(a.confidence);
  rows.small(a.priority);
  rows.small(static_cast<std::int64_t>(a.severity));
  rows.small(static_cast<std::int64_t>(a.status));
  rows.small(static_cast<std::int64_t>(a.verdict));
  rows.small(static_cast<std::int64_t>(a.asset_tier));
  rows.small(a.requires_review ? 1 : 0);
  rows.text(batch.view(a.ulid));
  rows.text(batch.view(a.source));
  rows.optional_text(batch.view(a.source_id), a.has_source_id);
  rows.text(batch.view(a.type));
  rows.text(batch.view(a.title));
  for (const auto entity : {a.host, a.user, a.ip}) rows.optional_text(batch.view(entity), entity.size > 0);
  rows.optional_text(batch.view(a.assignee), a.has_assignee);
  rows.optional_text(batch.view(a.close_reason), a.has_close_reason);
  rows.optional_blob(batch.view(a.attack));
  rows.optional_blob(tags);
}

// One list for each column of the alerts that took repeats.
class RepeatLists {
 public:
  void add(const Candidate& one) {
    const std::array<std::int64_t, 5> values{one.seq, one.occurrences, to_unix_nanos(one.first_seen),
                                             to_unix_nanos(one.last_seen), one.added};
    for (std::size_t i = 0; i < values.size(); ++i) {
      lists_[i] += (lists_[i].empty() ? "{" : ",") + std::to_string(values[i]);
    }
  }
  bool empty() const { return lists_[0].empty(); }

  Result<void> write(TenantId tenant, Connection& db, Timestamp now) const {
    auto update = db.prepare(
        "UPDATE alerts SET occurrences = t.n, first_seen = t.f, last_seen = t.l, version = version + "
        "t.added, "
        "updated_at = ?7 FROM unnest(?2::text::int8[], ?3::text::int8[], ?4::text::int8[], ?5::text::int8[], "
        "?6::text::int8[]) AS t (seq, n, f, l, added) WHERE alerts.tenant = ?1 AND alerts.seq = t.seq");
    TOCSIN_CHECK(update.run(tenant.value, list(0), list(1), list(2), list(3), list(4), now));
    auto prune = db.prepare(
        "DELETE FROM alert_occurrences AS o USING unnest(?2::text::int8[], ?3::text::int8[]) AS t (seq, n) "
        "WHERE o.tenant = ?1 AND o.alert_seq = t.seq AND o.number <= t.n - ?4");
    return prune.run(tenant.value, list(0), list(1), kOccurrencesKept);
  }

 private:
  std::string list(std::size_t i) const { return lists_[i] + "}"; }
  std::array<std::string, 5> lists_;
};

// The batches of one tenant.
class TenantAppend {
 public:
  using Outcomes = std::vector<AppendOutcome>;

  TenantAppend(TenantId tenant, GroupAppender::Numbers numbers, WriteContext& context)
      : tenant_(tenant), numbers_(numbers), context_(context) {}

  Result<void> read(std::span<const PreparedBatch* const> batches) {
    return lookup_.read(context_.db, tenant_, batches);
  }

  // An error of the caller's making is one of this batch alone.
  Result<Outcomes> place(const PreparedBatch& batch) {
    if (!batch.idempotency_key.empty()) {
      TOCSIN_TRY(earlier, earlier_outcome(batch, context_));
      if (earlier) return *std::move(earlier);
    }
    Outcomes outcomes;
    for (const auto& block : batch.blocks) place_block(batch, block, outcomes);
    if (!batch.idempotency_key.empty()) TOCSIN_CHECK(remember_outcome(batch, outcomes, context_));
    return outcomes;
  }

  Result<GroupAppender::Numbers> write() {
    auto& db = static_cast<PgConnection&>(context_.db);
    if (alerts_.rows() > 0) TOCSIN_CHECK(db.copy(kCopyAlerts, alerts_.finish()));
    if (blocks_.rows() > 0) TOCSIN_CHECK(db.copy(kCopyBlocks, blocks_.finish()));
    if (occurrences_.rows() > 0) TOCSIN_CHECK(db.copy(kCopyOccurrences, occurrences_.finish()));
    RepeatLists repeats;
    for (const auto* one : lookup_.repeated()) repeats.add(*one);
    if (!repeats.empty()) TOCSIN_CHECK(repeats.write(tenant_, db, context_.now));
    created_.write(tenant_, context_);
    note_changes();
    if (blocks_.rows() == 0) return numbers_;
    TOCSIN_CHECK(db.prepare("UPDATE tenant_locks SET last_seq = ?2, last_block = ?3 WHERE tenant = ?1")
                     .run(tenant_.value, numbers_.last_seq, numbers_.last_block));
    return numbers_;
  }

 private:
  void note_changes() {
    if (context_.changes == nullptr) return;
    if (alerts_.rows() > 0) context_.changes->alerts_stored(tenant_, numbers_.last_seq);
    for (const auto* one : lookup_.repeated()) context_.changes->alert(tenant_, alert_id(one->ulid).str());
  }

  void place_block(const PreparedBatch& batch, const PreparedBlock& block, Outcomes& outcomes) {
    const auto number = numbers_.last_block + 1;
    const auto first_seq = numbers_.last_seq + 1;
    std::string created((block.count + 7) / 8, '\0');
    bool used = false;
    for (std::size_t slot = 0; slot < block.count; ++slot) {
      auto outcome = place_alert(batch, batch.alerts[block.first + slot], number, slot);
      ingested_.add(batch.view(batch.alerts[block.first + slot].source), outcome);
      if (outcome.kind == AppendKind::kCreated)
        created[slot / 8] = static_cast<char>(created[slot / 8] | 1 << slot % 8);
      used = used || outcome.kind != AppendKind::kDuplicate;
      outcomes.push_back(std::move(outcome));
    }
    if (!used) return;
    numbers_.last_block = number;
    ingested_.hand_over(tenant_, {number, first_seq, block.digest}, context_);
    const bool all = static_cast<std::size_t>(numbers_.last_seq - first_seq) + 1 == block.count;
    blocks_.begin_row(kBlockColumns);
    blocks_.big(tenant_.value);
    blocks_.big(number);
    blocks_.big(first_seq);
    blocks_.optional_blob(all ? std::string_view() : created);
    blocks_.blob(block.links);
    blocks_.blob(block.docs);
  }

  AppendOutcome place_alert(const PreparedBatch& batch, const PreparedAlert& added, std::int64_t block,
                            std::size_t slot) {
    if (const auto* known = lookup_.with_client_id(added, batch))
      return {AppendKind::kDuplicate, alert_id(known->ulid), known->seq};
    const auto repeats = lookup_.with_fingerprint(added);
    const auto open = std::find_if(repeats.begin(), repeats.end(),
                                   [&](const Candidate* c) { return takes(*c, batch, added); });
    if (open != repeats.end()) return add_occurrence(**open, batch, added, block, slot);
    const bool after_closed = !repeats.empty() && repeats.front()->status == model::AlertStatus::kClosed;
    return create(batch, added, after_closed ? repeats.front() : nullptr, block, slot);
  }

  // What comes closed repeats what is closed for the same reason; what comes open repeats what is open.
  bool takes(const Candidate& candidate, const PreparedBatch& batch, const PreparedAlert& added) const {
    if ((candidate.status == model::AlertStatus::kClosed) != added.comes_closed()) return false;
    if (added.comes_closed() && candidate.close_reason != batch.view(added.close_reason)) return false;
    const auto apart = added.occurred_at - candidate.last_seen;
    return (apart < Nanos(0) ? -apart : apart) <= context_.options.dedup_window;
  }

  AppendOutcome add_occurrence(Candidate& open, const PreparedBatch& batch, const PreparedAlert& added,
                               std::int64_t block, std::size_t slot) {
    ++open.occurrences;
    ++open.added;
    open.first_seen = std::min(open.first_seen, added.occurred_at);
    open.last_seen = std::max(open.last_seen, added.occurred_at);
    occurrences_.begin_row(kOccurrenceColumns);
    occurrences_.big(tenant_.value);
    occurrences_.big(open.seq);
    occurrences_.big(open.occurrences);
    occurrences_.big(to_unix_nanos(added.occurred_at));
    occurrences_.big(to_unix_nanos(added.received_at));
    occurrences_.big(block);
    occurrences_.integer(static_cast<std::int64_t>(slot));
    occurrences_.optional_big(added.id_key, added.id_key != 0);
    occurrences_.optional_text(batch.view(added.source_id), added.id_key != 0);
    lookup_.add_repeat(added, batch, open);
    return {AppendKind::kOccurrence, alert_id(open.ulid), open.seq};
  }

  AppendOutcome create(const PreparedBatch& batch, const PreparedAlert& added, const Candidate* repeat_of,
                       std::int64_t block, std::size_t slot) {
    const auto seq = ++numbers_.last_seq;
    std::string with_link;
    std::string tag;
    auto tags = batch.view(added.tags);
    if (repeat_of != nullptr) {
      tag = "repeat-of:" + std::string(AlertTag::kPrefix) + repeat_of->ulid;
      with_link = with_tag(tags, tag);
      tags = with_link;
    }
    add_row(alerts_, batch, added, {seq, block, slot}, tags);
    lookup_.add(added, batch, seq);
    created_.add(added.severity, added.status, batch.view(added.source));
    return {AppendKind::kCreated, alert_id(batch.view(added.ulid)), seq, std::move(tag)};
  }

  const TenantId tenant_;
  GroupAppender::Numbers numbers_;
  WriteContext& context_;
  AppendLookup lookup_;
  CopyRows alerts_, blocks_, occurrences_;
  CreatedAlerts created_;
  IngestedParts ingested_;  // of the block at hand
};

}  // namespace

Result<void> GroupAppender::append(std::span<const PreparedBatch* const> batches, WriteContext& context) {
  outcomes_.clear();
  std::map<std::int64_t, std::vector<const PreparedBatch*>> by_tenant;
  for (const auto* batch : batches) by_tenant[batch->tenant.value].push_back(batch);
  for (const auto& [tenant, own] : by_tenant) {
    TenantAppend append({tenant}, held_[tenant], context);
    TOCSIN_CHECK(append.read(own));
    for (const auto* batch : own) {
      context.origin = &batch->origin;
      auto placed = append.place(*batch);
      if (!placed && !callers_mistake(placed.error().kind)) return std::move(placed).error();
      outcomes_.emplace(batch, std::move(placed));
    }
    TOCSIN_TRY(numbers, append.write());
    held_[tenant] = numbers;
  }
  return {};
}

Result<std::vector<AppendOutcome>> GroupAppender::take(const PreparedBatch& batch) {
  const auto found = outcomes_.find(&batch);
  if (found == outcomes_.end()) return error(ErrorKind::kInternal, "append alerts", "its outcome is missing");
  auto outcome = std::move(found->second);
  outcomes_.erase(found);
  return outcome;
}

}  // namespace tocsin::store
