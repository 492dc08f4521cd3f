#include "detect/engine/rule_text.h"

#include <algorithm>

#include "detect/rules/bundled.h"

namespace tocsin::detect {
namespace {

bool separates(std::string_view line) {
  return line.starts_with("---") && line.find_first_not_of(" \t\r", 3) == std::string_view::npos;
}

}  // namespace

std::string document_at(std::string_view text, int line) {
  std::string document;
  for (int number = 1; !text.empty(); ++number) {
    const auto one = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(one.size() + 1, text.size()));
    if (separates(one)) {
      if (number > line) return document;
      document.clear();
      continue;
    }
    document.append(one);
    document += '\n';
    if (text.empty() && number < line) return {};
  }
  return document;
}

std::string rule_text(const RuleCatalog& catalog, const std::string& file, sigma::Position at) {
  if (const auto* text = catalog.text_of(file)) return document_at(*text, at.line);
  for (const auto& bundled : bundled_rule_files()) {
    if (bundled.file == file) return document_at(bundled.text, at.line);
  }
  return {};
}

}  // namespace tocsin::detect
