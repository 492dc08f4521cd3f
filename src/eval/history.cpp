#include "eval/history.h"

#include <algorithm>
#include <span>
#include <unordered_map>

#include "base/hash.h"
#include "eval/triage_replay.h"
#include "model/link.h"
#include "triage/learn/calibration.h"

namespace tocsin::eval {
namespace {

using model::Severity;
using model::Verdict;

std::string host_of(const model::Alert& alert) {
  const auto asset = model::asset_of(alert);
  return asset ? alert.entities[asset->entity_index].value : std::string();
}

Timestamp closing_of(const HistoryRow& row) {
  return row.alert.known_at.value_or(row.alert.at);
}

// Tables of incidents hold a row for each change of one.
std::size_t drop_repeats(std::vector<HistoryRow>& rows) {
  std::unordered_map<std::uint64_t, std::size_t> places;
  std::vector<HistoryRow> kept;
  for (auto& row : rows) {
    const auto [place, is_new] =
        row.id == 0 ? std::pair(places.end(), true) : places.emplace(row.id, kept.size());
    if (is_new) {
      kept.push_back(std::move(row));
    } else if (closing_of(row) >= closing_of(kept[place->second])) {
      kept[place->second] = std::move(row);
    }
  }
  const auto dropped = rows.size() - kept.size();
  rows = std::move(kept);
  return dropped;
}

class Reporter {
 public:
  Reporter(std::vector<HistoryRow> rows, const HistoryOptions& options) : rows_(std::move(rows)) {
    out_.options = options;
    out_.repeats = drop_repeats(rows_);
    std::stable_sort(rows_.begin(), rows_.end(),
                     [](const auto& a, const auto& b) { return a.alert.at < b.alert.at; });
    for (const auto& row : rows_) history_.alerts.push_back(row.alert);
    half_ = rows_.size() / 2;
  }

  HistoryReport take() {
    count_verdicts();
    const auto fitted = choose_threshold();
    const auto run = replay(history_, fitted, nullptr, Rows::kCertain, Answers::kShown);
    out_.answers = run.answers;
    out_.whole = figures_of(run.rows, 0);
    out_.held_back = figures_of(run.rows, half_);
    compare(run.rows);
    list_rules(run.rows);
    const auto by_questions = replay(history_, fitted, nullptr);
    out_.by_questions = figures_of(by_questions.rows, half_);
    list_questions(by_questions);
    return std::move(out_);
  }

 private:
  void count_verdicts() {
    for (const auto& row : rows_) {
      out_.real += row.verdict == Verdict::kTruePositive ? 1U : 0U;
      out_.benign_positives += row.verdict == Verdict::kBenignPositive ? 1U : 0U;
      out_.false_positives += row.verdict == Verdict::kFalsePositive ? 1U : 0U;
    }
  }

  // By the first half alone, as it was judged at the time.
  triage::ModelOptions choose_threshold() {
    triage::ModelOptions options;
    options.questions = out_.options.questions;
    const auto before = replay(history_, options, nullptr, Rows::kCertain, Answers::kShown);
    auto judged = judged_rows(history_, before, half_);
    double real = 0;
    for (const auto& row : judged) {
      real += row.is_real ? row.weight : 0;
      out_.real_before += row.is_real ? 1U : 0U;
    }
    out_.is_vouched_for = out_.options.bound * (real + 1) >= 1;
    options.calibration = triage::calibrate(judged, options.calibration);
    options.hide_below = triage::threshold_of(std::move(judged), out_.options.bound, options.hide_below);
    out_.hide_below = options.hide_below;
    return options;
  }

  double minutes_of(const HistoryRow& row) const { return row.minutes.value_or(out_.options.minutes); }

