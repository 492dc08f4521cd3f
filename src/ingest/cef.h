#pragma once
// ArcSight Common Event Format, version 0 and 1: header and extension of one line.

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::ingest {

struct CefLine {
  std::string_view prefix;  // what a relay wrote before "CEF:"
  std::string vendor, product, version, signature_id, name, severity;
  std::vector<std::pair<std::string_view, std::string>>
      extension;  // in order, unescaped, at most kMaxCefFields

  // The first value of that key; empty when it is not there.
  std::string_view get(std::string_view key) const;
  std::string_view any(std::initializer_list<std::string_view> keys) const;
};

constexpr std::size_t kMaxCefFields = 512;

// Where "CEF:<digit>|" starts; npos when nowhere.
std::size_t find_cef(std::string_view line);
// Absent when the seven header fields are not all there. Empty fields are allowed, and so is an extension
// that is not made of keys and values.
std::optional<CefLine> parse_cef(std::string_view line);

}  // namespace tocsin::ingest
