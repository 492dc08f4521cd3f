// One incident as a STIX 2.1 bundle:
//
//   incident, and a grouping of everything below
//   indicator per indicator of compromise, with its pattern; vulnerability per CVE
//   attack-pattern per technique; "indicates" from the indicators of the alerts that named it
//   observed-data per alert over its observables; sighting per indicator and alert, at the hosts concerned
//
// All created by this product's identity and marked with the case's Traffic Light mark.

#include <algorithm>
#include <set>

#include "base/ascii.h"
#include "export/digest.h"
#include "export/documents.h"
#include "export/stix_objects.h"
#include "export/stix_pattern.h"
#include "model/attack.h"

namespace tocsin::exports {
namespace {

constexpr std::size_t kMaxObjects = 20'000;
constexpr std::int64_t kMaxCount = 999'999'999;  // of sightings and observations (§4.14, §5.2)

struct TlpMarking {
  std::string_view id;
  std::string_view word;
};
// The objects of the OASIS TLP 2.0 extension, in the order of model::Tlp.
constexpr std::array<TlpMarking, 5> kTlp{
    {{"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"},
     {"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"},
     {"marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"},
     {"marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"},
     {"marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", "red"}}};
constexpr std::string_view kTlpExtension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

std::int64_t counted(std::int64_t occurrences) {
  return std::clamp<std::int64_t>(occurrences, 1, kMaxCount);
}

std::string technique_url(std::string_view id) {
  std::string url = "https://attack.mitre.org/techniques/" + std::string(id);
  const auto dot = url.rfind('.');
  if (id.find('.') != std::string_view::npos) url[dot] = '/';
  return url;
}

// "Credential Access" as ATT&CK's own bundles spell it: credential-access.
std::string phase_name(std::string_view tactic) {
  std::string name(tactic);
  for (char& c : name) {
    c = c == ' ' ? '-' : lower(c);
  }
  return name;
}

class Bundle {
 public:
  explicit Bundle(const Case& incident)
      : case_(incident), tlp_(kTlp[static_cast<std::size_t>(marking(incident))]) {
    identity_ = stix_id("identity", "tocsin");
  }

  std::string write() {
    add_marking();
    add_identity();
    add_incident();
    for (const auto& id : case_.attack.techniques) add_technique(id);
    for (const auto& ioc : case_.iocs) add_indicator(ioc);
    for (const auto& alert : case_.alerts) add_alert(alert);
    add_grouping();
    std::string out =
        R"({"type":"bundle","id":")" + stix_id("bundle", case_.incident.id.str()) + R"(","objects":[)";
    out += objects_;
    out += "]}";
    return out;
  }

 private:
  // False when there is one of that id already, or no room.
  bool add(const std::string& id, std::string_view json) {
    if (ids_.size() >= kMaxObjects || !ids_.insert(id).second) return false;
    if (!objects_.empty()) objects_ += ',';
    objects_ += json;
    return true;
  }
  bool add(const std::optional<StixObject>& object) {
    return object && (add(object->id, object->json), true);
  }

  // Members that all objects but observables share, then the ones of `body`.
  template <class Body>
  bool add(std::string_view type, const std::string& id, Body body) {
    if (ids_.count(id) != 0) return false;
    std::string text;
    JsonWriter json(text);
    json.object([&] {
      json.member("type", type);
      json.member("spec_version", "2.1");
      json.member("id", id);
      if (id != identity_) json.member("created_by_ref", identity_);
      json.member("created", case_.incident.created_at);
      json.member("modified", std::max(case_.incident.created_at, case_.incident.updated_at));
      json.member("object_marking_refs", std::vector<std::string>{std::string(tlp_.id)});
      body(json);
    });
    return add(id, text);
  }

