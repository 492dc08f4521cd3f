// https://github.com/mitre-attack/attack-navigator, layers/LAYERFORMATv4_5.md

#include <map>

#include "base/json_writer.h"
#include "export/documents.h"
#include "model/attack.h"

namespace tocsin::exports {
namespace {

constexpr std::size_t kNamedAlerts = 20;

struct Use {
  std::int64_t alerts = 0;
  int highest_priority = 0;
  std::vector<std::string> titles;
};

// By technique, over the alerts; techniques of the case that no alert at hand names stay with no alerts.
std::map<std::string, Use> uses_of(const Case& incident) {
  std::map<std::string, Use> uses;
  for (const auto& technique : incident.attack.techniques) uses[technique];
  for (const auto& alert : incident.alerts) {
    for (const auto& technique : alert.attack.techniques) {
      auto& use = uses[technique];
      ++use.alerts;
      use.highest_priority = std::max(use.highest_priority, alert.priority);
      if (use.titles.size() < kNamedAlerts) use.titles.push_back(alert.id.str() + " " + alert.title);
    }
  }
  return uses;
}

void write_metadata(JsonWriter& json, std::string_view name, std::string_view value) {
  json.object([&] {
    json.member("name", name);
    json.member("value", value);
  });
}

void write_technique(JsonWriter& json, const std::string& id, const Use& use) {
  json.object([&] {
    json.member("techniqueID", id);
    json.member("score", use.highest_priority);
    json.member("enabled", true);
    json.member("showSubtechniques", true);
    json.member("comment", std::to_string(use.alerts) + (use.alerts == 1 ? " alert" : " alerts"));
    json.member("metadata", [&] {
      json.array([&] {
        for (const auto& title : use.titles) write_metadata(json, "alert", title);
      });
    });
  });
}

void write_gradient(JsonWriter& json) {
  json.object([&] {
    json.member("colors", std::vector<std::string>{"#ffffff", "#ffb199", "#c0392b"});
    json.member("minValue", 0);
    json.member("maxValue", 100);
  });
}

}  // namespace

std::string navigator_layer(const Case& incident) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("name", incident.incident.id.str() + " " + incident.incident.title);
    json.member("versions", [&] {
      json.object([&] {
        json.member("attack", model::kAttackVersion);
        json.member("navigator", "5.1.0");
        json.member("layer", "4.5");
      });
    });
    json.member("domain", "enterprise-attack");
    json.member("description",
                "TLP:" + std::string(to_text(marking(incident))) +
                    ". The score is the highest priority of the alerts that name the technique.");
    json.member("sorting", 3);
    json.member("hideDisabled", false);
    json.member("techniques", [&] {
      json.array([&] {
        for (const auto& [id, use] : uses_of(incident)) write_technique(json, id, use);
      });
    });
    json.member("gradient", [&] { write_gradient(json); });
    json.member("metadata", [&] {
      json.array([&] {
        write_metadata(json, "incident", incident.incident.id.str());
        write_metadata(json, "TLP", to_text(marking(incident)));
        write_metadata(json, "exported_at", to_rfc3339(incident.exported_at));
      });
    });
  });
  return out;
}

}  // namespace tocsin::exports
