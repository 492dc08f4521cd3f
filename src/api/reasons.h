#pragma once
// The sentences behind an alert's numbers, made when somebody reads them. They are not stored: they follow
// from the alert and from how its rule was closed so far.

#include <map>
#include <string>

#include "api/services.h"

namespace tocsin::api {

triage::Prior prior_of(const store::TenantStore::RuleHistory& history);

// Fills triage.reasons; keeps the history of each rule for the alerts of one answer. An alert whose history
// cannot be read stays without reasons.
class ReasonWriter {
 public:
  explicit ReasonWriter(const Services& services) : services_(services) {}
  void add(model::Alert& alert);

 private:
  using Rule = std::pair<std::string, std::string>;  // source, type
  const Services& services_;
  std::map<Rule, std::optional<store::TenantStore::RuleHistory>> histories_;
};

}  // namespace tocsin::api
