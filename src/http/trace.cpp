#include "http/trace.h"

#include <algorithm>
#include <random>

#include "base/hash.h"

namespace tocsin::http {
namespace {

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool all_zero(std::string_view text) {
  return text.find_first_not_of('0') == std::string_view::npos;
}

std::mt19937_64 seeded() {
  std::random_device device;
  std::seed_seq seed{device(), device(), device(), device()};
  return std::mt19937_64(seed);
}

bool is_traceparent(std::string_view text) {
  // Version 00 is exactly this long; a later version may append "-…" (§3.2.4).
  if (text.size() < 55 || (text.size() > 55 && (text.starts_with("00") || text[55] != '-'))) return false;
  if (text[2] != '-' || text[35] != '-' || text[52] != '-' || text.starts_with("ff")) return false;
  const auto trace = text.substr(3, 32);
  const auto parent = text.substr(36, 16);
  return is_lower_hex(text.substr(0, 2)) && is_lower_hex(trace) && is_lower_hex(parent) &&
         is_lower_hex(text.substr(53, 2)) && !all_zero(trace) && !all_zero(parent);
}

}  // namespace

std::string make_trace_id() {
  thread_local std::mt19937_64 random = seeded();
  return to_hex(random() | 1) + to_hex(random());
}

std::string trace_id_from(std::string_view traceparent) {
  return is_traceparent(traceparent) ? std::string(traceparent.substr(3, 32)) : make_trace_id();
}

}  // namespace tocsin::http
