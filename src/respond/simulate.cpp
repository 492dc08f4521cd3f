#include "respond/simulate.h"

#include "base/display_text.h"

namespace tocsin::respond {
namespace {

using model::Entity;
using model::EntityKind;

constexpr std::size_t kMaxTargets = 20;
constexpr std::size_t kMaxValue = 128;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool same_text(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool is_harmless(std::string_view value) {
  constexpr std::string_view kAllowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._@:-";
  return !value.empty() && value.size() <= kMaxValue && value.front() != '-' &&
         value.find_first_not_of(kAllowed) == std::string_view::npos;
}

const Step* find_step(std::string_view action, const std::vector<const Playbook*>& playbooks) {
  for (const auto* playbook : playbooks) {
    for (const auto& step : playbook->steps) {
      if (same_text(step.action, action)) return &step;
    }
  }
  return nullptr;
}

bool is_private_v4(std::string_view ip) {
  if (ip.starts_with("10.") || ip.starts_with("192.168.") || ip.starts_with("127.")) return true;
  if (!ip.starts_with("172.") || ip.size() < 7) return false;
  const auto second = ip.substr(4, 3);
  return second >= "16." && second <= "31." && second[2] == '.';
}

std::vector<Entity> targets_of(const Step& step, const Scene& scene) {
  std::vector<Entity> targets;
  for (const auto& entity : scene.entities) {
    if (entity.kind == step.target && targets.size() < kMaxTargets) targets.push_back(entity);
  }
  return targets;
}

std::string names_of(const std::vector<Entity>& targets) {
  std::string text;
  for (const auto& target : targets) text += (text.empty() ? "" : ", ") + display_text(target.value, 80);
  return text;
}

void describe(const Step& step, Simulation& result) {
  if (!step.target) {
    result.would_do.push_back(step.action + ". It acts on no single entity.");
  } else if (result.targets.empty()) {
    result.would_do.push_back("Nothing: the incident names no " + std::string(to_text(*step.target)) +
                              " to act on.");
  } else {
    result.would_do.push_back(step.action + ": " + names_of(result.targets) + ".");
  }
  result.would_do.push_back("Why: " + step.purpose);
}

void warn(const Step& step, const Scene& scene, Simulation& result) {
  result.would_break.push_back(step.impact);
  if (step.risk >= Risk::kMedium && scene.asset_tier == model::AssetTier::kCrownJewel) {
    result.would_break.push_back("A crown jewel is concerned: ask its owner first.");
  }
  if (step.phase != Phase::kContain || step.target != EntityKind::kIp) return;
  for (const auto& target : result.targets) {
    if (!is_private_v4(target.value)) continue;
    result.would_break.push_back(
        display_text(target.value, 60) +
        " is a private address: a block at the edge does not reach it; isolate its host instead.");
  }
}

}  // namespace

std::string fill(std::string_view command, const std::vector<Entity>& entities) {
  std::string out;
  while (!command.empty()) {
    const auto open = command.find('{');
    out += command.substr(0, open);
    if (open == std::string_view::npos) break;
    command.remove_prefix(open);
    const auto close = command.find('}');
    const auto kind = close == std::string_view::npos
                          ? std::nullopt
                          : model::parse_entity_kind(command.substr(1, close - 1));
    const auto found =
        std::find_if(entities.begin(), entities.end(), [&](const Entity& one) { return one.kind == kind; });
    const bool replace = kind && found != entities.end() && is_harmless(found->value);
    out += replace ? std::string_view(found->value) : command.substr(0, 1);
    command.remove_prefix(replace ? close + 1 : 1);
  }
  return out;
}

Simulation simulate(std::string_view action, const std::vector<const Playbook*>& playbooks,
                    const Scene& scene) {
  Simulation result;
  result.action = display_text(action, 200);
  const auto* step = find_step(action, playbooks);
  if (step == nullptr) {
    result.would_do.emplace_back("Not known: no playbook of this incident has a step of that name.");
    result.would_break.emplace_back("Not known.");
    return result;
  }
  result.known = true;
  result.targets = targets_of(*step, scene);
  result.undo = step->undo;
  result.approver = to_text(step->approver);
  result.requires_approval = step->approver != Approver::kAnalyst;
  for (const auto& command : step->commands)
    result.commands.push_back({command.platform, fill(command.run, result.targets)});
  describe(*step, result);
  warn(*step, scene, result);
  return result;
}

}  // namespace tocsin::respond
