#include "ingest/history/history_columns.h"

#include <algorithm>
#include <array>

#include "base/json_text.h"
#include "ingest/api_input.h"
#include "ingest/file/rows.h"
#include "ingest/severity.h"
#include "ingest/text.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

using Names = std::span<const std::string_view>;

constexpr int kDepth = 3;
constexpr std::size_t kMaxListTexts = 64;

// ---- what makes the alert; names as slugs, the best first

constexpr auto kId = std::to_array<std::string_view>(
    {"system_alert_id", "alert_id", "incident_number", "event_id", "case_id", "id", "incident_id",
     "source_ref", "uuid", "incident_name", "number", "finding_id", "provider_alert_id", "notable_id"});
constexpr auto kTitle = std::to_array<std::string_view>(
    {"title", "rule_title", "alert_title", "alert_name", "display_name", "alert_display_name",
     "incident_title", "name", "alert", "signature", "detection_name", "rule_name", "search_name",
     "incident_name", "summary", "subject", "short_description"});
constexpr auto kRule = std::to_array<std::string_view>(
    {"rule", "search_name", "rule_name", "detection_name", "alert_rule", "analytic_rule",
     "analytics_rule_name", "detector_id", "alert_type", "use_case", "correlation_search", "type"});
constexpr auto kMessage =
    std::to_array<std::string_view>({"message", "description", "rule_description", "msg"});
constexpr auto kSeverity =
    std::to_array<std::string_view>({"severity_label", "severity", "urgency", "alert_severity",
                                     "incident_severity", "level", "sev", "priority", "risk_level"});
constexpr auto kCreated = std::to_array<std::string_view>({"created_time",
                                                           "created_time_utc",
                                                           "created_at",
                                                           "created",
                                                           "created_date_time",
                                                           "creation_time",
                                                           "created_on",
                                                           "creation_date",
                                                           "opened_at",
                                                           "opened",
                                                           "timestamp",
                                                           "time",
                                                           "ts",
                                                           "time_generated",
                                                           "detection_time",
                                                           "alert_time",
                                                           "event_time",
                                                           "first_activity_time",
                                                           "first_activity_time_utc",
                                                           "first_activity",
                                                           "start_time",
                                                           "start_date",
                                                           "datetime",
                                                           "date",
                                                           "occurred_at",
                                                           "first_seen",
                                                           "received_at",
                                                           "orig_time"});
constexpr auto kSource = std::to_array<std::string_view>(
    {"product", "product_name", "product_names", "provider_name", "vendor", "service_source",
     "detection_source", "security_product", "sourcetype", "tool", "source"});
constexpr auto kHost = std::to_array<std::string_view>(
    {"host", "hostname", "host_name", "device", "device_name", "computer", "computer_name", "machine",
     "machine_name", "dest_host", "dest_nt_host", "compromised_entity", "asset", "asset_name", "endpoint",
     "agent_name", "dest", "impacted_entities", "impacted_assets"});
constexpr auto kUser = std::to_array<std::string_view>({"user", "user_name", "username", "account",
                                                        "account_name", "user_principal_name", "target_user",
                                                        "src_user", "upn", "affected_user"});
constexpr auto kSourceIp =
    std::to_array<std::string_view>({"src_ip", "source_ip", "src", "source_address", "ip", "ip_address",
                                     "client_ip", "attacker_ip", "srcip", "remote_ip"});
constexpr auto kDestinationIp = std::to_array<std::string_view>(
    {"dst_ip", "dest_ip", "destination_ip", "dst", "destination", "destination_address", "dstip"});
constexpr auto kTags = std::to_array<std::string_view>({"tags", "labels", "tag", "workflow_tags"});
constexpr auto kTechniques = std::to_array<std::string_view>(
    {"techniques", "mitre_techniques", "technique", "mitre_technique", "mitre_attack", "mitre_technique_id"});
constexpr auto kUrl = std::to_array<std::string_view>({"source_url", "incident_url", "alert_link", "link"});

