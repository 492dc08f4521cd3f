#include "api/noise_input.h"

#include <unordered_map>

#include "detect/finding.h"
#include "model/link.h"
#include "query/query.h"
#include "store/acting.h"

namespace tocsin::api {
namespace {

constexpr std::size_t kPage = 1000;
constexpr std::size_t kMostDecisions = 50'000;
constexpr std::string_view kRuleTag = "rule:";
constexpr double kOfIncident = 0.5;  // as in docs/scoring.md: less was looked at

using Said = std::unordered_map<model::Seq, store::Disposition>;

Result<Said> load_said(store::TenantStore& store, Timestamp from) {
  TOCSIN_TRY(decided, store.dispositions().decided(from, kMostDecisions));
  Said said;
  for (auto& one : decided) {
    if (is_persons(one.said)) said.emplace(one.said.alert, std::move(one.said));
  }
  return said;
}

std::string rule_of(const model::Alert& alert) {
  if (alert.source != detect::kDetectionSource) return {};
  for (const auto& tag : alert.tags) {
    if (tag.starts_with(kRuleTag)) return tag.substr(kRuleTag.size());
  }
  return {};
}

bool is_real(const triage::NoisyAlert& noisy) {
  return noisy.said && noisy.said->verdict == model::Verdict::kTruePositive;
}

triage::NoisyAlert to_noisy(model::Alert alert, const Said& said) {
  triage::NoisyAlert noisy;
  noisy.key = {rule_of(alert), alert.source, alert.type};
  noisy.received_at = alert.received_at;
  noisy.occurrences = alert.occurrences;
  noisy.severity = alert.severity;
  noisy.tier = alert.asset_tier;
  if (const auto key = model::asset_of(alert)) noisy.asset = key->hash;
  noisy.entities = std::move(alert.entities);
  if (const auto found = said.find(alert.seq); found != said.end()) {
    const auto& one = found->second;
    noisy.said = {one.verdict, one.actor, one.of_incident ? one.word * kOfIncident : one.word,
                  one.decided_at};
  }
  return noisy;
}

model::Condition equals(model::Field field, std::string value) {
  model::Condition condition;
  condition.kind = model::Condition::Kind::kTest;
  condition.test = {.field = field,
                    .how = model::Comparison::kEquals,
                    .values = {std::move(value)},
                    .low = std::nullopt,
                    .high = std::nullopt};
  return condition;
}

model::Field field_of(model::EntityKind kind) {
  return static_cast<model::Field>(static_cast<int>(model::Field::kUser) + static_cast<int>(kind));
}

}  // namespace

bool is_persons(const store::Disposition& said) {
  return said.actor != store::Origin{}.actor && !said.actor.starts_with("job:");
}

Result<NoiseInput> load_noise(store::TenantStore& store, Timestamp from, const HidingIdea& hides) {
  TOCSIN_TRY(said, load_said(store, from));
  NoiseInput input;
  store::AlertQuery query;
  query.limit = kPage;
  do {
    TOCSIN_TRY(page, store.alerts().list(query, true));
    for (auto& alert : page.items) {
      if (alert.received_at < from) return input;
      const bool matched = hides && hides(alert);
      auto id = alert.id.str();
      input.alerts.push_back(to_noisy(std::move(alert), said));
      if (hides) input.matched.push_back(matched);
      if (matched && is_real(input.alerts.back()) && input.real_matched.size() < kRealShown)
        input.real_matched.push_back(std::move(id));
    }
    query.cursor = std::move(page.next_cursor);
  } while (!query.cursor.empty() && input.alerts.size() < kNoiseAlerts);
  input.in_part = !query.cursor.empty();
  return input;
}

std::string question_of(const triage::NoiseProposal& proposal) {
  model::Condition all;
  const auto& key = proposal.key;
  all.parts.push_back(equals(model::Field::kSource, key.source));
  all.parts.push_back(key.rule.empty() ? equals(model::Field::kType, key.type)
                                       : equals(model::Field::kTag, std::string(kRuleTag) + key.rule));
  if (proposal.kind == triage::ProposalKind::kException)
    all.parts.push_back(equals(field_of(proposal.entity), proposal.value));
  return query::print(all, query::Subject::kAlerts);
}

}  // namespace tocsin::api
