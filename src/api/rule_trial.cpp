#include "api/rule_trial.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include "api/errors.h"

namespace tocsin::api {
namespace {

using Findings = std::vector<detect::Finding>;
using Judge = std::function<Findings(std::span<const model::Event>)>;

constexpr std::size_t kChunk = 2'000;

void count(std::map<std::string, std::size_t>& counts, const std::optional<std::string>& name) {
  if (!name || name->empty()) return;
  const auto found = counts.find(*name);
  if (found != counts.end()) {
    ++found->second;
  } else if (counts.size() < Trial::kCounted) {
    counts.emplace(*name, 1);
  }
}

void add(Trial& trial, const detect::Finding& finding) {
  const auto& event = *finding.event;
  ++trial.matches;
  count(trial.hosts, event.resource);
  count(trial.users, event.user);
  if (trial.samples.size() >= Trial::kSamples) return;
  trial.samples.push_back({event.seq, event.occurred_at, finding.headline, event.resource.value_or(""),
                           event.user.value_or(""), finding.reason});
}

void look_at(Trial& trial, std::span<const model::Event> events) {
  trial.events += events.size();
  for (const auto& event : events) {
    if (!trial.oldest || event.occurred_at < *trial.oldest) trial.oldest = event.occurred_at;
    if (!trial.newest || event.occurred_at > *trial.newest) trial.newest = event.occurred_at;
  }
}

// The newest events in the order in which they came, a chunk at a time.
Result<Trial> run(const store::EventStore& events, const TrialBounds& bounds, const Clock& clock,
                  const Judge& judge) {
  Trial trial;
  const auto begin = clock.now();
  TOCSIN_TRY(last, events.before(std::numeric_limits<model::Seq>::max(), 1));
  if (last.empty()) return trial;
  // Numbers have gaps where a database numbers across tenants: then fewer are looked at.
  const auto first = std::max<model::Seq>(0, last.front().seq - static_cast<model::Seq>(bounds.max_events));
  trial.in_part = first > 0;
  for (auto after = first;;) {
    TOCSIN_TRY(chunk, events.after(after, kChunk));
    if (chunk.empty()) return trial;
    if (clock.now() - begin > bounds.at_most) {
      trial.in_part = true;
      return trial;
    }
    after = chunk.back().seq;
    look_at(trial, chunk);
    for (const auto& finding : judge(chunk)) add(trial, finding);
  }
}

void collect(const std::vector<detect::sigma::Targets>& targets, std::size_t correlation,
             std::set<std::size_t>& rules, std::set<std::size_t>& correlations) {
  if (!correlations.insert(correlation).second) return;
  for (const auto& target : targets[correlation]) {
    if (target.is_correlation) {
      collect(targets, target.place, rules, correlations);
    } else {
      rules.insert(target.place);
    }
  }
}

// The correlation, and what it refers to, in a set of their own.
detect::sigma::RuleSet part_of(const detect::RuleCatalog& all, std::size_t correlation) {
  std::set<std::size_t> rules, correlations;
  collect(all.targets(), correlation, rules, correlations);
  detect::sigma::RuleSet part;
  std::map<std::size_t, std::size_t> new_rule, new_correlation;
  for (const auto place : rules) {
    new_rule[place] = part.rules.size();
    part.rules.push_back(all.rules()[place]);
  }
  for (const auto place : correlations) {
    new_correlation[place] = part.correlations.size();
    part.correlations.push_back(all.correlations()[place]);
  }
  for (const auto place : correlations) {
    auto targets = all.targets()[place];
    for (auto& target : targets)
      target.place = target.is_correlation ? new_correlation[target.place] : new_rule[target.place];
    part.targets.push_back(std::move(targets));
  }
  return part;
}

}  // namespace

Result<detect::RuleCatalogPtr> catalog_of_one(const detect::RuleCatalog& all, std::string_view key) {
  detect::sigma::RuleSet set;
  if (const auto rule = all.find(key)) {
    set.rules.push_back(all.rules()[*rule]);
  } else if (const auto correlation = all.find_correlation(key)) {
    set = part_of(all, *correlation);
  } else {
    return not_found("rule", key);
  }
  return std::make_shared<const detect::RuleCatalog>(std::move(set), all.sources(), all.declared_baselines());
}

Result<detect::RuleCatalogPtr> catalog_of_text(std::string_view yaml, const detect::RuleCatalog& like) {
  detect::sigma::LoadOptions options;
  options.check = [&like](const detect::sigma::Rule& rule) {
    return detect::check_baselines(rule, like.declared_baselines());
  };
  auto set = detect::sigma::RuleSet::parse(yaml, "rule", options);
  if (!set.refusals.empty()) {
    const auto& why = set.refusals.front();
    return error(ErrorKind::kInvalidInput, "read the rule", why.where + ": " + why.message, why.hint,
                 "/text");
  }
  if (set.rules.empty() && set.correlations.empty()) {
    return error(ErrorKind::kInvalidInput, "read the rule", "there is no rule in it",
                 "A rule has a title, a logsource and a detection.", "/text");
  }
  return std::make_shared<const detect::RuleCatalog>(std::move(set), like.sources(),
                                                     like.declared_baselines());
}

Result<Trial> try_rules(const store::EventStore& events, const detect::RuleCatalogPtr& catalog,
                        std::string_view only, const TrialBounds& bounds, const Clock& clock) {
  TOCSIN_TRY(detector, detect::Detector::create(catalog, nullptr, {}));
  return run(events, bounds, clock, [&](std::span<const model::Event> chunk) {
    auto findings = detector.judge(chunk, clock.now());
    if (!only.empty())
      std::erase_if(findings, [&](const detect::Finding& finding) { return finding.rule != only; });
    return findings;
  });
}

Result<Trial> try_exception(const store::EventStore& events, const detect::RuleCatalogPtr& catalog,
                            const detect::RuleException& exception, const TrialBounds& bounds,
                            const Clock& clock) {
  detect::RulePolicyData data;
  data.exceptions.push_back(exception);
  TOCSIN_TRY(policy, detect::RulePolicy::make(std::move(data)));
  TOCSIN_TRY(with, detect::Detector::create(
                       catalog, std::make_shared<const detect::RulePolicy>(std::move(policy)), {}));
  TOCSIN_TRY(without, detect::Detector::create(catalog, nullptr, {}));
  return run(events, bounds, clock, [&](std::span<const model::Event> chunk) {
    std::set<std::string> told;
    for (const auto& finding : with.judge(chunk, clock.now())) told.insert(finding.id);
    auto hidden = without.judge(chunk, clock.now());
    std::erase_if(hidden, [&](const detect::Finding& finding) { return told.contains(finding.id); });
    return hidden;
  });
}

}  // namespace tocsin::api
