#include "detect/engine/rule_library.h"

#include <utility>

#include "base/hash.h"
#include "detect/rules/bundled.h"

namespace tocsin::detect {
namespace {

namespace fs = std::filesystem;

Result<sigma::LoadOptions> options_of(const RuleOrigins& origins, const BaselineSet& baselines) {
  sigma::LoadOptions options;
  options.check = [&baselines](const sigma::Rule& rule) { return check_baselines(rule, baselines); };
  if (origins.placeholders.empty()) return options;
  TOCSIN_TRY(placeholders, sigma::load_placeholders(origins.placeholders));
  options.placeholders = std::move(placeholders);
  return options;
}

std::vector<fs::path> places_of(const RuleOrigins& origins) {
  auto places = origins.paths;
  for (const auto* one : {&origins.placeholders, &origins.log_sources, &origins.baselines}) {
    if (!one->empty()) places.push_back(*one);
  }
  return places;
}

// Of all lists in turn.
RuleReading read_all(const std::vector<sigma::RuleFileList>& lists) {
  RuleReading all;
  for (const auto& list : lists) {
    auto read = read_rule_files(list);
    all.files.insert(all.files.end(), std::make_move_iterator(read.files.begin()),
                     std::make_move_iterator(read.files.end()));
    all.unreadable.insert(all.unreadable.end(), std::make_move_iterator(read.unreadable.begin()),
                          std::make_move_iterator(read.unreadable.end()));
  }
  return all;
}

std::uint64_t hash_of(const RuleReading& reading, const sigma::Placeholders& placeholders) {
  FieldHasher hasher;
  for (const auto& file : reading.files) hasher.add(file.file).add(to_hex(hash64(*file.text)));
  for (const auto& why : reading.unreadable) hasher.add(why.where).add(why.message);
  for (const auto& [name, values] : placeholders) {
    hasher.add(name).add(std::to_string(values.size()));
    for (const auto& value : values) hasher.add(value);
  }
  return hasher.finish();
}

RuleTexts texts_of(const std::vector<RuleFile>& files) {
  RuleTexts texts;
  for (const auto& file : files) texts.emplace(file.file, file.text);
  return texts;
}

}  // namespace

RuleLibrary::RuleLibrary(RuleOrigins origins, std::unique_ptr<const SourceTable> own_sources,
                         std::unique_ptr<const BaselineSet> own_baselines)
    : origins_(std::move(origins)),
      places_(places_of(origins_)),
      own_sources_(std::move(own_sources)),
      own_baselines_(std::move(own_baselines)) {}

Result<std::unique_ptr<RuleLibrary>> RuleLibrary::open(RuleOrigins origins, Timestamp now) {
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
  TOCSIN_CHECK(library->reload(now));
  return library;
}

RuleStatePtr RuleLibrary::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

std::uint64_t RuleLibrary::looked() const {
  const std::lock_guard lock(mutex_);
  return looked_;
}

std::uint64_t RuleLibrary::look() const {
  return stamp_of(list_files());
}

Result<RuleStatePtr> RuleLibrary::reload(Timestamp now) {
  return loading_.run([&] { return load(now); }, [&] { return look() == looked(); });
}

// The look comes before the reading: what changes meanwhile is seen by the next one.
Result<RuleStatePtr> RuleLibrary::load(Timestamp now) {
  const auto lists = list_files();
  {
    const std::lock_guard lock(mutex_);
    looked_ = stamp_of(lists);
  }
  auto loaded = load(lists, now);
  if (const auto before = state(); !loaded && before) {
    auto same = *before;
    same.problem = loaded.error();
    put(std::move(same));
  }
  return loaded;
}

Result<RuleStatePtr> RuleLibrary::load(const std::vector<sigma::RuleFileList>& lists, Timestamp now) {
  TOCSIN_CHECK(check_paths(lists));
  TOCSIN_TRY(options, options_of(origins_, baselines()));
  auto reading = read_all(lists);
  const auto content = hash_of(reading, options.placeholders);
  if (auto before = state(); before && content == content_) {  // a time changed, and no rule
    auto same = *before;
    same.problem.reset();
    return put(std::move(same));
  }
  const auto bundled = origins_.bundled ? bundled_rule_files() : std::vector<sigma::RuleText>();
  auto versions = choose_versions(std::move(reading), files_, options, bundled);
  RuleState state;
  state.catalog = std::make_shared<const RuleCatalog>(std::move(versions.set),
                                                      own_sources_ ? *own_sources_ : SourceTable::built_in(),
                                                      baselines(), texts_of(versions.files));
  state.loaded_at = now;
  state.kept = std::move(versions.kept);
  files_ = std::move(versions.files);
  content_ = content;
  files_of_path_.clear();
  for (const auto& list : lists) files_of_path_.push_back(list.files.size());
  return put(std::move(state));
}

RuleStatePtr RuleLibrary::put(RuleState state) {
  auto made = std::make_shared<const RuleState>(std::move(state));
  const std::lock_guard lock(mutex_);
  state_ = made;
  return made;
}

// A directory that lost all of its rule files was more likely unmounted than meant.
Result<void> RuleLibrary::check_paths(const std::vector<sigma::RuleFileList>& lists) const {
  const auto fail = [](const fs::path& path, std::string why, std::string hint) {
    return error(ErrorKind::kInvalidInput, "load rules", std::move(why), std::move(hint), path.string());
  };
  for (std::size_t i = 0; i < lists.size(); ++i) {
    const auto& path = origins_.paths[i];
    std::error_code failed;
    if (!fs::exists(path, failed))
      return fail(path, "there is no " + path.string(), "Name a file or a directory of Sigma rules.");
    const auto before = i < files_of_path_.size() ? files_of_path_[i] : 0;
    if (before > 0 && lists[i].files.empty() && lists[i].refusals.empty())
      return fail(path,
                  "all of the " + std::to_string(before) + " rule files of " + path.string() + " are gone",
                  "Their rules stay in force. Mount it again, or take it out of detection.rules.");
  }
  return {};
}

std::vector<sigma::RuleFileList> RuleLibrary::list_files() const {
  std::vector<sigma::RuleFileList> lists;
  for (const auto& path : origins_.paths) lists.push_back(sigma::list_rule_files({&path, 1}));
  return lists;
}

std::uint64_t RuleLibrary::stamp_of(const std::vector<sigma::RuleFileList>& lists) const {
  FieldHasher hasher;
  const auto add = [&](const sigma::RuleFileList& list) {
    for (const auto& file : list.files) {
      hasher.add(file.file).add(to_hex(file.bytes));
      hasher.add(to_hex(static_cast<std::uint64_t>(file.modified_ns)));
      hasher.add(to_hex(static_cast<std::uint64_t>(file.changed_ns)));
    }
    for (const auto& why : list.refusals) hasher.add(why.where).add(why.message);
  };
  for (const auto& list : lists) add(list);
  if (!origins_.placeholders.empty()) add(sigma::list_rule_files({&origins_.placeholders, 1}));
  return hasher.finish();
}

}  // namespace tocsin::detect
