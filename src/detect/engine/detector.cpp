#include "detect/engine/detector.h"

#include <algorithm>

#include "base/json_writer.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {

struct Detector::Parser {
  simdjson::dom::parser dom;
};

Detector::Detector(RuleCatalogPtr catalog, RulePolicyPtr policy, std::optional<Correlator> correlator,
                   const DetectorOptions& options)
    : catalog_(std::move(catalog)),
      policy_(policy ? std::move(policy) : std::make_shared<const RulePolicy>()),
      correlator_(std::move(correlator)),
      baselines_(std::make_unique<Baselines>(catalog_->baselines(), options.baselines)),
      helpers_(options.helpers),
      parser_(std::make_unique<Parser>()) {
  figures_.matches.resize(catalog_->rules().size());
}
Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;

Result<Detector> Detector::create(RuleCatalogPtr catalog, RulePolicyPtr policy,
                                  const DetectorOptions& options) {
  std::optional<Correlator> correlator;
  if (!catalog->correlations().empty()) {
    TOCSIN_TRY(made, Correlator::create(catalog->whole_set(), options.correlator));
    correlator = std::move(made);
  }
  return Detector(std::move(catalog), std::move(policy), std::move(correlator), options);
}

CorrelatorStats Detector::correlation_stats() const {
  return correlator_ ? correlator_->stats() : CorrelatorStats{};
}

std::vector<Finding> Detector::judge(std::span<const model::Event> events, Timestamp now) {
  const auto matches = match_events(events, catalog_->matcher(), catalog_->match_tools(), helpers_);
  figures_.events += events.size();
  figures_.unreadable += matches.unreadable;
  std::vector<Finding> findings;
  for (const auto& one : matches.matched) judge_matched(events[one.event], one.rules, now, findings);
  if (!events.empty()) baselines_->advance(events.back().seq);
  return findings;
}

void Detector::learn(std::span<const model::Event> events) {
  const auto matches = match_events(events, catalog_->matcher(), catalog_->match_tools(), helpers_);
  for (const auto& one : matches.matched) {
    const auto& event = events[one.event];
    static_cast<void>(split(one.rules));
    simdjson::dom::element document;
    if (probes_.empty() || !parse(event, document)) continue;
    const auto views = catalog_->sources().recognise(document);
    readings_.clear();
    baselines_->observe(event, probes_, views, SeenEvent(document, views).views(), readings_);
  }
  if (!events.empty()) baselines_->advance(events.back().seq);
}

void Detector::warm_up(std::span<const model::Event> events, Timestamp now) {
  if (!correlator_) return;
  auto before = figures_;
  static_cast<void>(judge(events, now));
  figures_ = std::move(before);
}

// The rules of what the matcher says; its probes go to probes_.
std::span<const std::uint32_t> Detector::split(std::span<const std::uint32_t> matched) {
  const auto rules = static_cast<std::uint32_t>(catalog_->rules().size());
  const auto first_probe = std::lower_bound(matched.begin(), matched.end(), rules);
  probes_.clear();
  for (auto probe = first_probe; probe != matched.end(); ++probe) probes_.push_back(*probe - rules);
  return matched.first(static_cast<std::size_t>(first_probe - matched.begin()));
}

bool Detector::parse(const model::Event& event, simdjson::dom::element& document) {
  json_.clear();
  append_rule_json(event, json_);
  const auto size = json_.size();
  json_.append(simdjson::SIMDJSON_PADDING, ' ');
  return parser_->dom.parse(json_.data(), size, false).get(document) == simdjson::SUCCESS;
}

// The matcher knows nothing of baselines: rules that read one are asked again, with what it says.
void Detector::add_readers(std::span<const std::uint32_t> rules) {
  rules_to_judge_.assign(rules.begin(), rules.end());
  if (readings_.empty()) return;
  for (const auto& [watch, reading] : readings_)
    rules_to_judge_.insert(rules_to_judge_.end(), watch->readers.begin(), watch->readers.end());
  std::sort(rules_to_judge_.begin(), rules_to_judge_.end());
  const auto end = std::unique(rules_to_judge_.begin(), rules_to_judge_.end());
  rules_to_judge_.erase(end, rules_to_judge_.end());
}

