#include "eval/evaluate.h"

#include <array>
#include <cmath>

#include "base/json_writer.h"
#include "eval/correlation_replay.h"
#include "eval/lab_alerts.h"
#include "eval/measures.h"
#include "eval/triage_replay.h"

namespace tocsin::eval {
namespace {

namespace fs = std::filesystem;

constexpr std::array<double, 3> kRecalls{0.95, 0.98, 0.99};
constexpr std::array<std::size_t, 5> kColdStart{0, 10, 30, 100, 1000};
constexpr std::array<double, 6> kShares{0.5, 0.6, 0.7, 0.8, 0.9, 1.0};

void figure(JsonWriter& json, std::string_view name, double value) {
  std::isfinite(value) ? json.member(name, value) : json.member(name, nullptr);
}

void interval(JsonWriter& json, std::string_view name, const Interval& of) {
  json.member(name, [&] { json.array([&] { json.value(of.low), json.value(of.high); }); });
}

// What is right of the surest rows when the others are left to a person.
void abstention(JsonWriter& json, std::vector<Scored> rows) {
  const auto sureness = [](const Scored& row) { return std::abs(row.probability - 0.5); };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](const auto& a, const auto& b) { return sureness(a) > sureness(b); });
  json.member("abstention", [&] {
    json.array([&] {
      for (const double share : kShares) {
        const auto count = static_cast<std::size_t>(share * static_cast<double>(rows.size()));
        std::size_t right = 0;
        for (std::size_t i = 0; i < count; ++i) right += (rows[i].probability >= 0.5) == rows[i].is_real;
        json.object([&] {
          json.member("decided", share);
          figure(json, "right", static_cast<double>(right) / static_cast<double>(count));
        });
      }
    });
  });
}

void quality(JsonWriter& json, const std::vector<Scored>& rows) {
  const auto decisions = decisions_of(rows);
  const auto real = decisions.real_shown + decisions.real_hidden;
  const auto benign = decisions.false_shown + decisions.false_hidden;
  json.member("rows", rows.size());
  json.member("real", real);
  figure(json, "auc", auc(rows));
  figure(json, "average_precision", average_precision(rows));
  figure(json, "f1", decisions.f1());
  figure(json, "precision", decisions.precision());
  interval(json, "precision_interval",
           interval_of(decisions.real_shown, decisions.real_shown + decisions.false_shown));
  figure(json, "recall", decisions.recall());
  interval(json, "recall_interval", interval_of(decisions.real_shown, real));
  figure(json, "ece", calibration_error(rows));
  for (const double recall : kRecalls)
    figure(json, "hidden_at_recall_" + std::to_string(std::lround(100 * recall)),
           hidden_at_recall(rows, recall));
  figure(json, "hidden_live", decisions.hidden());
  interval(json, "hidden_live_interval", interval_of(decisions.false_hidden, benign));
  figure(json, "recall_live", decisions.recall());
  abstention(json, rows);
}

// Ranked alike but for the part of the false rows that each can hide.
void baselines(JsonWriter& json, const Environment& environment) {
  json.member("baselines", [&] {
    json.object([&] {
      const auto hidden = [&](std::string_view name, const std::vector<Scored>& rows) {
        figure(json, name, hidden_at_recall(rows, 0.99));
      };
      auto same = by_novelty(environment);
      hidden("novelty", same);
      hidden("host_history", by_host_history(environment));
      hidden("rule_history", by_rule_history(environment));
      for (auto& row : same) row.score = 0;  // these rows have no severity
      hidden("severity", same);
    });
  });
}

void environment_figures(JsonWriter& json, const Environment& environment, const Fitted& model) {
  const auto* prior = model.prior.empty() ? nullptr : &model.prior;
  const auto run = replay(environment, model.options, prior);
  quality(json, run.rows);
  json.member("labels_used", run.answers);
  json.member("microseconds", [&] {
    json.object([&] {
      json.member("median", run.median_ns / 1000);
      json.member("p99", run.p99_ns / 1000);
    });
  });
  json.member("learned_bytes", run.bytes);
  json.member("hidden_at_recall_99_by_labels", [&] {
    json.object([&] {
      for (const auto labels : kColdStart) {
        auto options = model.options;
        options.questions = labels;
        figure(json, std::to_string(labels),
               hidden_at_recall(replay(environment, options, prior).rows, 0.99));
      }
    });
  });
  baselines(json, environment);
}

