#include "respond/fill.h"

#include <algorithm>

namespace tocsin::respond {
namespace {

using model::Entity;

bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

// A time of ours, quoted as the language wants it; every language can.
std::optional<std::string> time_word(Timestamp at, escape::Syntax syntax) {
  auto text = to_rfc3339(at);
  if (syntax == escape::Syntax::kConsole) return text;
  auto word = escape::quote(text, syntax);
  if (!word) return std::nullopt;
  return *std::move(word);
}

std::size_t place_of_role(const std::vector<model::EntityRole>& roles, model::EntityRole role) {
  return static_cast<std::size_t>(std::find(roles.begin(), roles.end(), role) - roles.begin());
}

}  // namespace

std::vector<Placeholder> placeholders(std::string_view text) {
  std::vector<Placeholder> found;
  for (auto open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    const auto close = text.find('}', open);
    if (close == std::string_view::npos) break;
    const auto name = text.substr(open + 1, close - open - 1);
    const bool variable = open > 0 && text[open - 1] == '$';
    if (is_name(name) && !variable) found.push_back({name, open, name.size() + 2});
  }
  return found;
}

bool is_known_placeholder(std::string_view name) {
  return name == "from" || name == "until" || model::parse_entity_kind(name).has_value();
}

Filled fill(const Command& command, const Filling& filling) {
  Filled filled;
  std::size_t done = 0;
  for (const auto& place : placeholders(command.run)) {
    filled.run.append(command.run, done, place.at - done);
    done = place.at;
    std::optional<std::string> word;
    if (place.name == "from" || place.name == "until") {
      word = time_word(place.name == "from" ? filling.from : filling.until, command.syntax);
    } else {
      const auto kind = model::parse_entity_kind(place.name);
      const auto entity = std::find_if(filling.entities.begin(), filling.entities.end(),
                                       [&](const Entity& one) { return one.kind == kind; });
      if (entity == filling.entities.end()) continue;
      auto quoted = escape::quote(entity->value, command.syntax);
      if (quoted) {
        word = *std::move(quoted);
      } else {
        filled.refused.push_back(quoted.error().message);
      }
    }
    if (!word) continue;
    filled.run += *word;
    done = place.at + place.length;
  }
  filled.run.append(command.run, done);
  return filled;
}

std::vector<Entity> targets_of(const Step& step, const std::vector<Entity>& entities) {
  std::vector<Entity> targets;
  for (const auto& entity : entities) {
    if (entity.kind == step.target) targets.push_back(entity);
  }
  std::stable_sort(targets.begin(), targets.end(), [&](const Entity& a, const Entity& b) {
    const auto rank = [&](const Entity& one) {
      const bool inside = one.kind == model::EntityKind::kIp && is_private_address(one.value);
      return std::pair(place_of_role(step.target_roles, one.role), inside);
    };
    return rank(a) < rank(b);
  });
  return targets;
}

Filling filling_for(const Step& step, const Filling& filling) {
  Filling own{targets_of(step, filling.entities), filling.from, filling.until};
  own.entities.insert(own.entities.end(), filling.entities.begin(), filling.entities.end());
  return own;
}

bool is_private_address(std::string_view ip) {
  for (const std::string_view prefix : {"10.", "192.168.", "127.", "169.254.", "fc", "fd", "fe8", "fe9",
                                        "fea", "feb", "FC", "FD", "FE8", "FE9", "FEA", "FEB"}) {
    if (ip.starts_with(prefix)) return true;
  }
  if (ip == "::1") return true;
  if (!ip.starts_with("172.") || ip.size() < 7) return false;
  const auto second = ip.substr(4, 3);
  return second >= "16." && second <= "31." && second[2] == '.';
}

}  // namespace tocsin::respond
