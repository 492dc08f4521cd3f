#include "store/sqlite/alert_append.h"

#include <algorithm>

#include "store/sql/created_alerts.h"
#include "store/sql/idempotency.h"
#include "store/sqlite/alert_row.h"
#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kCandidates = 8;  // alerts of one key that are looked at, newest first
constexpr std::int64_t kOccurrencesKept = 100;
constexpr std::size_t kAhead = 4;  // alerts whose keys are fetched before they are needed

// A stored alert that might be the same as a new one.
struct Candidate {
  model::Seq seq = 0;
  std::string ulid;
  std::string source;
  std::string source_id;
  std::uint64_t fingerprint = 0;
  model::AlertStatus status = model::AlertStatus::kNew;
  Timestamp last_seen{};
  std::int64_t occurrences = 0;
  std::string close_reason;
};

// Appends one batch; holds the statements it needs for all alerts of it.
class Appender {
 public:
  Appender(const PreparedBatch& batch, IngestState& ingest, WriteContext& context)
      : batch_(batch),
        ingest_(ingest),
        context_(context),
        insert_(context.db.prepare(insert_alert())),
        lookup_(context.db.prepare("SELECT seq FROM alert_keys WHERE key = ?1 ORDER BY seq DESC LIMIT ?2")) {}

  Result<std::vector<AppendOutcome>> run() {
    for (const auto& block : batch_.blocks) TOCSIN_CHECK(append_block(block));
    created_.write(batch_.tenant, context_);
    return std::move(outcomes_);
  }

 private:
  Result<void> append_block(const PreparedBlock& block) {
    const auto number = ingest_.last_block + 1;
    const auto first_seq = ingest_.last_seq + 1;
    std::string created((block.count + 7) / 8, '\0');
    bool used = false;
    for (std::size_t slot = 0; slot < std::min(kAhead, block.count); ++slot) prefetch(block, slot);
    for (std::size_t slot = 0; slot < block.count; ++slot) {
      if (slot + kAhead < block.count) prefetch(block, slot + kAhead);
      TOCSIN_TRY(outcome, place(batch_.alerts[block.first + slot], number, slot));
      ingested_.add(batch_.view(batch_.alerts[block.first + slot].source), outcome);
      if (outcome.kind == AppendKind::kCreated)
        created[slot / 8] = static_cast<char>(created[slot / 8] | 1 << slot % 8);
      used = used || outcome.kind != AppendKind::kDuplicate;
      outcomes_.push_back(std::move(outcome));
    }
    if (!used) return {};
    ingest_.last_block = number;
    ingested_.hand_over(batch_.tenant, {number, first_seq, block.digest}, context_);
    const bool all = static_cast<std::size_t>(ingest_.last_seq - first_seq) + 1 == block.count;
    auto save = context_.db.prepare(
        "INSERT INTO blocks (block, tenant, first_seq, created, links, docs) VALUES (?1, ?2, ?3, ?4, ?5, "
        "?6)");
    return save.run(number, batch_.tenant.value, first_seq, all ? std::nullopt : std::optional(Blob{created}),
                    Blob{block.links}, Blob{block.docs});
  }

  // The keys of all alerts are random places in memory: fetched while the alerts before are inserted.
  void prefetch(const PreparedBlock& block, std::size_t slot) const {
    const auto& alert = batch_.alerts[block.first + slot];
    for (const auto key : {alert.id_key, alert.fingerprint_key}) {
      ingest_.tail.prefetch(key);
      if (ingest_.bloom_ready) ingest_.bloom.prefetch(key);
    }
  }

  Result<AppendOutcome> place(const PreparedAlert& added, std::int64_t block, std::size_t slot) {
    TOCSIN_TRY(known, find_client_id(added));
    if (known) return AppendOutcome{AppendKind::kDuplicate, alert_id(known->ulid), known->seq};
    TOCSIN_TRY(repeats, find_repeats(added));
    const auto open =
        std::find_if(repeats.begin(), repeats.end(), [&](const Candidate& c) { return takes(c, added); });
    if (open != repeats.end()) return add_occurrence(*open, added, block, slot);
    const bool after_closed = !repeats.empty() && repeats.front().status == model::AlertStatus::kClosed;
    return create(added, after_closed ? &repeats.front() : nullptr, block, slot);
  }

