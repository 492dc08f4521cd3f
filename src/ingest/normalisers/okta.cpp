// Okta System Log (API, event hooks, EventBridge, log streaming): events, except those in which Okta itself
// or a user says that something is wrong. Some collectors write the top names in lower case.

#include <array>
#include <optional>

#include "ingest/normalisers/normaliser.h"
#include "ingest/paths.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;
using model::RecordKind;
using model::Severity;

struct AlertType {
  std::string_view event;  // eventType, or its beginning
  Severity severity;       // at least
  std::string_view technique;
};

// https://developer.okta.com/docs/reference/api/event-types: event types that are verdicts, not happenings.
constexpr auto kAlertTypes = std::to_array<AlertType>({
    {"security.threat.detected", Severity::kHigh, "T1110"},
    {"security.attack.start", Severity::kHigh, "T1110"},
    {"security.breached_credential.detected", Severity::kHigh, "T1589.001"},
    {"security.session.detect_client_roaming", Severity::kMedium, "T1539"},
    {"user.account.report_suspicious_activity_by_enduser", Severity::kHigh, "T1078.004"},
    {"user.mfa.attempt_bypass", Severity::kHigh, "T1556.006"},
    {"user.risk.detect", Severity::kHigh, "T1078.004"},
    {"user.risk.change", Severity::kMedium, "T1078.004"},
    {"user.authentication.universal_logout", Severity::kMedium, ""},
    {"policy.entity_risk.evaluate", Severity::kMedium, "T1078.004"},
    {"policy.entity_risk.action", Severity::kMedium, "T1078.004"},
    {"app.generic.unauth_app_access_attempt", Severity::kMedium, ""},
    {"user.session.context.change", Severity::kMedium, "T1539"},
    {"policy.auth_reevaluate.fail", Severity::kMedium, "T1539"},
    {"policy.continuous_access.evaluate", Severity::kMedium, "T1539"},
    {"policy.continuous_access.action", Severity::kMedium, "T1539"},
    {"user.session.impersonation.initiate", Severity::kMedium, "T1078.004"},
    {"app.oauth2.token.detect_reuse", Severity::kMedium, "T1528"},
    {"app.oauth2.as.token.detect_reuse", Severity::kMedium, "T1528"},
    {"security.events.provider.receive_event", Severity::kMedium, ""},
});

Node either(const Node& from, std::string_view camel) {
  const Node found = from[camel];
  return found ? found : from[to_lower(camel)];
}

const AlertType* alert_type(std::string_view event) {
  for (const auto& known : kAlertTypes) {
    if (event == known.event) return &known;
  }
  return nullptr;
}

Node debug_data(const Node& entry) {
  return either(entry, "debugContext")["debugData"];
}

