#include "store/sqlite/open_groups.h"

#include "store/sqlite/alert_append.h"

namespace tocsin::store {
namespace {

constexpr std::uint64_t kJournalBytes = std::uint64_t{32} << 20;  // beyond that the rows are committed

Error damaged() {
  return error(ErrorKind::kInternal, "open the database", "a record of the ingest journal is damaged",
               "Restore a backup, or set the journal aside: alerts of the last second are in it");
}

}  // namespace

OpenGroups::OpenGroups(SqliteConnection& db, IngestState& state, CounterDeltas& counters,
                       IngestAudit& ingested, const SqliteOptions& options, const WriteRules& rules,
                       std::unique_ptr<IngestJournal> journal)
    : db_(db),
      state_(state),
      counters_(counters),
      ingested_(ingested),
      options_(options),
      rules_(rules),
      journal_(std::move(journal)) {}

Result<void> OpenGroups::recover() {
  TOCSIN_CHECK(begin());
  auto done = journal_->read([&](std::string_view payload) -> Result<void> {
    TOCSIN_TRY(group, decode_group(payload));
    return append(group);
  });
  if (done) done = finish();
  if (!done) roll_back();
  return done;
}

// Origins stand behind the batches: a journal of a release that kept none ends before them.
Result<OpenGroups::Group> OpenGroups::decode_group(std::string_view payload) {
  ByteReader from(payload);
  Group group{{}, from.time()};
  std::vector<std::shared_ptr<PreparedBatch>> batches;
  for (auto count = from.count(); count > 0; --count) {
    batches.push_back(decode_batch(from));
    if (!batches.back()) return damaged();
  }
  if (!from.done()) {
    for (const auto& batch : batches) batch->origin = decode_origin(from);
  }
  if (!from.done()) return damaged();
  group.batches.assign(batches.begin(), batches.end());
  return group;
}

Result<void> OpenGroups::begin() {
  if (db_.in_transaction()) return {};
  before_ = state_.mark();
  TOCSIN_CHECK(db_.exec("BEGIN IMMEDIATE"));
  return append_again();
}

Result<void> OpenGroups::end(const std::vector<std::shared_ptr<const PreparedBatch>>& batches,
                             Timestamp now) {
  record_.clear();
  ByteWriter to(record_);
  to.time(now);
  to.varint(batches.size());
  for (const auto& batch : batches) encode_batch(*batch, record_);
  for (const auto& batch : batches) encode_origin(batch->origin, record_);
  TOCSIN_CHECK(journal_->append(record_));
  groups_.push_back({batches, now});
  for (const auto& batch : batches) rows_ += batch->alerts.size();
  any_.store(true, std::memory_order_release);
  return {};
}

void OpenGroups::abandon() {
  roll_back();
  (void)commit();
}

bool OpenGroups::worth_a_commit() const {
  return rows_ >= options_.group_rows || journal_->bytes() >= kJournalBytes;
}

Result<void> OpenGroups::commit() {
  if (groups_.empty()) return {};
  auto done = begin();
  if (done) done = finish();
  if (!done) roll_back();
  return done;
}

Result<void> OpenGroups::append(const Group& group) {
  WriteContext context{db_, counters_, ingested_, state_.names, rules_, group.now, nullptr};
  for (const auto& batch : group.batches) {
    context.origin = &batch->origin;
    TOCSIN_TRY(outcomes, append_batch(*batch, state_, context));
    (void)outcomes;
  }
  return {};
}

// The same batches on the same rows: the same decisions, seqs and blocks as when they were acknowledged.
Result<void> OpenGroups::append_again() {
  for (const auto& group : groups_) TOCSIN_CHECK(append(group));
  return {};
}

Result<void> OpenGroups::finish() {
  TOCSIN_CHECK(ingested_.write(db_));
  TOCSIN_CHECK(counters_.write(db_));
  auto mark = db_.prepare("INSERT OR REPLACE INTO watermarks (name, seq) VALUES ('journal', ?1)");
  TOCSIN_CHECK(mark.run(journal_->last()));
  TOCSIN_CHECK(db_.exec("COMMIT"));
  journal_->rewind();
  groups_.clear();
  rows_ = 0;
  any_.store(false, std::memory_order_release);
  return {};
}

void OpenGroups::roll_back() {
  counters_.clear();
  ingested_.clear();
  state_.roll_back(before_);
  if (db_.in_transaction()) (void)db_.exec("ROLLBACK");
}

}  // namespace tocsin::store