  void add_marking() {
    std::string text;
    JsonWriter json(text);
    json.object([&] {
      json.member("type", "marking-definition");
      json.member("spec_version", "2.1");
      json.member("id", tlp_.id);
      json.member("created", "2022-10-01T00:00:00.000Z");
      json.member("name", "TLP:" + std::string(to_text(marking(case_))));
      json.member("extensions", [&] {
        json.object([&] {
          json.member(kTlpExtension, [&] {
            json.object([&] {
              json.member("extension_type", "property-extension");
              json.member("tlp_2_0", tlp_.word);
            });
          });
        });
      });
    });
    add(std::string(tlp_.id), text);
  }

  void add_identity() {
    add("identity", identity_, [&](JsonWriter& json) {
      json.member("name", "Tocsin");
      json.member("identity_class", "system");
    });
  }

  void add_incident() {
    std::string summary;
    for (const auto& sentence : case_.summary) summary += (summary.empty() ? "" : " ") + sentence.text;
    add("incident", stix_id("incident", case_.incident.id.str()), [&](JsonWriter& json) {
      json.member("name", case_.incident.title);
      if (!summary.empty()) json.member("description", summary);
      json.member("external_references", [&] {
        json.array([&] {
          json.object([&] {
            json.member("source_name", "tocsin");
            json.member("external_id", case_.incident.id.str());
          });
        });
      });
    });
  }

  void add_technique(const std::string& id) {
    const auto* technique = model::find_technique(id);
    if (technique == nullptr) return;
    add("attack-pattern", technique_id(id), [&](JsonWriter& json) {
      json.member("name", technique->name);
      json.member("kill_chain_phases", [&] {
        json.array([&] {
          for (const auto place : technique->tactic_places) {
            json.object([&] {
              json.member("kill_chain_name", "mitre-attack");
              json.member("phase_name", phase_name(model::tactics()[place].name));
            });
          }
        });
      });
      json.member("external_references", [&] {
        json.array([&] {
          json.object([&] {
            json.member("source_name", "mitre-attack");
            json.member("external_id", technique->id);
            json.member("url", technique_url(technique->id));
          });
        });
      });
    });
  }

  void add_vulnerability(const model::Ioc& ioc) {
    add("vulnerability", ioc_id(ioc), [&](JsonWriter& json) {
      json.member("name", ioc.value);
      json.member("external_references", [&] {
        json.array([&] {
          json.object([&] {
            json.member("source_name", "cve");
            json.member("external_id", ioc.value);
          });
        });
      });
    });
  }

  void add_indicator(const model::Ioc& ioc) {
    const auto pattern = stix_pattern(ioc);
    if (!pattern) return add_vulnerability(ioc);
    add("indicator", ioc_id(ioc), [&](JsonWriter& json) {
      json.member("name", std::string(to_text(ioc.kind)) + " " + ioc.value);
      json.member("indicator_types", std::vector<std::string>{std::string(indicator_type())});
      json.member("pattern", *pattern);
      json.member("pattern_type", "stix");
      json.member("pattern_version", "2.1");
      json.member("valid_from", case_.incident.first_seen);
    });
  }

  // What a person decided; before that nobody knows that it is malicious.
  std::string_view indicator_type() const {
    switch (case_.incident.verdict) {
      case model::Verdict::kTruePositive:
        return "malicious-activity";
      case model::Verdict::kBenignPositive:
      case model::Verdict::kFalsePositive:
        return "benign";
      case model::Verdict::kUndecided:
        return "anomalous-activity";
    }
    return "unknown";
  }

  void add_alert(const model::Alert& alert) {
    const auto observed = add_observed(alert);
    const auto hosts = add_hosts(alert);
    for (const auto& ioc : alert.iocs) {
      if (ids_.count(ioc_id(ioc)) == 0) continue;
      for (const auto& technique : alert.attack.techniques) relate(ioc, technique);
      if (ioc.kind != model::IocKind::kCve) add_sighting(alert, ioc, observed, hosts);
    }
  }

