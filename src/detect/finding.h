#pragma once
// What a rule says of an event, and the alert that it becomes.

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/correlation.h"
#include "detect/sigma/interpreter.h"
#include "detect/sigma/rule.h"
#include "model/alert.h"
#include "model/event.h"

namespace tocsin::detect {

// Who wrote a rule, and what about: a match of it names them, as the rule licence asks.
struct RuleNotice {
  std::string author;
  std::string license;
  std::vector<std::string> tags;
  std::vector<std::string> references;
  std::vector<std::string> false_positives;
};

struct Finding {
  std::string id;        // 8 hex digits, stable for an event and rule
  std::string rule;      // its id, or its title where it has none
  std::string type;      // alert type: "failed_sign_in"
  std::string title;     // "Medium risk from AWS"
  std::string headline;  // "Failed sign-in": the alert's title
  std::string reason;    // fit to show
  model::Severity severity = model::Severity::kMedium;
  double score = 0;                           // .25 low, .55 medium, .8 high, .95 critical
  std::vector<model::Seq> event_seqs;         // the event itself last
  std::shared_ptr<const model::Event> event;  // never null; shared by all findings of it
  std::array<std::string_view, 3> suggested_actions;
  RuleNotice notice;
  std::vector<sigma::Evidence> evidence;  // the values that made it match; the first of many, long ones cut
};

// The `source` of alerts that rules make, and their `type`: "Suspicious LSASS Access!" is
// "suspicious_lsass_access".
inline constexpr std::string_view kDetectionSource = "detection";
std::string type_of_title(std::string_view title);

// Of a Sigma rule that matches the event. `level` is the rule's, or what the tenant made of it.
Finding finding_of(const sigma::Rule& rule, sigma::Level level,
                   const std::shared_ptr<const model::Event>& event, std::vector<sigma::Evidence> evidence);

// What a correlation counted.
struct CorrelationEvidence {
  std::vector<model::Seq> events;      // the newest of the window, oldest first
  std::vector<sigma::Evidence> group;  // group-by fields and their values
  Timestamp first{}, last{};           // of the window
  std::string value;                   // what met the bounds
};
// `event` completed it.
Finding finding_of(const sigma::Correlation& rule, sigma::Level level,
                   const std::shared_ptr<const model::Event>& event, CorrelationEvidence evidence);

// What Sigma tags say of ATT&CK: "attack.t1003.001", "attack.credential-access", "attack.credential_access".
model::Attack attack_of(const std::vector<std::string>& tags);

// Source "detection" and a source_id made of the event's seq and the rule, so that storing it twice is
// storing it once. Entities are those that the event's own fields name. id, fingerprint and priority are left
// for the pipeline.
std::string source_id_of(model::Seq event, std::string_view rule);  // as in Finding::rule
model::Alert to_alert(const Finding& finding);

}  // namespace tocsin::detect
