#include "detect/event_facts.h"
#include "detect/event_rules.h"

namespace tocsin::detect {
namespace {

using model::EntityKind;
using model::EntityRole;

void add_entities(const Finding& finding, model::Alert& alert) {
  const auto& event = finding.event;
  const auto add = [&alert](EntityKind kind, const std::optional<std::string>& value, EntityRole role) {
    if (value && !value->empty()) alert.entities.push_back({kind, *value, role});
  };
  add(EntityKind::kUser, event.user, finding.actor_is_user ? EntityRole::kActor : EntityRole::kTarget);
  add(EntityKind::kIp, event.ip, EntityRole::kSource);
  const bool local = event.source == "local";
  add(local ? EntityKind::kHost : EntityKind::kCloudResource, event.resource, EntityRole::kTarget);
  if (event.ip && is_public_address(*event.ip)) alert.iocs.push_back({model::IocKind::kIp, *event.ip});
}

}  // namespace

model::Alert to_alert(const Finding& finding) {
  model::Alert alert;
  alert.source = "detection";
  alert.source_id = "EV-" + std::to_string(finding.event.seq);
  alert.type = finding.type;
  alert.title = finding.headline;
  alert.message = finding.reason;
  alert.severity = finding.severity;
  alert.occurred_at = alert.first_seen = alert.last_seen = finding.event.occurred_at;
  alert.received_at = finding.event.received_at;
  add_entities(finding, alert);
  alert.raw = R"({"rule":")" + finding.rule + R"(","event_seqs":[)";
  for (std::size_t i = 0; i < finding.event_seqs.size(); ++i) {
    alert.raw += (i > 0 ? "," : "") + std::to_string(finding.event_seqs[i]);
  }
  alert.raw += "]}";
  return alert;
}

}  // namespace tocsin::detect
