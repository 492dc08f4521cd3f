#include "store/change_log.h"

#include "base/display_text.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kShownBytes = 200;  // of a value
constexpr std::string_view kArrow = " \xE2\x86\x92 ";

struct Difference {
  std::string_view field;
  std::string from;
  std::string to;
};

std::string shown(const std::optional<std::string>& value, std::string_view absent) {
  return value && !value->empty() ? display_text(*value, kShownBytes) : std::string(absent);
}

std::string shown(const std::vector<std::string>& tags) {
  std::string list;
  for (const auto& tag : tags) list += (list.empty() ? "" : ", ") + tag;
  return shown(list, "none");
}

// `verdict_of` because an alert keeps it inside its triage.
template <class Subject, class VerdictOf>
std::vector<Difference> differences(const Subject& before, const Subject& after, VerdictOf verdict_of) {
  std::vector<Difference> found;
  const auto add = [&found](std::string_view field, std::string from, std::string to) {
    found.push_back({field, std::move(from), std::move(to)});
  };
  if (before.status != after.status)
    add("status", std::string(to_text(before.status)), std::string(to_text(after.status)));
  if (verdict_of(before) != verdict_of(after))
    add("verdict", std::string(to_text(verdict_of(before))), std::string(to_text(verdict_of(after))));
  if (before.assignee != after.assignee)
    add("assignee", shown(before.assignee, "nobody"), shown(after.assignee, "nobody"));
  if (before.close_reason != after.close_reason)
    add("close_reason", shown(before.close_reason, "none"), shown(after.close_reason, "none"));
  if (before.priority != after.priority)
    add("priority", std::to_string(before.priority), std::to_string(after.priority));
  return found;
}

model::ActionRecord line(const IncidentId& incident, const std::string& actor, std::string action,
                         std::string target, std::string detail, Timestamp now) {
  model::ActionRecord record;
  record.id = ActionId::make(now);
  record.incident = incident;
  record.actor = actor;
  record.action = std::move(action);
  record.target = std::move(target);
  record.detail = std::move(detail);
  record.created_at = now;
  return record;
}

std::string counted_alerts(std::size_t count) {
  return std::to_string(count) + (count == 1 ? " alert" : " alerts");
}

// "new", or "10 new, 2 in_progress" when they were not all the same.
std::string from_text(const std::map<std::string, std::size_t>& from) {
  if (from.size() == 1) return from.begin()->first;
  std::string text;
  for (const auto& [value, alerts] : from)
    text += (text.empty() ? "" : ", ") + std::to_string(alerts) + ' ' + value;
  return display_text(text, kShownBytes);
}

}  // namespace

std::vector<model::ActionRecord> lines_of(const model::Incident& before, const model::Incident& after,
                                          const IncidentChange& change, Timestamp now) {
  std::vector<model::ActionRecord> lines;
  for (const auto& [field, from, to] :
       differences(before, after, [](const model::Incident& i) { return i.verdict; })) {
    lines.push_back(line(after.id, change.actor, std::string(field) + "_changed", {},
                         std::string(field).append(": ").append(from).append(kArrow).append(to), now));
  }
  if (before.tlp != after.tlp) {
    lines.push_back(line(
        after.id, change.actor, "tlp_changed", {},
        "tlp: " + std::string(to_text(before.tlp)) + std::string(kArrow) + std::string(to_text(after.tlp)),
        now));
  }
  if (change.analyst_notes) {
    lines.push_back(line(after.id, change.actor, "analyst_notes_changed", {},
                         change.analyst_notes->empty() ? "The analyst's note was taken away."
                                                       : "The analyst's note was replaced.",
                         now));
  }
  return lines;
}

std::vector<model::ActionRecord> lines_of(const Decision& decision, const IncidentId& first,
                                          const IncidentId& second, std::size_t alerts) {
  const auto make = [&](const IncidentId& incident, std::string action, const IncidentId& other,
                        const std::string& what) {
    return line(incident, decision.actor, std::move(action), other.str(), counted_alerts(alerts) + what,
                decision.made_at);
  };
  switch (decision.kind) {
    case Decision::Kind::kMerge:
      return {make(first, "merged", second, " came from " + second.str() + "."),
              make(second, "merged_into", first, " went to " + first.str() + ", which goes on.")};
    case Decision::Kind::kSplit:
      return {make(first, "split", second, " moved to " + second.str() + "."),
              make(second, "split_from", first, " came from " + first.str() + ".")};
    case Decision::Kind::kOpen:
      break;
  }
  return {make(first, "opened", {}, " put together by a person.")};
}

void AlertChangeLines::add(const model::Alert& before, const model::Alert& after) {
  if (!after.incident_id) return;
  auto found = differences(before, after, [](const model::Alert& a) { return a.triage.verdict; });
  if (before.tags != after.tags) found.push_back({"tags", shown(before.tags), shown(after.tags)});
  if (found.empty()) return;
  auto& touched = incidents_[*after.incident_id];
  if (touched.alerts++ == 0) touched.first = after.id.str();
  for (auto& [field, from, to] : found) {
    auto& kept = touched.fields[field];
    ++kept.from[std::move(from)];
    kept.to = std::move(to);
  }
}

std::vector<model::ActionRecord> AlertChangeLines::lines(const std::string& actor, Timestamp now) const {
  std::vector<model::ActionRecord> lines;
  for (const auto& [incident, touched] : incidents_) {
    std::string detail = touched.alerts == 1 ? "" : counted_alerts(touched.alerts) + ": ";
    bool first = true;
    for (const auto& [field, change] : touched.fields) {
      detail += (first ? "" : "; ") + std::string(field) + ": " + from_text(change.from) +
                std::string(kArrow) + change.to;
      first = false;
    }
    const bool one = touched.alerts == 1;
    lines.push_back(line(incident, actor, one ? "alert_changed" : "alerts_changed",
                         one ? touched.first : std::string(), std::move(detail), now));
  }
  return lines;
}

}  // namespace tocsin::store
