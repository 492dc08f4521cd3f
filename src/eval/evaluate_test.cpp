#include "eval/evaluate.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>

#include "base/testing/temp_dir.h"

namespace tocsin::eval {
namespace {

class Evaluate : public testing::Test {
 protected:
  void write(const std::filesystem::path& name, std::string_view text) {
    std::filesystem::create_directories((dir_.path() / name).parent_path());
    std::ofstream(dir_.path() / name) << text;
  }
  test::TempDir dir_;
};

std::string rows() {
  std::string out = "first_ts,detector,name,short,host,count,label,phase,incident\n";
  for (int i = 0; i < 400; ++i) {
    out += std::to_string(1000 + 600 * i) + ",tool,Noise,N" + std::to_string(i % 3) + ",web,1,fp,,\n";
    if (i > 300 && i < 306)
      out += std::to_string(1001 + 600 * i) + ",tool,Attack,A" + std::to_string(i) + ",web,1,tp,scan,x\n";
  }
  return out;
}

std::string lab() {
  std::string out;
  for (int i = 0; i < 60; ++i) {
    const bool is_real = i % 3 == 0;
    out += R"({"id":"a)" + std::to_string(i) + R"(","label":")" + (is_real ? "tp" : "fp") +
           R"(","timestamp":"2026-01-01T00:00:00Z","alert":{"rule":{"description":")" +
           (is_real ? "credential dump of lsass" : "package was updated") + R"("},"n":)" + std::to_string(i) +
           "}}\n";
  }
  return out;
}

TEST_F(Evaluate, SaysWhatTheContractNames) {
  write("data/ait_ads/lab_groups.csv", rows());
  write("data/wazuh_lab/all.ndjson", lab());
  for (const bool is_trained : {false, true}) {
    Evaluation wanted{.directory = dir_.path() / "data", .seen = {}};
    if (is_trained) wanted.seen = dir_.path() / "data";
    const auto figures = evaluate_triage(wanted);
    ASSERT_TRUE(figures) << to_string(figures.error());
    simdjson::dom::parser parser;
    simdjson::dom::object sets;
    ASSERT_EQ(parser.parse(*figures)["sets"].get(sets), simdjson::SUCCESS) << *figures;
    for (const auto* set : {"ait_ads/lab", "wazuh_lab"}) {
      for (const auto* name : {"auc", "average_precision", "f1", "ece", "hidden_at_recall_99", "hidden_live",
                               "recall_live", "labels_used"}) {
        double value = -1;
        ASSERT_EQ(sets[set][name].get(value), simdjson::SUCCESS) << set << ' ' << name << *figures;
        EXPECT_GE(value, 0) << set << ' ' << name;
        if (std::string_view(name) != "labels_used") {
          EXPECT_LE(value, 1) << set << ' ' << name;
        }
      }
      EXPECT_GT(double(sets[set]["auc"]), 0.95) << set;
    }
  }
}

TEST_F(Evaluate, SaysHowAlertsAreJoined) {
  write("data/ait_ads/lab_groups.csv", rows());
  write("data/cptc2017/suricata_alerts.csv",
        "timestamp,tenant,signature,dest_ip\n2017-11-04T12:00:00Z,red,Scan,10.0.0.2\n");
  const auto figures = evaluate_correlation({.directory = dir_.path() / "data", .seen = {}});
  ASSERT_TRUE(figures) << to_string(figures.error());
  simdjson::dom::parser parser;
  simdjson::dom::object sets;
  ASSERT_EQ(parser.parse(*figures)["sets"].get(sets), simdjson::SUCCESS) << *figures;
  for (const auto* name :
       {"b3_f1", "incidents_per_day", "false_rows_in_attack", "reduction", "phases_missed"}) {
    double value = -1;
    ASSERT_EQ(sets["ait_ads/lab"][name].get(value), simdjson::SUCCESS) << name << *figures;
    EXPECT_GE(value, 0) << name;
  }
  EXPECT_EQ(std::uint64_t(sets["cptc2017/red"]["rows"]), 1u);
  EXPECT_TRUE(sets["cptc2017/red"]["b3_f1"].is_null());
}

TEST_F(Evaluate, RefusesWhatItCannotMeasure) {
  const auto nothing = evaluate_triage({.directory = dir_.path(), .seen = {}});
  ASSERT_FALSE(nothing);
  EXPECT_NE(to_string(nothing.error()).find("ait_ads"), std::string::npos);
  write("wazuh_lab/x.ndjson", "{\"id\":\"1\",\"label\":\"tp\",\"alert\":{}}\n{\"id\":\"2\"}\n");
  const auto broken = evaluate_triage({.directory = dir_.path(), .seen = {}});
  ASSERT_FALSE(broken);
  EXPECT_NE(to_string(broken.error()).find("x.ndjson:2"), std::string::npos);
  write("wazuh_lab/x.ndjson", "{\"id\":\"1\",\"label\":\"good\",\"alert\":{}}\n");
  EXPECT_NE(to_string(evaluate_triage({.directory = dir_.path(), .seen = {}}).error()).find("good"),
            std::string::npos);
}

}  // namespace
}  // namespace tocsin::eval
