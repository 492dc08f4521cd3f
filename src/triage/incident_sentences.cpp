#include "triage/incident_sentences.h"

#include <cstdio>
#include <set>
#include <span>

#include "base/display_text.h"
#include "model/attack.h"
#include "triage/factors.h"
#include "triage/words.h"

namespace tocsin::triage {
namespace {

using Ordered = std::vector<const Member*>;
using model::LinkReason;
using model::Severity;

void add_id(Sentence& sentence, const Member& member) {
  if (sentence.alert_ids.size() < kMaxSentenceIds) sentence.alert_ids.push_back(member.alert.id.str());
}

template <class Predicate>
Sentence about(const Ordered& ordered, std::string text, Predicate concerns) {
  Sentence sentence{std::move(text), {}};
  for (const auto* member : ordered) {
    if (concerns(member->alert)) add_id(sentence, *member);
  }
  return sentence;
}

std::string severities(const Ordered& ordered) {
  std::array<std::size_t, 5> counts{};
  for (const auto* member : ordered) ++counts[static_cast<std::size_t>(member->alert.severity)];
  std::vector<std::string> parts;
  for (std::size_t i = counts.size(); i-- > 0;) {
    if (counts[i] > 0)
      parts.push_back(std::to_string(counts[i]) + " " + std::string(to_text(static_cast<Severity>(i))));
  }
  return listed(parts);
}

Sentence on_extent(const Ordered& ordered) {
  std::set<std::string_view> sources;
  auto last = ordered.back()->alert.occurred_at;
  for (const auto* member : ordered) {
    sources.insert(member->alert.source);
    last = std::max(last, member->alert.last_seen);
  }
  std::vector<std::string> names;
  for (const auto source : sources) {
    if (names.size() < 4) names.push_back(display_text(source, 40));
  }
  const auto first = ordered.front()->alert.occurred_at;
  std::string text =
      counted(ordered.size(), "alert") + " (" + severities(ordered) + ") from " + listed(names);
  if (sources.size() > names.size())
    text += " and " + counted(sources.size() - names.size(), "further source");
  text += last - first < std::chrono::minutes(1) ? " at " + minute_text(first)
                                                 : " from " + minute_text(first) + " to " + minute_text(last);
  return about(ordered, text + ".", [](const auto&) { return true; });
}

Sentence on_beginning(const Ordered& ordered) {
  const auto& first = *ordered.front();
  Sentence sentence{
      "It began with " + quoted_title(first.alert) + " at " + minute_text(first.alert.occurred_at) + ".", {}};
  add_id(sentence, first);
  return sentence;
}

const Member& most_severe(const Ordered& ordered) {
  const auto* best = ordered.front();
  for (const auto* member : ordered) {
    if (member->alert.severity > best->alert.severity) best = member;
  }
  return *best;
}

Sentence on_worst(const Member& worst) {
  Sentence sentence{"The most severe alert is " + quoted_title(worst.alert) + ", " +
                        std::string(to_text(worst.alert.severity)) + ".",
                    {}};
  add_id(sentence, worst);
  return sentence;
}

Sentence on_entities(const Ordered& ordered, const std::vector<CountedEntity>& entities) {
  std::vector<std::string> parts;
  std::vector<model::Entity> named;
  for (std::size_t i = 0; i < entities.size() && i < 4; ++i) {
    parts.push_back(entity_text(entities[i].entity) + " (" + counted(entities[i].alerts, "alert") + ")");
    named.push_back(entities[i].entity);
  }
  return about(ordered, "Most often concerned: " + listed(parts) + ".", [&](const model::Alert& alert) {
    return std::any_of(alert.entities.begin(), alert.entities.end(), [&](const model::Entity& entity) {
      return std::any_of(named.begin(), named.end(), [&](const model::Entity& one) {
        return one.kind == entity.kind && one.value == entity.value;
      });
    });
  });
}

Sentence on_tactics(const Ordered& ordered) {
  std::vector<std::string> names;
  for (const auto* member : ordered) {
    for (const auto& id : member->alert.attack.tactics) {
      const auto place = model::find_tactic(id);
      if (!place) continue;
      std::string name(model::tactics()[*place].name);
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
    }
  }
  return about(ordered, "ATT&CK tactics in order of appearance: " + listed(names) + ".",
               [](const auto& alert) { return !alert.attack.tactics.empty(); });
}

Sentence on_iocs(const Ordered& ordered, const std::vector<model::Ioc>& iocs) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < iocs.size() && i < 3; ++i) {
    shown.push_back(kind_word(to_text(iocs[i].kind)) + " " + display_text(iocs[i].value, 80));
  }
  auto text = counted(iocs.size(), "indicator") + ", such as " + listed(shown) + ".";
  return about(ordered, std::move(text), [](const auto& alert) { return !alert.iocs.empty(); });
}