  HistoryFigures figures_of(const std::vector<Scored>& scored, std::size_t begin) const {
    const auto rows = std::span(scored).subspan(begin);
    HistoryFigures figures;
    figures.rows = rows.size();
    if (rows.empty()) return figures;
    figures.from = rows_[begin].alert.at;
    figures.to = rows_.back().alert.at;
    figures.decisions = decisions_of(rows);
    figures.auc = auc(rows);
    figures.average_precision = average_precision(rows);
    figures.calibration_error = calibration_error(rows);
    for (auto i = begin; i < rows_.size(); ++i)
      figures.minutes_saved += scored[i].is_hidden && !scored[i].is_real ? minutes_of(rows_[i]) : 0;
    return figures;
  }

  void compare(const std::vector<Scored>& scored) {
    const auto add = [&](const char* name, const std::vector<Scored>& rows) {
      out_.baselines[name] = hidden_at_recall(std::span(rows).subspan(half_), 0.99);
    };
    add("tocsin", scored);
    add("novelty", by_novelty(history_));
    add("host_history", by_host_history(history_));
    add("rule_history", by_rule_history(history_));
    auto by_severity = scored;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      by_severity[i].score = static_cast<double>(rows_[i].severity);
    add("severity", by_severity);
  }

  void list_rules(const std::vector<Scored>& scored) {
    std::map<std::pair<std::string, std::string>, RuleFigures> rules;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const auto& row = rows_[i];
      auto& rule = rules[{row.alert.detector, row.alert.type}];
      if (rule.alerts++ == 0) rule = {row.alert.detector, row.alert.type, row.alert.name, 1};
      rule.real += row.verdict == Verdict::kTruePositive ? 1U : 0U;
      rule.benign_positives += row.verdict == Verdict::kBenignPositive ? 1U : 0U;
      rule.false_positives += row.verdict == Verdict::kFalsePositive ? 1U : 0U;
      rule.hidden += scored[i].is_hidden ? 1U : 0U;
      rule.real_hidden += scored[i].is_hidden && scored[i].is_real ? 1U : 0U;
      rule.minutes += minutes_of(row);
    }
    for (auto& [key, rule] : rules) out_.rules.push_back(std::move(rule));
    const auto wasted = [](const RuleFigures& rule) {
      return rule.minutes * static_cast<double>(rule.noise()) / static_cast<double>(rule.alerts);
    };
    std::stable_sort(out_.rules.begin(), out_.rules.end(),
                     [&](const auto& a, const auto& b) { return wasted(a) > wasted(b); });
  }

  void list_questions(const Replay& run) {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (run.opinions[i].standing != triage::Standing::kAsked) continue;
      const auto& alert = rows_[i].alert;
      out_.questions.push_back(
          {alert.at, alert.detector, alert.type, alert.name, alert.host, rows_[i].verdict});
    }
  }

  std::vector<HistoryRow> rows_;  // in order of time; places are those of history_
  Environment history_;
  std::size_t half_ = 0;  // the first place of what is held back
  HistoryReport out_;
};

}  // namespace

HistoryRow history_row_of(const ingest::ClosedAlert& closed) {
  const auto& alert = closed.alert;
  HistoryRow row;
  row.alert.at = alert.occurred_at;
  row.alert.detector = alert.source;
  row.alert.name = alert.title;
  row.alert.type = alert.type;
  row.alert.host = host_of(alert);
  row.alert.is_real = closed.verdict == Verdict::kTruePositive;
  row.alert.known_at = closed.closed_at;
  row.alert.may_hide = alert.severity < Severity::kHigh && alert.asset_tier != model::AssetTier::kCrownJewel;
  if (alert.source_id) row.id = FieldHasher().add(alert.source).add(*alert.source_id).finish();
  row.severity = alert.severity;
  row.verdict = closed.verdict;
  row.minutes = closed.minutes;
  return row;
}

HistoryReport report_on(std::vector<HistoryRow> rows, const HistoryOptions& options) {
  return Reporter(std::move(rows), options).take();
}

}  // namespace tocsin::eval
