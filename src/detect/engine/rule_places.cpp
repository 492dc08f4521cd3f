#include "detect/engine/rule_places.h"

#include <algorithm>

#include "base/ascii.h"

namespace tocsin::detect {
namespace {

bool is_of_a_path(char c) {
  return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '/';
}

// The path alone or what is below it, and not the end of a longer one.
bool stands_alone(std::string_view text, std::size_t at, std::size_t size) {
  const auto end = at + size;
  return (at == 0 || !is_of_a_path(text[at - 1])) &&
         (end == text.size() || text[end] == '/' || !is_of_a_path(text[end]));
}

std::string without(std::string_view text, const std::string& before, const std::string& name) {
  const auto path = before + name;
  std::string out;
  std::size_t from = 0;
  for (auto at = text.find(path); at != std::string_view::npos; at = text.find(path, at + path.size())) {
    if (!stands_alone(text, at, path.size())) continue;
    out.append(text, from, at - from);
    from = at + before.size();
  }
  return out.append(text, from);
}

}  // namespace

RulePlaces::RulePlaces(std::span<const std::filesystem::path> paths) {
  for (const auto& given : paths) {
    const auto path = given.has_filename() ? given : given.parent_path();  // "/srv/rules/"
    auto before = path.parent_path().string();
    if (before.empty() || !path.has_filename()) continue;
    if (!before.ends_with('/')) before += '/';
    places_.push_back({std::move(before), path.filename().string()});
  }
  std::stable_sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return a.before.size() + a.name.size() > b.before.size() + b.name.size();
  });
}

std::string RulePlaces::hide(std::string_view text) const {
  std::string shown(text);
  for (const auto& place : places_) shown = without(shown, place.before, place.name);
  return shown;
}

}  // namespace tocsin::detect
