#include "detect/match/window_filter.h"

#include <algorithm>
#include <bit>

namespace tocsin::detect {
namespace {

constexpr std::size_t kBitsPerBlock = 64;  // so that few blocks of a text are taken for known
constexpr std::size_t kMinBits = 512;
constexpr std::size_t kMaxBits = 1U << 17;  // fits the first-level cache

// How often a byte is seen in paths, command lines and names, at a guess.
unsigned commonness(char c) {
  constexpr std::string_view kFromCommonToRare = "eoiatrns \\lcdmpuh.wygfbv-kx01234:56789/_zqj\"'=,;()";
  const auto rank = kFromCommonToRare.find(c);
  return rank == std::string_view::npos ? 0 : static_cast<unsigned>(kFromCommonToRare.size() - rank);
}

std::size_t rarest_window(std::string_view literal, std::size_t size) {
  std::size_t best = 0;
  unsigned least = ~0U;
  for (std::size_t at = 0; at + size <= literal.size(); ++at) {
    unsigned sum = 0;
    for (const char c : literal.substr(at, size)) sum += commonness(c);
    if (sum >= least) continue;
    least = sum;
    best = at;
  }
  return best;
}

}  // namespace

WindowFilter::WindowFilter(std::span<const std::string> literals)
    : literals_(literals.begin(), literals.end()) {
  std::vector<Place> windows, pairs, bytes;
  for (std::uint32_t i = 0; i < literals.size(); ++i) {
    const auto& literal = literals[i];
    if (literal.size() >= 4) {
      const auto offset = static_cast<std::uint32_t>(rarest_window(literal, 4));
      windows.push_back({block_at<std::uint32_t>(literal.data() + offset), i, offset});
    } else if (literal.size() >= 2) {
      const auto offset = static_cast<std::uint32_t>(rarest_window(literal, 2));
      pairs.push_back({block_at<std::uint16_t>(literal.data() + offset), i, offset});
    } else {
      bytes.push_back({block_at<std::uint8_t>(literal.data()), i, 0});
    }
  }
  windows_ = table_of(std::move(windows));
  pairs_ = table_of(std::move(pairs));
  bytes_ = table_of(std::move(bytes));
}

WindowFilter::Table WindowFilter::table_of(std::vector<Place> places) {
  Table table;
  if (places.empty()) return table;
  const auto bits = std::bit_ceil(std::clamp(places.size() * kBitsPerBlock, kMinBits, kMaxBits));
  table.shift = 32 - std::countr_zero(bits);
  table.known.resize(bits / 64);
  table.first.resize(table.known.size() + 1);
  for (const auto& place : places) {
    const auto bit = bit_of(place.block, table.shift);
    table.known[bit / 64] |= std::uint64_t{1} << (bit % 64);
    ++table.first[bit / 64 + 1];
  }
  for (std::size_t i = 1; i < table.first.size(); ++i) table.first[i] += table.first[i - 1];
  std::stable_sort(places.begin(), places.end(), [&](const Place& a, const Place& b) {
    return bit_of(a.block, table.shift) < bit_of(b.block, table.shift);
  });
  table.places = std::move(places);
  return table;
}

std::size_t WindowFilter::bytes() const noexcept {
  std::size_t sum = 0;
  for (const auto* table : {&windows_, &pairs_, &bytes_})
    sum += table->known.size() * sizeof(std::uint64_t) + table->first.size() * sizeof(std::uint32_t) +
           table->places.size() * sizeof(Place);
  for (const auto& literal : literals_) sum += sizeof(std::string) + literal.size();
  return sum;
}

}  // namespace tocsin::detect