const Member* find_member(const Ordered& ordered, model::Seq seq) {
  for (const auto* member : ordered) {
    if (member->membership.alert == seq) return member;
  }
  return nullptr;
}

std::string shared_values(const Member& member) {
  std::vector<std::string> parts;
  for (const auto index : member.membership.entity_indexes) {
    if (index < member.alert.entities.size()) parts.push_back(entity_text(member.alert.entities[index]));
  }
  return listed(parts);
}

std::string weight_text(std::uint16_t hundredths) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%u.%02u", hundredths / 100U, hundredths % 100U);
  return text.data();
}

// "Initial Access": the furthest step of the kill chain an alert speaks of.
std::string last_tactic(const model::Alert& alert) {
  const auto place =
      alert.attack.tactics.empty() ? std::nullopt : model::find_tactic(alert.attack.tactics.back());
  return place ? std::string(model::tactics()[*place].name) : std::string();
}

struct Group {
  LinkReason reason = LinkReason::kOpened;
  std::string values;
  std::vector<const Member*> members;
};

std::vector<Group> grouped(const Ordered& ordered) {
  std::vector<Group> groups;
  std::map<std::pair<LinkReason, std::string>, std::size_t> known;
  for (const auto* member : ordered) {
    auto values = shared_values(*member);
    const auto [found, fresh] = known.emplace(std::pair(member->membership.reason, values), groups.size());
    if (fresh) groups.push_back({member->membership.reason, std::move(values), {}});
    groups[found->second].members.push_back(member);
  }
  return groups;
}

std::string_view reason_words(LinkReason reason) {
  constexpr std::array<std::string_view, 5> kWords{"opened the incident", "share", "share",
                                                   "repeat one rule on", "were put here by a person"};
  return kWords[static_cast<std::size_t>(reason)];
}

std::string told_apart(const Member& member, const Ordered& ordered) {
  const auto* other = find_member(ordered, member.membership.linked_to);
  const auto weight = " (link weight " + weight_text(member.membership.weight_hundredths) + ").";
  if (other == nullptr) return weight;
  const auto apart = member.alert.occurred_at - other->alert.occurred_at;
  const auto distance = apart.count() < 0 ? -apart : apart;
  return " with " + quoted_title(other->alert) + ", " + duration_text(distance) + " apart" + weight;
}

std::string kill_chain_text(const Member& member, const Ordered& ordered) {
  const auto* other = find_member(ordered, member.membership.linked_to);
  const auto to = last_tactic(member.alert);
  const auto from = other ? last_tactic(other->alert) : std::string();
  if (from.empty() || to.empty() || from == to) return {};
  return " It is a step from " + from + " to " + to + ".";
}

