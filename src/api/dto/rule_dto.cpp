#include "api/dto/rule_dto.h"

#include <algorithm>
#include <map>

#include "detect/finding.h"
#include "model/attack.h"

namespace tocsin::api {
namespace {

using detect::RuleCatalog;

constexpr std::size_t kNamedRules = 20;  // of one technique

void write_cost(JsonWriter& json, const std::optional<RuleView::Cost>& cost) {
  if (!cost) return json.member("cost", nullptr);
  json.member("cost", [&] {
    json.object([&] {
      json.member("us_per_1000_events", cost->us_per_1000_events);
      json.member("share", cost->share);
      json.member("measured_events", static_cast<std::int64_t>(cost->events));
    });
  });
}

template <class Definition>
void write_shared(JsonWriter& json, const Definition& rule, const RuleView& view) {
  const auto attack = detect::attack_of(rule.tags);
  json.member("id", RuleCatalog::key_of(rule));
  json.member("title", rule.title);
  json.member("author", rule.author);
  rule.status ? json.member("status", to_string(*rule.status)) : json.member("status", nullptr);
  json.member("level", to_string(view.level));
  json.member("own_level", to_string(rule.level));
  json.member("enabled", view.enabled);
  json.member("tags", rule.tags);
  json.member("techniques", attack.techniques);
  json.member("tactics", attack.tactics);
  json.member("file", view.file);
  json.member("line", rule.at.line);
  json.member("matches", static_cast<std::int64_t>(view.matches));
  json.member("since", view.since);
  json.member("matches_24h", view.kept.day);
  json.member("matches_7d", view.kept.week);
  write_cost(json, view.cost);
  json.member("exceptions", view.exceptions);
  json.member("closed_alerts", view.closed_alerts);
  json.member("false_positives", view.false_positives);
}

void write_source(JsonWriter& json, const detect::sigma::LogSource& source) {
  json.member("log_source", [&] {
    json.object([&] {
      json.member("product", source.product);
      json.member("category", source.category);
      json.member("service", source.service);
    });
  });
}

void write_members(JsonWriter& json, const RuleView& view) {
  json.member("kind", view.rule != nullptr ? "rule" : "correlation");
  if (view.rule != nullptr) {
    write_shared(json, *view.rule, view);
    write_source(json, view.rule->log_source);
  } else {
    write_shared(json, *view.correlation, view);
    json.member("log_source", nullptr);
  }
}

template <class Definition>
void write_words(JsonWriter& json, const Definition& rule) {
  json.member("description", rule.description);
  json.member("license", rule.license);
  json.member("references", rule.references);
  json.member("known_false_positives", rule.false_positives);
}

void write_most(JsonWriter& json, std::string_view name, const std::map<std::string, std::size_t>& counts) {
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) {
    return std::pair(b.second, a.first) < std::pair(a.second, b.first);
  });
  json.member(name, [&] {
    json.object([&] {
      json.member("different", counts.size());
      json.member("most", [&] {
        json.array([&] {
          for (std::size_t i = 0; i < std::min(sorted.size(), Trial::kNamed); ++i) {
            json.object([&] {
              json.member("name", sorted[i].first);
              json.member("matches", sorted[i].second);
            });
          }
        });
      });
    });
  });
}

void write_sample(JsonWriter& json, const Trial::Sample& sample) {
  json.object([&] {
    json.member("event", sample.seq);
    json.member("occurred_at", sample.occurred_at);
    json.member("rule", sample.title);
    json.member("host", sample.host);
    json.member("user", sample.user);
    json.member("reason", sample.reason);
  });
}

using Covered = std::map<std::string, std::vector<std::string>>;  // technique to titles of rules

template <class Definitions>
void cover(const Definitions& rules, const detect::RulePolicy& policy, Covered& covered) {
  for (const auto& rule : rules) {
    if (!policy.is_on(RuleCatalog::key_of(rule))) continue;
    for (const auto& technique : detect::attack_of(rule.tags).techniques)
      covered[technique].push_back(rule.title);
  }
}

}  // namespace

void write_rule(JsonWriter& json, const RuleView& view) {
  json.object([&] { write_members(json, view); });
}

void write_rule_detail(JsonWriter& json, const RuleView& view, const std::string& text) {
  json.object([&] {
    write_members(json, view);
    view.rule != nullptr ? write_words(json, *view.rule) : write_words(json, *view.correlation);
    text.empty() ? json.member("text", nullptr) : json.member("text", text);
  });
}

void write_refusals(JsonWriter& json, const std::vector<Error>& refusals) {
  json.array([&] {
    for (const auto& refusal : refusals) {
      json.object([&] {
        json.member("where", refusal.where);
        json.member("reason", refusal.message);
        json.member("hint", refusal.hint);
      });
    }
  });
}

void write_rule_state(JsonWriter& json, const detect::RuleState& state, const std::vector<Error>& refusals) {
  json.object([&] {
    json.member("rules", state.catalog->rules().size());
    json.member("correlations", state.catalog->correlations().size());
    json.member("files", state.catalog->files());
    json.member("loaded_at", state.loaded_at);
    json.member("refused", [&] { write_refusals(json, refusals); });
    json.member("kept", state.kept);
    if (!state.problem) return json.member("problem", nullptr);
    json.member("problem", [&] {
      json.object([&] {
        json.member("reason", state.problem->message);
        json.member("hint", state.problem->hint);
      });
    });
  });
}

void write_trial(JsonWriter& json, const Trial& trial) {
  json.object([&] {
    json.member("events", trial.events);
    json.member("in_part", trial.in_part);
    json.member("oldest", trial.oldest);
    json.member("newest", trial.newest);
    json.member("matches", trial.matches);
    write_most(json, "hosts", trial.hosts);
    write_most(json, "users", trial.users);
    json.member("samples", [&] {
      json.array([&] {
        for (const auto& sample : trial.samples) write_sample(json, sample);
      });
    });
  });
}

// https://github.com/mitre-attack/attack-navigator, layers/LAYERFORMATv4_5.md
std::string coverage_layer(const RuleCatalog& catalog, const detect::RulePolicy& policy) {
  Covered covered;
  cover(catalog.rules(), policy, covered);
  cover(catalog.correlations(), policy, covered);
  std::size_t most = 1;
  for (const auto& [id, titles] : covered) most = std::max(most, titles.size());
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("name", "Tocsin: detection coverage");
    json.member("versions", [&] {
      json.object([&] {
        json.member("attack", model::kAttackVersion);
        json.member("navigator", "5.1.0");
        json.member("layer", "4.5");
      });
    });
    json.member("domain", "enterprise-attack");
    json.member("description", "The score is the number of enabled rules that name the technique.");
    json.member("sorting", 3);
    json.member("hideDisabled", false);
    json.member("techniques", [&] {
      json.array([&] {
        for (const auto& [id, titles] : covered) {
          json.object([&, &id = id, &titles = titles] {
            json.member("techniqueID", id);
            json.member("score", titles.size());
            json.member("enabled", true);
            json.member("showSubtechniques", true);
            std::string comment;
            for (std::size_t i = 0; i < std::min(titles.size(), kNamedRules); ++i)
              comment += (i > 0 ? "; " : "") + titles[i];
            json.member("comment", comment);
          });
        }
      });
    });
    json.member("gradient", [&] {
      json.object([&] {
        json.member("colors", std::vector<std::string>{"#ffffff", "#8ec6ff", "#1f6feb"});
        json.member("minValue", 0);
        json.member("maxValue", most);
      });
    });
  });
  return out;
}

}  // namespace tocsin::api
