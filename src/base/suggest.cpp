#include "base/suggest.h"

#include <algorithm>
#include <numeric>
#include <vector>

namespace tocsin {
namespace {

constexpr std::size_t kMaxCompared = 40;

// Optimal string alignment: changed, missing, added and swapped letters each count one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1, i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, std::move(row));
  }
  return last.back();
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

}  // namespace tocsin
