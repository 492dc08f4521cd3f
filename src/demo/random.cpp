#include "demo/random.h"

#include <array>

#include "base/hash.h"

namespace tocsin::demo {
namespace {

std::string characters(Random& random, std::string_view alphabet, std::size_t count) {
  std::string text(count, '\0');
  for (auto& c : text) c = random.pick(alphabet);
  return text;
}

}  // namespace

Random::Random(std::uint64_t seed, std::string_view label) : engine_(seed ^ hash64(label)) {}

int Random::between(int low, int high) {
  return low + static_cast<int>(below(static_cast<std::uint64_t>(high - low) + 1));
}

double Random::unit() {
  return static_cast<double>(engine_() >> 11U) * 0x1.0p-53;
}

Nanos Random::duration(Nanos low, Nanos high) {
  return low + Nanos(static_cast<std::int64_t>(unit() * static_cast<double>((high - low).count())));
}

std::string Random::hex(std::size_t digits) {
  return characters(*this, "0123456789abcdef", digits);
}

std::string Random::digits(std::size_t count) {
  auto text = characters(*this, "0123456789", count);
  if (count > 0 && text.front() == '0') text.front() = '7';
  return text;
}

std::string Random::letters(std::size_t count) {
  return characters(*this, "abcdefghijklmnopqrstuvwxyz234567", count);
}

std::string Random::uuid() {
  auto text = hex(32);
  text[12] = '4';
  text[16] = pick(std::string_view("89ab"));
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) text.insert(dash, 1, '-');
  return text;
}

std::string Random::public_ip() {
  static constexpr std::array<std::string_view, 16> kNetworks = {
      "5.188",  "31.184", "37.120", "45.142", "77.91",  "80.94",   "89.248", "91.240",
      "94.102", "103.75", "141.98", "146.70", "167.94", "185.220", "193.32", "194.26"};
  std::string text(pick(kNetworks));
  text += '.' + std::to_string(between(0, 255));
  text += '.' + std::to_string(between(2, 253));
  return text;
}

}  // namespace tocsin::demo
