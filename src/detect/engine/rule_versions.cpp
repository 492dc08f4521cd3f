#include "detect/engine/rule_versions.h"

#include <algorithm>
#include <unordered_map>

namespace tocsin::detect {
namespace {

using ByName = std::unordered_map<std::string_view, const RuleFile*>;

ByName by_name(std::span<const RuleFile> files) {
  ByName found;
  for (const auto& file : files) found.emplace(file.file, &file);
  return found;
}

bool is_below(std::string_view file, std::string_view directory) {
  while (directory.ends_with('/')) directory.remove_suffix(1);
  return file.size() > directory.size() && file.starts_with(directory) && file[directory.size()] == '/';
}

Error with_hint(Error why) {
  if (!why.hint.empty()) why.hint += ' ';
  why.hint += "Until then the version before it stays in force.";
  return why;
}

void parse(RuleVersions& versions, const sigma::LoadOptions& options,
           std::span<const sigma::RuleText> beneath) {
  std::vector<sigma::RuleText> texts;
  texts.reserve(versions.files.size());
  for (const auto& file : versions.files) texts.push_back({file.file, *file.text});
  versions.set = sigma::RuleSet::parse(texts, options, beneath);
  std::unordered_map<std::string_view, std::size_t> refused;
  for (const auto& why : versions.set.refusals) ++refused[sigma::file_of(why.where)];
  for (auto& file : versions.files) {
    const auto found = refused.find(file.file);
    file.refused = found == refused.end() ? 0 : found->second;
  }
}

// Answers what is told of it.
std::vector<Error> keep_unreadable(std::vector<Error> unreadable, std::span<const RuleFile> in_force,
                                   RuleVersions& versions) {
  auto now = by_name(versions.files);
  std::vector<RuleFile> kept;
  for (auto& why : unreadable) {
    const auto name = std::string(sigma::file_of(why.where));
    const auto count = kept.size();
    for (const auto& file : in_force) {
      if ((file.file == name || is_below(file.file, name)) && now.emplace(file.file, &file).second)
        kept.push_back(file);
    }
    if (kept.size() > count) why = with_hint(std::move(why));
  }
  for (auto& file : kept) {
    versions.kept.push_back(file.file);
    versions.files.push_back(std::move(file));
  }
  return unreadable;
}

// True: other versions count than those that were parsed. What is refused of these goes to `told`.
bool keep_former(const ByName& in_force, RuleVersions& versions, std::vector<Error>& told) {
  std::vector<std::string> former;
  for (auto& file : versions.files) {
    const auto before = in_force.find(file.file);
    if (before == in_force.end() || file.refused <= before->second->refused ||
        *file.text == *before->second->text)
      continue;
    file.text = before->second->text;
    former.push_back(file.file);
  }
  for (const auto& why : versions.set.refusals) {
    if (std::find(former.begin(), former.end(), sigma::file_of(why.where)) != former.end())
      told.push_back(with_hint(why));
  }
  versions.kept.insert(versions.kept.end(), former.begin(), former.end());
  return !former.empty();
}

}  // namespace

RuleReading read_rule_files(const sigma::RuleFileList& list) {
  RuleReading reading;
  reading.unreadable = list.refusals;
  for (const auto& stamp : list.files) {
    if (auto text = sigma::read_rule_file(stamp.file)) {
      reading.files.push_back({stamp.file, std::make_shared<const std::string>(*std::move(text))});
      continue;
    }
    reading.unreadable.push_back(sigma::unreadable_file(stamp.file));
  }
  return reading;
}

RuleVersions choose_versions(RuleReading reading, std::span<const RuleFile> in_force,
                             const sigma::LoadOptions& options, std::span<const sigma::RuleText> beneath) {
  const auto before = by_name(in_force);
  RuleVersions versions;
  versions.files = std::move(reading.files);
  auto told = keep_unreadable(std::move(reading.unreadable), in_force, versions);
  parse(versions, options, beneath);
  if (keep_former(before, versions, told)) parse(versions, options, beneath);
  auto& refusals = versions.set.refusals;
  refusals.insert(refusals.begin(), std::make_move_iterator(told.begin()),
                  std::make_move_iterator(told.end()));
  return versions;
}

}  // namespace tocsin::detect
