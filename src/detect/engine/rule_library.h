#pragma once
// Where the rules of this installation come from, and the catalog of the last load. A reload replaces the
// catalog at once; whoever works with the one before finishes with it, so no event is missed.

#include <filesystem>
#include <mutex>
#include <vector>

#include "detect/engine/rule_catalog.h"

namespace tocsin::detect {

struct RuleOrigins {
  std::vector<std::filesystem::path> paths;  // files and directories of Sigma rules
  bool bundled = true;                       // the rules that ship with the program, too
  std::filesystem::path log_sources;   // directory of log source files beside the built-in ones; "" : none
  std::filesystem::path baselines;     // directory of baseline files, in the same way
  std::filesystem::path placeholders;  // values for |expand; "" : none
};

// Thread-safe.
class RuleLibrary {
 public:
  // Loads. Refused when a file of log sources, baselines or placeholders is wrong; rules that cannot be
  // honoured are in the catalog's refusals, and the others work.
  static Result<std::unique_ptr<RuleLibrary>> open(RuleOrigins origins);

  RuleCatalogPtr current() const;
  const BaselineSet& baselines() const noexcept {
    return own_baselines_ ? *own_baselines_ : BaselineSet::built_in();
  }
  // Reads the rules again. Refused, and everything as before, when a path is gone or nothing can be read.
  Result<RuleCatalogPtr> reload();

 private:
  RuleLibrary(RuleOrigins origins, std::unique_ptr<const SourceTable> own_sources,
              std::unique_ptr<const BaselineSet> own_baselines);
  Result<RuleCatalogPtr> load() const;

  const RuleOrigins origins_;
  const std::unique_ptr<const SourceTable> own_sources_;    // null: the built-in table
  const std::unique_ptr<const BaselineSet> own_baselines_;  // null: the built-in ones
  std::mutex loading_;
  mutable std::mutex mutex_;  // guards current_
  RuleCatalogPtr current_;
};

}  // namespace tocsin::detect
