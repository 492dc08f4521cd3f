#include "eval/triage_replay.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <map>
#include <unordered_map>

#include "base/hash.h"

namespace tocsin::eval {
namespace {

constexpr std::chrono::hours kAnswerAfter{1};

std::uint64_t signature_of(const LabelledAlert& alert) {
  return FieldHasher().add(alert.detector).add(alert.type).finish();
}

}  // namespace

triage::Sighting sighting_of(const LabelledAlert& alert) {
  return {signature_of(alert), hash64(alert.host), alert.at};
}

namespace {

struct Kind {
  std::uint64_t signature, asset;
  bool is_real;
  auto operator<=>(const Kind&) const = default;
};

std::map<Kind, double> kinds_of(const Environment& environment) {
  std::map<Kind, double> kinds;
  for (const auto& alert : environment.alerts) {
    if (!alert.is_ambiguous) ++kinds[{signature_of(alert), hash64(alert.host), alert.is_real}];
  }
  return kinds;
}

void add_to(triage::SignaturePrior& prior, const Environment& environment) {
  for (const auto& [kind, rows] : kinds_of(environment))
    prior.add(kind.signature, kind.is_real ? std::sqrt(rows) : 0, kind.is_real ? 0 : std::sqrt(rows));
}

template <class Score>
std::vector<Scored> score_each(const Environment& environment, const Score& score) {
  std::vector<Scored> rows;
  for (const auto& alert : environment.alerts) {
    if (alert.is_ambiguous) continue;
    const double value = score(alert);
    rows.push_back({value, std::clamp(value, 0.0, 1.0), alert.is_real, false});
  }
  return rows;
}

template <class KeyOf>
std::vector<Scored> by_history(const Environment& environment, const KeyOf& key_of) {
  struct Known {
    double real = 0, all = 0;
  };
  std::unordered_map<std::uint64_t, Known> known;
  std::deque<const LabelledAlert*> waiting;
  return score_each(environment, [&](const LabelledAlert& alert) {
    for (; !waiting.empty() && waiting.front()->at + kAnswerAfter <= alert.at; waiting.pop_front()) {
      auto& one = known[key_of(*waiting.front())];
      ++one.all;
      one.real += waiting.front()->is_real ? 1 : 0;
    }
    waiting.push_back(&alert);
    const auto& one = known[key_of(alert)];
    return (one.real + 1) / (one.all + 2);
  });
}

std::uint64_t pair_of(const LabelledAlert& alert) {
  return FieldHasher().add(alert.detector).add(alert.type).add(alert.host).finish();
}

class Run {
 public:
  Run(const Environment& environment, const triage::ModelOptions& options,
      const triage::SignaturePrior* prior, Rows which, Answers answers)
      : model_(options, prior), answers_(answers) {
    for (const auto& alert : environment.alerts) {
      if (which == Rows::kAll || !alert.is_ambiguous) alerts_.push_back(&alert);
    }
  }

  Replay take() {
    for (std::size_t i = 0; i < alerts_.size();) {
      auto end = i;
      while (end < alerts_.size() && alerts_[end]->at == alerts_[i]->at) ++end;
      answer(alerts_[i]->at);
      judge(i, end);
      i = end;
    }
    out_.bytes = table_.bytes() + model_.bytes();
    if (!times_.empty()) {
      std::sort(times_.begin(), times_.end());
      out_.median_ns = times_[times_.size() / 2];
      out_.p99_ns = times_[times_.size() * 99 / 100];
    }
    return std::move(out_);
  }

 private:
  void answer(Timestamp now) {
    for (; !waiting_.empty() && waiting_.begin()->first <= now; waiting_.erase(waiting_.begin())) {
      const auto& alert = *waiting_.begin()->second;
      model_.learn(sighting_of(alert), alert.is_real);
      ++out_.answers;
    }
  }