  // Id of the observed-data; empty when nothing in the alert has an observable.
  std::string add_observed(const model::Alert& alert) {
    std::set<std::string> refs;
    const auto take = [&](const auto& thing) {
      const auto object = observable_of(thing);
      if (object && refs.size() < 200 && (add(*object), ids_.count(object->id) != 0)) refs.insert(object->id);
    };
    for (const auto& entity : alert.entities) take(entity);
    for (const auto& ioc : alert.iocs) take(ioc);
    if (refs.empty()) return {};
    const auto id = stix_id("observed-data", alert.id.str());
    const bool added = add("observed-data", id, [&](JsonWriter& json) {
      json.member("first_observed", alert.first_seen);
      json.member("last_observed", std::max(alert.first_seen, alert.last_seen));
      json.member("number_observed", counted(alert.occurrences));
      json.member("object_refs", std::vector<std::string>(refs.begin(), refs.end()));
      json.member("external_references", [&] {
        json.array([&] {
          json.object([&] {
            json.member("source_name", alert.source);
            json.member("external_id", alert.id.str());
            json.member("description", alert.title);
          });
        });
      });
    });
    return added ? id : std::string();
  }

  std::vector<std::string> add_hosts(const model::Alert& alert) {
    std::vector<std::string> ids;
    for (const auto& entity : alert.entities) {
      if (entity.kind != model::EntityKind::kHost || entity.value.empty()) continue;
      auto id = stix_id("identity", "host:" + entity.value);
      add("identity", id, [&](JsonWriter& json) {
        json.member("name", entity.value);
        json.member("identity_class", "system");
      });
      if (ids_.count(id) != 0 && std::find(ids.begin(), ids.end(), id) == ids.end())
        ids.push_back(std::move(id));
    }
    return ids;
  }

  void relate(const model::Ioc& ioc, const std::string& technique) {
    const auto target = technique_id(technique);
    if (ids_.count(target) == 0) return;
    const bool exploited = ioc.kind == model::IocKind::kCve;
    const auto from = exploited ? target : ioc_id(ioc);
    const auto to = exploited ? ioc_id(ioc) : target;
    add("relationship", stix_id("relationship", from + to), [&](JsonWriter& json) {
      json.member("relationship_type", exploited ? "targets" : "indicates");
      json.member("source_ref", from);
      json.member("target_ref", to);
    });
  }

  void add_sighting(const model::Alert& alert, const model::Ioc& ioc, const std::string& observed,
                    const std::vector<std::string>& hosts) {
    const auto of = ioc_id(ioc);
    add("sighting", stix_id("sighting", of + alert.id.str()), [&](JsonWriter& json) {
      json.member("first_seen", alert.first_seen);
      json.member("last_seen", std::max(alert.first_seen, alert.last_seen));
      json.member("count", counted(alert.occurrences));
      json.member("sighting_of_ref", of);
      if (!observed.empty()) json.member("observed_data_refs", std::vector<std::string>{observed});
      if (!hosts.empty()) json.member("where_sighted_refs", hosts);
    });
  }

  void add_grouping() {
    const std::vector<std::string> refs(ids_.begin(), ids_.end());
    add("grouping", stix_id("grouping", case_.incident.id.str()), [&](JsonWriter& json) {
      json.member("name", case_.incident.title);
      json.member("context", "suspicious-activity");
      json.member("object_refs", refs);
    });
  }

  // Of this incident: what is known of a value, and its mark, belong to the case.
  std::string ioc_id(const model::Ioc& ioc) const {
    const auto type = ioc.kind == model::IocKind::kCve ? "vulnerability" : "indicator";
    return stix_id(type, case_.incident.id.str() + std::string(to_text(ioc.kind)) + ":" + ioc.value);
  }
  std::string technique_id(const std::string& id) const {
    const auto* technique = model::find_technique(id);
    return stix_id("attack-pattern", technique == nullptr ? std::string_view(id) : technique->id);
  }

  const Case& case_;
  const TlpMarking tlp_;
  std::string identity_;
  std::set<std::string> ids_;
  std::string objects_;
};

}  // namespace

std::string stix_bundle(const Case& incident) {
  return Bundle(incident).write();
}

}  // namespace tocsin::exports
