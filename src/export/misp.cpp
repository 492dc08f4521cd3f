// https://github.com/MISP/misp-rfc, "MISP core format": numbers and times are text in it.

#include <array>

#include "base/ascii.h"
#include "base/json_writer.h"
#include "export/digest.h"
#include "export/documents.h"
#include "model/attack.h"

namespace tocsin::exports {
namespace {

struct Attribute {
  std::string_view type;
  std::string_view category;
};
// In the order of model::IocKind.
constexpr std::array<Attribute, 8> kAttributes{{{"ip-dst", "Network activity"},
                                                {"domain", "Network activity"},
                                                {"url", "Network activity"},
                                                {"md5", "Payload delivery"},
                                                {"sha1", "Payload delivery"},
                                                {"sha256", "Payload delivery"},
                                                {"email-src", "Payload delivery"},
                                                {"vulnerability", "External analysis"}}};

std::string seconds(Timestamp at) {
  return std::to_string(to_unix_nanos(at) / 1'000'000'000);
}

// 1 high, 2 medium, 3 low, 4 undefined.
std::string_view threat_level(model::Severity severity) {
  constexpr std::array<std::string_view, 5> kLevels{"4", "3", "2", "1", "1"};
  return kLevels[static_cast<std::size_t>(severity)];
}

// 0 initial, 1 ongoing, 2 complete.
std::string_view analysis(model::IncidentStatus status) {
  constexpr std::array<std::string_view, 4> kStates{"0", "1", "1", "2"};
  return kStates[static_cast<std::size_t>(status)];
}

// 0 this organisation only, 1 this community, 3 everybody: never wider than the mark allows.
std::string_view distribution(model::Tlp tlp) {
  constexpr std::array<std::string_view, 5> kWidths{"3", "1", "0", "0", "0"};
  return kWidths[static_cast<std::size_t>(tlp)];
}

std::string tlp_tag(model::Tlp tlp) {
  return "tlp:" + to_lower(to_text(tlp));
}

void write_tag(JsonWriter& json, std::string_view name) {
  json.object([&] { json.member("name", name); });
}

void write_tags(JsonWriter& json, const Case& incident) {
  json.array([&] {
    write_tag(json, tlp_tag(marking(incident)));
    for (const auto& id : incident.attack.techniques) {
      const auto* technique = model::find_technique(id);
      if (technique == nullptr) continue;
      write_tag(json, "misp-galaxy:mitre-attack-pattern=\"" + std::string(technique->name) + " - " +
                          std::string(technique->id) + '"');
    }
  });
}

bool worth_detecting(const Case& incident, const model::Ioc& ioc) {
  const auto verdict = incident.incident.verdict;
  return ioc.kind != model::IocKind::kCve && verdict != model::Verdict::kFalsePositive &&
         verdict != model::Verdict::kBenignPositive;
}

void write_attribute(JsonWriter& json, const Case& incident, const model::Ioc& ioc) {
  const auto& kind = kAttributes[static_cast<std::size_t>(ioc.kind)];
  const auto name = incident.incident.id.str() + std::string(to_text(ioc.kind)) + ":" + ioc.value;
  json.object([&] {
    json.member("uuid", uuid5(kOwnSpace, "misp-attribute:" + name));
    json.member("type", kind.type);
    json.member("category", kind.category);
    json.member("value", ioc.value);
    json.member("to_ids", worth_detecting(incident, ioc));
    json.member("timestamp", seconds(incident.incident.updated_at));
    json.member("distribution", "5");  // as the event's
    json.member("comment", "");
  });
}

}  // namespace

std::string misp_event(const Case& incident) {
  const auto& about = incident.incident;
  std::string out;
  JsonWriter json(out);
  const auto write_event = [&] {
    json.member("uuid", uuid5(kOwnSpace, "misp-event:" + about.id.str()));
    json.member("info", about.title);
    json.member("date", to_rfc3339(about.first_seen).substr(0, 10));
    json.member("timestamp", seconds(about.updated_at));
    json.member("threat_level_id", threat_level(about.severity));
    json.member("analysis", analysis(about.status));
    json.member("distribution", distribution(marking(incident)));
    json.member("published", false);
    json.member("Orgc", [&] {
      json.object([&] {
        json.member("name", "Tocsin");
        json.member("uuid", uuid5(kOwnSpace, "misp-organisation"));
      });
    });
    json.member("Tag", [&] { write_tags(json, incident); });
    json.member("Attribute", [&] {
      json.array([&] {
        for (const auto& ioc : incident.iocs) write_attribute(json, incident, ioc);
      });
    });
  };
  json.object([&] { json.member("Event", [&] { json.object(write_event); }); });
  return out;
}

}  // namespace tocsin::exports