  // Alerts of one time arrive together.
  void judge(std::size_t begin, std::size_t end) {
    using Steady = std::chrono::steady_clock;
    together_.clear();
    for (auto i = begin; i < end; ++i) together_.push_back(sighting_of(*alerts_[i]));
    const auto started = Steady::now();
    table_.observe(together_, rarities_);
    opinions_.clear();
    for (std::size_t i = 0; i < together_.size(); ++i)
      opinions_.push_back(model_.judge(together_[i], rarities_[i]));
    const std::chrono::duration<double, std::nano> took = Steady::now() - started;
    for (std::size_t i = 0; i < together_.size(); ++i) {
      auto& opinion = opinions_[i];
      const auto* alert = alerts_[begin + i];
      if (opinion.standing == triage::Standing::kHidden && !alert->may_hide)
        opinion.standing = triage::Standing::kShown;
      const bool is_answered = answers_ == Answers::kShown ? opinion.standing != triage::Standing::kHidden
                                                           : opinion.standing == triage::Standing::kAsked;
      if (is_answered) waiting_.emplace(alert->known_at.value_or(alert->at + kAnswerAfter), alert);
      out_.rows.push_back({opinion.score, opinion.probability, alert->is_real,
                           opinion.standing == triage::Standing::kHidden});
      out_.opinions.push_back(opinion);
      times_.push_back(took.count() / static_cast<double>(together_.size()));
    }
  }

  std::vector<const LabelledAlert*> alerts_;
  triage::RarityTable table_;
  triage::DispositionModel model_;
  const Answers answers_;
  std::multimap<Timestamp, const LabelledAlert*> waiting_;  // by when the answer comes
  std::vector<triage::Sighting> together_;
  std::vector<triage::Rarity> rarities_;
  std::vector<triage::Opinion> opinions_;
  std::vector<double> times_;
  Replay out_;
};

}  // namespace

Replay replay(const Environment& environment, const triage::ModelOptions& options,
              const triage::SignaturePrior* prior, Rows which, Answers answers) {
  return Run(environment, options, prior, which, answers).take();
}

std::vector<triage::Judged> judged_rows(const Environment& environment, const Replay& run, std::size_t end) {
  std::map<Kind, double> kinds;
  std::vector<Kind> kind_of_row;
  for (const auto& alert : environment.alerts) {
    if (alert.is_ambiguous) continue;
    if (kind_of_row.size() == end) break;
    kind_of_row.push_back({signature_of(alert), hash64(alert.host), alert.is_real});
    ++kinds[kind_of_row.back()];
  }
  std::vector<triage::Judged> rows;
  for (std::size_t i = 0; i < kind_of_row.size(); ++i)
    rows.push_back({run.rows[i].score, 1 / std::sqrt(kinds.at(kind_of_row[i])), kind_of_row[i].is_real});
  return rows;
}

std::vector<Scored> by_novelty(const Environment& environment) {
  std::unordered_map<std::uint64_t, double> seen;
  return score_each(environment,
                    [&](const LabelledAlert& alert) { return 1 / (1 + seen[pair_of(alert)]++); });
}

std::vector<Scored> by_host_history(const Environment& environment) {
  return by_history(environment, pair_of);
}

std::vector<Scored> by_rule_history(const Environment& environment) {
  return by_history(environment, signature_of);
}

// Each environment is replayed with what the others say of signatures, as the next one will be.
Fitted fit(const std::vector<Environment>& environments, const triage::ModelOptions& options, double bound) {
  Fitted out{{}, options};
  for (const auto& environment : environments) add_to(out.prior, environment);
  std::vector<triage::Judged> rows;
  for (const auto& left_out : environments) {
    triage::SignaturePrior others;
    for (const auto& environment : environments) {
      if (&environment != &left_out) add_to(others, environment);
    }
    const auto run = replay(left_out, options, &others);
    const auto judged = judged_rows(left_out, run, run.rows.size());
    rows.insert(rows.end(), judged.begin(), judged.end());
  }
  out.options.calibration = triage::calibrate(rows, options.calibration);
  out.options.hide_below = triage::threshold_of(std::move(rows), bound, options.hide_below);
  return out;
}

}  // namespace tocsin::eval
