#include "api/case_input.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "ingest/ingest.h"
#include "model/attack.h"
#include "triage/attack_fallback.h"

namespace tocsin::api {
namespace {

using boost::json::object;
using model::AssetTier;
using model::EntityKind;

constexpr std::size_t kMaxEach = 20;        // entities of one kind in a request
constexpr std::size_t kMaxFactBytes = 500;  // of a looked-up value
constexpr std::string_view kSender = "request";

const object* object_in(const object& holder, std::string_view name) {
  const auto* value = holder.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

std::string_view text_in(const object& holder, std::string_view name) {
  const auto* value = holder.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

std::vector<std::string> texts_in(const object& holder, std::string_view name) {
  std::vector<std::string> texts;
  const auto* value = holder.if_contains(name);
  if (value == nullptr || !value->is_array()) return texts;
  for (const auto& item : value->get_array()) {
    if (item.is_string() && texts.size() < kMaxEach) texts.emplace_back(item.get_string());
  }
  return texts;
}

// ---- entities
// ---------------------------------------------------------------------------------------------------------

struct EntityList {
  std::string_view name;
  EntityKind kind;
};
constexpr std::array kEntityLists{EntityList{"users", EntityKind::kUser},
                                  EntityList{"hosts", EntityKind::kHost}, EntityList{"ips", EntityKind::kIp},
                                  EntityList{"urls", EntityKind::kUrl},
                                  EntityList{"domains", EntityKind::kDomain}};

void add_entity(model::Alert& alert, model::Entity entity) {
  const bool known = std::any_of(
      alert.entities.begin(), alert.entities.end(),
      [&](const model::Entity& other) { return other.kind == entity.kind && other.value == entity.value; });
  if (!known && !entity.value.empty() && alert.entities.size() < model::kMaxEntities) {
    alert.entities.push_back(std::move(entity));
  }
}

// {"users":[…],"hosts":[…],"files":[{"name","hash","path"}], …}
void add_entities(model::Alert& alert, const object& lists) {
  for (const auto& list : kEntityLists) {
    for (auto& value : texts_in(lists, list.name)) add_entity(alert, {list.kind, std::move(value)});
  }
  const auto* files = lists.if_contains("files");
  if (files == nullptr || !files->is_array()) return;
  for (const auto& file : files->get_array()) {
    const auto* fields = file.if_object();
    if (fields == nullptr) continue;
    add_entity(alert, {EntityKind::kFile, std::string(text_in(*fields, "name"))});
    add_entity(alert, {EntityKind::kHash, std::string(text_in(*fields, "hash"))});
  }
}

// ---- what the sender looked up
// ---------------------------------------------------------------------------------------------------------

struct TierWord {
  std::string_view word;
  AssetTier tier;
};
constexpr std::array kTierWords{
    TierWord{"critical", AssetTier::kCrownJewel}, TierWord{"crown_jewel", AssetTier::kCrownJewel},
    TierWord{"high", AssetTier::kImportant}, TierWord{"important", AssetTier::kImportant}};

void read_asset(const object& asset, model::Alert& alert) {
  const auto word = to_lower(text_in(asset, "criticality"));
  const auto* known = std::find_if(kTierWords.begin(), kTierWords.end(),
                                   [&](const TierWord& row) { return row.word == word; });
  if (known != kTierWords.end()) alert.asset_tier = std::max(alert.asset_tier, known->tier);
}

void add_fact(model::Alert& alert, std::string_view name, std::string_view value, Timestamp now) {
  if (value.empty()) return;
  alert.facts.push_back(
      {std::string(name), std::string(value.substr(0, kMaxFactBytes)), std::string(kSender), now});
}

void read_intel(const object& intel, model::Alert& alert, Timestamp now) {
  add_fact(alert, "threat_actor", text_in(intel, "threat_actor"), now);
  add_fact(alert, "reputation", to_lower(text_in(intel, "ip_reputation")), now);
  for (const auto& match : texts_in(intel, "ioc_matches")) add_fact(alert, "ioc_match", match, now);
}

void read_enrichment(const object& enrichment, model::Alert& alert, Timestamp now) {
  if (const auto* asset = object_in(enrichment, "asset_context")) read_asset(*asset, alert);
  if (const auto* intel = object_in(enrichment, "threat_intel")) read_intel(*intel, alert, now);
}

// ---- the alert
// ---------------------------------------------------------------------------------------------------------

// S1's normalised alert, by the names that ours does not have.
bool is_s1_alert(const object& given) {
  return given.contains("alert_id") || object_in(given, "entities") != nullptr;
}

// Absent when no vendor's shape is recognised. Of a payload with several alerts the first counts.
std::optional<model::Alert> read_vendor(const object& given, Timestamp now) {
  auto read = ingest::normalise("auto", boost::json::serialize(given), {.now = now});
  if (!read || read->records.empty() || read->records.front().alert.source == "generic") return {};
  return std::move(read->records.front().alert);
}

// The names of S1's alert that ours are not: alert_id, entities as lists.
object renamed(object alert) {
  if (const auto* id = alert.if_contains("alert_id"); id != nullptr && !alert.contains("id")) {
    const auto copy = *id;
    alert["id"] = copy;
  }
  if (object_in(alert, "entities") != nullptr) alert.erase("entities");
  return alert;
}

Result<model::Alert> read_input(const object& given, Timestamp now) {
  const auto text = boost::json::serialize(renamed(given));
  TOCSIN_TRY(body, ingest::parse_alerts(text, ingest::BodyFormat::kJson, {.now = now}));
  if (!body.normalised.rejections.empty()) {
    auto why = body.normalised.rejections.front().error;
    why.where = "/alert" + why.where;
    return why;
  }
  if (body.normalised.records.empty()) {
    return error(ErrorKind::kInvalidInput, "triage", "there is no alert in \"alert\"", {}, "/alert");
  }
  auto alert = std::move(body.normalised.records.front().alert);
  if (const auto* entities = object_in(given, "entities")) add_entities(alert, *entities);
  const auto techniques = texts_in(given, "mitre_techniques");
  const auto tactics = texts_in(given, "mitre_tactics");
  if (!techniques.empty() || !tactics.empty()) alert.attack = model::checked_attack(techniques, tactics);
  return alert;
}

}  // namespace

Result<model::Alert> read_case_alert(const object& given, Timestamp now) {
  auto vendors = is_s1_alert(given) ? std::nullopt : read_vendor(given, now);
  Result<model::Alert> read = vendors ? Result<model::Alert>(*std::move(vendors)) : read_input(given, now);
  if (!read) return read;
  auto alert = *std::move(read);
  if (const auto* enrichment = object_in(given, "enrichment")) read_enrichment(*enrichment, alert, now);
  alert.received_at = now;
  triage::apply_attack(alert);
  return alert;
}

}  // namespace tocsin::api