std::string one_sentence(const Member& member, const std::string& values, const Ordered& ordered) {
  const auto title = quoted_title(member.alert);
  switch (member.membership.reason) {
    case LinkReason::kOpened:
      return title + " opened the incident.";
    case LinkReason::kAnalyst:
      return title + " was put here by a person.";
    case LinkReason::kSameRule:
      return title + " repeats a rule on " + values + told_apart(member, ordered);
    case LinkReason::kSharedEntities:
      return title + " shares " + values + told_apart(member, ordered);
    case LinkReason::kKillChain:
      return title + " shares " + values + told_apart(member, ordered) + kill_chain_text(member, ordered);
  }
  return title + ".";
}

std::string group_sentence(const Group& group) {
  const auto by_weight = [](const Member* a, const Member* b) {
    return a->membership.weight_hundredths < b->membership.weight_hundredths;
  };
  const auto [lightest, heaviest] =
      std::minmax_element(group.members.begin(), group.members.end(), by_weight);
  std::string text = counted(group.members.size(), "alert") + " " + std::string(reason_words(group.reason));
  if (!group.values.empty()) text += " " + group.values;
  text += ", from " + minute_text(group.members.front()->alert.occurred_at) + " to " +
          minute_text(group.members.back()->alert.occurred_at);
  const bool linked = group.reason != LinkReason::kOpened && group.reason != LinkReason::kAnalyst;
  if (!linked) return text + ".";
  text += " (link weights " + weight_text((*lightest)->membership.weight_hundredths) + " to " +
          weight_text((*heaviest)->membership.weight_hundredths) + ")";
  return text + (group.reason == LinkReason::kKillChain ? ", each a forward step of the kill chain." : ".");
}

// Where no alert needs a person by itself, all of them together do.
Sentence on_review(const Ordered& ordered, std::string_view reason) {
  const auto text = "A person must look: " + display_text(reason, 200) + ".";
  auto review = about(ordered, text, [](const auto& alert) { return alert.requires_review; });
  return review.alert_ids.empty() ? about(ordered, text, [](const auto&) { return true; }) : review;
}

Sentence on_further(std::span<const Group> groups) {
  Sentence sentence{"And " + counted(groups.size(), "further link") + " of these kinds.", {}};
  for (const auto& group : groups) add_id(sentence, *group.members.front());
  return sentence;
}

}  // namespace

std::vector<Sentence> summarise(const Ordered& ordered, const IncidentView& view,
                                const model::Incident& incident) {
  if (ordered.empty()) return {};
  std::vector<Sentence> summary{on_extent(ordered)};
  const auto& worst = most_severe(ordered);
  if (ordered.size() > 1) summary.push_back(on_beginning(ordered));
  if (&worst != ordered.front()) summary.push_back(on_worst(worst));
  if (!view.entities.empty()) summary.push_back(on_entities(ordered, view.entities));
  if (!view.attack.tactics.empty()) summary.push_back(on_tactics(ordered));
  if (!view.iocs.empty()) summary.push_back(on_iocs(ordered, view.iocs));
  auto jewels = about(ordered, "A crown jewel is concerned.",
                      [](const auto& alert) { return alert.asset_tier == model::AssetTier::kCrownJewel; });
  if (!jewels.alert_ids.empty()) summary.push_back(std::move(jewels));
  if (incident.requires_review && !incident.review_reason.empty()) {
    summary.push_back(on_review(ordered, incident.review_reason));
  }
  return summary;
}

std::vector<Sentence> why_together(const Ordered& ordered) {
  std::vector<Sentence> why;
  const auto groups = grouped(ordered);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (why.size() == kMaxWhy) {
      why.push_back(on_further(std::span(groups).subspan(i)));
      break;
    }
    const auto& group = groups[i];
    const bool alone = group.members.size() == 1;
    Sentence sentence{
        alone ? one_sentence(*group.members.front(), group.values, ordered) : group_sentence(group), {}};
    for (const auto* member : group.members) add_id(sentence, *member);
    const auto* other = alone ? find_member(ordered, group.members.front()->membership.linked_to) : nullptr;
    if (other != nullptr) add_id(sentence, *other);
    why.push_back(std::move(sentence));
  }
  return why;
}

}  // namespace tocsin::triage
