#pragma once
// What baselines there are: the YAML files of data/baselines that the binary carries, and an operator's own
// (docs/baselines.md shows the format).

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "detect/baseline/baseline_memory.h"
#include "detect/baseline/reading.h"
#include "detect/sigma/rule.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect {

// A field whose text is part of an entity or a value.
struct BaselineText {
  std::string field;
  bool file_name = false;  // `field|file`: what follows the last slash or backslash
};

// Events of one log source that a baseline watches.
struct BaselineSource {
  sigma::Rule probe;  // matches them
  std::vector<BaselineText> entity;
  std::vector<BaselineText> value;    // empty: only how much and where
  std::optional<std::string> amount;  // field of a number; absent: 1 an event
  std::optional<std::string> latitude, longitude;
};

struct BaselineDefinition {
  std::string name;
  std::string description;
  BaselineTerms terms;
  std::vector<BaselineSource> sources;  // an event counts for the first that it is of
  // Of what was written: what was learned under another one is learned anew.
  std::uint64_t fingerprint = 0;
};

// Immutable, any thread.
class BaselineSet {
 public:
  struct File {
    std::string name;
    std::string yaml;
  };
  // kInvalidSyntax or kInvalidInput with FILE:LINE:COL. At most kMaxBaselines.
  static Result<BaselineSet> parse(std::span<const File> files);
  static const BaselineSet& built_in();
  // The operator's files (*.yaml, *.yml of the directory, by name) with the built-in ones, which give way
  // where a name is the same.
  static Result<BaselineSet> load(const std::filesystem::path& directory);

  static constexpr std::size_t kMaxBaselines = 64;
  const std::vector<BaselineDefinition>& all() const noexcept { return all_; }
  const BaselineDefinition* find(std::string_view name) const;

 private:
  std::vector<BaselineDefinition> all_;
};

// The field of a rule that reads a baseline.
struct BaselineReference {
  std::string_view baseline;
  std::string_view field;
};
// Of "baseline.NAME.FIELD"; absent for any other field.
std::optional<BaselineReference> baseline_reference(std::string_view field);
// All that a rule names.
std::vector<BaselineReference> baseline_references(const sigma::Rule& rule);
// Refused when it names a baseline or a field that there is not.
Result<void> check_baselines(const sigma::Rule& rule, const BaselineSet& baselines);

}  // namespace tocsin::detect
