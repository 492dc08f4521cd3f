#pragma once
// Whole alerts as a tool wrote them, each with what an analyst called it: *.ndjson or *.ndjson.gz, a line
// {"id", "label": "tp" or "fp", "alert": {…}}. Scored by their words alone.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "eval/measures.h"

namespace tocsin::eval {

struct LabAlert {
  std::string id;
  bool is_real = false;
  std::vector<std::uint32_t> words;  // text_model.h; no times, no names of the test tool
};

// All of the directory's files, by name. kInvalidInput with FILE:LINE.
Result<std::vector<LabAlert>> read_lab_alerts(const std::filesystem::path& directory);

// `alerts` by a model that learned from `seen`; with none seen, in five parts of which each is scored by a
// model of the other four. Hidden is what scores below every real one that was left out in turn.
std::vector<Scored> score_by_words(const std::vector<LabAlert>& alerts, const std::vector<LabAlert>& seen);

}  // namespace tocsin::eval