struct AlertName {
  std::string_view name;  // of `generic`
  Names columns;
};
constexpr auto kAlertNames = std::to_array<AlertName>({
    {"id", kId},
    {"title", kTitle},
    {"rule", kRule},
    {"message", kMessage},
    {"severity", kSeverity},
    {"timestamp", kCreated},
    {"source", kSource},
    {"host", kHost},
    {"user", kUser},
    {"src_ip", kSourceIp},
    {"dst_ip", kDestinationIp},
    {"tags", kTags},
    {"techniques", kTechniques},
    {"source_url", kUrl},
});

// ---- what became of it

constexpr auto kVerdict = std::to_array<std::string_view>(
    {"verdict", "analyst_verdict", "final_verdict", "actual_disposition", "classification", "incident_grade",
     "disposition_label", "disposition", "resolution_status", "workflow_reason", "outcome", "resolution",
     "label", "grade", "close_code", "closing_classification"});
// These speak of more than the verdict: only a word that is known counts.
constexpr auto kWeakVerdict =
    std::to_array<std::string_view>({"closing_reason", "close_reason", "closed_reason", "closure_reason",
                                     "classification_reason", "resolution_reason", "status", "status_label",
                                     "state", "stage", "incident_status", "reason", "workflow_tags"});
constexpr auto kClosedAt = std::to_array<std::string_view>({"closed_time",
                                                            "closed_time_utc",
                                                            "closed_at",
                                                            "closed_date_time",
                                                            "closed_date",
                                                            "closed_on",
                                                            "closed",
                                                            "close_time",
                                                            "close_date",
                                                            "resolved_at",
                                                            "resolved_time",
                                                            "resolved_date_time",
                                                            "resolved",
                                                            "resolution_time",
                                                            "end_date",
                                                            "review_time",
                                                            "reviewed_at",
                                                            "workflow_status_updated_at",
                                                            "completed_at",
                                                            "updated_at",
                                                            "updated",
                                                            "last_update_time",
                                                            "last_updated_time",
                                                            "last_modified_time",
                                                            "last_modified_time_utc",
                                                            "last_modified"});
constexpr auto kClosedBy = std::to_array<std::string_view>(
    {"closed_by", "resolved_by", "reviewer", "workflow_user", "assignee", "assigned_to", "owner_assigned_to",
     "owner_user_principal_name", "owner_email", "owner_name", "owner", "analyst", "updated_by",
     "modified_by"});
constexpr auto kReason = std::to_array<std::string_view>(
    {"classification_comment", "close_notes", "closing_notes", "closing_comment", "resolution_notes",
     "close_reason", "closing_reason", "closed_reason", "closure_reason", "classification_reason",
     "workflow_reason", "reason", "comment", "comments", "notes", "impact_status"});
constexpr auto kMinutes = std::to_array<std::string_view>(
    {"minutes", "minutes_spent", "time_spent_minutes", "handling_minutes", "time_spent", "effort_minutes"});

constexpr std::array<Names, 6> kClosing{kVerdict, kWeakVerdict, kClosedAt, kClosedBy, kReason, kMinutes};

// What exports wrap around the names above.
constexpr auto kEnvelopes = std::to_array<std::string_view>(
    {"properties_", "source_", "kibana_alert_", "signal_", "fields_", "result_", "attributes_"});

bool is_one_of(Names names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool is_known(std::string_view name) {
  const auto has = [&](Names names) { return is_one_of(names, name); };
  return std::any_of(kClosing.begin(), kClosing.end(), has) || is_generic_member(name) ||
         std::any_of(kAlertNames.begin(), kAlertNames.end(),
                     [&](const AlertName& one) { return has(one.columns); });
}

// The name without what is around it, where only that is a name we know.
std::string plain_name(std::string_view column) {
  const auto whole = slug(column);
  for (std::string_view name = whole;;) {
    if (is_known(name)) return std::string(name);
    const auto* const envelope = std::find_if(kEnvelopes.begin(), kEnvelopes.end(),
                                              [&](std::string_view one) { return name.starts_with(one); });
    if (envelope == kEnvelopes.end()) return whole;
    name.remove_prefix(envelope->size());
  }
}

std::string texts_of(const Node& list) {
  std::string joined;
  std::size_t count = 0;
  list.each([&](const Node& one) {
    const auto text = one.is_object() || one.is_array() ? std::string() : one.scalar();
    if (text.empty() || ++count > kMaxListTexts) return;
    if (!joined.empty()) joined += ';';
    joined += text;
  });
  return joined;
}

// TheHive counts severities from 1 to 4.
std::string_view severity_of_hive(std::string_view value) {
  constexpr std::array<std::string_view, 4> kLevels{"low", "medium", "high", "critical"};
  return value.size() == 1 && value[0] >= '1' && value[0] <= '4'
             ? kLevels[static_cast<std::size_t>(value[0] - '1')]
             : value;
}

}  // namespace

