#include "detect/match/raw_filter.h"

#include <algorithm>
#include <cstring>

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

// Letters of either case have the same; the three bytes come from the blocks of JSON, so any bytes may be
// there.
std::size_t RawFilter::hash(const char* block) {
  const auto byte = [&](int i) { return std::uint32_t{static_cast<unsigned char>(block[i])}; };
  const std::uint32_t bytes = (byte(0) | byte(1) << 8 | byte(2) << 16) | 0x202020U;
  return (bytes * 0x9e3779b1U) >> 16;
}

RawFilter::RawFilter(std::vector<std::string> parts) : parts_(std::move(parts)) {
  if (parts_.empty()) return;
  const auto shortest = std::min_element(parts_.begin(), parts_.end(),
                                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
  stride_ = shortest->size() - kBlock + 1;
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    for (std::uint32_t offset = 0; offset < stride_; ++offset) add_block(part, offset);
  }
}

void RawFilter::add_block(std::uint32_t part, std::uint32_t offset) {
  const auto block = hash(parts_[part].data() + offset);
  known_[block / 64] |= std::uint64_t{1} << (block % 64);
  places_[block].push_back({part, offset});
}

bool RawFilter::is_part_around(std::string_view json, std::size_t at, std::size_t block) const {
  const auto& places = places_.at(block);
  return std::any_of(places.begin(), places.end(), [&](const Place& place) {
    const auto& part = parts_[place.part];
    return at >= place.offset && equal_ignoring_case(json.substr(at - place.offset, part.size()), part);
  });
}

bool RawFilter::may_contain(std::string_view json) const {
  if (parts_.empty()) return false;
  for (std::size_t at = 0; at + kBlock <= json.size(); at += stride_) {
    const auto block = hash(json.data() + at);
    if (is_known(block) && is_part_around(json, at, block)) return true;
  }
  return has_coded_character(json);
}

}  // namespace tocsin::detect
