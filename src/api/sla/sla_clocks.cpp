#include "api/sla/sla_clocks.h"

#include <algorithm>
#include <cmath>

namespace tocsin::api {
namespace {

using model::Incident;
using respond::SlaState;

constexpr std::size_t kPageOfOpen = 200;

std::chrono::seconds seconds_of(double minutes) {
  return std::chrono::seconds(std::llround(minutes * 60));
}

std::vector<respond::SlaPause> pauses_of(std::span<const model::ActionRecord> actions) {
  std::vector<respond::SlaPause> pauses;
  for (std::size_t i = actions.size(); i-- > 0;) {
    const auto& one = actions[i];
    const bool is_open = !pauses.empty() && !pauses.back().until;
    if (one.action == kSlaPaused && !is_open) pauses.push_back({one.created_at, std::nullopt});
    if (one.action == kSlaResumed && is_open) pauses.back().until = one.created_at;
  }
  return pauses;
}

// The last change of status is the one that closed it.
std::optional<Timestamp> closed_at(const Incident& incident, std::span<const model::ActionRecord> actions) {
  if (incident.status != model::IncidentStatus::kClosed) return std::nullopt;
  const auto found = std::find_if(actions.begin(), actions.end(),
                                  [](const auto& one) { return one.action == "status_changed"; });
  return found == actions.end() ? incident.updated_at : found->created_at;
}

std::string_view told_apart_by(std::string_view detail) {
  return detail.substr(0, detail.find(':'));
}

void add_if_new(SlaNews news, std::span<const model::ActionRecord> actions, std::vector<SlaNews>& to) {
  const bool is_known = std::any_of(actions.begin(), actions.end(), [&](const model::ActionRecord& line) {
    return line.action == news.action && line.target == news.target &&
           told_apart_by(line.detail) == told_apart_by(news.detail);
  });
  if (!is_known) to.push_back(std::move(news));
}

std::string minutes_text(double minutes) {
  std::string text;
  append_json_number(text, minutes);
  return text + " minutes";
}

void write_reading(JsonWriter& json, const respond::SlaReading& reading, double minutes,
                   std::optional<Timestamp> kept_at) {
  json.object([&] {
    json.member("state", to_text(reading.state));
    json.member("allowed_minutes", minutes);
    json.member("used_minutes", static_cast<double>(reading.used.count()) / 60);
    json.member("due_at", reading.due_at);
    json.member("done_at", kept_at);
  });
}

}  // namespace

bool IncidentClocks::is_breached() const {
  return acknowledge.state == SlaState::kBreached || resolve.state == SlaState::kBreached;
}

bool IncidentClocks::is_at_risk() const {
  return is_breached() || acknowledge.state == SlaState::kAtRisk || resolve.state == SlaState::kAtRisk;
}

std::optional<Timestamp> IncidentClocks::next_due() const {
  std::optional<Timestamp> due;
  for (const auto* reading : {&acknowledge, &resolve}) {
    if (reading->state == SlaState::kMet || !reading->due_at) continue;
    if (!due || *reading->due_at < *due) due = reading->due_at;
  }
  return due;
}

IncidentClocks read_clocks(const SlaPolicy& policy, const Incident& incident,
                           std::span<const model::ActionRecord> actions, Timestamp now) {
  const auto& promises = policy.of(incident.severity);
  const auto& calendar = policy.calendar_of(promises);
  IncidentClocks clocks;
  clocks.pauses = pauses_of(actions);
  respond::SlaPromise promise{.began = incident.created_at,
                              .allowed = seconds_of(promises.acknowledge_minutes),
                              .kept_at = incident.first_response_at,
                              .risk_share = policy.at_risk_percent / 100.0};
  clocks.acknowledge = respond::read_clock(calendar, promise, clocks.pauses, now);
  promise.allowed = seconds_of(promises.resolve_minutes);
  clocks.closed_at = closed_at(incident, actions);
  promise.kept_at = clocks.closed_at;
  clocks.resolve = respond::read_clock(calendar, promise, clocks.pauses, now);
  return clocks;
}

std::vector<SlaNews> news_of(const SlaPolicy& policy, const Incident& incident, const IncidentClocks& clocks,
                             std::span<const model::ActionRecord> actions, Timestamp now) {
  const auto& promises = policy.of(incident.severity);
  std::vector<SlaNews> news;
  const auto look = [&](std::string_view promise, const respond::SlaReading& reading, double minutes,
                        bool is_done) {
    if (reading.state != SlaState::kBreached || !reading.due_at) return;
    const auto due = "was due at " + to_rfc3339(*reading.due_at) + ", within " + minutes_text(minutes);
    add_if_new({kSlaBreached, std::string(promise), std::string(promise) + ": " + due}, actions, news);
    if (is_done || clocks.is_paused()) return;
    for (const auto& step : policy.escalation) {
      if (*reading.due_at + seconds_of(step.after_minutes) > now) continue;
      add_if_new({kSlaEscalated, step.to,
                  std::string(promise) + ", " + minutes_text(step.after_minutes) + " late: " + due},
                 actions, news);
    }
  };
  look(kAcknowledge, clocks.acknowledge, promises.acknowledge_minutes,
       incident.first_response_at.has_value());
  look(kResolve, clocks.resolve, promises.resolve_minutes, clocks.closed_at.has_value());
  return news;
}

void write_clocks(JsonWriter& json, const SlaPolicy& policy, const Incident& incident,
                  const IncidentClocks& clocks) {
  const auto& promises = policy.of(incident.severity);
  json.member("severity", to_text(incident.severity));
  promises.calendar.empty() ? json.member("calendar", nullptr) : json.member("calendar", promises.calendar);
  json.member("paused", clocks.is_paused());
  json.member("next_due_at", clocks.next_due());
  json.member("acknowledge", [&] {
    write_reading(json, clocks.acknowledge, promises.acknowledge_minutes, incident.first_response_at);
  });
  json.member("resolve",
              [&] { write_reading(json, clocks.resolve, promises.resolve_minutes, clocks.closed_at); });
  json.member("pauses", [&] {
    json.array([&] {
      for (const auto& pause : clocks.pauses) {
        json.object([&] {
          json.member("from", pause.from);
          json.member("until", pause.until);
        });
      }
    });
  });
}

Result<AtRisk> find_at_risk(store::TenantStore& store, const SlaPolicy& policy, Timestamp now) {
  AtRisk found;
  store::IncidentQuery query;
  query.statuses = {model::IncidentStatus::kOpen, model::IncidentStatus::kTriaged,
                    model::IncidentStatus::kInProgress};
  query.limit = kPageOfOpen;
  for (std::size_t seen = 0; seen < kMostOpen;) {
    TOCSIN_TRY(page, store.incidents().list(query));
    for (auto& incident : page.items) {
      // A pause only makes a clock later: what is well without its pauses needs no look at the action log.
      if (!read_clocks(policy, incident, {}, now).is_at_risk()) continue;
      TOCSIN_TRY(actions, store.incidents().actions(incident.id, kSlaActions));
      auto clocks = read_clocks(policy, incident, actions, now);
      if (!clocks.is_at_risk()) continue;
      auto news = news_of(policy, incident, clocks, actions, now);
      found.incidents.push_back({std::move(incident), std::move(clocks), std::move(news)});
    }
    seen += page.items.size();
    if (page.next_cursor.empty()) break;
    query.cursor = page.next_cursor;
    found.is_all = seen < kMostOpen;
  }
  std::stable_sort(found.incidents.begin(), found.incidents.end(), [](const auto& a, const auto& b) {
    return a.clocks.next_due().value_or(Timestamp::max()) < b.clocks.next_due().value_or(Timestamp::max());
  });
  return found;
}

}  // namespace tocsin::api
