#pragma once
// A small incident with every part filled in. `value` stands wherever an attacker chooses the text.

#include "base/json_text.h"
#include "export/export.h"
#include "model/attack.h"

namespace tocsin::exports::test {

inline Timestamp at(int minute) {
  return *parse_time("2026-01-04T12:00:00Z") + std::chrono::minutes(minute);
}

template <class Id>
Id numbered(char last) {
  const std::string text = std::string("01JB2ZK8M5X8Q0V1T9T3Y6N4R") + last;
  for (const auto* prefix : {"AL-", "IN-", "NO-", "AC-"}) {
    if (const auto id = Id::parse(prefix + text)) return *id;
  }
  return {};
}

inline model::Alert sample_alert(char number, const std::string& value) {
  model::Alert alert;
  alert.id = numbered<AlertId>(number);
  alert.source = "suricata";
  alert.source_id = value;
  alert.type = "ssh_bruteforce";
  alert.title = value;
  alert.message = value;
  alert.severity = model::Severity::kHigh;
  alert.occurred_at = alert.first_seen = at(0);
  alert.received_at = alert.last_seen = at(1);
  alert.entities = {{model::EntityKind::kUser, value, model::EntityRole::kTarget},
                    {model::EntityKind::kHost, value, model::EntityRole::kTarget},
                    {model::EntityKind::kFile, value, model::EntityRole::kRelated},
                    {model::EntityKind::kProcess, value, model::EntityRole::kRelated},
                    {model::EntityKind::kIp, "203.0.113.7", model::EntityRole::kSource}};
  alert.iocs = {{model::IocKind::kIp, "203.0.113.7"}, {model::IocKind::kUrl, value}};
  alert.attack = model::checked_attack({"T1110.001"}, {});
  alert.priority = 81;
  alert.tags = {value};
  alert.close_reason = value;
  alert.assignee = value;
  append_json_string(alert.raw, value);
  return alert;
}

inline Case sample_case(const std::string& value) {
  Case made;
  auto& incident = made.incident;
  incident.id = numbered<IncidentId>('A');
  incident.title = value;
  incident.severity = model::Severity::kHigh;
  incident.priority = 81;
  incident.assignee = value;
  incident.created_at = incident.first_seen = at(0);
  incident.updated_at = incident.last_seen = at(9);
  incident.alert_count = 2;
  made.alerts = {sample_alert('B', value), sample_alert('C', value)};
  made.summary = {{"It began with " + value + ".", {made.alerts[0].id.str()}}};
  made.why = {{value, {made.alerts[0].id.str()}}};
  made.entities = {{made.alerts[0].entities[0], 2}, {made.alerts[0].entities[4], 2}};
  made.iocs = made.alerts[0].iocs;
  made.iocs.push_back({model::IocKind::kDomain, value});
  made.iocs.push_back({model::IocKind::kCve, "CVE-2021-44228"});
  made.attack = made.alerts[0].attack;
  made.timeline = {{at(0), "alert", value, value, "", "high", {made.alerts[0].id.str()}},
                   {at(5), "note", value, value, value, "", {}}};
  made.queries = {{"kql", "Sign-ins of " + value, value, "SigninLogs\n| where User == \"x\"\n" + value},
                  {"spl", "Splunk", "", "index=* x"}};
  made.checklist = {{"Scope", "done", value, true}, {"Contain", "open", value, false}};
  made.notes = {{numbered<NoteId>('D'), incident.id, value, value + "\nsecond line", at(5)}};
  made.actions = {{numbered<ActionId>('E'), incident.id, value, value, value, value, true, at(6)}};
  made.incident_json = R"({"id":")" + incident.id.str() + "\"}";
  made.exported_at = at(10);
  made.product_version = "0.1.0";
  return made;
}

}  // namespace tocsin::exports::test
