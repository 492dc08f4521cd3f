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

// Whether a character is written as \uXXXX somewhere. A chunk at a time, without a branch in it, so that the
// compiler can look at many bytes at once.
bool has_coded_character(std::string_view json) {
  constexpr std::size_t kChunk = 64;
  std::size_t begin = 0;
  for (; begin + kChunk < json.size(); begin += kChunk) {
    const char* chunk = json.data() + begin;
    unsigned char maybe = 0;
    for (std::size_t i = 0; i < kChunk; ++i)
      maybe |= static_cast<unsigned char>(chunk[i] == '\\') & static_cast<unsigned char>(chunk[i + 1] == 'u');
    if (maybe == 0) continue;
    for (std::size_t i = begin; i < begin + kChunk; ++i) {
      if (json[i] == '\\' && json[i + 1] == 'u' && starts_an_escape(json, i)) return true;
    }
  }
  return json.substr(begin).find("\\u") != std::string_view::npos;
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

// Letters of either case have the same.
std::size_t RawFilter::hash(const char* block) {
  std::uint32_t bytes = 0;
  std::memcpy(&bytes, block, kBlock);
  return ((bytes | 0x20202020U) * 0x9e3779b1U) >> 16;
}

RawFilter::RawFilter(std::vector<std::string> parts) : parts_(std::move(parts)) {
  if (parts_.empty()) return;
  const auto shortest = std::min_element(parts_.begin(), parts_.end(),
                                         [](const auto& a, const auto& b) { return a.size() < b.size(); });
  stride_ = shortest->size() - kBlock + 1;
  for (std::uint32_t part = 0; part < parts_.size(); ++part) {
    for (std::uint32_t offset = 0; offset < stride_; ++offset)
      places_.push_back({hash(parts_[part].data() + offset), part, offset});
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) { return a.block < b.block; });
  for (const auto& place : places_) {
    known_[place.block / 64] |= std::uint64_t{1} << (place.block % 64);
    ++first_[place.block / 64 + 1];
  }
  for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
}

bool RawFilter::is_part_around(std::string_view json, std::size_t at, std::size_t block) const {
  const auto begin = places_.begin() + first_[block / 64];
  const auto end = places_.begin() + first_[block / 64 + 1];
  return std::any_of(begin, end, [&](const Place& place) {
    if (place.block != block || at < place.offset) return false;
    const auto& part = parts_[place.part];
    return equal_ignoring_case(json.substr(at - place.offset, part.size()), part);
  });
}

bool RawFilter::may_contain(std::string_view json) const {
  if (parts_.empty()) return false;
  const auto looks_closer = [&](std::size_t at) {
    const auto block = hash(json.data() + at);
    return is_known(block) && is_part_around(json, at, block);
  };
  // Several blocks for one branch, which is nearly never taken.
  const auto stride = stride_;
  std::size_t at = 0;
  for (; at + 3 * stride + kBlock <= json.size(); at += 4 * stride) {
    const char* blocks = json.data() + at;
    const auto known = bit_of(hash(blocks)) | bit_of(hash(blocks + stride)) |
                       bit_of(hash(blocks + 2 * stride)) | bit_of(hash(blocks + 3 * stride));
    if ((known & 1U) == 0) continue;
    for (std::size_t i = 0; i < 4; ++i) {
      if (looks_closer(at + i * stride)) return true;
    }
  }
  for (; at + kBlock <= json.size(); at += stride) {
    if (looks_closer(at)) return true;
  }
  return has_coded_character(json);
}

}  // namespace tocsin::detect
