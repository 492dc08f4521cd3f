#pragma once
// How fast and how surely a desk works, as figures with their sample size and goal: time to acknowledge,
// triage and resolve of alerts and of incidents, what was handed on and opened again, alerts per analyst and
// shift, and whether its people find the product's answers useful. Each figure knows the rows it is made of.
// Pure.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "model/names.h"
#include "triage/desk_measures.h"

namespace tocsin::triage {

// An alert or incident that people worked on. Times as in store/desk.h.
struct WorkedCase {
  bool of_incident = false;
  std::string id;
  model::Verdict verdict = model::Verdict::kUndecided;
  Timestamp began_at{};
  std::optional<Timestamp> acknowledged_at{};
  std::optional<Timestamp> triaged_at{};
  std::optional<Timestamp> resolved_at{};
  std::optional<Timestamp> escalated_at{};
  std::optional<Timestamp> handled_at{};
  std::string handled_by;
  std::int64_t reopened = 0;
  Timestamp last_at{};
};

// What somebody said of an answer.
struct RatedAnswer {
  std::string_view kind;  // explanation, incident_view, copilot
  std::string answer;
  std::string actor;
  bool helpful = false;
  Timestamp rated_at{};
};

struct DeskWork {
  Timestamp from{};  // what happened before does not count
  std::vector<WorkedCase> cases;
  std::vector<RatedAnswer> ratings;
};

// One thing that a figure counts.
struct FigureRow {
  std::string id;     // of the alert, incident or answer; of a shift: who and when it began
  std::string actor;  // who handled or rated it; may be empty
  Timestamp at{};
  double value = 0;  // minutes or alerts; of a share 1 for what it counts, else 0
};

enum class FigureUnit : std::uint8_t { kMinutes, kShare, kAlerts };
std::string_view to_text(FigureUnit unit);

struct FigureKind {
  std::string_view name;  // "alert_minutes_to_acknowledge"
  FigureUnit unit;
  std::optional<double> before;  // where the reference systems say they began
  std::optional<double> goal;    // and what they promise
  std::vector<FigureRow> (*rows)(const DeskWork& work);
};
std::span<const FigureKind> figure_kinds();
const FigureKind* find_figure(std::string_view name);  // null: there is none

struct Figure {
  const FigureKind* kind = nullptr;
  Spread spread;                // of minutes and alerts; its count is the sample size of shares too
  std::optional<double> share;  // 0..1; absent without a sample
};
std::vector<Figure> measure(const DeskWork& work);

// Shifts of a day begin at 00:00, 08:00 and 16:00 UTC.
constexpr std::chrono::hours kShift{8};

}  // namespace tocsin::triage
