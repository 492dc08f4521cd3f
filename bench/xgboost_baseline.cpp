// Gradient boosted trees on what the triage model knows of each alert, in batch: the baseline that has no
// questions to ask, no order of time within an environment and every label of what it is trained on.
//
//   xgboost_baseline DIR    DIR as for `tocsin evaluate triage` (ENV_groups.csv[.gz], or ait_ads/ with them)
//
// Prints, for each environment: trained on all the others (as with --train), and trained on four fifths of
// its own rows, drawn at random, to score the last fifth (which no desk could do: the labels come from the
// future).

#include <fmt/format.h>
#include <xgboost/c_api.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <stdexcept>

#include "eval/labelled_alerts.h"
#include "eval/triage_replay.h"

namespace {

using tocsin::eval::Environment;
using tocsin::eval::Scored;

constexpr int kRounds = 200;
constexpr std::size_t kFolds = 5;

void check(int status) {
  if (status != 0) throw std::runtime_error(XGBGetLastError());
}

struct Table {
  static constexpr std::size_t kColumns = 8;
  std::vector<float> values;  // by row
  std::vector<float> labels;
  std::size_t rows() const { return labels.size(); }
  void add(const Table& from, std::size_t row) {
    const auto begin = from.values.begin() + static_cast<std::ptrdiff_t>(row * kColumns);
    values.insert(values.end(), begin, begin + kColumns);
    labels.push_back(from.labels[row]);
  }
};

class Matrix {
 public:
  explicit Matrix(const Table& table) {
    check(
        XGDMatrixCreateFromMat(table.values.data(), table.rows(), Table::kColumns, std::nanf(""), &handle_));
    check(XGDMatrixSetFloatInfo(handle_, "label", table.labels.data(), table.rows()));
  }
  ~Matrix() { XGDMatrixFree(handle_); }
  Matrix(const Matrix&) = delete;
  Matrix& operator=(const Matrix&) = delete;
  DMatrixHandle get() const { return handle_; }

 private:
  DMatrixHandle handle_ = nullptr;
};

// In the order of the rows of `test`.
std::vector<Scored> train_and_score(const Table& train, const Table& test) {
  const Matrix known(train);
  const Matrix asked(test);
  DMatrixHandle list[] = {known.get()};
  BoosterHandle model = nullptr;
  check(XGBoosterCreate(list, 1, &model));
  constexpr std::array<std::pair<const char*, const char*>, 7> kSettings{{{"objective", "binary:logistic"},
                                                                          {"max_depth", "4"},
                                                                          {"eta", "0.1"},
                                                                          {"subsample", "0.8"},
                                                                          {"min_child_weight", "2"},
                                                                          {"seed", "7"},
                                                                          {"nthread", "1"}}};
  for (const auto& [name, value] : kSettings) check(XGBoosterSetParam(model, name, value));
  for (int round = 0; round < kRounds; ++round) check(XGBoosterUpdateOneIter(model, round, known.get()));
  bst_ulong count = 0;
  const float* scores = nullptr;
  check(XGBoosterPredict(model, asked.get(), 0, 0, 0, &count, &scores));
  std::vector<Scored> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back({.score = scores[i], .probability = scores[i], .is_real = test.labels[i] > 0.5F});
  check(XGBoosterFree(model));
  return rows;
}

Table table_of(const Environment& environment) {
  Table table;
  const auto run = tocsin::eval::replay(environment, {}, nullptr);
  std::size_t next = 0;
  double first = 0;
  for (const auto& alert : environment.alerts) {
    const auto hour = std::chrono::duration<double, std::ratio<3600>>(alert.at.time_since_epoch()).count();
    if (next == 0 && first == 0) first = hour;
    if (alert.is_ambiguous) continue;
    const auto& opinion = run.opinions[next++];
    for (const double value :
         {opinion.surprise_here, opinion.surprise_anywhere, opinion.company, hour - first,
          std::fmod(hour, 24.0), std::fmod(hour / 24, 7.0), std::log1p(static_cast<double>(alert.count)),
          alert.detector.starts_with('A') ? 1.0 : 0.0})
      table.values.push_back(static_cast<float>(value));
    table.labels.push_back(alert.is_real ? 1 : 0);
  }
  return table;
}

std::vector<Scored> from_others(const std::vector<Table>& tables, std::size_t left_out) {
  Table train;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    for (std::size_t row = 0; i != left_out && row < tables[i].rows(); ++row) train.add(tables[i], row);
  }
  return train_and_score(train, tables[left_out]);
}

std::vector<Scored> from_its_own(const Table& table) {
  std::mt19937_64 random(7);
  std::vector<std::size_t> fold(table.rows());
  for (auto& one : fold) one = random() % kFolds;
  std::vector<Scored> all;
  for (std::size_t tested = 0; tested < kFolds; ++tested) {
    Table train, test;
    for (std::size_t row = 0; row < table.rows(); ++row) (fold[row] == tested ? test : train).add(table, row);
    const auto scored = train_and_score(train, test);
    all.insert(all.end(), scored.begin(), scored.end());
  }
  return all;
}

void print(std::string_view name, std::string_view how, const std::vector<Scored>& rows) {
  fmt::print("{:<18} {:<10} auc {:.3f}  hidden at 99 % recall {:.3f}  ece {:.3f}\n", name, how,
             tocsin::eval::auc(rows), tocsin::eval::hidden_at_recall(rows, 0.99),
             tocsin::eval::calibration_error(rows));
}

int run(const std::filesystem::path& given) {
  const auto inner = given / "ait_ads";
  const auto environments = tocsin::eval::read_environments(std::filesystem::exists(inner) ? inner : given);
  if (!environments || environments->size() < 2) {
    fmt::print(stderr, "xgboost_baseline: {} has not two environments\n", given.string());
    return EXIT_FAILURE;
  }
  std::vector<Table> tables;
  for (const auto& environment : *environments) tables.push_back(table_of(environment));
  for (std::size_t i = 0; i < tables.size(); ++i) {
    print((*environments)[i].name, "others", from_others(tables, i));
    print((*environments)[i].name, "own", from_its_own(tables[i]));
  }
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2) return run(argv[1]);
    fmt::print(stderr, "xgboost_baseline DIR\n");
  } catch (const std::exception& failed) {
    fmt::print(stderr, "xgboost_baseline: {}\n", failed.what());
  }
  return EXIT_FAILURE;
}
