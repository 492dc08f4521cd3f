#pragma once
// TOML nodes as text and places, shared by the readers of the settings file.

#include <toml++/toml.h>

#include <charconv>
#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

namespace tocsin::config {

inline std::string scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  std::ostringstream out;
  if (const auto* number = node.as_integer()) {
    out << number->get();
  } else if (const auto* real = node.as_floating_point()) {
    out << real->get();
  } else if (const auto* flag = node.as_boolean()) {
    out << (flag->get() ? "true" : "false");
  }
  return out.str();
}

// "tocsin.toml:12:7"
inline std::string place(const std::filesystem::path& file, const toml::source_region& region) {
  return file.string() + ":" + std::to_string(region.begin.line) + ":" + std::to_string(region.begin.column);
}

template <class T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto* end = text.data() + text.size();
  const auto [stop, code] = std::from_chars(text.data(), end, value);
  if (code != std::errc{} || stop != end) return std::nullopt;
  return value;
}

}  // namespace tocsin::config
