#include "respond/simulate.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/display_text.h"
#include "respond/consequences.h"

namespace tocsin::respond {
namespace {

using model::Entity;

constexpr std::size_t kMaxTargets = 20;
constexpr std::size_t kMaxWarnings = 40;
constexpr std::size_t kMaxSentence = 1900;  // an action's detail is at most 2,000 bytes

std::string names_of(const std::vector<Entity>& targets) {
  std::string text;
  for (const auto& target : targets) text += (text.empty() ? "" : ", ") + display_text(target.value, 80);
  return text;
}

const Subject* find_subject(const Scene& scene, const Entity& entity) {
  const auto found = std::find_if(scene.subjects.begin(), scene.subjects.end(),
                                  [&](const Subject& one) { return one.entity == entity; });
  return found == scene.subjects.end() ? nullptr : &*found;
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
  for (const auto& target : result.targets) {
    const auto* subject = find_subject(scene, target);
    if (subject == nullptr) continue;
    for (auto& sentence : consequences(step.effect, *subject)) {
      if (result.would_break.size() < kMaxWarnings) result.would_break.push_back(std::move(sentence));
    }
  }
  if (!step.target && step.risk >= Risk::kMedium && scene.asset_tier == model::AssetTier::kCrownJewel)
    result.would_break.emplace_back("A crown jewel is concerned: ask its owner first.");
}

Simulation simulate_step(const Playbook& playbook, const Step& step, const Scene& scene) {
  Simulation result;
  result.action = step.action;
  result.known = true;
  result.playbook = playbook.id;
  result.effect = step.effect;
  const auto filling = filling_of(scene);
  result.targets = targets_of(step, filling.entities);
  if (result.targets.size() > kMaxTargets) result.targets.resize(kMaxTargets);
  result.undo = step.undo;
  result.role = to_text(step.role);
  result.approver = to_text(step.approver);
  result.requires_approval = step.approver != Approver::kAnalyst;
  for (const auto& command : step.commands) {
    auto filled = fill(command, filling_for(step, filling));
    result.commands.push_back(
        {command.platform, command.syntax, std::move(filled.run), std::move(filled.refused)});
  }
  describe(step, result);
  warn(step, scene, result);
  return result;
}

}  // namespace

Simulation simulate(std::string_view action, const std::vector<const Playbook*>& playbooks,
                    const Scene& scene) {
  for (const auto* playbook : playbooks) {
    for (const auto& step : playbook->steps) {
      if (equal_ignoring_case(step.action, action)) return simulate_step(*playbook, step, scene);
    }
  }
  Simulation unknown;
  unknown.action = display_text(action, 200);
  unknown.would_do.emplace_back("Not known: no playbook of this incident has a step of that name.");
  unknown.would_break.emplace_back("Not known.");
  return unknown;
}

std::vector<Simulation> simulate_playbook(const Playbook& playbook, const Scene& scene) {
  std::vector<Simulation> all;
  for (const auto& step : playbook.steps) {
    if (step.effect != Effect::kNone) all.push_back(simulate_step(playbook, step, scene));
  }
  return all;
}

std::string sentence_of(const Simulation& simulation) {
  std::string text = "Simulated: nothing was executed.";
  for (const auto& sentence : simulation.would_do) text += " " + sentence;
  text += " It would cost or break:";
  for (const auto& sentence : simulation.would_break) {
    if (text.size() + sentence.size() > kMaxSentence) return text + " …";
    text += " " + sentence;
  }
  return text;
}

}  // namespace tocsin::respond
