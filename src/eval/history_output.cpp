// The report on closed alerts as JSON and as text.

#include <fmt/core.h>

#include <cmath>

#include "base/display_text.h"
#include "base/json_writer.h"
#include "eval/history.h"

namespace tocsin::eval {
namespace {

constexpr std::size_t kRulesInJson = 200;
constexpr std::size_t kRulesInText = 15;
constexpr std::size_t kQuestionsInText = 10;
constexpr std::size_t kRejectionsInText = 10;
constexpr std::size_t kShownReason = 300;

void number(JsonWriter& json, std::string_view name, double value) {
  std::isfinite(value) ? json.member(name, value) : json.member(name, nullptr);
}

void share(JsonWriter& json, const std::string& name, std::size_t some, std::size_t all) {
  number(json, name, static_cast<double>(some) / static_cast<double>(all));
  const auto interval = interval_of(some, all);
  json.member(name + "_interval",
              [&] { json.array([&] { json.value(interval.low), json.value(interval.high); }); });
}

void write_figures(JsonWriter& json, const HistoryFigures& figures) {
  const auto& of = figures.decisions;
  json.object([&] {
    json.member("rows", figures.rows);
    json.member("from", figures.from);
    json.member("to", figures.to);
    json.member("real", of.real_shown + of.real_hidden);
    json.member("not_real", of.false_shown + of.false_hidden);
    json.member("hidden", of.real_hidden + of.false_hidden);
    json.member("real_hidden", of.real_hidden);
    share(json, "missed", of.real_hidden, of.real_shown + of.real_hidden);
    share(json, "noise_hidden", of.false_hidden, of.false_shown + of.false_hidden);
    share(json, "precision", of.real_shown, of.real_shown + of.false_shown);
    share(json, "recall", of.real_shown, of.real_shown + of.real_hidden);
    number(json, "f1", of.f1());
    number(json, "auc", figures.auc);
    number(json, "average_precision", figures.average_precision);
    number(json, "calibration_error", figures.calibration_error);
    json.member("minutes_saved", figures.minutes_saved);
  });
}

void write_rejected(JsonWriter& json, const HistoryReading::Rejected& rejected) {
  json.object([&] {
    json.member("file", rejected.file);
    json.member("line", rejected.rejection.line);
    json.member("column", rejected.rejection.column);
    json.member("reason", rejected.rejection.reason);
  });
}

void write_reading(JsonWriter& json, const HistoryReading& reading) {
  json.object([&] {
    json.member("files", reading.files);
    json.member("rows", reading.items);
    json.member("closed", reading.closed);
    json.member("undecided", reading.undecided);
    json.member("rejected", reading.rejections);
    json.member("unknown_verdicts", [&] {
      json.object([&] {
        for (const auto& [word, count] : reading.unknown_verdicts) json.member(word, count);
      });
    });
    json.member("rejections", [&] {
      json.array([&] {
        for (const auto& rejected : reading.listed) write_rejected(json, rejected);
      });
    });
  });
}

void write_rule(JsonWriter& json, const RuleFigures& rule) {
  json.object([&] {
    json.member("source", rule.source);
    json.member("type", rule.type);
    json.member("title", rule.title);
    json.member("alerts", rule.alerts);
    json.member("real", rule.real);
    json.member("benign_positives", rule.benign_positives);
    json.member("false_positives", rule.false_positives);
    share(json, "noise", rule.noise(), rule.alerts);
    json.member("minutes", rule.minutes);
    json.member("hidden", rule.hidden);
    json.member("real_hidden", rule.real_hidden);
  });
}

void write_question(JsonWriter& json, const HistoryQuestion& question) {
  json.object([&] {
    json.member("at", question.at);
    json.member("source", question.source);
    json.member("type", question.type);
    json.member("title", question.title);
    json.member("host", question.host);
    json.member("answer", to_text(question.answer));
  });
}

template <class Rows, class Write>
void write_list(JsonWriter& json, std::string_view name, const Rows& rows, std::size_t most, Write write) {
  json.member(name, [&] {
    json.array([&] {
      for (std::size_t i = 0; i < std::min(most, rows.size()); ++i) write(json, rows[i]);
    });
  });
}

// ---- text

std::string day(Timestamp at) {
  return to_rfc3339(at).substr(0, 10);
}

std::string percent(double value) {
  return std::isfinite(value) ? fmt::format("{:.1f} %", 100 * value) : "not known";
}

std::string percent_of(std::size_t some, std::size_t all) {
  if (all == 0) return "not known";
  const auto interval = interval_of(some, all);
  return fmt::format("{} ({} to {})", percent(static_cast<double>(some) / static_cast<double>(all)),
                     percent(interval.low), percent(interval.high));
}

std::string decimal(double value) {
  return std::isfinite(value) ? fmt::format("{:.3f}", value) : "not known";
}

void say_reading(std::string& out, const HistoryReading& reading) {
  out += fmt::format("Read: {} rows of {} file(s): {} closed alerts, {} undecided, {} that cannot be read.\n",
                     reading.items, reading.files, reading.closed, reading.undecided, reading.rejections);
  for (std::size_t i = 0; i < std::min(kRejectionsInText, reading.listed.size()); ++i) {
    const auto& [file, rejection] = reading.listed[i];
    out +=
        fmt::format("  {}:{}: {}{}{}\n", display_text(file), rejection.line, display_text(rejection.column),
                    rejection.column.empty() ? "" : ": ", display_text(rejection.reason, kShownReason));
  }
  if (reading.rejections > kRejectionsInText) out += "  …\n";
  for (const auto& [word, count] : reading.unknown_verdicts)
    out += fmt::format("  {} time(s) a verdict that is not known: {}\n", count, display_text(word));
}

void say_bound(std::string& out, const HistoryReport& report) {
  const auto& of = report.held_back.decisions;
  const auto real = of.real_shown + of.real_hidden;
  const auto missed = real == 0 ? 0 : static_cast<double>(of.real_hidden) / static_cast<double>(real);
  out += fmt::format("Bound: at most {} of the real alerts hidden. ", percent(report.options.bound));
  if (real == 0) {
    out += "No alert of the second half was real, so nothing shows whether it holds.\n";
  } else {
    out += fmt::format("Hidden were {} of {}: it {}.\n", of.real_hidden, real,
                       missed <= report.options.bound ? "held" : "did NOT hold");
  }
  if (!report.is_vouched_for)
    out += fmt::format(
        "  The first half has too few real alerts ({}) to vouch for this bound: nothing is hidden that "
        "scores "
        "above the lowest of them.\n",
        report.real_before);
}

void say_figures(std::string& out, const HistoryReport& report) {
  const auto& figures = report.held_back;
  const auto& of = figures.decisions;
  const auto false_rows = of.false_shown + of.false_hidden;
  const auto shown = of.real_shown + of.false_shown;
  out += fmt::format("Second half, {} to {}, {} alerts, threshold and curve chosen on the first half:\n",
                     day(figures.from), day(figures.to), figures.rows);
  out += fmt::format("  hidden            {} alerts, {} of what was not real\n",
                     of.real_hidden + of.false_hidden, percent_of(of.false_hidden, false_rows));
  out += fmt::format("  recall            {}\n", percent_of(of.real_shown, of.real_shown + of.real_hidden));
  out += fmt::format("  precision         {} of what was shown was real\n", percent_of(of.real_shown, shown));
  out += fmt::format("  AUC               {}; average precision {}; calibration error {}\n",
                     decimal(figures.auc), decimal(figures.average_precision),
                     decimal(figures.calibration_error));
  out += fmt::format("  time saved        {:.0f} minutes, {} minutes an alert where the export names none\n",
                     figures.minutes_saved, report.options.minutes);
  out += fmt::format("  answers to {} questions alone would have hidden {}\n", report.questions.size(),
                     percent(report.by_questions.decisions.hidden()));
  out += "  hidden at 99 % recall, threshold chosen afterwards:";
  for (const auto& [name, value] : report.baselines) out += fmt::format(" {} {};", name, percent(value));
  out.back() = '\n';
}

void say_rules(std::string& out, const HistoryReport& report) {
  out += "Rules by minutes spent on what was not real (all of the history):\n";
  out += "  alerts    real  not real                    minutes  hidden  rule\n";
  for (std::size_t i = 0; i < std::min(kRulesInText, report.rules.size()); ++i) {
    const auto& rule = report.rules[i];
    out += fmt::format("  {:>6}  {:>6}  {:<26} {:>8.0f}  {:>6}  {}: {}\n", rule.alerts, rule.real,
                       percent_of(rule.noise(), rule.alerts), rule.minutes, rule.hidden,
                       display_text(rule.source, 40), display_text(rule.title, 80));
  }
}

void say_questions(std::string& out, const HistoryReport& report) {
  if (report.questions.empty()) return;
  out += fmt::format("It would have asked {} times before it hid a kind; first of all:\n",
                     report.questions.size());
  for (std::size_t i = 0; i < std::min(kQuestionsInText, report.questions.size()); ++i) {
    const auto& question = report.questions[i];
    out += fmt::format("  {}  {}{}{}: people said {}\n", to_rfc3339(question.at),
                       display_text(question.title, 80), question.host.empty() ? "" : " on ",
                       display_text(question.host, 60), to_text(question.answer));
  }
}

}  // namespace

std::string history_json(const HistoryReport& report, const HistoryReading& reading) {
  std::string out;
  JsonWriter json(out);
  json.object([&] {
    json.member("reading", [&] { write_reading(json, reading); });
    json.member("repeats", report.repeats);
    json.member("true_positives", report.real);
    json.member("benign_positives", report.benign_positives);
    json.member("false_positives", report.false_positives);
    json.member("bound", report.options.bound);
    json.member("bound_is_vouched_for", report.is_vouched_for);
    json.member("real_before", report.real_before);
    json.member("hide_below", report.hide_below);
    json.member("minutes_per_alert", report.options.minutes);
    json.member("answers", report.answers);
    json.member("held_back", [&] { write_figures(json, report.held_back); });
    json.member("whole", [&] { write_figures(json, report.whole); });
    json.member("by_questions_alone", [&] { write_figures(json, report.by_questions); });
    json.member("hidden_at_recall_99", [&] {
      json.object([&] {
        for (const auto& [name, value] : report.baselines) number(json, name, value);
      });
    });
    json.member("rule_count", report.rules.size());
    write_list(json, "rules", report.rules, kRulesInJson, write_rule);
    write_list(json, "questions", report.questions, report.questions.size(), write_question);
  });
  return out;
}

std::string history_text(const HistoryReport& report, const HistoryReading& reading) {
  std::string out;
  say_reading(out, reading);
  out += fmt::format("History: {} to {}: {} true positives, {} benign positives, {} false positives",
                     day(report.whole.from), day(report.whole.to), report.real, report.benign_positives,
                     report.false_positives);
  out +=
      report.repeats == 0 ? ".\n" : fmt::format("; {} rows were of alerts already there.\n", report.repeats);
  say_figures(out, report);
  say_bound(out, report);
  say_rules(out, report);
  say_questions(out, report);
  return out;
}

}  // namespace tocsin::eval
