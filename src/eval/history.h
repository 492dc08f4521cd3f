#pragma once
// What triage would have made of alerts that people have closed already: replayed in order of time, judged
// first and learned from later, at the time when people closed them (docs/history-import.md).
//
// The first half of the rows chooses the curve and the threshold by the stated bound; the figures that count
// are those of the second half, which neither has seen. Alerts of high and critical severity and of crown
// jewels are never hidden. Pure.

#include <map>
#include <string>
#include <vector>

#include "eval/labelled_alerts.h"
#include "eval/measures.h"
#include "ingest/history/history_reader.h"

namespace tocsin::eval {

// What the report needs of a closed alert.
struct HistoryRow {
  LabelledAlert alert;
  std::uint64_t id = 0;  // hash of the tool and its own id of the alert; 0: it has none
  model::Severity severity = model::Severity::kMedium;
  model::Verdict verdict = model::Verdict::kFalsePositive;
  std::optional<double> minutes;
};
HistoryRow history_row_of(const ingest::ClosedAlert& closed);

struct HistoryOptions {
  double bound = 0.01;          // the share of real alerts that may be hidden, 0..1
  double minutes = 5;           // that an alert takes when the export does not say
  std::size_t questions = 100;  // that may be asked
};

// How the files were read.
struct HistoryReading {
  struct Rejected {
    std::string file;
    ingest::HistoryRejection rejection;
  };
  static constexpr std::size_t kMaxListed = 100;
  static constexpr std::size_t kMaxWords = 100;

  std::size_t files = 0;
  std::size_t items = 0;
  std::size_t closed = 0;
  std::size_t undecided = 0;
  std::size_t rejections = 0;
  std::vector<Rejected> listed;  // the first kMaxListed
  std::map<std::string, std::size_t> unknown_verdicts;
};

// Figures of the rows of a stretch of time.
struct HistoryFigures {
  Timestamp from{}, to{};
  std::size_t rows = 0;
  Decisions decisions;
  double auc = 0, average_precision = 0, calibration_error = 0;
  double minutes_saved = 0;
};

struct RuleFigures {
  std::string source, type, title;  // the title of its first alert
  std::size_t alerts = 0, real = 0, benign_positives = 0, false_positives = 0;
  std::size_t hidden = 0, real_hidden = 0;
  double minutes = 0;  // spent on all of them
  std::size_t noise() const { return benign_positives + false_positives; }
};

struct HistoryQuestion {
  Timestamp at{};
  std::string source, type, title, host;
  model::Verdict answer = model::Verdict::kUndecided;  // what people said of it later
};

struct HistoryReport {
  HistoryOptions options;
  std::size_t repeats = 0;  // rows of an alert that a later row speaks of again
  std::size_t real = 0, benign_positives = 0, false_positives = 0;
  double hide_below = 0;
  bool is_vouched_for = false;  // there were enough real alerts to choose the threshold by the bound
  std::size_t real_before = 0;  // of the rows that chose it
  HistoryFigures held_back, whole;
  HistoryFigures by_questions;              // held back, had people answered nothing but the questions
  std::map<std::string, double> baselines;  // hidden_at_recall_99, held back; "tocsin" among them
  std::vector<RuleFigures> rules;           // by minutes spent on what was not real
  std::vector<HistoryQuestion> questions;   // of by_questions, in order of time
  std::size_t answers = 0;                  // that people gave to alerts which were shown
};

// Of several rows of one alert the one that was closed last counts.
HistoryReport report_on(std::vector<HistoryRow> rows, const HistoryOptions& options);

// One JSON object on one line; and a page of text for people, in which foreign text is made harmless.
std::string history_json(const HistoryReport& report, const HistoryReading& reading);
std::string history_text(const HistoryReport& report, const HistoryReading& reading);

}  // namespace tocsin::eval
