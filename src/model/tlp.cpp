#include "model/tlp.h"

#include <algorithm>
#include <array>

namespace tocsin::model {
namespace {

struct Spelling {
  std::string_view text;
  Tlp value;
};
constexpr std::array<Spelling, 8> kSpellings{{{"CLEAR", Tlp::kClear},
                                              {"GREEN", Tlp::kGreen},
                                              {"AMBER", Tlp::kAmber},
                                              {"AMBER+STRICT", Tlp::kAmberStrict},
                                              {"RED", Tlp::kRed},
                                              {"WHITE", Tlp::kClear},
                                              {"AMBER_STRICT", Tlp::kAmberStrict},
                                              {"AMBER-STRICT", Tlp::kAmberStrict}}};

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool same(std::string_view text, std::string_view upper_case) {
  return std::equal(text.begin(), text.end(), upper_case.begin(), upper_case.end(),
                    [](char a, char b) { return upper(a) == b; });
}

}  // namespace

std::string_view to_text(Tlp value) {
  const auto index = static_cast<std::size_t>(value);
  return index <= static_cast<std::size_t>(Tlp::kRed) ? kSpellings[index].text : "RED";
}

std::optional<Tlp> parse_tlp(std::string_view text) {
  if (text.size() > 4 && same(text.substr(0, 4), "TLP:")) text.remove_prefix(4);
  for (const auto& spelling : kSpellings) {
    if (same(text, spelling.text)) return spelling.value;
  }
  return std::nullopt;
}

}  // namespace tocsin::model
