#include "ingest/ecs.h"

#include <array>
#include <string>

#include "ingest/text.h"
#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

struct EcsField {
  std::string_view path;
  EntityKind kind;
  EntityRole role;
  bool observed;
};

constexpr auto kFields = std::to_array<EcsField>({
    {"host.name", EntityKind::kHost, EntityRole::kTarget, false},
    {"host.mac", EntityKind::kMac, EntityRole::kTarget, false},
    {"kubernetes.pod.name", EntityKind::kCloudResource, EntityRole::kTarget, false},
    {"orchestrator.cluster.name", EntityKind::kCloudResource, EntityRole::kRelated, false},
    {"dns.resolved_ip", EntityKind::kIp, EntityRole::kRelated, true},
    {"source.mac", EntityKind::kMac, EntityRole::kSource, false},
    {"destination.mac", EntityKind::kMac, EntityRole::kDestination, false},
    {"destination.domain", EntityKind::kDomain, EntityRole::kDestination, true},
    {"server.domain", EntityKind::kDomain, EntityRole::kDestination, true},
    {"dns.question.name", EntityKind::kDomain, EntityRole::kRelated, true},
    {"tls.client.server_name", EntityKind::kDomain, EntityRole::kDestination, true},
    {"url.domain", EntityKind::kDomain, EntityRole::kRelated, true},
    {"url.full", EntityKind::kUrl, EntityRole::kRelated, true},
    {"file.hash.sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"file.hash.sha1", EntityKind::kHash, EntityRole::kRelated, true},
    {"file.hash.md5", EntityKind::kHash, EntityRole::kRelated, true},
    {"process.hash.sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"process.hash.sha1", EntityKind::kHash, EntityRole::kRelated, true},
    {"process.hash.md5", EntityKind::kHash, EntityRole::kRelated, true},
    {"dll.hash.sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"dll.path", EntityKind::kFile, EntityRole::kRelated, false},
    {"email.from.address", EntityKind::kEmail, EntityRole::kSource, true},
    {"email.to.address", EntityKind::kEmail, EntityRole::kTarget, false},
    {"vulnerability.id", EntityKind::kCve, EntityRole::kRelated, true},
    {"cloud.account.id", EntityKind::kAccount, EntityRole::kTarget, false},
    {"cloud.instance.id", EntityKind::kCloudResource, EntityRole::kTarget, false},
    {"container.name", EntityKind::kCloudResource, EntityRole::kTarget, false},
    {"container.id", EntityKind::kCloudResource, EntityRole::kTarget, false},
    {"orchestrator.resource.name", EntityKind::kCloudResource, EntityRole::kTarget, false},
    {"threat.indicator.ip", EntityKind::kIp, EntityRole::kRelated, true},
    {"threat.indicator.url.full", EntityKind::kUrl, EntityRole::kRelated, true},
    {"threat.indicator.url.domain", EntityKind::kDomain, EntityRole::kRelated, true},
    {"threat.indicator.file.hash.sha256", EntityKind::kHash, EntityRole::kRelated, true},
    {"threat.indicator.file.hash.md5", EntityKind::kHash, EntityRole::kRelated, true},
});

void add(const EcsField& field, const Node& value, AlertDraft& draft) {
  value.each([&](const Node& one) {
    if (field.observed) {
      draft.observed(field.kind, one.text(), field.role);
    } else {
      draft.entity(field.kind, one.text(), field.role);
    }
  });
}

// The user acts upon user.target; source and destination users likewise. One alone is whom it happened to.
void read_users(const FlatJson& event, AlertDraft& draft) {
  const Node user = event.any({"user.name", "user.email", "source.user.name", "client.user.name"});
  const Node target = event.any({"user.target.name", "destination.user.name", "server.user.name"});
  const bool two = target && target.text() != user.text();
  user.each([&](const Node& name) {
    draft.entity(EntityKind::kUser, name.text(), two ? EntityRole::kActor : EntityRole::kTarget);
  });
  if (two) draft.entity(EntityKind::kUser, target.text(), EntityRole::kTarget);
  draft.entity(EntityKind::kUser, event["user.effective.name"].text(), EntityRole::kRelated);
}

// "inbound" and "ingress" reach the customer, "outbound" and "egress" leave it.
void read_traffic(const FlatJson& event, AlertDraft& draft) {
  const auto direction = event["network.direction"].text();
  const bool in = direction == "inbound" || direction == "ingress";
  const bool out = direction == "outbound" || direction == "egress";
  const auto source = event.any({"source.ip", "source.address", "client.ip"});
  const auto destination = event.any({"destination.ip", "destination.address", "server.ip"});
  const auto text = [](const Node& node) { return node.is_array() ? node.at(0).text() : node.text(); };
  add_traffic(draft, {text(source), out ? Side::kOwn : Side::kUnknown},
              {text(destination), in ? Side::kOwn : Side::kUnknown}, Suspect::kBoth);
}

// A host's own addresses; those of virtual bridges and link-local ones say nothing.
void read_host_addresses(const FlatJson& event, AlertDraft& draft) {
  int left = 4;
  event["host.ip"].each([&](const Node& ip) {
    const auto text = ip.text();
    if (left <= 0 || text.starts_with("127.") || text.starts_with("169.254.") || text.starts_with("fe80:") ||
        text == "::1")
      return;
    draft.entity(EntityKind::kIp, text, EntityRole::kTarget);
    --left;
  });
}

std::string joined(const Node& words) {
  std::string text;
  words.each([&](const Node& word) {
    if (text.size() < kMaxMessageBytes) text.append(text.empty() ? "" : " ").append(word.text());
  });
  return text;
}

// Arrays of objects, which have no paths of their own.
void read_attachments(const FlatJson& event, AlertDraft& draft) {
  event["email.attachments"].each([&](const Node& attachment) {
    draft.entity(EntityKind::kFile, attachment["file"]["name"].text(), EntityRole::kRelated);
    attachment["file"]["hash"].members([&](std::string_view name, const Node& hash) {
      if (name.starts_with("sha") || name == "md5")
        draft.observed(EntityKind::kHash, hash.text(), EntityRole::kRelated);
    });
  });
}

// What an indicator match rule found: the indicator and where it is known from.
void read_enrichments(const FlatJson& event, AlertDraft& draft) {
  event["threat.enrichments"].each([&](const Node& enrichment) {
    const FlatJson indicator(enrichment["indicator"]);
    const auto add = [&](std::string_view path, EntityKind kind) {
      draft.reported(kind, indicator[path].text(), EntityRole::kRelated);
    };
    add("ip", EntityKind::kIp);
    add("url.full", EntityKind::kUrl);
    add("url.domain", EntityKind::kDomain);
    add("domain", EntityKind::kDomain);
    add("file.hash.sha256", EntityKind::kHash);
    add("file.hash.sha1", EntityKind::kHash);
    add("file.hash.md5", EntityKind::kHash);
    add("email.address", EntityKind::kEmail);
    draft.tag(enrichment["feed"]["name"].text());
  });
}

void read_process(const FlatJson& event, AlertDraft& draft) {
  const Node process = event.any({"process.executable", "process.name"});
  draft.entity(EntityKind::kProcess, process.text(), EntityRole::kRelated);
  const Node command = event["process.command_line"];
  draft.command_line(command ? std::string(command.text()) : joined(event["process.args"]));
  draft.parent_process(
      event.any({"process.parent.command_line", "process.parent.executable", "process.parent.name"}).text());
  draft.process_hash(event.any({"process.hash.sha256", "process.hash.sha1", "process.hash.md5"}).text());
}

void read_url(const FlatJson& event, AlertDraft& draft) {
  const auto url = event["url.original"].text();
  if (!event.has("url.full") && is_absolute_url(url))
    draft.observed(EntityKind::kUrl, url, EntityRole::kRelated);
}

void read_technique(const Node& technique, AlertDraft& draft) {
  technique.each([&](const Node& one) {
    if (one.is_string()) return draft.technique(one.text());
    draft.technique(one.any({"id", "name"}).text());
    one["subtechnique"].each([&](const Node& sub) { draft.technique(sub.any({"id", "name"}).text()); });
  });
}

}  // namespace

void read_ecs_entities(const FlatJson& event, AlertDraft& draft) {
  for (const auto& field : kFields) add(field, event[field.path], draft);
  if (!event.has("host.name"))
    draft.entity(EntityKind::kHost, event["host.hostname"].text(), EntityRole::kTarget);
  read_host_addresses(event, draft);
  read_users(event, draft);
  read_traffic(event, draft);
  read_process(event, draft);
  read_attachments(event, draft);
  read_enrichments(event, draft);
  draft.entity(EntityKind::kFile, event.any({"file.path", "file.name"}).text(), EntityRole::kRelated);
  read_url(event, draft);
  for (const auto* path : {"threat.technique.id", "threat.technique.subtechnique.id"}) {
    event[path].each([&](const Node& id) { draft.technique(id.text()); });
  }
  event["threat.tactic.id"].each([&](const Node& id) { draft.tactic(id.text()); });
}

void read_ecs_threat(const Node& threat, AlertDraft& draft) {
  threat.each([&](const Node& one) {
    one["tactic"].each([&](const Node& tactic) { draft.tactic(tactic.any({"id", "name"}).text()); });
    read_technique(one["technique"], draft);
  });
}

}  // namespace tocsin::ingest