void correlation_figures(JsonWriter& json, const CorrelationFigures& of) {
  json.member("rows", of.rows);
  json.member("items", of.items);
  figure(json, "incidents_per_day", static_cast<double>(of.items) / of.days);
  figure(json, "reduction", of.reduction);
  json.member("attacks", of.attacks);
  figure(json, "incidents_per_attack", of.incidents_per_attack);
  figure(json, "b3_f1", of.agreement.b_cubed_f1);
  figure(json, "homogeneity", of.agreement.homogeneity);
  figure(json, "completeness", of.agreement.completeness);
  figure(json, "adjusted_rand", of.agreement.adjusted_rand);
  json.member("false_rows_in_attack", of.false_rows_in_attack);
  json.member("phases_missed", of.phases_missed.size());
  json.member("phases", of.phases_missed);
}

bool is_folder(const fs::path& path) {
  std::error_code failed;
  return fs::is_directory(path, failed);
}

Result<std::vector<Environment>> environments_of(const fs::path& directory) {
  if (!is_folder(directory / "ait_ads")) return std::vector<Environment>{};
  return read_environments(directory / "ait_ads");
}

Result<std::vector<LabAlert>> lab_alerts_of(const fs::path& directory) {
  if (!is_folder(directory / "wazuh_lab")) return std::vector<LabAlert>{};
  return read_lab_alerts(directory / "wazuh_lab");
}

Error nothing_in(const fs::path& directory, std::string_view other) {
  return error(ErrorKind::kInvalidInput, "evaluate",
               "there is neither ait_ads nor " + std::string(other) + " with alerts in it",
               "Name a directory as docs/evaluation.md describes it.", directory.string());
}

}  // namespace

Result<std::string> evaluate_triage(const Evaluation& wanted) {
  TOCSIN_TRY(environments, environments_of(wanted.directory));
  TOCSIN_TRY(lab, lab_alerts_of(wanted.directory));
  if (environments.empty() && lab.empty()) return nothing_in(wanted.directory, "wazuh_lab");
  Fitted model;
  std::vector<LabAlert> lab_seen;
  if (wanted.seen) {
    TOCSIN_TRY(seen, environments_of(*wanted.seen));
    TOCSIN_TRY(lab_before, lab_alerts_of(*wanted.seen));
    if (seen.empty() && lab_before.empty()) return nothing_in(*wanted.seen, "wazuh_lab");
    model = fit(seen, {}, wanted.bound);
    lab_seen = std::move(lab_before);
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("sets", [&] {
      json.object([&] {
        for (const auto& environment : environments) {
          json.member("ait_ads/" + environment.name,
                      [&] { json.object([&] { environment_figures(json, environment, model); }); });
        }
        if (lab.empty()) return;
        json.member("wazuh_lab", [&] {
          json.object([&] {
            quality(json, score_by_words(lab, lab_seen));
            json.member("labels_used", lab_seen.size());
          });
        });
      });
    });
  });
  return out;
}

Result<std::string> evaluate_correlation(const Evaluation& wanted) {
  TOCSIN_TRY(environments, environments_of(wanted.directory));
  TOCSIN_TRY(tenants, read_tenants(wanted.directory / "cptc2017"));
  if (environments.empty() && tenants.empty()) return nothing_in(wanted.directory, "cptc2017");
  Fitted model;
  if (wanted.seen) {
    TOCSIN_TRY(seen, environments_of(*wanted.seen));
    model = fit(seen, {}, wanted.bound);
  }
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("sets", [&] {
      json.object([&] {
        const auto figures = [&](const std::string& set, const Environment& environment,
                                 const triage::SignaturePrior* prior) {
          json.member(set + environment.name, [&] {
            json.object(
                [&] { correlation_figures(json, correlate_replayed(environment, model.options, prior)); });
          });
        };
        for (const auto& one : environments)
          figures("ait_ads/", one, model.prior.empty() ? nullptr : &model.prior);
        for (const auto& one : tenants) figures("cptc2017/", one, nullptr);
      });
    });
  });
  return out;
}

}  // namespace tocsin::eval
