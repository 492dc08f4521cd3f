#include "api/suggest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tocsin::api {
namespace {

constexpr std::size_t kMaxCompared = 40;

// Levenshtein distance.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string_view nearest(std::string_view typed, std::span<const std::string_view> known) {
  typed = typed.substr(0, kMaxCompared);
  std::string_view best;
  auto least = std::max<std::size_t>(1, typed.size() / 3) + 1;
  for (const auto name : known) {
    const auto apart = distance(typed, name);
    if (apart < least) {
      least = apart;
      best = name;
    }
  }
  return best;
}

std::string name_hint(std::string_view typed, std::span<const std::string_view> known) {
  if (const auto best = nearest(typed, known); !best.empty()) {
    return "did you mean \"" + std::string(best) + "\"?";
  }
  std::string hint = "known: ";
  for (const auto name : known) {
    hint += name;
    if (name != known.back()) hint += ", ";
  }
  return hint;
}

}  // namespace tocsin::api