// "{previousLevel=LOW, level=MEDIUM, detectionName=…}" of what Okta thinks of the user or the session now.
std::optional<Severity> risk_level(std::string_view risk) {
  constexpr std::string_view kMark = "level=";
  const auto at = risk.find(kMark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto rest = risk.substr(at + kMark.size());
  return severity_from_word(rest.substr(0, rest.find_first_of(", }")));
}

// DEBUG, INFO, WARN, ERROR; an alert has at least its type's, and one about risk the level of that.
Severity severity_of(const Node& entry, const AlertType* alert) {
  const auto level = risk_level(debug_data(entry)["risk"].text());
  if (alert != nullptr && level && alert->event.starts_with("user.risk.")) return *level;
  const auto word = severity_from_word(entry["severity"].text()).value_or(Severity::kInfo);
  return alert == nullptr ? word : std::max(word, alert->severity);
}

void read_actor(const Node& actor, EntityRole role, AlertDraft& draft) {
  const auto type = actor["type"].text();
  auto name = first_text(actor, {"alternateId", "displayName", "id"});
  if (type == "IP address") return draft.observed(EntityKind::kIp, name, EntityRole::kSource);
  const bool person = type.empty() || contains_ignoring_case(type, "user");
  draft.entity(person ? EntityKind::kUser : EntityKind::kAccount, name, role);
}

// One's own account as target is no second party.
void read_target(const Node& target, AlertDraft& draft) {
  const auto type = target["type"].text();
  if (type == "User" || type == "AppUser")
    return draft.entity(EntityKind::kUser, first_text(target, {"alternateId", "displayName"}),
                        EntityRole::kTarget);
  if (type == "IP address")
    return draft.observed(EntityKind::kIp, first_text(target, {"displayName", "id"}), EntityRole::kSource);
  const bool means = type.starts_with("Authenticator") || type == "Factor" || type == "Session";
  if (!means)
    draft.entity(EntityKind::kCloudResource, first_text(target, {"displayName", "alternateId"}),
                 EntityRole::kRelated);
}

bool has_other_user(const Node& entry) {
  const auto self = entry["actor"]["alternateId"].text();
  bool other = false;
  entry["target"].each([&](const Node& target) {
    other = other || (target["type"].text() == "User" && target["alternateId"].text() != self);
  });
  return other;
}

// {"Password Spray":"HIGH", …} as text: what ThreatInsight saw.
void read_detections(std::string_view text, AlertDraft& draft) {
  for (const auto* name : {"Password Spray", "Login Failures", "Login failures with high unknown users count",
                           "Brute Force", "Malicious IP"}) {
    if (text.find(name) != std::string_view::npos) draft.tag(name);
  }
  if (text.find("Password Spray") != std::string_view::npos) draft.technique("T1110.003");
  if (text.find("Credential Stuffing") != std::string_view::npos) draft.technique("T1110.004");
}

void read_addresses(const Node& entry, const Node& debug, AlertDraft& draft) {
  draft.observed(EntityKind::kIp, entry["client"]["ipAddress"].text(), EntityRole::kSource);
  each_at(entry, "request.ipChain.ip",
          [&](const Node& ip) { draft.observed(EntityKind::kIp, ip.text(), EntityRole::kSource); });
  draft.observed(EntityKind::kIp, debug["suspiciousActivityEventIp"].text(), EntityRole::kSource);
  draft.observed(EntityKind::kIp, debug["newIpAddress"].text(), EntityRole::kSource);
  draft.entity(EntityKind::kIp, debug["previousIpAddress"].text(), EntityRole::kRelated);  // the user's own
}

// "{New Device=POSITIVE, Velocity=NEGATIVE, …}": what is new about this sign-in.
void read_behaviours(std::string_view text, AlertDraft& draft) {
  if (text.starts_with('{')) text.remove_prefix(1);
  while (!text.empty()) {
    auto value = trim(take_until(text, ','));
    const auto name = take_until(value, '=');
    if (value.starts_with("POSITIVE")) draft.tag(name);
  }
}

void read_reason(const Node& entry, AlertDraft& draft) {
  const auto reason = entry["outcome"]["reason"].text();
  const auto title = either(entry, "displayMessage").text();
  draft.message(reason.empty() || reason == title ? std::string(title)
                                                  : std::string(title) + ": " + std::string(reason));
  draft.vendor_status(entry["outcome"]["result"].text());
}

void read_entry(const Node& entry, const AlertType* alert, AlertDraft& draft) {
  const auto event = either(entry, "eventType").text();
  const Node debug = debug_data(entry);
  draft.source_id(entry["uuid"].text());
  draft.title(either(entry, "displayMessage").text());
  draft.title(event);
  draft.type(slug(event));
  draft.rule(event);
  draft.severity(severity_of(entry, alert));
  draft.occurred_at(read_time(entry["published"]));
  read_reason(entry, draft);
  read_actor(entry["actor"], has_other_user(entry) ? EntityRole::kActor : EntityRole::kTarget, draft);
  entry["target"].each([&](const Node& target) { read_target(target, draft); });
  read_addresses(entry, debug, draft);
  read_behaviours(debug["behaviors"].text(), draft);
  draft.tag(debug["privilegeGranted"].text());
  if (alert == nullptr) return;
  if (!alert->technique.empty()) draft.technique(alert->technique);
  read_detections(debug["threatDetections"].text(), draft);
}

// ThreatInsight marks sign-ins of other types too.
bool is_suspected(const Node& entry) {
  return debug_data(entry)["threatSuspected"].is_true();
}

constexpr AlertType kSuspected{"", Severity::kMedium, "T1110"};

void read_one(const Node& entry, std::string_view bytes, Output& out) {
  const auto event = either(entry, "eventType").text();
  if (event.empty()) {
    return out.reject_part(bytes, "no eventType: not an entry of Okta's System Log",
                           "Send LogEvent objects of the System Log API, event hooks or a log stream.");
  }
  const auto* alert = alert_type(event);
  if (alert == nullptr && is_suspected(entry)) alert = &kSuspected;
  out.add(alert != nullptr ? RecordKind::kAlert : RecordKind::kEvent, bytes,
          [&](AlertDraft& draft) { read_entry(entry, alert, draft); });
}

bool is_entry(const Node& entry) {
  return either(entry, "eventType").is_string() && entry["published"] && entry["actor"].is_object() &&
         (entry["outcome"] || entry["client"]);
}

}  // namespace

bool is_okta(const Node& object) {
  return is_entry(object) || is_entry(object["detail"]) || is_entry(object["data"]["events"].at(0));
}

void read_okta(const Node& object, Output& out) {
  if (is_entry(object["detail"])) return read_one(object["detail"], out.item(), out);
  const Node hook = object["data"];
  if (const Node list = hook["events"]; list.is_array()) {
    return for_each_part(
        find_member(out.item(), "data"), "events", list,
        [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bytes, out); });
  }
  read_one(object, out.item(), out);
}

}  // namespace tocsin::ingest