// The event is read anew, and in full: few events match, and what the matcher looks at does not tell why.
void Detector::judge_matched(const model::Event& event, std::span<const std::uint32_t> matched, Timestamp now,
                             std::vector<Finding>& findings) {
  const auto rules = split(matched);
  simdjson::dom::element document;
  if (!parse(event, document))
    return tell_without_evidence(std::make_shared<const model::Event>(event), rules, findings);
  const auto views = catalog_->sources().recognise(document);
  const SeenEvent seen(document, views);
  readings_.clear();
  if (!probes_.empty()) baselines_->observe(event, probes_, views, seen.views(), readings_);
  add_readers(rules);
  if (rules_to_judge_.empty()) return;
  const auto shared = std::make_shared<const model::Event>(event);
  std::vector<BaselinedEvent> viewed;
  viewed.reserve(views.size());
  for (const auto& view : seen.views()) viewed.emplace_back(view, readings_);
  std::vector<std::uint32_t> correlated;
  for (const auto place : rules_to_judge_) {
    const auto& rule = catalog_->rules()[place];
    const auto& key = RuleCatalog::key_of(rule);
    if (!policy_->is_on(key)) continue;
    for (std::size_t i = 0; i < views.size(); ++i) {
      if (!may_see(rule.log_source, views[i].provenance) || !sigma::matches(rule, viewed[i])) continue;
      ++figures_.matches[place];
      if (const auto* exception = policy_->exception_for(key, viewed[i], now)) {
        ++figures_.hidden[exception->id];
        break;
      }
      if (correlator_ && correlator_->uses(place)) correlated.push_back(place);
      if (!correlator_ || !correlator_->is_silent(place)) {
        findings.push_back(
            finding_of(rule, policy_->level_of(key, rule.level), shared, sigma::evidence(rule, viewed[i])));
      }
      break;
    }
  }
  if (!correlated.empty()) correlate(shared, correlated, seen, findings);
}

// What the matcher could read and the parser cannot (a number beyond 64 bits, in a part that no rule asks
// for) is told all the same: else one such number would hide an event.
void Detector::tell_without_evidence(const EventPtr& event, std::span<const std::uint32_t> rules,
                                     std::vector<Finding>& findings) {
  for (const auto place : rules) {
    const auto& rule = catalog_->rules()[place];
    const auto& key = RuleCatalog::key_of(rule);
    if (!policy_->is_on(key)) continue;
    ++figures_.matches[place];
    findings.push_back(finding_of(rule, policy_->level_of(key, rule.level), event, {}));
  }
}

void Detector::correlate(const EventPtr& event, std::span<const std::uint32_t> rules,
                         const sigma::Event& fields, std::vector<Finding>& findings) {
  std::vector<CorrelationHit> hits;
  correlator_->apply({.at = event->occurred_at,
                      .received_at = event->received_at,
                      .seq = event->seq,
                      .rules = rules,
                      .fields = &fields},
                     hits);
  for (auto& hit : hits) {
    const auto& correlation = catalog_->correlations()[hit.correlation];
    const auto& key = RuleCatalog::key_of(correlation);
    if (!policy_->is_on(key)) continue;
    CorrelationEvidence evidence;
    evidence.events = std::move(hit.events);
    for (std::size_t i = 0; i < std::min(hit.group.size(), correlation.group_by.size()); ++i)
      evidence.group.push_back({"", correlation.group_by[i], std::move(hit.group[i])});
    evidence.first = hit.first;
    evidence.last = hit.last;
    std::visit([&](auto number) { append_json_number(evidence.value, number); }, hit.value);
    findings.push_back(
        finding_of(correlation, policy_->level_of(key, correlation.level), event, std::move(evidence)));
  }
}

}  // namespace tocsin::detect
