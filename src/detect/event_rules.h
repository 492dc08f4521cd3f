#pragma once
// Detection over raw events until the Sigma engine stands: a table of rules over an event's fields and
// message words, and rules that count inside a time window.
//
//   in    events in order of seq, each once (the caller keeps the watermark)
//   out   at most one finding for each event: the most severe rule that fired, earlier rules of the table
//   first
//
// Pure and deterministic: state is a function of the events in order and is bounded (max_keys keys of 64
// observations for each counting rule). Not thread-safe: one owner per tenant. After a restart, feed the
// events of the last hour below the watermark to warm_up(); their findings were made before.

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/alert.h"
#include "model/event.h"

namespace tocsin::detect {

struct EventRuleOptions {
  std::chrono::minutes window{10};    // > 0; for all counting rules but travel
  std::size_t failures_per_user = 5;  // >= 2; failed sign-ins of one user in the window
  std::size_t failures_per_ip = 10;   // >= 2; from one address
  std::size_t users_per_ip = 5;       // >= 2; different users failing from one address: credential stuffing
  std::size_t resources_per_ip = 15;  // >= 2; different targets refused to one address: a scan
  std::size_t findings_per_ip = 10;   // >= 2; from then on low and medium findings of that address are high
  std::chrono::minutes travel{60};    // > 0; two countries within it are too far apart
  std::size_t max_keys = 10'000;      // >= 1; for each counting rule
};

struct Finding {
  std::string id;        // 8 hex digits, stable for an event
  std::string rule;      // "failed_login"
  std::string type;      // alert type: "failed_login"
  std::string title;     // "Medium risk from AWS"
  std::string headline;  // "Failed sign-in": the alert's title
  std::string reason;    // one sentence, fit to show
  model::Severity severity = model::Severity::kMedium;
  double score = 0;                    // .25 low, .55 medium, .8 high, .95 critical
  std::vector<model::Seq> event_seqs;  // the event itself last
  model::Event event;
  bool actor_is_user = false;  // the event's user did it; else the user is its target
  std::array<std::string_view, 3> suggested_actions;
};

class EventRules {
 public:
  // kInvalidInput when an option is out of range.
  static Result<EventRules> create(const EventRuleOptions& options);
  EventRules(EventRules&&) noexcept;
  EventRules& operator=(EventRules&&) noexcept;
  ~EventRules();

  std::vector<Finding> apply(std::span<const model::Event> events);
  void warm_up(std::span<const model::Event> events);

 private:
  struct State;
  explicit EventRules(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

// Source "detection" and a source_id made of the event's seq, so that storing it twice is storing it once.
// id, fingerprint, priority and attack are left for the pipeline.
model::Alert to_alert(const Finding& finding);

}  // namespace tocsin::detect
