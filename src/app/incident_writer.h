#pragma once
// Turns what correlation found into rows: existing incidents keep their id and what people said, new ones get
// an id; both are described from their totals and get a title from their lead alert.

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "correlate/aggregate.h"
#include "store/store.h"

namespace tocsin::app {

// Pure: from what describe() sets and from what does not change in an alert, so that an unchanged incident
// keeps its title.
using TitleFunction = std::function<std::string(const model::Alert& lead, const model::Incident& incident)>;

struct IncidentDraft {
  model::Seq seq = 0;
  correlate::Aggregate total;
  int raised_priority = 0;  // highest of the alerts that are new to it; for incidents a person decided on
  bool decided = false;     // of a new one
  std::optional<model::Seq> ends_in;  // merged away: everything else is left as it was
};

class IncidentWriter {
 public:
  // What it borrows outlives it.
  IncidentWriter(store::TenantStore& store, const Clock& clock, correlate::ScoreOptions score,
                 TitleFunction title)
      : store_(store), clock_(clock), score_(score), title_(std::move(title)) {}

  // In the order of the drafts. An incident that others end in is among the drafts or stored.
  Result<std::vector<model::Incident>> write_up(const std::vector<IncidentDraft>& drafts) const;

 private:
  Result<void> set_titles(const std::vector<IncidentDraft>& drafts,
                          std::vector<model::Incident>& incidents) const;
  Result<void> set_some_titles(std::span<const std::size_t> titled,
                               std::vector<model::Incident>& incidents) const;
  Result<void> end(const std::vector<IncidentDraft>& drafts, std::vector<model::Incident>& incidents) const;
  void describe(const IncidentDraft& draft, model::Incident& incident) const;

  store::TenantStore& store_;
  const Clock& clock_;
  const correlate::ScoreOptions score_;
  const TitleFunction title_;
};

}  // namespace tocsin::app
