// STIX 2.0 and 2.1 bundles, TAXII envelopes and single objects. Indicators, malware, actors and the like are
// intel, one record an object; a sighting says that something was seen, so it is an alert. Relationships give
// the objects at their ends techniques and names; identities and markings make no records.

#include <algorithm>
#include <array>
#include <unordered_map>

#include "ingest/normalisers/normaliser.h"
#include "ingest/normalisers/stix_pattern.h"
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

constexpr std::size_t kMaxLinks = 16;  // of one object
constexpr int kMaxFollowed = 2;        // sighting -> indicator -> pattern

constexpr auto kDescribed = std::to_array<std::string_view>(
    {"indicator", "malware", "threat-actor", "attack-pattern", "campaign", "intrusion-set", "tool",
     "vulnerability", "report", "observed-data", "infrastructure", "course-of-action", "malware-analysis",
     "grouping", "incident", "sighting"});

class Bundle {
 public:
  explicit Bundle(const Node& objects) {
    objects.each([&](const Node& object) { by_id_.emplace(object["id"].text(), object); });
    objects.each([&](const Node& object) { add_link(object); });
  }

  Node find(std::string_view id) const {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? Node() : found->second;
  }
  // Objects that a relationship leads to from this one.
  const std::vector<std::string_view>& targets(std::string_view id) const {
    static const std::vector<std::string_view> kNone;
    const auto found = targets_.find(id);
    return found == targets_.end() ? kNone : found->second;
  }

 private:
  void add_link(const Node& object) {
    if (object["type"].text() != "relationship") return;
    auto& list = targets_[object["source_ref"].text()];
    if (list.size() < kMaxLinks) list.push_back(object["target_ref"].text());
  }

  std::unordered_map<std::string_view, Node> by_id_;
  std::unordered_map<std::string_view, std::vector<std::string_view>> targets_;
};

void read_references(const Node& object, AlertDraft& draft) {
  object["external_references"].each([&](const Node& reference) {
    const auto name = reference["source_name"].text();
    const auto id = reference["external_id"].text();
    if (name == "mitre-attack") draft.technique(id);
    if (name == "cve") draft.observed(EntityKind::kCve, id, EntityRole::kRelated);
    if (name == "mitre-attack") draft.source_url(reference["url"].text());
  });
}

// An attack pattern without an ATT&CK id may still bear its technique's name.
void read_technique_of(const Node& pattern, AlertDraft& draft) {
  read_references(pattern, draft);
  draft.technique(pattern["name"].text());
}

void read_observable(const Node& object, AlertDraft& draft) {
  const auto type = object["type"].text();
  const auto add = [&](std::string_view property, const Node& value) {
    const auto kind = stix_kind(type, property);
    if (kind != EntityKind::kCve) draft.reported(kind, value.text(), EntityRole::kRelated);
  };
  add("value", object["value"]);
  add("name", object["name"]);
  object["hashes"].members([&](std::string_view, const Node& hash) { add("hashes", hash); });
}

void read_phases(const Node& object, AlertDraft& draft) {
  object["kill_chain_phases"].each([&](const Node& phase) {
    if (phase["kill_chain_name"].text() == "mitre-attack") draft.tactic(phase["phase_name"].text());
  });
}

void read_labels(const Node& object, AlertDraft& draft) {
  for (const auto* name : {"labels", "indicator_types", "malware_types", "threat_actor_types", "tool_types",
                           "report_types", "aliases"}) {
    object[name].each([&](const Node& label) { draft.tag(label.text()); });
  }
}

// What relationships lead to, one step: techniques, names of malware and actors.
void read_targets(const Node& object, const Bundle& bundle, AlertDraft& draft) {
  for (const auto id : bundle.targets(object["id"].text())) {
    const Node target = bundle.find(id);
    if (target["type"].text() == "attack-pattern") {
      read_technique_of(target, draft);
    } else {
      draft.tag(target["name"].text());
    }
    read_references(target, draft);
  }
}

