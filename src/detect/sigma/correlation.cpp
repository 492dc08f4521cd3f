#include "detect/sigma/correlation.h"

#include <unordered_map>

namespace tocsin::detect::sigma {
namespace {

class Resolver {
 public:
  Resolver(const std::vector<Correlation>& correlations, const std::vector<Rule>& rules)
      : correlations_(correlations),
        states_(correlations.size(), State::kUnknown),
        targets_(correlations.size()) {
    for (std::size_t i = 0; i < rules.size(); ++i) add_names(rules[i], {false, i});
    for (std::size_t i = 0; i < correlations.size(); ++i) add_names(correlations[i], {true, i});
  }

  std::vector<Result<Targets>> run() {
    std::vector<Result<Targets>> out;
    for (std::size_t i = 0; i < correlations_.size(); ++i) targets_[i] = targets_of(correlations_[i]);
    for (std::size_t i = 0; i < correlations_.size(); ++i) out.push_back(checked(i));
    return out;
  }

 private:
  enum class State : std::uint8_t { kUnknown, kOpen, kGood, kBad };

  // What comes first keeps its name.
  template <class Named>
  void add_names(const Named& named, Target target) {
    if (!named.id.empty()) by_name_.try_emplace(named.id, target);
    if (!named.name.empty()) by_name_.try_emplace(named.name, target);
  }

  std::optional<Targets> targets_of(const Correlation& correlation) const {
    Targets targets;
    for (const auto& name : correlation.rules) {
      const auto found = by_name_.find(name);
      if (found == by_name_.end()) return std::nullopt;
      targets.push_back(found->second);
    }
    return targets;
  }

  Result<Targets> checked(std::size_t place) {
    if (is_good(place)) return *targets_[place];
    return reason(correlations_[place]);
  }

  // Whether everything below exists and nothing leads back here. Chains are walked with a list of our own:
  // files decide how long they are.
  bool is_good(std::size_t start) {
    std::vector<std::pair<std::size_t, std::size_t>> path = {{start, 0}};  // correlation, next of its targets
    while (!path.empty()) {
      auto& [place, next] = path.back();
      if (settled(place) || settle(place, next)) {
        path.pop_back();
        continue;
      }
      const auto below = (*targets_[place])[next++];
      if (!below.is_correlation || states_[below.place] == State::kGood) continue;
      if (states_[below.place] == State::kUnknown) {
        --next;  // looked at again once what is below is settled
        path.emplace_back(below.place, 0);
      } else {
        states_[place] = State::kBad;  // open: a circle
      }
    }
    return states_[start] == State::kGood;
  }

  bool settled(std::size_t place) const {
    return states_[place] == State::kGood || states_[place] == State::kBad;
  }

  bool settle(std::size_t place, std::size_t next) {
    if (!targets_[place]) {
      states_[place] = State::kBad;
    } else if (next == targets_[place]->size()) {
      states_[place] = State::kGood;
    } else {
      states_[place] = State::kOpen;
    }
    return states_[place] != State::kOpen;
  }

  Error reason(const Correlation& correlation) const {
    for (const auto& name : correlation.rules) {
      const auto found = by_name_.find(name);
      if (found == by_name_.end())
        return fault(correlation.at, "it refers to '" + name + "', which no rule is called",
                     "Load the rule with it, or correct the id or name.");
      if (found->second.is_correlation && states_[found->second.place] != State::kGood)
        return fault(correlation.at, "it refers to '" + name + "', which is refused or leads back here");
    }
    return fault(correlation.at, "it refers to itself");
  }

  const std::vector<Correlation>& correlations_;
  std::unordered_map<std::string, Target> by_name_;
  std::vector<State> states_;
  std::vector<std::optional<Targets>> targets_;
};

}  // namespace

std::vector<Result<Targets>> resolve(const std::vector<Correlation>& correlations,
                                     const std::vector<Rule>& rules) {
  return Resolver(correlations, rules).run();
}

}  // namespace tocsin::detect::sigma