  // What comes closed repeats what is closed for the same reason; what comes open repeats what is open.
  bool takes(const Candidate& candidate, const PreparedAlert& added) const {
    if ((candidate.status == model::AlertStatus::kClosed) != added.comes_closed()) return false;
    if (added.comes_closed() && candidate.close_reason != batch_.view(added.close_reason)) return false;
    const auto apart = added.occurred_at - candidate.last_seen;
    return (apart < Nanos(0) ? -apart : apart) <= context_.options.dedup_window;
  }

  // Newest first; from the tail, and from the table unless the filter knows that it has none.
  Result<std::vector<model::Seq>> seqs_of(Key key) {
    auto seqs = ingest_.tail.find(key, kCandidates);
    if (ingest_.bloom_ready && !ingest_.bloom.may_have(key)) return seqs;
    lookup_.query(key, kCandidates);
    while (seqs.size() < kCandidates && lookup_.next()) seqs.push_back(lookup_.int64(0));
    TOCSIN_CHECK(lookup_.status());
    return seqs;
  }

  Result<std::optional<Candidate>> load(model::Seq seq) {
    auto row = context_.db.prepare(
        "SELECT ulid, source, source_id, fingerprint, status, last_seen, occurrences, close_reason "
        "FROM alerts WHERE seq = ?1 AND tenant = ?2");
    if (!row.query(seq, batch_.tenant.value).next()) {
      TOCSIN_CHECK(row.status());
      return std::optional<Candidate>();
    }
    Candidate candidate;
    candidate.seq = seq;
    candidate.ulid = row.text(0);
    candidate.source = row.text(1);
    candidate.source_id = row.text(2);
    candidate.fingerprint = static_cast<std::uint64_t>(row.int64(3));
    candidate.status = static_cast<model::AlertStatus>(row.integer(4));
    candidate.last_seen = row.time(5);
    candidate.occurrences = row.int64(6);
    candidate.close_reason = row.text(7);
    return std::optional(std::move(candidate));
  }

  Result<std::optional<Candidate>> find_client_id(const PreparedAlert& added) {
    if (added.id_key == 0) return std::optional<Candidate>();
    TOCSIN_TRY(seqs, seqs_of(added.id_key));
    for (const auto seq : seqs) {
      TOCSIN_TRY(candidate, load(seq));
      if (candidate && candidate->source == batch_.view(added.source) &&
          candidate->source_id == batch_.view(added.source_id)) {
        return candidate;
      }
    }
    return find_id_of_repeat(added);
  }

  Result<std::optional<Candidate>> find_id_of_repeat(const PreparedAlert& added) {
    if (ingest_.bloom_ready && !ingest_.bloom.may_have(added.id_key)) return std::optional<Candidate>();
    auto row =
        context_.db.prepare("SELECT alert_seq FROM alert_occurrences WHERE id_key = ?1 AND source_id = ?2");
    row.query(added.id_key, batch_.view(added.source_id));
    if (row.next()) return load(row.int64(0));
    TOCSIN_CHECK(row.status());
    return std::optional<Candidate>();
  }

  Result<std::vector<Candidate>> find_repeats(const PreparedAlert& added) {
    std::vector<Candidate> repeats;
    if (added.fingerprint_key == 0) return repeats;
    TOCSIN_TRY(seqs, seqs_of(added.fingerprint_key));
    for (const auto seq : seqs) {
      TOCSIN_TRY(candidate, load(seq));
      if (candidate && candidate->fingerprint == added.fingerprint) repeats.push_back(std::move(*candidate));
    }
    return repeats;
  }

