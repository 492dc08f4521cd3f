#pragma once
// Quality on labelled data, as one JSON document (docs/evaluation.md says what each figure is).
//
//   directory/ait_ads/ENV_groups.csv[.gz]   alerts in order of time (labelled_alerts.h)
//   directory/wazuh_lab/*.ndjson[.gz]       whole alerts with labels (lab_alerts.h)
//   directory/cptc2017/suricata_alerts.csv[.gz]   alerts of tenants, without labels

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.h"

namespace tocsin::eval {

struct Evaluation {
  std::filesystem::path directory;
  std::optional<std::filesystem::path> seen;  // labelled data that the model knows already
  double bound = 0.01;                        // the share of real alerts that may be hidden, 0..1
};

// {"sets":{"ait_ads/ENV":{…},"wazuh_lab":{…}}}. kInvalidInput when the directory has none of them.
Result<std::string> evaluate_triage(const Evaluation& wanted);

// The same for how alerts are joined: "ait_ads/ENV", and "cptc2017/TENANT" of directory/cptc2017.
Result<std::string> evaluate_correlation(const Evaluation& wanted);

}  // namespace tocsin::eval
