#include "api/changes.h"

#include <charconv>

#include "api/caller.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxAssignee = 200;
constexpr std::size_t kMaxReason = 2000;
constexpr std::size_t kMaxNotes = 20'000;
constexpr std::string_view kVerdicts = "undecided, true_positive, benign_positive, false_positive";

template <class Change>
void read_common(Body& body, Change& change, std::string_view actor) {
  change.actor = actor;
  change.verdict = body.choice("verdict", model::parse_verdict, kVerdicts);
  change.assignee = body.nullable_text("assignee", kMaxAssignee);
  if (change.assignee && *change.assignee == "me") change.assignee = std::optional<std::string>(actor);
  change.close_reason = body.nullable_text("close_reason", kMaxReason);
  if (const auto priority = body.integer("priority", 0, 100)) change.priority = static_cast<int>(*priority);
  if (body.all().empty()) body.fail_whole("nothing to change", "name at least one field");
}

template <class Change>
bool decides(const Change& change) {
  return change.verdict || change.close_reason || change.priority;
}

Result<void> require_decide(const http::Request& request, bool decides) {
  if (decides) TOCSIN_CHECK(require(request, model::Verb::kAlertsDecide));
  return {};
}

}  // namespace

Result<void> check_may_decide(const http::Request& request, const store::AlertChange& change) {
  const bool closes = change.status == model::AlertStatus::kClosed;
  return require_decide(request, decides(change) || closes || change.tags);
}

Result<void> check_may_decide(const http::Request& request, const store::IncidentChange& change) {
  const bool closes = change.status == model::IncidentStatus::kClosed;
  return require_decide(request, decides(change) || closes || change.tlp);
}

store::AlertChange read_alert_change(Body& body, std::string_view actor) {
  store::AlertChange change;
  change.status = body.choice("status", model::parse_alert_status, "new, in_progress, closed");
  change.tags = body.texts("tags", 50, 100);
  read_common(body, change, actor);
  return change;
}

store::IncidentChange read_incident_change(Body& body, std::string_view actor) {
  store::IncidentChange change;
  change.status = body.choice("status", model::parse_incident_status, "open, triaged, in_progress, closed");
  change.analyst_notes = body.text("analyst_notes", kMaxNotes);
  change.tlp = body.choice("tlp", model::parse_tlp, "CLEAR, GREEN, AMBER, AMBER+STRICT, RED");
  read_common(body, change, actor);
  return change;
}

std::optional<std::int64_t> if_match(const http::Request& request) {
  auto tag = request.header("If-Match");
  if (tag.empty() || tag == "*") return {};
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  if (tag.size() >= 2 && tag.front() == '"' && tag.back() == '"') tag = tag.substr(1, tag.size() - 2);
  std::int64_t version = 0;
  const auto [end, failed] = std::from_chars(tag.data(), tag.data() + tag.size(), version);
  return failed == std::errc{} && end == tag.data() + tag.size() ? version : -1;
}

void set_etag(http::Response& response, std::int64_t version) {
  response.headers.emplace_back("ETag", '"' + std::to_string(version) + '"');
}

}  // namespace tocsin::api
