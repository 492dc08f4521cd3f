#pragma once
// What correlations mean, said plainly: every event is kept, every window is looked at whole. The oracle of
// Correlator (correlation/correlator.h); shares no code with it.

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "detect/correlation/correlator.h"
#include "detect/testing/plain_fields.h"

namespace tocsin::detect::test {

class PlainCorrelator {
 public:
  PlainCorrelator(const sigma::RuleSet& set, std::chrono::nanoseconds lateness)
      : set_(set), lateness_(lateness), groups_(set.correlations.size()) {}

  std::vector<CorrelationHit> apply(const MatchedEvent& event) {
    held_.clear();
    hits_.clear();
    asked_.assign(set_.correlations.size(), false);
    for (std::size_t place = 0; place < set_.correlations.size(); ++place) ask(place, event);
    return hits_;
  }
  std::size_t largest_group() const { return largest_group_; }

 private:
  struct Group {
    std::vector<PlainSeen> seen;  // in the order of arrival
    Timestamp quiet_until = Timestamp::min();
  };
  struct Held {  // a correlation that held for this event
    Names group;
    Timestamp at{};
    bool fired = false;
  };
  const sigma::Correlation& rule(std::size_t place) const { return set_.correlations[place]; }

  static bool is_count(const sigma::Correlation& rule) {
    return rule.type == sigma::CorrelationType::kEventCount;
  }
  static bool is_numeric(const sigma::Correlation& rule) {
    return !is_temporal(rule) && !is_count(rule) && rule.type != sigma::CorrelationType::kValueCount;
  }

  bool is_silent(std::size_t place) const {
    bool silent = false;
    for (std::size_t above = 0; above < set_.correlations.size(); ++above) {
      for (const auto& target : set_.targets[above]) {
        if (!target.is_correlation || target.place != place) continue;
        if (rule(above).generate) return false;
        silent = true;
      }
    }
    return silent;
  }

  // Those it refers to first.
  void ask(std::size_t place, const MatchedEvent& event) {
    if (asked_[place]) return;
    asked_[place] = true;
    std::vector<PlainMatch> matches;
    const auto& targets = set_.targets[place];
    for (std::size_t reference = 0; reference < targets.size(); ++reference) {
      const auto target = targets[reference];
      if (target.is_correlation) {
        ask(target.place, event);
        for (const auto& held : held_[target.place]) {
          if (held.fired || is_temporal(rule(place))) matches.push_back({reference, held.at, &held.group});
        }
      } else if (std::find(event.rules.begin(), event.rules.end(), target.place) != event.rules.end()) {
        matches.push_back({reference, event.at, nullptr});
      }
    }
    take_in(place, event, matches);
  }

  void take_in(std::size_t place, const MatchedEvent& event, const std::vector<PlainMatch>& matches) {
    std::vector<std::pair<Texts, Timestamp>> to_judge;  // group as it is written
    std::map<Texts, std::size_t> reference_of;          // of the event itself, for what counts it once
    for (const auto& match : matches) {
      const auto added = seen_of(place, match, event);
      if (added.empty()) continue;
      for (const auto& texts : combinations(rule(place), match, *event.fields, rule(place).group_by)) {
        if (match.lower_group == nullptr && (is_count(rule(place)) || is_numeric(rule(place))) &&
            reference_of.try_emplace(folded(texts), match.reference).first->second != match.reference)
          continue;
        auto& group = groups_[place][folded(texts)];
        if (match.at + rule(place).timespan + lateness_ < newest(group)) continue;
        group.seen.insert(group.seen.end(), added.begin(), added.end());
        largest_group_ = std::max(largest_group_, group.seen.size());
        if (std::none_of(to_judge.begin(), to_judge.end(), [&](const auto& other) {
              return folded(other.first) == folded(texts) && other.second == match.at;
            }))
          to_judge.emplace_back(texts, match.at);
      }
    }
    for (const auto& [texts, at] : to_judge) judge(place, texts, at);
  }

  PlainWindow seen_of(std::size_t place, const PlainMatch& match, const MatchedEvent& event) const {
    PlainWindow seen;
    if (!is_numeric(rule(place))) {
      for (const auto& values : combinations(rule(place), match, *event.fields, rule(place).fields))
        seen.push_back({match.at, match.reference, event.seq, folded(values), 0});
      return seen;
    }
    for (const auto& values : fields_of(rule(place), match, *event.fields, rule(place).fields)) {
      for (const auto& text : values) {
        const auto number = sigma::parse_number(text);
        if (!number) continue;
        const double plain = std::visit([](auto value) { return static_cast<double>(value); }, *number);
        seen.push_back({match.at, match.reference, event.seq, {}, plain});
      }
    }
    return seen;
  }

  static Timestamp newest(const Group& group) {
    Timestamp newest = Timestamp::min();
    for (const auto& seen : group.seen) newest = std::max(newest, seen.at);
    return newest;
  }

  void judge(std::size_t place, const Texts& texts, Timestamp at) {
    auto& group = groups_[place][folded(texts)];
    std::set<Timestamp> ends = {at};
    for (const auto& seen : group.seen) {
      if (seen.at > at && seen.at <= at + rule(place).timespan) ends.insert(seen.at);
    }
    std::vector<Timestamp> held;
    for (const auto end : ends) {
      if (end < newest(group) - lateness_) continue;
      const auto window = window_of(place, group, end);
      if (!measure_plainly(rule(place), window)) continue;
      if (end > group.quiet_until) {
        group.quiet_until = end + rule(place).timespan;
        hold(place, texts, end, true);
        if (!is_silent(place)) hits_.push_back(hit_of(place, texts, window, end));
        return;
      }
      held.push_back(end);
    }
    if (!held.empty()) hold(place, texts, held.front(), false);
  }

  void hold(std::size_t place, const Texts& texts, Timestamp at, bool fired) {
    Held held{{}, at, fired};
    for (std::size_t i = 0; i < texts.size(); ++i) held.group.emplace(rule(place).group_by[i], texts[i]);
    held_[place].push_back(std::move(held));
  }

  PlainWindow window_of(std::size_t place, const Group& group, Timestamp end) const {
    PlainWindow window;
    for (const auto& seen : group.seen) {
      if (seen.at <= end && end - seen.at <= rule(place).timespan) window.push_back(seen);
    }
    std::stable_sort(window.begin(), window.end(), [&](const PlainSeen& a, const PlainSeen& b) {
      if (a.at != b.at) return a.at < b.at;
      return is_temporal(rule(place)) && a.reference < b.reference;
    });
    return window;
  }

  CorrelationHit hit_of(std::size_t place, const Texts& texts, const PlainWindow& window,
                        Timestamp end) const {
    CorrelationHit hit;
    hit.correlation = place;
    hit.group = texts;
    hit.first = window.front().at;
    hit.last = end;
    for (auto seen = window.rbegin(); seen != window.rend() && hit.events.size() < 64; ++seen) {
      if (std::find(hit.events.begin(), hit.events.end(), seen->seq) == hit.events.end())
        hit.events.insert(hit.events.begin(), seen->seq);
    }
    hit.value = *measure_plainly(rule(place), window);
    return hit;
  }

  const sigma::RuleSet& set_;
  std::chrono::nanoseconds lateness_;
  std::vector<std::map<Texts, Group>> groups_;
  std::map<std::size_t, std::vector<Held>> held_;
  std::vector<bool> asked_;
  std::size_t largest_group_ = 0;
  std::vector<CorrelationHit> hits_;
};

}  // namespace tocsin::detect::test
