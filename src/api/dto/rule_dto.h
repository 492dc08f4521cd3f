#pragma once
// Rules, refusals, trials and ATT&CK coverage as they go out (openapi.yaml: Rule, RuleDetail, RuleTrial …).

#include <cstdint>
#include <optional>
#include <string>

#include "api/event_desk.h"
#include "api/json_writer.h"
#include "api/rule_trial.h"

namespace tocsin::api {

// A rule or a correlation, and what the tenant and the last days say of it.
struct RuleView {
  const detect::sigma::Rule* rule = nullptr;  // one of the two
  const detect::sigma::Correlation* correlation = nullptr;
  std::string file;  // as the caller may see it
  bool enabled = true;
  detect::sigma::Level level = detect::sigma::Level::kMedium;  // at which it reports
  std::uint64_t matches = 0;                                   // since `since`
  std::optional<Timestamp> since;
  MatchSums kept;  // matches, this process or another
  struct Cost {
    double us_per_1000_events = 0;
    double share = 0;          // of all rules' time, 0..1
    std::uint64_t events = 0;  // that it was measured on
  };
  std::optional<Cost> cost;  // absent until an event was measured, and for correlations
  std::size_t exceptions = 0;
  std::int64_t closed_alerts = 0;  // of its type, ever
  std::int64_t false_positives = 0;
};

void write_rule(JsonWriter& json, const RuleView& view);
// With description, references and the text of its author.
void write_rule_detail(JsonWriter& json, const RuleView& view, const std::string& text);
void write_refusals(JsonWriter& json, const std::vector<Error>& refusals);
// With these refusals, instead of the catalog's own.
void write_rule_state(JsonWriter& json, const detect::RuleState& state, const std::vector<Error>& refusals);
void write_trial(JsonWriter& json, const Trial& trial);

// What is switched on, as a layer of the ATT&CK Navigator: the score of a technique is how many rules name
// it.
std::string coverage_layer(const detect::RuleCatalog& catalog, const detect::RulePolicy& policy);

}  // namespace tocsin::api
