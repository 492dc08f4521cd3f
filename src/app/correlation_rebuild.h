#pragma once
// One rebuild over a store: reads what is stored, replays, and writes only what differs.

#include "app/correlation_service.h"
#include "correlate/replay.h"

namespace tocsin::app {

class Rebuild {
 public:
  Rebuild(store::TenantStore& store, const IncidentWriter& writer, const correlate::Options& options,
          const correlate::ScoreOptions& score)
      : store_(store), writer_(writer), options_(options), score_(score) {}

  // Reads and replays; nothing is written.
  Result<void> prepare();
  // Writes the plan in several transactions, each of which leaves every alert in exactly one place; if one
  // fails, the next rebuild does the rest. The incidents written, at most kPublished.
  Result<std::vector<model::Incident>> write(std::size_t chunk_alerts);

  // After prepare.
  Result<api::Correlation::Report> report(bool dry_run) const;
  const correlate::Plan& plan() const { return plan_; }
  correlate::Correlator take_correlator() { return std::move(*correlator_); }

 private:
  static constexpr std::size_t kPublished = 1000;
  Result<void> read_incidents();
  Result<void> replay_once();
  Result<void> write_delta(std::vector<IncidentDraft> drafts, store::CorrelationDelta delta);
  Result<void> write_incidents(std::size_t chunk_alerts);
  Result<void> write_ended(std::size_t chunk_alerts);
  Result<std::vector<api::Correlation::Report::Difference>> differences() const;
  void count_standing(api::Correlation::Report& report, model::Seq mark) const;

  store::TenantStore& store_;
  const IncidentWriter& writer_;
  const correlate::Options& options_;
  const correlate::ScoreOptions score_;
  correlate::Replay::Input input_;
  correlate::Plan plan_;
  std::optional<correlate::Correlator> correlator_;
  std::vector<model::Incident> published_;
};

}  // namespace tocsin::app
