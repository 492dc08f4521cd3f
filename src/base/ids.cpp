#include "base/ids.h"

#include <array>
#include <mutex>
#include <random>

namespace tocsin {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

struct Generator {
  std::mutex mutex;
  std::mt19937_64 random{[] {
    std::random_device device;
    return (std::uint64_t{device()} << 32) | device();
  }()};
  std::int64_t last_ms = -1;
  std::uint16_t high = 0;  // the 80 random bits: 16 high, 64 low
  std::uint64_t low = 0;
};

Generator& generator() {
  static Generator instance;
  return instance;
}

}  // namespace

std::string make_ulid(Timestamp now) {
  std::int64_t ms = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch()).count();
  std::uint16_t high = 0;
  std::uint64_t low = 0;
  {
    auto& g = generator();
    const std::lock_guard lock(g.mutex);
    if (ms <= g.last_ms) {
      // Same millisecond, or a clock that went back: count on, so that order holds.
      ms = g.last_ms;
      g.low += 1 + (g.random() & 0xFFFF);
      if (g.low < 0x10000) ++g.high;
    } else {
      g.last_ms = ms;
      g.high = static_cast<std::uint16_t>(g.random() & 0x7FFF);  // top bit free: counting on cannot overflow
      g.low = g.random();
    }
    high = g.high;
    low = g.low;
  }
  std::string text(26, '0');
  auto time = static_cast<std::uint64_t>(ms);
  for (int i = 9; i >= 0; --i, time >>= 5) text[static_cast<std::size_t>(i)] = kAlphabet[time & 31];
  for (int i = 25; i >= 10; --i) {
    text[static_cast<std::size_t>(i)] = kAlphabet[low & 31];
    low = (low >> 5) | (std::uint64_t{high & 31U} << 59);
    high = static_cast<std::uint16_t>(high >> 5);
  }
  return text;
}

bool is_ulid(std::string_view text) {
  if (text.size() != 26 || text.front() > '7') return false;
  for (const char c : text) {
    if (kAlphabet.find(c) == std::string_view::npos) return false;
  }
  return true;
}

}  // namespace tocsin