void HistoryRow::add(std::string_view column, std::string_view value) {
  value = trim(value);
  if (is_blank_value(value) || fields_.size() == kMaxFields) return;
  auto name = plain_name(column);
  if (name.empty() || find(name) != nullptr) return;
  fields_.push_back({std::string(trim(column)), std::move(name), std::string(value)});
}

void HistoryRow::add(const Node& object) {
  add_members(object, {}, 1);
}

void HistoryRow::add_members(const Node& object, const std::string& prefix, int depth) {
  object.members([&](std::string_view name, const Node& value) {
    const auto path = prefix + std::string(name);
    if (value.is_object()) {
      if (depth < kDepth) add_members(value, path + '.', depth + 1);
    } else {
      add(path, value.is_array() ? texts_of(value) : value.scalar());
    }
  });
}

const HistoryRow::Field* HistoryRow::find(std::string_view name) const {
  const auto found =
      std::find_if(fields_.begin(), fields_.end(), [&](const Field& field) { return field.name == name; });
  return found == fields_.end() ? nullptr : &*found;
}

std::vector<const HistoryRow::Field*> HistoryRow::of(Closing what) const {
  std::vector<const Field*> found;
  for (const auto name : kClosing.at(static_cast<std::size_t>(what))) {
    if (const auto* field = find(name)) found.push_back(field);
  }
  return found;
}

const HistoryRow::Field* HistoryRow::created() const {
  const Field* first = nullptr;
  for (const auto name : kCreated) {
    const auto* field = find(name);
    if (field != nullptr && read_time(field->value)) return field;
    if (first == nullptr) first = field;
  }
  return first;
}

std::string HistoryRow::alert_object() const {
  const bool is_hive = find("source_ref") != nullptr || find("case_id") != nullptr;
  std::vector<std::string> names, values;
  const auto put = [&](std::string_view name, std::string_view value) {
    names.emplace_back(name);
    values.emplace_back(value);
  };
  for (const auto& [name, columns] : kAlertNames) {
    if (name == "timestamp") {
      if (const auto* at = created()) put(name, at->value);
      continue;
    }
    for (const auto column : columns) {
      const auto* field = find(column);
      if (field == nullptr) continue;
      const bool is_severity = name == "severity";
      const auto value = is_severity && is_hive ? severity_of_hive(field->value) : field->value;
      if (is_severity && !severity_from_text(value)) continue;
      put(name, value);
      break;
    }
  }
  for (const auto& field : fields_)
    put(is_generic_member(field.name) ? field.name : field.column, field.value);
  return row_object(names, values, true);
}

std::string HistoryRow::missing_of(const std::vector<std::string>& columns) {
  HistoryRow row;
  for (const auto& column : columns) row.add(column, "x");
  const auto has = [&](Names names) {
    return std::any_of(names.begin(), names.end(), [&](auto name) { return row.find(name) != nullptr; });
  };
  if (!has(kTitle) && !has(kRule) && !has(kMessage)) return "what the alerts are about (title, rule …)";
  if (!has(kCreated)) return "when the alerts came up (created, timestamp …)";
  if (!has(kVerdict) && !has(kWeakVerdict)) return "what became of the alerts (verdict, classification …)";
  return {};
}

}  // namespace tocsin::ingest
