#pragma once
// Where the rules of this installation come from, and what is in force of them. A reload replaces the catalog
// at once; whoever works with the one before finishes with it, so no event is missed.

#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "detect/engine/rule_catalog.h"
#include "detect/engine/rule_places.h"
#include "detect/engine/rule_versions.h"
#include "detect/engine/shared_run.h"

namespace tocsin::detect {

struct RuleOrigins {
  std::vector<std::filesystem::path> paths;  // files and directories of Sigma rules
  bool bundled = true;                       // the rules that ship with the program, too
  std::filesystem::path log_sources;   // directory of log source files beside the built-in ones; "" : none
  std::filesystem::path baselines;     // directory of baseline files, in the same way
  std::filesystem::path placeholders;  // values for |expand; "" : none
};

// What is in force, and how it came to be. Immutable.
struct RuleState {
  RuleCatalogPtr catalog;         // never null
  Timestamp loaded_at{};          // the catalog
  std::vector<std::string> kept;  // files that count as they were: the version on disk cannot be honoured
  std::optional<Error> problem;   // why the last reload changed nothing
};
using RuleStatePtr = std::shared_ptr<const RuleState>;

// Thread-safe.
class RuleLibrary {
 public:
  // Loads. Refused when a file of log sources, baselines or placeholders is wrong; rules that cannot be
  // honoured are in the catalog's refusals, and the others work.
  static Result<std::unique_ptr<RuleLibrary>> open(RuleOrigins origins, Timestamp now);

  RuleCatalogPtr current() const { return state()->catalog; }
  RuleStatePtr state() const;
  const BaselineSet& baselines() const noexcept {
    return own_baselines_ ? *own_baselines_ : BaselineSet::built_in();
  }
  // Reads the rules again; a changed file that cannot be honoured counts as it was (rule_versions.h).
  // Refused, and everything as before, when a path is gone or has lost all of its rule files. Those who ask
  // at once share one load.
  Result<RuleStatePtr> reload(Timestamp now);

  // What a look at the names, sizes and times of the files tells: another value, another state of the files.
  // Reads directories, no file.
  std::uint64_t look() const;
  // As it was when the files were last read.
  std::uint64_t looked() const;

  // A text for people who have no part in running the machine: paths of rules begin with the name of their
  // file or directory as it is in the settings.
  std::string without_places(std::string_view text) const { return places_.hide(text); }

 private:
  RuleLibrary(RuleOrigins origins, std::unique_ptr<const SourceTable> own_sources,
              std::unique_ptr<const BaselineSet> own_baselines);
  Result<RuleStatePtr> load(Timestamp now);
  Result<RuleStatePtr> load(const std::vector<sigma::RuleFileList>& lists, Timestamp now);
  Result<void> check_paths(const std::vector<sigma::RuleFileList>& lists) const;
  std::vector<sigma::RuleFileList> list_files() const;
  std::uint64_t stamp_of(const std::vector<sigma::RuleFileList>& lists) const;
  RuleStatePtr put(RuleState state);

  const RuleOrigins origins_;
  const RulePlaces places_;
  const std::unique_ptr<const SourceTable> own_sources_;    // null: the built-in table
  const std::unique_ptr<const BaselineSet> own_baselines_;  // null: the built-in ones
  SharedRun<Result<RuleStatePtr>> loading_;                 // guards what follows up to mutex_
  std::vector<std::size_t> files_of_path_;                  // in force, by place in origins_.paths
  std::vector<RuleFile> files_;
  std::uint64_t content_ = 0;  // hash of what was read
  mutable std::mutex mutex_;   // guards what follows
  RuleStatePtr state_;
  std::uint64_t looked_ = 0;
};

}  // namespace tocsin::detect
