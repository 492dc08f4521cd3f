#include "detect/engine/rule_cost.h"

#include <simdjson.h>

#include <algorithm>

#include "detect/engine/detector.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {
namespace {

constexpr int kRounds = 2;  // the shorter one counts: the other one may have been interrupted

std::chrono::nanoseconds machine_time() {
  return std::chrono::steady_clock::now().time_since_epoch();
}

// As Detector asks.
bool matches_some(const sigma::Rule& rule, const std::vector<View>& views,
                  const std::vector<ViewedEvent>& viewed) {
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (may_see(rule.log_source, views[i].provenance) && sigma::matches(rule, viewed[i])) return true;
  }
  return false;
}

}  // namespace

struct RuleCosts::Parser {
  simdjson::dom::parser dom;
};

RuleCosts::RuleCosts(RuleCatalogPtr catalog, std::function<Nanoseconds()> clock)
    : catalog_(std::move(catalog)),
      clock_(clock ? std::move(clock) : machine_time),
      parser_(std::make_unique<Parser>()) {
  figures_.of.resize(catalog_->rules().size());
}
RuleCosts::~RuleCosts() = default;
RuleCosts::RuleCosts(RuleCosts&&) noexcept = default;
RuleCosts& RuleCosts::operator=(RuleCosts&&) noexcept = default;

void RuleCosts::add(std::span<const model::Event> events, const RulePolicy& policy, Nanoseconds took) {
  judged_ += took;
  for (const auto& event : events) {
    if (until_next_ > 0) {
      --until_next_;
      continue;
    }
    until_next_ = static_cast<std::uint32_t>(random_() % (2 * kEvery));
    if (spent_ >= kHead + judged_ / kShare || event.raw.size() > kMaxBytes) continue;
    const auto begin = clock_();
    measure(event, policy);
    spent_ += clock_() - begin;
  }
}

void RuleCosts::measure(const model::Event& event, const RulePolicy& policy) {
  json_.clear();
  append_rule_json(event, json_);
  const auto size = json_.size();
  json_.append(simdjson::SIMDJSON_PADDING, ' ');
  simdjson::dom::element document;
  if (parser_->dom.parse(json_.data(), size, false).get(document) != simdjson::SUCCESS) return;
  const auto views = catalog_->sources().recognise(document);
  const SeenEvent seen(document, views);
  const auto& viewed = seen.views();
  find_asked(views, policy);
  for (int round = 0; round < kRounds; ++round) {
    auto before = clock_();
    for (auto& asked : asked_) {
      static_cast<void>(matches_some(catalog_->rules()[asked.place], views, viewed));
      const auto after = clock_();
      asked.took = std::min(asked.took, after - before);
      before = after;
    }
  }
  ++figures_.events;
  for (const auto& asked : asked_) {
    const auto took = static_cast<std::uint64_t>(asked.took.count());
    figures_.of[asked.place] += took;
    figures_.all += took;
  }
}

void RuleCosts::find_asked(const std::vector<View>& views, const RulePolicy& policy) {
  asked_.clear();
  const auto& rules = catalog_->rules();
  for (std::uint32_t place = 0; place < rules.size(); ++place) {
    const auto sees = [&](const View& view) { return may_see(rules[place].log_source, view.provenance); };
    if (std::any_of(views.begin(), views.end(), sees) && policy.is_on(RuleCatalog::key_of(rules[place])))
      asked_.push_back({place});
  }
}

}  // namespace tocsin::detect
