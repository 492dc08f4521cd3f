#pragma once
// Rule files, loaded: everything that can be honoured, and for all else the place and the reason.

#include <filesystem>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "detect/sigma/correlation.h"
#include "detect/sigma/filter.h"
#include "detect/sigma/lower.h"
#include "detect/sigma/rule.h"
#include "detect/sigma/yaml.h"

namespace tocsin::detect::sigma {

struct LoadOptions {
  Placeholders placeholders;  // for |expand
  // Told of each document that became a rule or a correlation, for those who read members of their own there.
  std::function<void(const Yaml& document, const std::string& file)> on_document = {};
  // Asked of each rule that is sound in itself; what it refuses is refused. `where` is LINE:COL.
  std::function<Result<void>(const Rule& rule)> check = {};
};

struct RuleText {
  std::string file;  // what errors and rules call it
  std::string_view text;
};

struct RuleSet {
  std::vector<Rule> rules;  // in the order of the paths, below a directory by name; filters are part of them
  std::vector<Correlation> correlations;  // only those whose references are all here
  std::vector<Targets> targets;           // of each correlation
  std::vector<Error> refusals;            // `where` is FILE:LINE:COL
  std::size_t files = 0;
  std::size_t other_documents =
      0;  // YAML that says nothing of a rule, as the checkouts of rule projects hold too

  // Files, and directories with all `.yml` and `.yaml` below them that is not hidden. A file may hold several
  // documents, among them those that speak for others (`action: global`, `repeat`, `reset`). Refused besides
  // what is wrong in itself: an id that another document has, filters that fit no rule, correlations without
  // their rules.
  static RuleSet load(std::span<const std::filesystem::path> paths, const LoadOptions& options = {});

  // The same from texts. `beneath`: those that are read last and give way: a document of theirs under an id
  // that one of the others has is left out.
  static RuleSet parse(std::span<const RuleText> texts, const LoadOptions& options = {},
                       std::span<const RuleText> beneath = {});
  static RuleSet parse(std::string_view text, const std::string& file, const LoadOptions& options = {});
};

// A YAML map of names to values, for |expand.
Result<Placeholders> load_placeholders(const std::filesystem::path& file);

}  // namespace tocsin::detect::sigma