// An indicator's pattern, an observation's objects, and what a sighting points at.
void read_content(const Node& object, const Bundle& bundle, AlertDraft& draft, int depth = 0) {
  const auto pattern_type = object["pattern_type"].text();
  if (pattern_type.empty() || pattern_type == "stix") read_stix_pattern(object["pattern"].text(), draft);
  object["objects"].members([&](std::string_view, const Node& inner) { read_observable(inner, draft); });
  if (object["type"].text() == "observed-data" || object["type"].text() == "malware-analysis") {
    object["object_refs"].each([&](const Node& ref) { read_observable(bundle.find(ref.text()), draft); });
  }
  if (object["type"].text() == "attack-pattern") read_technique_of(object, draft);
  if (depth >= kMaxFollowed) return;
  read_content(bundle.find(object["sighting_of_ref"].text()), bundle, draft, depth + 1);
  object["observed_data_refs"].each(
      [&](const Node& ref) { read_content(bundle.find(ref.text()), bundle, draft, depth + 1); });
}

// STIX has no severity: confidence 0..100 where it is given stands in for one, a sighting is more than an
// indicator.
Severity severity_of(const Node& object, bool sighting) {
  const auto confidence = object["confidence"].number();
  if (sighting) return confidence && *confidence >= 70 ? Severity::kHigh : Severity::kMedium;
  return confidence ? std::min(severity_from_hundred(*confidence), Severity::kHigh) : Severity::kMedium;
}

std::string title_of(const Node& object, const Bundle& bundle) {
  auto name = first_text(object, {"name"});
  if (!name.empty()) return name;
  const auto seen = first_text(bundle.find(object["sighting_of_ref"].text()), {"name"});
  if (!seen.empty()) return "Sighting of " + seen;
  name = first_text(object, {"description", "pattern"});
  return name.empty() ? std::string(object["type"].text()) : name;
}

void read_times(const Node& object, bool sighting, AlertDraft& draft) {
  if (sighting) draft.occurred_at(read_time(object["first_seen"]));
  for (const auto* name : {"valid_from", "published", "first_observed", "created", "modified"})
    draft.occurred_at(read_time(object[name]));
}

void read_object(const Node& object, const Bundle& bundle, AlertDraft& draft) {
  const auto type = object["type"].text();
  const bool sighting = type == "sighting";
  draft.source_id(object["id"].text());
  draft.title(title_of(object, bundle));
  draft.message(first_text(object, {"description"}));
  draft.type(slug(type));
  draft.severity(severity_of(object, sighting));
  read_times(object, sighting, draft);
  if (object["revoked"].is_true()) draft.vendor_status("revoked");
  read_labels(object, draft);
  read_references(object, draft);
  read_phases(object, draft);
  read_content(object, bundle, draft);
  read_targets(object, bundle, draft);
  if (type == "vulnerability") draft.observed(EntityKind::kCve, object["name"].text(), EntityRole::kRelated);
}

bool makes_record(const Node& object) {
  const auto type = object["type"].text();
  return std::find(kDescribed.begin(), kDescribed.end(), type) != kDescribed.end();
}

void read_one(const Node& object, const Bundle& bundle, std::string_view bytes, Output& out) {
  if (!makes_record(object)) return;
  const bool sighting = object["type"].text() == "sighting";
  out.add(sighting ? RecordKind::kAlert : RecordKind::kIntel, bytes,
          [&](AlertDraft& draft) { read_object(object, bundle, draft); });
}

bool is_object(const Node& object) {
  const auto id = object["id"].text();
  const auto type = object["type"].text();
  return !type.empty() && id.size() > type.size() + 2 && id.starts_with(type) &&
         id.substr(type.size(), 2) == "--";
}

}  // namespace

bool is_stix(const Node& object) {
  return is_object(object) || (object["objects"].is_array() && is_object(object["objects"].at(0)));
}

void read_stix(const Node& object, Output& out) {
  const Node list = object["objects"];
  if (list.is_array()) {
    const Bundle bundle(list);
    return for_each_part(
        out.item(), "objects", list,
        [&](const Node& one, std::string_view bytes, std::size_t) { read_one(one, bundle, bytes, out); });
  }
  if (!is_object(object)) {
    return out.reject("neither a STIX bundle nor an object",
                      "Send a STIX 2.1 bundle, a TAXII envelope or single STIX objects.");
  }
  read_one(object, Bundle(Node()), out.item(), out);
}

}  // namespace tocsin::ingest
