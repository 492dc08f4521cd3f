#include "ingest/normalisers/microsoft_entities.h"

#include <array>

#include "ingest/paths.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

// A member in either spelling. The REST API has them under "properties": the name beside those is the
// resource's own.
Node pick(const Node& entity, std::string_view pascal) {
  const Node inner = entity["properties"];
  const Node from = inner.is_object() ? inner : entity;
  if (const Node found = from[pascal]) return found;
  std::string camel(pascal);
  camel[0] = lower(camel[0]);
  return from[camel];
}

EntityRole or_else(EntityRole role, EntityRole fallback) {
  return role == EntityRole::kRelated ? fallback : role;
}

void read_account(const Node& entity, EntityRole role, AlertDraft& draft) {
  role = or_else(role, EntityRole::kTarget);
  const Node upn = pick(entity, "UserPrincipalName");
  if (upn) return draft.entity(EntityKind::kUser, upn.text(), role);
  auto name = pick(entity, "Name").text();
  if (name.empty()) name = pick(entity, "AccountName").text();
  const auto suffix =
      pick(entity, "UPNSuffix") ? pick(entity, "UPNSuffix").text() : pick(entity, "UpnSuffix").text();
  draft.entity(EntityKind::kUser, user_principal(name, suffix), role);
}

void read_host(const Node& entity, EntityRole role, AlertDraft& draft) {
  role = or_else(role, EntityRole::kTarget);
  draft.entity(EntityKind::kCloudResource, pick(entity, "AzureID").text(), role);
  const auto name = pick(entity, "HostName").text();
  const auto domain = pick(entity, "DnsDomain").text();
  const bool bare = !name.empty() && name.find('.') == std::string_view::npos;
  if (bare && !domain.empty()) {
    draft.entity(EntityKind::kHost, std::string(name) + '.' + std::string(domain), role);
  } else {
    draft.entity(EntityKind::kHost, name.empty() ? pick(entity, "NetBiosName").text() : name, role);
  }
}

void read_ip(const Node& entity, EntityRole role, AlertDraft& draft) {
  draft.observed(EntityKind::kIp, pick(entity, "Address").text(), or_else(role, EntityRole::kSource));
}

void read_url(const Node& entity, EntityRole role, AlertDraft& draft) {
  draft.observed(EntityKind::kUrl, pick(entity, "Url").text(), role);
  draft.mine(pick(entity, "Url").text());
}

void read_dns(const Node& entity, EntityRole role, AlertDraft& draft) {
  draft.observed(EntityKind::kDomain, pick(entity, "DomainName").text(), role);
}

void read_hash(const Node& entity, EntityRole, AlertDraft& draft) {
  const Node value = pick(entity, "Value") ? pick(entity, "Value") : pick(entity, "HashValue");
  draft.observed(EntityKind::kHash, value.text(), EntityRole::kRelated);
}

void read_file(const Node& entity, EntityRole role, AlertDraft& draft) {
  const auto directory = pick(entity, "Directory").text();
  const auto name = pick(entity, "Name") ? pick(entity, "Name").text() : pick(entity, "FileName").text();
  std::string path(directory);
  if (!path.empty() && path.back() != '\\' && path.back() != '/')
    path += path.find('/') == std::string::npos ? '\\' : '/';
  draft.entity(EntityKind::kFile, path + std::string(name), role);
  pick(entity, "FileHashes").each([&](const Node& hash) { read_hash(hash, role, draft); });
}

// The image may stand elsewhere in the list ({"$ref": "7"}): its name is the command line's first word.
std::string_view program_of(std::string_view line) {
  line = trim(line);
  const bool quoted = line.starts_with('"');
  if (quoted) line.remove_prefix(1);
  return base_name(line.substr(0, line.find(quoted ? '"' : ' ')));
}

void read_process(const Node& entity, EntityRole role, AlertDraft& draft) {
  const Node image = pick(entity, "ImageFile");
  const auto line = pick(entity, "CommandLine").text();
  auto name = pick(image, "Name").text();
  if (name.empty()) name = pick(entity, "ProcessName").text();
  draft.entity(EntityKind::kProcess, name.empty() ? program_of(line) : name, role);
  draft.command_line(line);
  if (image.is_object()) read_file(image, EntityRole::kRelated, draft);
  const Node parent = pick(entity, "ParentProcess");
  draft.parent_process(pick(pick(parent, "ImageFile"), "Name").text());
}

