#pragma once
// Joins alerts into incidents over the store: live after each commit, and on demand.
//
// The live thread wakes on notify() (and every second), judges what was committed since the watermark and
// writes it as one delta; under load it gathers for half a second so that the writer stays free for ingest.
// Every public member is thread-safe. One run (a live step, a rebuild, a person's merge, split or opening)
// goes on at a time; reads and ingest go on beside it.
//
// After a restart the Correlator is restored from the last `restored_alerts` alerts and their stored
// memberships: it goes on as before for every window that those cover.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

#include "api/services.h"
#include "app/background_thread.h"
#include "app/incident_writer.h"
#include "app/turn.h"
#include "correlate/correlate.h"

namespace tocsin::app {

struct CorrelationOptions {
  correlate::Options correlate;
  correlate::ScoreOptions score;  // its caps are taken from `correlate`
  bool live = true;               // the setting "correlation.mode" (live, manual) of the store goes before it
  std::string process;            // among those that share the database (Database::process)
  std::size_t restored_alerts = 262'144;
  std::size_t chunk_alerts = 20'000;          // of one delta, about
  std::chrono::milliseconds gather{20};       // from a wake-up to the look at the store
  std::chrono::milliseconds busy_pause{500};  // between deltas while alerts keep coming
};

struct CorrelationHooks {
  TitleFunction title;
  // Incidents as written, outside of any lock, on the thread that wrote them; at most 1,000 of one rebuild.
  std::function<void(const std::vector<model::Incident>&)> publish;
  // The live thread could not go on; it tries again.
  std::function<void(const Error&)> on_error;
};

class CorrelationService final : public api::Correlation {
 public:
  // What it borrows outlives it.
  CorrelationService(store::TenantStore& store, const Clock& clock, CorrelationOptions options,
                     CorrelationHooks hooks);
  ~CorrelationService() override;

  void start();   // the live thread
  void stop();    // finishes the step at hand
  void notify();  // alerts were committed; cheap, for the writer's thread

  Result<Report> rebuild(bool dry_run) override;
  Result<model::Incident> merge(const IncidentId& into, const std::vector<IncidentId>& others,
                                std::string_view actor) override;
  Result<model::Incident> split(const IncidentId& from, const std::vector<std::string>& alert_ids,
                                std::string_view actor) override;
  Result<model::Incident> open(const std::vector<std::string>& alert_ids, std::string_view actor) override;
  Result<model::Incident> describe(const IncidentId& id) override;
  Result<void> catch_up() override;

 private:
  using Seq = model::Seq;
  void run(BackgroundThread::Rest& rest);
  bool is_live() const;

  // All below: with mutex_ held.
  Result<bool> take_turn();
  Result<void> seize_turn();
  void forget();
  Result<void> restore();
  Result<void> restore_members(Seq after);
  Result<void> complete_partial_totals();
  Result<std::size_t> step();  // alerts judged; 0: nothing was waiting
  Result<void> refresh_standings(std::span<const model::LinkRecord> records);
  Result<store::CorrelationDelta> live_delta(std::span<const model::LinkRecord> records);
  Result<void> add_moved_members(const std::vector<correlate::Merge>& merges, store::CorrelationDelta& delta);
  Result<void> write_waiting();
  Result<void> finish_waiting();  // everything that was committed
  Result<Report> rebuild_now(bool dry_run);
  Result<correlate::Aggregate> total_of(const std::vector<model::Membership>& members);
  Result<void> merge_one(const model::Incident& into, const model::Incident& other, std::string_view actor);
  Result<model::Incident> set_apart(std::optional<model::Incident> from, std::vector<model::Membership> taken,
                                    std::vector<model::Membership> left, std::string_view actor);
  Result<model::Incident> standing_incident(const IncidentId& id, std::string_view op);
  Result<std::vector<model::Alert>> alerts_named(const std::vector<std::string>& ids, std::string_view op);
  void publish(std::vector<model::Incident> incidents);

  store::TenantStore& store_;
  const Clock& clock_;
  const CorrelationOptions options_;
  const CorrelationHooks hooks_;
  IncidentWriter writer_;
  Turn turn_;

  std::mutex mutex_;
  std::optional<correlate::Correlator> correlator_;  // absent until restored, or after a run that failed
  Seq watermark_ = 0;
  correlate::Changes changes_;
  std::vector<model::LinkRecord> chunk_;
  std::optional<store::CorrelationDelta> waiting_;  // judged, not yet written: the store was busy or full
  std::vector<model::Incident> unpublished_;

  BackgroundThread thread_;
};

}  // namespace tocsin::app
