#include "detect/sigma/regex_literals.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <algorithm>

#include "detect/sigma/case_fold.h"

namespace tocsin::detect::sigma {
namespace {

constexpr int kShortest = 3;         // bytes; shorter ones are in most texts
constexpr std::size_t kMostOf = 16;  // alternatives

// RE2 lowers what it looks for, we fold it: for these characters, and what is of their kind, that is the
// same.
bool is_plain_ascii(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (static_cast<unsigned char>(pattern[i]) >= 0x80) return false;
    if (pattern[i] != '\\') continue;
    const char letter = ++i < pattern.size() ? pattern[i] : '\\';
    if (letter == 'x' || letter == 'p' || letter == 'P' || (letter >= '0' && letter <= '7')) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> needed_literals(const std::string& pattern) {
  if (!is_plain_ascii(pattern)) return {};
  re2::FilteredRE2 filter(kShortest);
  re2::RE2::Options options;
  options.set_log_errors(false);
  int id = 0;
  if (filter.Add(pattern, options, &id) != re2::RE2::NoError) return {};
  std::vector<std::string> literals;
  filter.Compile(&literals);
  if (literals.empty() || literals.size() > kMostOf) return {};
  // The filter knows how they belong together, and tells only whether some of them suffice.
  const auto suffice = [&](const std::vector<int>& some) {
    std::vector<int> potentials;
    filter.AllPotentials(some, &potentials);
    return !potentials.empty();
  };
  if (suffice({})) return {};
  std::vector<int> all(literals.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int>(i);
  const std::string* longest = nullptr;
  for (const auto i : all) {
    auto others = all;
    others.erase(others.begin() + i);
    const auto& literal = literals[static_cast<std::size_t>(i)];
    if (!suffice(others) && (longest == nullptr || literal.size() > longest->size())) longest = &literal;
  }
  if (longest != nullptr) return {fold_case(*longest)};
  std::transform(literals.begin(), literals.end(), literals.begin(),
                 [](const std::string& literal) { return fold_case(literal); });
  std::sort(literals.begin(), literals.end());
  return literals;
}

}  // namespace tocsin::detect::sigma
