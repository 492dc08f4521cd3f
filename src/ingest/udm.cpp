#include "ingest/udm.h"

#include <array>

#include "ingest/traffic.h"

namespace tocsin::ingest {
namespace {

using model::EntityKind;
using model::EntityRole;

// The JSON of the API is camelCase, exports are snake_case.
Node pick(const Node& object, std::string_view camel, std::string_view snake) {
  return object.any({camel, snake});
}

void read_file(const Node& file, AlertDraft& draft) {
  draft.entity(EntityKind::kFile, pick(file, "fullPath", "full_path").text(), EntityRole::kRelated);
  for (const auto* name : {"sha256", "sha1", "md5"})
    draft.observed(EntityKind::kHash, file[name].text(), EntityRole::kRelated);
}

void read_process(const Node& process, AlertDraft& draft) {
  const Node file = process["file"];
  draft.entity(EntityKind::kProcess, pick(file, "fullPath", "full_path").text(), EntityRole::kRelated);
  draft.command_line(pick(process, "commandLine", "command_line").text());
  for (const auto* name : {"sha256", "sha1", "md5"})
    draft.observed(EntityKind::kHash, file[name].text(), EntityRole::kRelated);
  const Node parent = pick(process, "parentProcess", "parent_process");
  draft.parent_process(pick(parent, "commandLine", "command_line").text());
  draft.parent_process(pick(parent["file"], "fullPath", "full_path").text());
}

std::string_view user_of(const Node& noun) {
  const Node user = noun["user"];
  const Node name = user.any({"userid", "userId", "userDisplayName", "user_display_name"});
  if (name) return name.text();
  return pick(user, "emailAddresses", "email_addresses").at(0).text();
}

// The machine of principal and target is monitored; which of the two is told by the log.
void read_noun(const Node& noun, EntityRole role, AlertDraft& draft) {
  const auto host = noun["hostname"].text();
  draft.entity(EntityKind::kHost, host, role == EntityRole::kSource ? EntityRole::kTarget : role);
  draft.entity(EntityKind::kHost, noun["asset"]["hostname"].text(), EntityRole::kTarget);
  noun["mac"].each([&](const Node& mac) { draft.entity(EntityKind::kMac, mac.text(), role); });
  draft.observed(EntityKind::kDomain, noun["domain"]["name"].text(), role);
  draft.observed(EntityKind::kUrl, noun["url"].text(), EntityRole::kRelated);
  draft.entity(EntityKind::kCloudResource, noun["resource"]["name"].text(), EntityRole::kTarget);
  draft.entity(EntityKind::kAccount, pick(noun, "cloud", "cloud")["project"]["name"].text(),
               EntityRole::kTarget);
  if (const Node process = noun["process"]) read_process(process, draft);
  if (const Node file = noun["file"]) read_file(file, draft);
}

void read_users(const Node& event, AlertDraft& draft) {
  const auto principal = user_of(event["principal"]);
  const auto target = user_of(event["target"]);
  const bool two = !target.empty() && !principal.empty() && target != principal;
  draft.entity(EntityKind::kUser, principal, two ? EntityRole::kActor : EntityRole::kTarget);
  draft.entity(EntityKind::kUser, target, EntityRole::kTarget);
}

void read_results(const Node& event, AlertDraft& draft) {
  pick(event, "securityResult", "security_result").each([&](const Node& result) {
    draft.tag(pick(result, "threatName", "threat_name").text());
    result["category"].each([&](const Node& category) { draft.tag(category.text()); });
    const Node attack = pick(result, "attackDetails", "attack_details");
    attack["techniques"].each([&](const Node& one) { draft.technique(one.any({"id", "name"}).text()); });
    attack["tactics"].each([&](const Node& one) { draft.tactic(one.any({"id", "name"}).text()); });
  });
}

}  // namespace

void read_udm_event(const Node& event, AlertDraft& draft) {
  const Node principal = event["principal"];
  const Node target = event["target"];
  add_traffic(
      draft,
      {principal["ip"].is_array() ? principal["ip"].at(0).text() : principal["ip"].text(), Side::kUnknown},
      {target["ip"].is_array() ? target["ip"].at(0).text() : target["ip"].text(), Side::kUnknown},
      Suspect::kBoth);
  read_noun(principal, EntityRole::kSource, draft);
  read_noun(target, EntityRole::kDestination, draft);
  if (const Node source = event["src"]) read_noun(source, EntityRole::kSource, draft);
  event["about"].each([&](const Node& about) { read_noun(about, EntityRole::kRelated, draft); });
  read_users(event, draft);
  event["network"]["dns"]["questions"].each([&](const Node& question) {
    draft.observed(EntityKind::kDomain, question["name"].text(), EntityRole::kRelated);
  });
  const Node email = event["network"]["email"];
  draft.observed(EntityKind::kEmail, email["from"].text(), EntityRole::kSource);
  email["to"].each([&](const Node& to) { draft.entity(EntityKind::kEmail, to.text(), EntityRole::kTarget); });
  read_results(event, draft);
}

}  // namespace tocsin::ingest
