#pragma once
// When people took up, judged and closed alerts and incidents, and whether they found answers useful. Written
// with the change itself, in its transaction, for the measures of the desk. Part of what store.h promises:
// one tenant, thread-safe. Goes with the alert or incident.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "model/link.h"
#include "model/names.h"

namespace tocsin::store {

// Of one alert or incident. What the machine did does not count, but that it opened something again.
struct DeskMark {
  bool of_incident = false;
  model::Seq object = 0;
  std::string id;  // "AL-…" or "IN-…"
  model::Severity severity = model::Severity::kMedium;
  model::Verdict verdict = model::Verdict::kUndecided;  // as it stands
  Timestamp began_at{};                                 // received, or opened by correlation
  std::optional<Timestamp> acknowledged_at{};           // first change of its status, verdict or assignee
  std::optional<Timestamp> triaged_at{};    // first verdict; of an incident also its first status but open
  std::optional<Timestamp> resolved_at{};   // of the last closing; absent while it is open
  std::optional<Timestamp> escalated_at{};  // first handed to somebody else by who had taken it up
  std::optional<Timestamp> handled_at{};    // last verdict or closing by a person
  std::string handled_by;
  std::int64_t reopened = 0;
  Timestamp last_at{};
};

enum class AnswerKind : std::uint8_t { kExplanation, kIncidentView, kCopilot };
std::string_view to_text(AnswerKind kind);  // explanation, incident_view, copilot
std::optional<AnswerKind> parse_answer_kind(std::string_view text);

struct AnswerRating {
  AnswerKind kind = AnswerKind::kExplanation;
  std::string answer;  // the id of the alert or incident, or the copilot's answer
  std::string actor;
  bool helpful = false;
  Timestamp rated_at{};
};
constexpr std::int64_t kMaxRatings = 100'000;  // of a tenant; the oldest go

class DeskStore {
 public:
  virtual ~DeskStore() = default;
  // Those with a change since `from`, the newest `limit`, newest first.
  virtual Result<std::vector<DeskMark>> marks(Timestamp from, std::size_t limit) const = 0;
  // In the place of what its actor said of this answer before.
  virtual Result<void> rate(const AnswerRating& rating) = 0;
  virtual Result<std::vector<AnswerRating>> ratings(Timestamp from, std::size_t limit) const = 0;
};

}  // namespace tocsin::store
