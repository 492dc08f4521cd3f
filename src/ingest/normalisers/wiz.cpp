// Wiz: Defend detections (threats), issues as the webhook sends them and as the API gives them.

#include <array>

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

constexpr auto kEntities = std::to_array<EntityField>({
    {"cloudAccounts.externalId", EntityKind::kAccount, EntityRole::kTarget},
    {"primaryResource.cloudAccount.externalId", EntityKind::kAccount, EntityRole::kTarget},
    {"entitySnapshot.subscriptionExternalId", EntityKind::kAccount, EntityRole::kTarget},
    {"resource.subscriptionId", EntityKind::kAccount, EntityRole::kTarget},
    {"entitySnapshot.providerId", EntityKind::kCloudResource, EntityRole::kTarget},
    {"triggeringEvents.actorIP", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"triggeringEvents.nodes.actorIP", EntityKind::kIp, EntityRole::kSource, Standing::kObserved},
    {"triggeringEvents.nodes.runtimeProgram.name", EntityKind::kProcess, EntityRole::kRelated},
});

// Type of an actor or resource of the Wiz graph; all else is a cloud resource.
struct GraphType {
  std::string_view type;
  EntityKind kind;
};
constexpr auto kGraphTypes = std::to_array<GraphType>({{"NETWORK_ADDRESS", EntityKind::kIp},
                                                       {"USER_ACCOUNT", EntityKind::kUser},
                                                       {"USER", EntityKind::kUser},
                                                       {"IDENTITY", EntityKind::kUser},
                                                       {"SERVICE_ACCOUNT", EntityKind::kAccount},
                                                       {"ACCESS_KEY", EntityKind::kAccount},
                                                       {"DOMAIN", EntityKind::kDomain}});

EntityKind kind_of(std::string_view type) {
  for (const auto& known : kGraphTypes) {
    if (known.type == type) return known.kind;
  }
  return EntityKind::kCloudResource;
}

void read_actor(const Node& actor, AlertDraft& draft) {
  const auto kind = kind_of(actor["type"].text());
  const auto name = first_text(actor, {"name", "email", "externalId"});
  if (kind == EntityKind::kIp) return draft.observed(kind, name, EntityRole::kSource);
  draft.entity(kind == EntityKind::kCloudResource ? EntityKind::kAccount : kind, name, EntityRole::kActor);
}

// What is exposed is the customer's own: "203.0.113.8:27017", which the description will name again.
void read_endpoint(const Node& resource, AlertDraft& draft) {
  const auto name = resource["name"].text();
  const auto host = name.substr(0, name.rfind(':'));
  draft.entity(EntityKind::kHost, host.empty() ? name : host, EntityRole::kTarget);
}

void read_resource(const Node& resource, AlertDraft& draft) {
  const auto type = resource["type"].text();
  if (type == "ENDPOINT") return read_endpoint(resource, draft);
  draft.entity(EntityKind::kCloudResource,
               first_text(resource, {"externalId", "providerId", "providerUniqueId", "id"}),
               EntityRole::kTarget);
  const auto name = first_text(resource, {"name"});
  if (type == "VIRTUAL_MACHINE") return draft.entity(EntityKind::kHost, name, EntityRole::kTarget);
  draft.entity(kind_of(type), name, EntityRole::kTarget);
}

Severity severity_of(const Node& object) {
  return severity_from_word(first_text(object, {"severity", "issue.severity"})).value_or(Severity::kMedium);
}

void read_times(const Node& object, AlertDraft& draft) {
  for (const auto* path :
       {"timeframe.start", "startedAt", "triggeringEvents.eventTime", "triggeringEvents.nodes.timestamp",
        "createdAt", "issue.created", "issue.createdAt"}) {
    draft.occurred_at(read_time(at_path(object, path)));
  }
}

void read_attack(const Node& object, AlertDraft& draft) {
  for (const auto* path : {"mitreTechniques", "MITRETechniques", "detection.mitreTechniques"})
    each_at(object, path, [&](const Node& id) { read_technique(id.text(), draft); });
  each_at(object, "ruleMatch.rule.securitySubCategories", [&](const Node& one) {
    read_technique(one["title"].text(), draft);
    read_tactic(one["category"]["name"].text(), draft);
  });
  for (const auto* path : {"mitreTactics", "MITRETactics", "detection.mitreTactics"})
    each_at(object, path, [&](const Node& id) { read_tactic(id.text(), draft); });
}

void read_common(const Node& object, AlertDraft& draft) {
  const auto description = first_text(object, {"description", "sourceRule.controlDescription",
                                               "sourceRule.description", "control.description"});
  draft.source_id(first_text(object, {"id", "issue.id"}));
  draft.title(
      first_text(object, {"title", "sourceRule.name", "control.name", "ruleMatch.rule.name", "name"}));
  draft.message(description);
  draft.rule(first_text(object, {"tdrId", "sourceRule.id", "control.id", "ruleMatch.rule.id"}));
  draft.severity(severity_of(object));
  read_times(object, draft);
  draft.source_url(first_text(object, {"threatURL", "url", "issue.url"}));
  draft.vendor_status(first_text(object, {"status", "issue.status"}));
  draft.vendor_verdict(first_text(object, {"resolutionReason", "issue.resolutionReason"}));
  draft.tag(first_text(object, {"tdrSource", "type"}));
  read_attack(object, draft);
  draft.mine(description);
}

void read_issue(const Node& object, AlertDraft& draft) {
  read_common(object, draft);
  const Node primary = object["primaryActor"];
  if (primary) read_actor(primary, draft);
  object["actors"].each([&](const Node& actor) { read_actor(actor, draft); });
  for (const auto* name : {"primaryResource", "resources", "entitySnapshot", "resource"})
    object[name].each([&](const Node& resource) { read_resource(resource, draft); });
  read_entities(object, kEntities, draft);
}

bool is_issue(const Node& object) {
  return (object["threatURL"] && object["tdrId"]) ||
         (object["triggeringEvents"] && object["primaryResource"]) ||
         (object["entitySnapshot"].is_object() && object["severity"]) ||
         (object["issue"].is_object() && object["resource"].is_object() && object["control"].is_object()) ||
         (object["tdrSource"] && object["severity"]);
}

}  // namespace

bool is_wiz(const Node& object) {
  return is_issue(object) || is_issue(at_path(object, "data.issues.nodes"));
}

void read_wiz(const Node& object, Output& out) {
  const auto nodes = object["data"]["issues"]["nodes"];
  if (nodes.is_array()) {
    const auto inside = find_member(find_member(out.item(), "data"), "issues");
    return for_each_part(inside, "nodes", nodes, [&](const Node& one, std::string_view bytes, std::size_t) {
      if (!one.is_object()) return out.reject_part(bytes, "this node is no issue", "");
      out.add(RecordKind::kAlert, bytes, [&](AlertDraft& draft) { read_issue(one, draft); });
    });
  }
  if (!is_issue(object)) {
    return out.reject("neither a Wiz detection nor an issue",
                      "Send the body of a Wiz webhook, or issues and detections of its GraphQL API.");
  }
  out.add(RecordKind::kAlert, [&](AlertDraft& draft) { read_issue(object, draft); });
}

}  // namespace tocsin::ingest
