#include "api/dto/rule_policy_dto.h"

#include <boost/json.hpp>

namespace tocsin::api {
namespace {

using boost::json::object;

std::string text_of(const object& from, std::string_view name) {
  const auto* found = from.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<Timestamp> time_of(const object& from, std::string_view name) {
  return parse_time(text_of(from, name));
}

detect::RuleSetting read_setting(const object& from) {
  detect::RuleSetting setting;
  const auto* enabled = from.if_contains("enabled");
  setting.enabled = enabled == nullptr || !enabled->is_bool() || enabled->get_bool();
  setting.level = detect::sigma::parse_level(text_of(from, "level"));
  setting.actor = text_of(from, "actor");
  setting.changed_at = time_of(from, "changed_at").value_or(Timestamp{});
  return setting;
}

detect::RuleException read_exception(const object& from) {
  detect::RuleException exception;
  exception.id = text_of(from, "id");
  exception.rule = text_of(from, "rule_id");
  const auto* when = from.if_contains("when");
  exception.when = when == nullptr ? "{}" : boost::json::serialize(*when);
  exception.reason = text_of(from, "reason");
  exception.owner = text_of(from, "owner");
  exception.created_at = time_of(from, "created_at").value_or(Timestamp{});
  exception.expires_at = time_of(from, "expires_at");
  return exception;
}

}  // namespace

void write_exception_members(JsonWriter& json, const detect::RuleException& exception) {
  json.member("id", exception.id);
  exception.rule.empty() ? json.member("rule_id", nullptr) : json.member("rule_id", exception.rule);
  json.key("when");
  json.raw(exception.when);
  json.member("reason", exception.reason);
  json.member("owner", exception.owner);
  json.member("created_at", exception.created_at);
  json.member("expires_at", exception.expires_at);
}

void write_exception(JsonWriter& json, const detect::RuleException& exception) {
  json.object([&] { write_exception_members(json, exception); });
}

std::string to_json(const detect::RulePolicyData& policy) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("rules", [&] {
      json.object([&] {
        for (const auto& [rule, setting] : policy.rules) {
          json.member(rule, [&, &one = setting] {
            json.object([&] {
              json.member("enabled", one.enabled);
              if (one.level) json.member("level", detect::sigma::to_string(*one.level));
              json.member("actor", one.actor);
              json.member("changed_at", one.changed_at);
            });
          });
        }
      });
    });
    json.member("exceptions", [&] {
      json.array([&] {
        for (const auto& exception : policy.exceptions) write_exception(json, exception);
      });
    });
  });
  return out;
}

Result<detect::RulePolicyData> read_rule_policy(std::string_view json) {
  boost::system::error_code failed;
  const auto value = boost::json::parse(json, failed);
  if (failed || !value.is_object())
    return error(ErrorKind::kInvalidSyntax, "read rule settings", "what the database holds is no JSON object",
                 "Restore the setting detection.policy from a backup.");
  detect::RulePolicyData policy;
  const auto& all = value.get_object();
  if (const auto* rules = all.if_contains("rules"); rules != nullptr && rules->is_object()) {
    for (const auto& one : rules->get_object()) {
      if (one.value().is_object())
        policy.rules.emplace(std::string(one.key()), read_setting(one.value().get_object()));
    }
  }
  if (const auto* exceptions = all.if_contains("exceptions");
      exceptions != nullptr && exceptions->is_array()) {
    for (const auto& one : exceptions->get_array()) {
      if (one.is_object()) policy.exceptions.push_back(read_exception(one.get_object()));
    }
  }
  return policy;
}

}  // namespace tocsin::api
