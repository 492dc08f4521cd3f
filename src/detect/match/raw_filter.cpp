#include "detect/match/raw_filter.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/ascii.h"

namespace tocsin::detect {
namespace {

bool stands_as_it_is(char c) {
  return c >= ' ' && c < '\x7f' && c != '"' && c != '\\' && c != '/';
}

bool starts_an_escape(std::string_view json, std::size_t at) {
  std::size_t before = at;
  while (before > 0 && json[before - 1] == '\\') --before;
  return (at - before) % 2 == 0;
}

// Whether a character is written as \uXXXX somewhere. Eight bytes at a time: a zero byte in both differences
// is a backslash with a `u` behind it.
bool has_coded_character(std::string_view json) {
  constexpr std::uint64_t kOnes = 0x0101010101010101U;
  std::size_t i = 0;
  for (; i + 9 <= json.size(); i += 8) {
    std::uint64_t bytes = 0;
    std::uint64_t next = 0;
    std::memcpy(&bytes, json.data() + i, 8);
    std::memcpy(&next, json.data() + i + 1, 8);
    const std::uint64_t differs = (bytes ^ (kOnes * '\\')) | (next ^ (kOnes * 'u'));
    if (((differs - kOnes) & ~differs & (kOnes * 0x80)) == 0) continue;
    for (std::size_t k = i; k < i + 8; ++k) {
      if (json[k] == '\\' && json[k + 1] == 'u' && starts_an_escape(json, k)) return true;
    }
  }
  return json.substr(i).find("\\u") != std::string_view::npos;
}

}  // namespace

std::string RawFilter::raw_part(std::string_view literal) {
  std::string_view best;
  for (std::size_t begin = 0; begin < literal.size();) {
    std::size_t end = begin;
    while (end < literal.size() && stands_as_it_is(literal[end])) ++end;
    if (end - begin > best.size()) best = literal.substr(begin, end - begin);
    begin = end + 1;
  }
  return best.size() < kMinPart ? std::string() : std::string(best);
}

std::size_t RawFilter::hash(const char* block) {
  const auto byte = [&](int i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(block[i]) | 0x20U);
  };
  return (byte(0) * 961 + byte(1) * 31 + byte(2)) % 4096;
}

RawFilter::RawFilter(std::vector<std::string> parts) : parts_(std::move(parts)), by_block_(4096) {
  if (parts_.empty()) return;
  const auto shortest = std::min_element(parts_.begin(), parts_.end(),
                                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
  window_ = std::min<std::size_t>(shortest->size(), std::numeric_limits<std::uint8_t>::max());
  skip_.fill(static_cast<std::uint8_t>(window_ - kBlock + 1));
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    for (std::size_t end = kBlock; end <= window_; ++end) {
      const auto at = hash(parts_[i].data() + end - kBlock);
      skip_[at] = std::min(skip_[at], static_cast<std::uint8_t>(window_ - end));
      if (end == window_) by_block_[at].push_back(static_cast<std::uint32_t>(i));
    }
  }
}

bool RawFilter::is_part_before(std::string_view json, std::size_t end, std::size_t block) const {
  return std::any_of(by_block_[block].begin(), by_block_[block].end(), [&](std::uint32_t i) {
    return equal_ignoring_case(json.substr(end - window_, parts_[i].size()), parts_[i]);
  });
}

bool RawFilter::may_contain(std::string_view json) const {
  if (parts_.empty()) return false;
  for (std::size_t end = window_; end <= json.size();) {
    const auto block = hash(json.data() + end - kBlock);
    if (skip_[block] != 0) {
      end += skip_[block];
      continue;
    }
    if (is_part_before(json, end, block)) return true;
    ++end;
  }
  return has_coded_character(json);
}

}  // namespace tocsin::detect
