#include "detect/rules/bundled.h"

#include "base/embedded.h"

TOCSIN_EMBEDDED(detect_rules)

namespace tocsin::detect {

std::vector<sigma::RuleText> bundled_rule_files() {
  constexpr std::string_view kFileMark = "\n### FILE ";  // of cmake/JoinFiles.cmake
  std::vector<sigma::RuleText> files;
  std::string_view text = embedded_detect_rules();
  for (auto at = text.find(kFileMark); at != std::string_view::npos; at = text.find(kFileMark)) {
    text.remove_prefix(at + kFileMark.size());
    const auto name_end = std::min(text.find('\n'), text.size());
    const auto body = text.substr(std::min(name_end + 1, text.size()));
    files.push_back({std::string(text.substr(0, name_end)), body.substr(0, body.find(kFileMark))});
  }
  return files;
}

sigma::RuleSet bundled_rules() {
  return sigma::RuleSet::parse(bundled_rule_files());
}

}  // namespace tocsin::detect
