#include "detect/engine/rule_library.h"

#include <utility>

#include "detect/rules/bundled.h"

namespace tocsin::detect {
namespace {

Result<sigma::LoadOptions> options_of(const RuleOrigins& origins, const BaselineSet& baselines) {
  sigma::LoadOptions options;
  options.check = [&baselines](const sigma::Rule& rule) { return check_baselines(rule, baselines); };
  if (origins.placeholders.empty()) return options;
  TOCSIN_TRY(placeholders, sigma::load_placeholders(origins.placeholders));
  options.placeholders = std::move(placeholders);
  return options;
}

}  // namespace

RuleLibrary::RuleLibrary(RuleOrigins origins, std::unique_ptr<const SourceTable> own_sources,
                         std::unique_ptr<const BaselineSet> own_baselines)
    : origins_(std::move(origins)),
      own_sources_(std::move(own_sources)),
      own_baselines_(std::move(own_baselines)) {}

Result<std::unique_ptr<RuleLibrary>> RuleLibrary::open(RuleOrigins origins) {
  std::unique_ptr<const SourceTable> own;
  if (!origins.log_sources.empty()) {
    TOCSIN_TRY(table, SourceTable::load(origins.log_sources));
    own = std::make_unique<const SourceTable>(std::move(table));
  }
  std::unique_ptr<const BaselineSet> baselines;
  if (!origins.baselines.empty()) {
    TOCSIN_TRY(read, BaselineSet::load(origins.baselines));
    baselines = std::make_unique<const BaselineSet>(std::move(read));
  }
  std::unique_ptr<RuleLibrary> library(
      new RuleLibrary(std::move(origins), std::move(own), std::move(baselines)));
  TOCSIN_CHECK(library->reload());
  return library;
}

Result<RuleCatalogPtr> RuleLibrary::load() const {
  for (const auto& path : origins_.paths) {
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) {
      return error(ErrorKind::kInvalidInput, "load rules", "there is no " + path.string(),
                   "Name a file or a directory of Sigma rules.", path.string());
    }
  }
  TOCSIN_TRY(options, options_of(origins_, baselines()));
  const auto bundled = origins_.bundled ? bundled_rule_files() : std::vector<sigma::RuleText>();
  auto set = sigma::RuleSet::load(origins_.paths, options, bundled);
  return std::make_shared<const RuleCatalog>(
      std::move(set), own_sources_ ? *own_sources_ : SourceTable::built_in(), baselines());
}

RuleCatalogPtr RuleLibrary::current() const {
  const std::lock_guard lock(mutex_);
  return current_;
}

Result<RuleCatalogPtr> RuleLibrary::reload() {
  const std::lock_guard one_at_a_time(loading_);
  TOCSIN_TRY(loaded, load());
  const std::lock_guard lock(mutex_);
  current_ = loaded;
  return loaded;
}

}  // namespace tocsin::detect
