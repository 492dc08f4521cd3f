#include "eval/lab_alerts.h"

#include <simdjson.h>

#include <algorithm>
#include <random>

#include "base/ascii.h"
#include "base/clock.h"
#include "base/hash.h"
#include "eval/labelled_alerts.h"
#include "triage/learn/calibration.h"
#include "triage/learn/text_model.h"

namespace tocsin::eval {
namespace {

namespace fs = std::filesystem;
using simdjson::dom::element;

constexpr int kParts = 5;
constexpr int kRounds = 20;
constexpr int kDeepest = 32;

// When something happened, and under which number: neither says what it is.
bool tells_when(std::string_view key) {
  const auto lower = to_lower(key);
  return lower == "id" || lower.find("time") != std::string::npos || lower.find("date") != std::string::npos;
}

// Without the name of the tool that made the attacks of such labs, and without names of months and days.
std::string masked(std::string_view value) {
  static constexpr std::array<std::string_view, 19> kTimes{"jan", "feb", "mar", "apr", "may", "jun", "jul",
                                                           "aug", "sep", "oct", "nov", "dec", "mon", "tue",
                                                           "wed", "thu", "fri", "sat", "sun"};
  constexpr std::string_view kTool = "atomic";
  std::string out;
  for (std::size_t at = 0; at < value.size();) {
    auto end = at;
    while (end < value.size() && (is_alnum(value[end]) || value[end] == '_')) ++end;
    auto word = to_lower(value.substr(at, end - at));
    if (const auto tool = word.find(kTool); tool != std::string::npos) word.resize(tool);
    if (std::find(kTimes.begin(), kTimes.end(), word) == kTimes.end()) out += word;
    if (end < value.size()) out += value[end++];
    at = end;
  }
  return out;
}

void add_words(const element& value, const std::string& field, int depth, triage::TextFeatures& words) {
  if (depth > kDeepest) return;
  switch (value.type()) {
    case simdjson::dom::element_type::OBJECT:
      for (const auto member : simdjson::dom::object(value)) {
        if (!tells_when(member.key))
          add_words(member.value,
                    field.empty() ? std::string(member.key) : field + '.' + std::string(member.key),
                    depth + 1, words);
      }
      break;
    case simdjson::dom::element_type::ARRAY:
      for (const auto item : simdjson::dom::array(value)) add_words(item, field, depth + 1, words);
      break;
    case simdjson::dom::element_type::STRING: {
      const std::string_view text = value;
      if (!parse_time(text)) words.add(field, masked(text));
      break;
    }
    default:
      words.add(field, simdjson::minify(value));
  }
}

Result<LabAlert> read_alert(simdjson::dom::parser& parser, std::string_view line) {
  const auto bad = [](std::string why) {
    return error(ErrorKind::kInvalidInput, "read labelled alerts", std::move(why),
                 "See docs/evaluation.md for the layout.");
  };
  element row;
  if (parser.parse(line.data(), line.size()).get(row) != simdjson::SUCCESS) return bad("the line is no JSON");
  std::string_view id, label;
  element alert;
  if (row["id"].get(id) != simdjson::SUCCESS || row["label"].get(label) != simdjson::SUCCESS ||
      row["alert"].get(alert) != simdjson::SUCCESS)
    return bad("the line has not all of id, label and alert");
  if (label != "tp" && label != "fp") return bad("label is neither tp nor fp: " + std::string(label));
  triage::TextFeatures words(0);  // figures are the same in every run
  add_words(alert, "", 0, words);
  return LabAlert{std::string(id), label == "tp", words.take()};
}

using Alerts = std::vector<const LabAlert*>;

int part_of(const LabAlert& alert) {
  return static_cast<int>(hash64(alert.id) % kParts);
}

triage::TextModel model_of(Alerts alerts) {
  triage::TextModel model;
  std::mt19937_64 order(1);
  const auto real = std::count_if(alerts.begin(), alerts.end(), [](const auto* one) { return one->is_real; });
  const auto all = static_cast<double>(alerts.size());
  for (int round = 0; round < kRounds; ++round) {
    std::shuffle(alerts.begin(), alerts.end(), order);
    for (const auto* alert : alerts) {
      const auto alike = alert->is_real ? static_cast<double>(real) : all - static_cast<double>(real);
      model.learn(alert->words, alert->is_real, std::min(1.0, all / 2 / alike));
    }
  }
  return model;
}

// Each scored by a model that has not seen it.
std::vector<triage::Judged> judged_unseen(const Alerts& alerts) {
  std::vector<triage::Judged> rows;
  for (int part = 0; part < kParts; ++part) {
    Alerts others;
    for (const auto* alert : alerts) {
      if (part_of(*alert) != part) others.push_back(alert);
    }
    const auto model = model_of(std::move(others));
    for (const auto* alert : alerts) {
      if (part_of(*alert) == part) rows.push_back({model.score(alert->words), 1, alert->is_real});
    }
  }
  return rows;
}

// What was learned from `seen` says of `alerts`, and which it would have hidden.
std::vector<Scored> score(const Alerts& alerts, const Alerts& seen) {
  constexpr double kBound = 0.01;
  const auto known = judged_unseen(seen);
  const auto curve = triage::calibrate(known, {.slope = 1, .offset = 0});
  const double threshold = triage::threshold_of(known, kBound, 0);
  const auto model = model_of(seen);
  std::vector<Scored> rows;
  for (const auto* alert : alerts) {
    const double value = model.score(alert->words);
    rows.push_back({curve.probability(value), curve.probability(value), alert->is_real, value < threshold});
  }
  return rows;
}

bool is_lab_file(const fs::path& file) {
  const auto name = file.filename().string();
  return name.ends_with(".ndjson") || name.ends_with(".ndjson.gz");
}

}  // namespace

Result<std::vector<LabAlert>> read_lab_alerts(const fs::path& directory) {
  std::vector<fs::path> files;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(directory, failed)) {
    if (is_lab_file(entry.path())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  std::vector<LabAlert> alerts;
  simdjson::dom::parser parser;
  for (const auto& file : files) {
    TOCSIN_TRY(text, read_text(file));
    std::size_t number = 0;
    for (std::string_view rest(text); !rest.empty();) {
      ++number;
      const auto line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.find_first_not_of(" \r\t") == std::string_view::npos) continue;
      auto alert = read_alert(parser, line);
      if (!alert) {
        auto why = std::move(alert).error();
        why.where = file.string() + ':' + std::to_string(number);
        return why;
      }
      alerts.push_back(*std::move(alert));
    }
  }
  return alerts;
}

std::vector<Scored> score_by_words(const std::vector<LabAlert>& alerts, const std::vector<LabAlert>& seen) {
  Alerts all, known;
  for (const auto& alert : alerts) all.push_back(&alert);
  for (const auto& alert : seen) known.push_back(&alert);
  if (!known.empty()) return score(all, known);
  std::vector<Scored> rows;
  for (int part = 0; part < kParts; ++part) {
    Alerts inside, outside;
    // Another split than that which the threshold is chosen by.
    for (const auto* alert : all)
      (static_cast<int>(hash64(alert->id, 1) % kParts) == part ? inside : outside).push_back(alert);
    const auto some = score(inside, outside);
    rows.insert(rows.end(), some.begin(), some.end());
  }
  return rows;
}

}  // namespace tocsin::eval
