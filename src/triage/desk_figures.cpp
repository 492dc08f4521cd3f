#include "triage/desk_figures.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace tocsin::triage {
namespace {

using Moment = std::optional<Timestamp> WorkedCase::*;
using Rows = std::vector<FigureRow>;

double minutes_between(Timestamp from, Timestamp until) {
  return std::max(0.0, std::chrono::duration<double, std::ratio<60>>(until - from).count());
}

template <bool of_incident, class Row>
Rows rows_of(const DeskWork& work, const Row& row) {
  Rows rows;
  for (const auto& one : work.cases) {
    if (one.of_incident != of_incident) continue;
    if (auto found = row(one)) rows.push_back(*std::move(found));
  }
  return rows;
}

// Minutes from its beginning to that moment.
template <bool of_incident, Moment moment>
Rows minutes_to(const DeskWork& work) {
  return rows_of<of_incident>(work, [&](const WorkedCase& one) -> std::optional<FigureRow> {
    const auto at = one.*moment;
    if (!at || *at < work.from) return std::nullopt;
    return FigureRow{one.id, one.handled_by, *at, minutes_between(one.began_at, *at)};
  });
}

Rows minutes_to_close_false_positive(const DeskWork& work) {
  return rows_of<false>(work, [&](const WorkedCase& one) -> std::optional<FigureRow> {
    if (one.verdict != model::Verdict::kFalsePositive || !one.resolved_at || *one.resolved_at < work.from)
      return std::nullopt;
    return FigureRow{one.id, one.handled_by, *one.resolved_at,
                     minutes_between(one.began_at, *one.resolved_at)};
  });
}

// Of what was taken up since then.
template <bool of_incident>
Rows escalated(const DeskWork& work) {
  return rows_of<of_incident>(work, [&](const WorkedCase& one) -> std::optional<FigureRow> {
    if (!one.acknowledged_at || *one.acknowledged_at < work.from) return std::nullopt;
    return FigureRow{one.id, one.handled_by, one.escalated_at.value_or(*one.acknowledged_at),
                     one.escalated_at ? 1.0 : 0.0};
  });
}

// Of what was closed or opened again since then.
template <bool of_incident>
Rows reopened(const DeskWork& work) {
  return rows_of<of_incident>(work, [&](const WorkedCase& one) -> std::optional<FigureRow> {
    const bool closed = one.resolved_at && *one.resolved_at >= work.from;
    if (one.last_at < work.from || (!closed && one.reopened == 0)) return std::nullopt;
    return FigureRow{one.id, one.handled_by, one.last_at, one.reopened > 0 ? 1.0 : 0.0};
  });
}

Timestamp shift_of(Timestamp at) {
  const auto since = at.time_since_epoch();
  return Timestamp(since - since % kShift);
}

Rows alerts_per_shift(const DeskWork& work) {
  std::map<std::pair<Timestamp, std::string_view>, double> shifts;
  for (const auto& one : work.cases) {
    if (one.of_incident || !one.handled_at || *one.handled_at < work.from) continue;
    ++shifts[{shift_of(*one.handled_at), one.handled_by}];
  }
  Rows rows;
  for (const auto& [shift, alerts] : shifts) {
    const auto id = std::string(shift.second) + ' ' + to_rfc3339(shift.first);
    rows.push_back({id, std::string(shift.second), shift.first, alerts});
  }
  return rows;
}

Rows satisfaction(const DeskWork& work, std::string_view kind) {
  Rows rows;
  for (const auto& one : work.ratings) {
    if (one.kind == kind && one.rated_at >= work.from)
      rows.push_back({one.answer, one.actor, one.rated_at, one.helpful ? 1.0 : 0.0});
  }
  return rows;
}

constexpr auto kNone = std::nullopt;
constexpr std::array kKinds{
    FigureKind{"alert_minutes_to_acknowledge", FigureUnit::kMinutes, kNone, kNone,
               minutes_to<false, &WorkedCase::acknowledged_at>},
    FigureKind{"alert_minutes_to_triage", FigureUnit::kMinutes, 15, 4,
               minutes_to<false, &WorkedCase::triaged_at>},
    FigureKind{"alert_minutes_to_resolve", FigureUnit::kMinutes, kNone, kNone,
               minutes_to<false, &WorkedCase::resolved_at>},
    FigureKind{"false_positive_minutes_to_close", FigureUnit::kMinutes, 25, 5,
               minutes_to_close_false_positive},
    FigureKind{"incident_minutes_to_acknowledge", FigureUnit::kMinutes, kNone, kNone,
               minutes_to<true, &WorkedCase::acknowledged_at>},
    FigureKind{"incident_minutes_to_triage", FigureUnit::kMinutes, kNone, kNone,
               minutes_to<true, &WorkedCase::triaged_at>},
    FigureKind{"incident_minutes_to_resolve", FigureUnit::kMinutes, kNone, kNone,
               minutes_to<true, &WorkedCase::resolved_at>},
    FigureKind{"alert_escalation", FigureUnit::kShare, 0.40, 0.25, escalated<false>},
    FigureKind{"incident_escalation", FigureUnit::kShare, kNone, kNone, escalated<true>},
    FigureKind{"alert_reopened", FigureUnit::kShare, kNone, kNone, reopened<false>},
    FigureKind{"incident_reopened", FigureUnit::kShare, kNone, kNone, reopened<true>},
    FigureKind{"alerts_per_shift", FigureUnit::kAlerts, 20, 50, alerts_per_shift},
    FigureKind{"satisfaction_explanation", FigureUnit::kShare, kNone, kNone,
               [](const DeskWork& work) { return satisfaction(work, "explanation"); }},
    FigureKind{"satisfaction_incident_view", FigureUnit::kShare, kNone, kNone,
               [](const DeskWork& work) { return satisfaction(work, "incident_view"); }},
    FigureKind{"satisfaction_copilot", FigureUnit::kShare, kNone, kNone,
               [](const DeskWork& work) { return satisfaction(work, "copilot"); }},
};

Figure figure_of(const FigureKind& kind, const DeskWork& work) {
  std::vector<double> values;
  double sum = 0;
  for (const auto& row : kind.rows(work)) {
    values.push_back(row.value);
    sum += row.value;
  }
  Figure figure{&kind, spread_of(std::move(values)), std::nullopt};
  if (kind.unit == FigureUnit::kShare && figure.spread.count > 0)
    figure.share = sum / static_cast<double>(figure.spread.count);
  return figure;
}

}  // namespace

std::string_view to_text(FigureUnit unit) {
  constexpr std::array<std::string_view, 3> kUnits{"minutes", "share", "alerts"};
  return kUnits[static_cast<std::size_t>(unit)];
}

std::span<const FigureKind> figure_kinds() {
  return kKinds;
}

const FigureKind* find_figure(std::string_view name) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const FigureKind& kind) { return kind.name == name; });
  return found == kKinds.end() ? nullptr : &*found;
}

std::vector<Figure> measure(const DeskWork& work) {
  std::vector<Figure> figures;
  figures.reserve(kKinds.size());
  for (const auto& kind : kKinds) figures.push_back(figure_of(kind, work));
  return figures;
}

}  // namespace tocsin::triage