  Result<AppendOutcome> add_occurrence(const Candidate& open, const PreparedAlert& added, std::int64_t block,
                                       std::size_t slot) {
    const auto number = open.occurrences + 1;
    auto update = context_.db.prepare(
        "UPDATE alerts SET occurrences = ?2, first_seen = min(first_seen, ?3), last_seen = max(last_seen, "
        "?3), "
        "updated_at = ?4, version = version + 1 WHERE seq = ?1");
    TOCSIN_CHECK(update.run(open.seq, number, added.occurred_at, context_.now));
    auto keep = context_.db.prepare(
        "INSERT INTO alert_occurrences (alert_seq, number, occurred_at, received_at, block, slot, id_key, "
        "source_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
    const bool has_id = added.id_key != 0;
    TOCSIN_CHECK(keep.run(open.seq, number, added.occurred_at, added.received_at, block, slot,
                          has_id ? std::optional(added.id_key) : std::nullopt,
                          has_id ? std::optional(batch_.view(added.source_id)) : std::nullopt));
    if (has_id) ingest_.bloom.add(added.id_key);
    if (number > kOccurrencesKept) {
      auto prune = context_.db.prepare("DELETE FROM alert_occurrences WHERE alert_seq = ?1 AND number <= ?2");
      TOCSIN_CHECK(prune.run(open.seq, number - kOccurrencesKept));
    }
    return AppendOutcome{AppendKind::kOccurrence, alert_id(open.ulid), open.seq};
  }

  Result<AppendOutcome> create(const PreparedAlert& added, const Candidate* repeat_of, std::int64_t block,
                               std::size_t slot) {
    const auto seq = ingest_.last_seq + 1;
    std::string with_link;
    std::string tag;
    auto tags = batch_.view(added.tags);
    if (repeat_of != nullptr) {
      tag = "repeat-of:" + std::string(AlertTag::kPrefix) + repeat_of->ulid;
      with_link = with_tag(tags, tag);
      tags = with_link;
    }
    TOCSIN_CHECK(insert_row(added, seq, tags, block, slot));
    ingest_.last_seq = seq;
    if (added.id_key != 0) ingest_.tail.add(added.id_key, seq);
    if (added.fingerprint_key != 0) ingest_.tail.add(added.fingerprint_key, seq);
    created_.add(added.severity, added.status, batch_.view(added.source));
    return AppendOutcome{AppendKind::kCreated, alert_id(batch_.view(added.ulid)), seq, std::move(tag)};
  }

  Result<void> insert_row(const PreparedAlert& added, model::Seq seq, std::string_view tags,
                          std::int64_t block, std::size_t slot) {
    const auto text = [&](PreparedAlert::Text at, bool present) {
      return present ? std::optional(batch_.view(at)) : std::nullopt;
    };
    const auto blob = [](std::string_view value) {
      return value.empty() ? std::nullopt : std::optional(Blob{value});
    };
    return insert_.run(seq, batch_.tenant.value, batch_.view(added.ulid), batch_.view(added.source),
                       text(added.source_id, added.has_source_id), batch_.view(added.type),
                       batch_.view(added.title), added.severity, added.status, added.verdict, added.priority,
                       added.occurred_at, added.received_at, added.first_seen, added.last_seen,
                       added.occurrences, added.fingerprint, text(added.host, added.host.size > 0),
                       text(added.user, added.user.size > 0), text(added.ip, added.ip.size > 0),
                       added.asset_tier, added.requires_review, added.fp_probability, added.confidence,
                       blob(batch_.view(added.attack)), text(added.assignee, added.has_assignee),
                       text(added.close_reason, added.has_close_reason), blob(tags), block, slot);
  }

  const PreparedBatch& batch_;
  IngestState& ingest_;
  WriteContext& context_;
  Statement insert_;
  Statement lookup_;
  std::vector<AppendOutcome> outcomes_;
  CreatedAlerts created_;
  IngestedParts ingested_;  // of the block at hand
};

}  // namespace

Result<std::vector<AppendOutcome>> append_batch(const PreparedBatch& batch, IngestState& ingest,
                                                WriteContext& context) {
  if (batch.idempotency_key.empty()) return Appender(batch, ingest, context).run();
  TOCSIN_TRY(earlier, earlier_outcome(batch, context));
  if (earlier) return *std::move(earlier);
  TOCSIN_TRY(outcomes, Appender(batch, ingest, context).run());
  TOCSIN_CHECK(remember_outcome(batch, outcomes, context));
  return outcomes;
}

}  // namespace tocsin::store
