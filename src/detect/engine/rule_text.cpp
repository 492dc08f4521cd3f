#include "detect/engine/rule_text.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "detect/rules/bundled.h"
#include "detect/sigma/yaml.h"

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

Result<std::string> read_rule_text(const std::string& file, sigma::Position at) {
  const auto gone = [&](std::string why) {
    return error(ErrorKind::kUnavailable, "read the rule's text", std::move(why),
                 "Reload the rules: POST /api/v1/rules/reload.", file);
  };
  for (const auto& bundled : bundled_rule_files()) {
    if (bundled.file == file) return document_at(bundled.text, at.line);
  }
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return gone("its file is gone");
  std::ifstream stream(file, std::ios::binary);
  std::string text;
  std::array<char, 16'384> block{};
  while (stream && text.size() <= sigma::kMaxYamlBytes) {
    stream.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  }
  auto document = document_at(text, at.line);
  if (document.empty()) return gone("its file has changed since");
  return document;
}

}  // namespace tocsin::detect
