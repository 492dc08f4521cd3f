#pragma once
// Joins the stages of the way in: parse, normalise, fingerprint, score, store; then tells those who wait for
// new alerts.
//
// Everything before the acknowledgement is local: no network, no model. Small deliveries are parsed on the
// calling thread (the server's I/O thread), large ones and those with rejects or events on a pool; both are
// bounded, and full means kBusy with nothing taken. Thread-safe.

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "api/services.h"
#include "app/rule_histories.h"
#include "app/source_book.h"
#include "app/suppressor.h"
#include "base/clock.h"
#include "base/queue.h"
#include "ingest/mapping.h"

namespace tocsin::app {

struct PipelineOptions {
  std::size_t pool_threads = 1;   // beside the I/O thread; a small machine has two cores
  std::size_t max_waiting = 256;  // deliveries waiting for the pool
  std::size_t inline_bytes =
      16 * 1024;  // larger bodies go to the pool: parsing them would hold up the I/O thread
  std::shared_ptr<const ingest::Mappings> mappings{};  // sources of the organisation's own; may be null
};

struct PipelineHooks {
  // Whether so many records may come in now; refused: nothing of the delivery is taken. Empty: always.
  std::function<Result<void>(std::size_t records)> admit{};
  // Adds what is known locally, fills attack (where the vendor gave none), priority, triage and
  // requires_review.
  std::function<void(model::Alert&, const store::TenantStore::RuleHistory&)> judge;
  // What became of those that judge marked as a suppression's (Suppressor::settle). Empty: nobody marks any.
  std::function<void(const std::vector<Suppressor::Marked>&)> on_marked{};
  // The sentences behind what judge filled in.
  std::function<std::vector<model::Reason>(const model::Alert&, const store::TenantStore::RuleHistory&)>
      explain;
  // After the commit, on the writer's thread: must only hand over. Of alerts that were not hidden. `newest`
  // holds created ones, oldest first, and is empty unless wants_alerts() said that somebody listens. `last`:
  // the highest number among the created, 0 when there are none.
  std::function<void(std::vector<model::Alert> newest, std::size_t stored, model::Seq last)> on_stored;
  std::function<bool()> wants_alerts;
  // People called alerts something, or moved a priority. Must only hand over. Empty: nobody wants to know.
  std::function<void()> on_said{};
  // Events were committed. Must only hand over. Empty: nobody judges them.
  std::function<void()> on_events{};
};

struct PipelineCounters {
  std::atomic<std::uint64_t> created{0};
  std::atomic<std::uint64_t> occurrences{0};
  std::atomic<std::uint64_t> duplicates{0};
  std::atomic<std::uint64_t> rejected{0};
  std::atomic<std::uint64_t> events{0};
  std::atomic<std::uint64_t> busy{0};
};

// How many records in a row came of which source.
class SourceRuns {
 public:
  struct Run {
    std::string source;
    std::size_t count = 0;
    std::size_t bytes = 0;
  };
  explicit SourceRuns(const std::vector<ingest::Record>& records) {
    for (const auto& record : records) {
      if (runs_.empty() || runs_.back().source != record.alert.source) runs_.push_back({record.alert.source});
      ++runs_.back().count;
      runs_.back().bytes += record.alert.raw.size();
    }
  }
  template <class Each>
  void for_each(Each each) const {
    for (const auto& run : runs_) each(run);
  }

 private:
  std::vector<Run> runs_;
};

class Pipeline final : public api::Pipeline {
 public:
  // What it borrows outlives it.
  Pipeline(store::TenantStore& store, const Clock& clock, PipelineOptions options, PipelineHooks hooks);
  ~Pipeline() override;

  void ingest_alerts(Delivery delivery, Done done) override;
  void ingest_payload(Delivery delivery, Done done) override;
  Result<Reply> submit(std::vector<model::Alert> alerts) override;
  Result<Reply> replay(const DeadLetterId& id) override;
  void rules_changed() override;

  // For logs that were normalised already. Events and dead letters: waits for the commit.
  Result<std::size_t> keep_events(const std::vector<ingest::Record>& records);
  Result<std::vector<Rejected>> keep_rejections(const std::string& source,
                                                const std::vector<ingest::Rejection>& rejections);
  // Never blocks on the database; `done` as with the others.
  void store_records(const Delivery& delivery, std::vector<ingest::Record> alerts, Done done);

  // Finishes what waits in the pool; later deliveries get kUnavailable.
  void close();
  const PipelineCounters& counters() const noexcept { return counters_; }
  const SourceBook& sources() const noexcept { return sources_; }
  const ingest::Mappings* mappings() const noexcept { return options_.mappings.get(); }

 private:
  struct Parsed {
    ingest::Normalised normalised;
    bool single = false;
  };
  using Parse = Result<Parsed> (Pipeline::*)(const Delivery&) const;

  Result<Parsed> parse_alert_body(const Delivery& delivery) const;
  Result<Parsed> parse_vendor_body(const Delivery& delivery) const;
  void accept(Delivery delivery, Parse parse, Done done);
  void to_pool(std::function<void()> work, const Done& done);
  Result<void> admit(std::size_t records);
  void parse_and_store(const Delivery& delivery, Parse parse, Done done);
  // May block on the database: pool or caller's own thread only.
  void store_with_leftovers(const Delivery& delivery, Parsed parsed, const Done& done);
  void store_alerts(const Delivery& delivery, std::vector<ingest::Record> records, Reply reply, Done done);
  Result<void> keep_rejected(const Delivery& delivery, const std::vector<ingest::Rejection>& rejections,
                             Reply& reply);
  void keep_unreadable(const Delivery& delivery, const Error& why);
  void complete(model::Alert& alert, Timestamp now);
  void count(const Reply& reply);
  void count_sources(const SourceRuns& runs, const std::vector<store::AppendOutcome>& outcomes);
  void run_pool(const std::stop_token& stop);

  store::TenantStore& store_;
  const Clock& clock_;
  const PipelineOptions options_;
  const PipelineHooks hooks_;
  PipelineCounters counters_;
  RuleHistories histories_;
  SourceBook sources_;
  BoundedQueue<std::function<void()>> waiting_;
  std::vector<std::jthread> pool_;
};

}  // namespace tocsin::app