void read_mailbox(const Node& entity, EntityRole role, AlertDraft& draft) {
  role = or_else(role, EntityRole::kTarget);
  draft.entity(EntityKind::kEmail, pick(entity, "MailboxPrimaryAddress").text(), role);
  draft.entity(EntityKind::kUser, pick(entity, "Upn").text(), role);
}

void read_message(const Node& entity, EntityRole, AlertDraft& draft) {
  draft.observed(EntityKind::kEmail, pick(entity, "Sender").text(), EntityRole::kSource);
  draft.observed(EntityKind::kEmail, pick(entity, "P2Sender").text(), EntityRole::kSource);
  draft.observed(EntityKind::kEmail, pick(entity, "P1Sender").text(), EntityRole::kSource);
  draft.observed(EntityKind::kIp, pick(entity, "SenderIP").text(), EntityRole::kSource);
  draft.entity(EntityKind::kEmail, pick(entity, "Recipient").text(), EntityRole::kTarget);
  pick(entity, "Urls").each([&](const Node& url) {
    draft.observed(EntityKind::kUrl, url.text(), EntityRole::kRelated);
    draft.mine(url.text());
  });
}

void read_resource(const Node& entity, EntityRole role, AlertDraft& draft) {
  draft.entity(EntityKind::kCloudResource, pick(entity, "ResourceId").text(),
               or_else(role, EntityRole::kTarget));
}

void read_malware(const Node& entity, EntityRole, AlertDraft& draft) {
  draft.tag(pick(entity, "Name").text());
  draft.tag(pick(entity, "MalwareName").text());
}

void read_application(const Node& entity, EntityRole role, AlertDraft& draft) {
  const Node name = pick(entity, "AppName");
  draft.entity(EntityKind::kCloudResource, name ? name.text() : pick(entity, "Name").text(), role);
}

void read_device(const Node& entity, EntityRole role, AlertDraft& draft) {
  draft.entity(EntityKind::kHost, pick(entity, "DeviceName").text(), or_else(role, EntityRole::kTarget));
}

void read_foreign_cloud(const Node& entity, EntityRole role, AlertDraft& draft) {
  for (const auto* name : {"AmazonResourceId", "FullResourceName", "ResourceName"})
    draft.entity(EntityKind::kCloudResource, pick(entity, name).text(), or_else(role, EntityRole::kTarget));
}

struct Kind {
  std::string_view name;  // lower case
  void (*read)(const Node&, EntityRole, AlertDraft&);
};

constexpr auto kKinds = std::to_array<Kind>({
    {"account", read_account},
    {"host", read_host},
    {"machine", read_host},
    {"ip", read_ip},
    {"url", read_url},
    {"dns", read_dns},
    {"dnsresolution", read_dns},
    {"filehash", read_hash},
    {"file", read_file},
    {"process", read_process},
    {"mailbox", read_mailbox},
    {"mailmessage", read_message},
    {"mail-message", read_message},
    {"azureresource", read_resource},
    {"azure-resource", read_resource},
    {"malware", read_malware},
    {"cloudapplication", read_application},
    {"cloud-application", read_application},
    {"oauthapplication", read_application},
    {"oauth-application", read_application},
    {"iotdevice", read_device},
    {"amazonresource", read_foreign_cloud},
    {"amazon-resource", read_foreign_cloud},
    {"googlecloudresource", read_foreign_cloud},
    {"gcp-resource", read_foreign_cloud},
    {"submissionmail", read_message},
});

}  // namespace

void read_intent(std::string_view name, AlertDraft& draft) {
  const bool before = name == "PreAttack" || name == "Probing";
  draft.tactic(before ? "TA0043" : name == "Exploitation" ? "TA0001" : name);
}

std::string user_principal(std::string_view name, std::string_view suffix) {
  std::string user(name);
  if (!user.empty() && !suffix.empty() && user.find('@') == std::string::npos)
    user += '@' + std::string(suffix);
  return user;
}

void read_microsoft_entity(const Node& entity, EntityRole role, AlertDraft& draft) {
  const auto name = entity.any({"Type", "type", "kind", "Kind", "entityType"}).text();
  for (const auto& kind : kKinds) {
    // The REST API calls every entity "Microsoft.SecurityInsights/Entities" and names it in `kind`.
    if (equal_ignoring_case(kind.name, name) || equal_ignoring_case(kind.name, entity["kind"].text())) {
      return kind.read(entity, role, draft);
    }
  }
}

}  // namespace tocsin::ingest
