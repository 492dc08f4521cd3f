#include "detect/evtx/evtx_value.h"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include "base/json_text.h"
#include "detect/evtx/byte_reader.h"

namespace tocsin::detect {
namespace {

namespace chr = std::chrono;
using Kind = EvtxValue::Kind;

constexpr std::uint32_t kReplacement = 0xFFFD;

void append_utf8(std::string& out, std::uint32_t point) {
  const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((point >> shift) & 0x3F)); };
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    tail(0);
  } else if (point < 0x10000) {
    out += static_cast<char>(0xE0 | (point >> 12));
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | (point >> 18));
    tail(12), tail(6), tail(0);
  }
}

std::string hex_digits(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += kDigits[byte >> 4];
    out += kDigits[byte & 15];
  }
  return out;
}

std::string hex_number(std::uint64_t value) {
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  return "0x" + std::string(digits.data(), end);
}

std::string padded(std::uint64_t value, std::size_t width) {
  auto digits = std::to_string(value);
  return digits.size() < width ? std::string(width - digits.size(), '0') + digits : digits;
}

struct Moment {
  std::uint64_t year, month, day, hour, minute, second, micros;
};

std::string text_of(const Moment& time) {
  return padded(time.year, 4) + "-" + padded(time.month, 2) + "-" + padded(time.day, 2) + "T" +
         padded(time.hour, 2) + ":" + padded(time.minute, 2) + ":" + padded(time.second, 2) + "." +
         padded(time.micros, 6) + "Z";
}

// 100 ns since 1601. Absent after the year 9999, where no reader of times can follow.
std::optional<std::string> text_of_file_time(std::uint64_t ticks) {
  constexpr std::uint64_t kTicksPerSecond = 10'000'000;
  constexpr std::uint64_t kLast = 2'650'467'743'999'999'999;
  if (ticks > kLast) return std::nullopt;
  const auto seconds = ticks / kTicksPerSecond;
  constexpr chr::sys_days kBegin = chr::year(1601) / 1 / 1;
  const auto day = kBegin + chr::days(seconds / 86'400);
  const chr::year_month_day date(day);
  const auto in_day = seconds % 86'400;
  return text_of({static_cast<std::uint64_t>(static_cast<int>(date.year())),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), in_day / 3600,
                  in_day / 60 % 60, in_day % 60, ticks % kTicksPerSecond / 10});
}

std::string text_of_system_time(std::string_view bytes) {
  ByteReader in(bytes);
  std::array<std::uint16_t, 8> parts{};  // year, month, day of week, day, hour, minute, second, ms
  for (auto& part : parts) part = in.number<std::uint16_t>();
  return text_of({parts[0], parts[1], parts[3], parts[4], parts[5], parts[6], parts[7] * 1000ULL});
}

// Upper case and without braces, as the public tools write them.
std::string text_of_guid(std::string_view bytes) {
  std::string swapped;
  for (const unsigned at : {3U, 2U, 1U, 0U, 5U, 4U, 7U, 6U, 8U, 9U, 10U, 11U, 12U, 13U, 14U, 15U})
    swapped += bytes[at];
  auto text = hex_digits(swapped);
  for (const std::size_t at : {8U, 13U, 18U, 23U}) text.insert(at, 1, '-');
  return text;
}

// MS-DTYP 2.4.2: revision, number of sub-authorities, authority (big-endian), sub-authorities.
std::optional<std::string> text_of_sid(std::string_view bytes) {
  ByteReader in(bytes);
  const auto revision = in.number<std::uint8_t>();
  const auto count = in.number<std::uint8_t>();
  std::uint64_t authority = 0;
  for (const char c : in.take(6)) authority = authority << 8 | static_cast<std::uint8_t>(c);
  if (!in.ok() || bytes.size() < 8 + count * 4U) return std::nullopt;
  auto text = "S-" + std::to_string(revision) + "-" +
              (authority >> 32 == 0 ? std::to_string(authority) : hex_number(authority));
  for (unsigned i = 0; i < count; ++i) text += "-" + std::to_string(in.number<std::uint32_t>());
  return text;
}

EvtxValue text_value(std::string text) {
  return {Kind::kText, std::move(text)};
}

template <class T>
EvtxValue number_value(std::string_view bytes) {
  const auto value = ByteReader(bytes).number<T>();
  if constexpr (std::is_floating_point_v<T>) {
    if (!std::isfinite(value)) return text_value(std::to_string(value));
    EvtxValue out{Kind::kJson, {}};
    append_json_number(out.text, static_cast<double>(value));
    return out;
  } else {
    return {Kind::kJson, std::to_string(value)};
  }
}

// Of one element; 0 when elements of that type have no one size.
std::size_t size_of(EvtxType type) {
  switch (type) {
    case EvtxType::kInt8:
    case EvtxType::kUInt8:
      return 1;
    case EvtxType::kInt16:
    case EvtxType::kUInt16:
      return 2;
    case EvtxType::kInt32:
    case EvtxType::kUInt32:
    case EvtxType::kReal32:
    case EvtxType::kBool:
    case EvtxType::kHexInt32:
      return 4;
    case EvtxType::kInt64:
    case EvtxType::kUInt64:
    case EvtxType::kReal64:
    case EvtxType::kFileTime:
    case EvtxType::kHexInt64:
      return 8;
    case EvtxType::kGuid:
    case EvtxType::kSystemTime:
      return 16;
    default:
      return 0;
  }
}

// `bytes` are as many as the type has.
EvtxValue fixed_value(EvtxType type, std::string_view bytes) {
  switch (type) {
    case EvtxType::kInt8:
      return number_value<std::int8_t>(bytes);
    case EvtxType::kUInt8:
      return number_value<std::uint8_t>(bytes);
    case EvtxType::kInt16:
      return number_value<std::int16_t>(bytes);
    case EvtxType::kUInt16:
      return number_value<std::uint16_t>(bytes);
    case EvtxType::kInt32:
      return number_value<std::int32_t>(bytes);
    case EvtxType::kUInt32:
      return number_value<std::uint32_t>(bytes);
    case EvtxType::kInt64:
      return number_value<std::int64_t>(bytes);
    case EvtxType::kUInt64:
      return number_value<std::uint64_t>(bytes);
    case EvtxType::kReal32:
      return number_value<float>(bytes);
    case EvtxType::kReal64:
      return number_value<double>(bytes);
    case EvtxType::kBool:
      return {Kind::kJson, ByteReader(bytes).number<std::uint32_t>() != 0 ? "true" : "false"};
    case EvtxType::kHexInt32:
      return text_value(hex_number(ByteReader(bytes).number<std::uint32_t>()));
    case EvtxType::kHexInt64:
      return text_value(hex_number(ByteReader(bytes).number<std::uint64_t>()));
    case EvtxType::kFileTime:
      return text_value(
          text_of_file_time(ByteReader(bytes).number<std::uint64_t>()).value_or(hex_digits(bytes)));
    case EvtxType::kSystemTime:
      return text_value(text_of_system_time(bytes));
    case EvtxType::kGuid:
      return text_value(text_of_guid(bytes));
    default:
      return text_value(hex_digits(bytes));
  }
}

EvtxValue scalar_value(EvtxType type, std::string_view bytes) {
  if (type == EvtxType::kNull) return {};
  if (type == EvtxType::kString) return text_value(text_of_utf16(bytes));
  // Of no known code page: what is no UTF-8 is replaced when it is written.
  if (type == EvtxType::kAnsiString) return text_value(std::string(bytes.substr(0, bytes.find('\0'))));
  if (type == EvtxType::kSid) return text_value(text_of_sid(bytes).value_or(hex_digits(bytes)));
  if (type == EvtxType::kSize && bytes.size() == 4) return fixed_value(EvtxType::kHexInt32, bytes);
  if (type == EvtxType::kSize && bytes.size() == 8) return fixed_value(EvtxType::kHexInt64, bytes);
  const auto size = size_of(type);
  return size != 0 && size == bytes.size() ? fixed_value(type, bytes) : text_value(hex_digits(bytes));
}

// Behind the NUL that ends the text, or the end.
std::size_t end_of_text(std::string_view bytes, std::size_t unit) {
  const std::string_view nul("\0\0", unit);
  for (std::size_t at = 0; at + unit <= bytes.size(); at += unit) {
    if (bytes.substr(at, unit) == nul) return at + unit;
  }
  return bytes.size();
}

EvtxValue array_value(EvtxType type, std::string_view bytes) {
  const bool is_text = type == EvtxType::kString || type == EvtxType::kAnsiString;
  const std::size_t size = size_of(type);
  if (!is_text && (size == 0 || bytes.size() % size != 0)) return text_value(hex_digits(bytes));
  EvtxValue out{Kind::kJson, "["};
  while (!bytes.empty()) {
    const auto taken = is_text ? end_of_text(bytes, type == EvtxType::kString ? 2 : 1) : size;
    if (out.text.size() > 1) out.text += ',';
    append_evtx_json(out.text, scalar_value(type, bytes.substr(0, taken)));
    bytes.remove_prefix(taken);
  }
  out.text += ']';
  return out;
}

}  // namespace

EvtxValue read_evtx_value(std::uint8_t type, std::string_view bytes) {
  const auto element = static_cast<EvtxType>(type & ~kEvtxArray);
  return (type & kEvtxArray) != 0 ? array_value(element, bytes) : scalar_value(element, bytes);
}

void append_evtx_value(EvtxValue& value, EvtxValue next) {
  if (value.kind == Kind::kNull) {
    value = std::move(next);
  } else if (next.kind != Kind::kNull) {
    value = {Kind::kText, std::move(value.text) + next.text};
  }
}

std::string text_of_utf16(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() / 2);
  ByteReader in(bytes.substr(0, bytes.size() & ~std::size_t{1}));
  std::uint32_t high = 0;  // of a pair of which the second half is to come
  while (!in.is_at_end()) {
    const std::uint32_t unit = in.number<std::uint16_t>();
    const bool is_low = unit >= 0xDC00 && unit <= 0xDFFF;
    if (high != 0 && is_low) {
      append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
      high = 0;
      continue;
    }
    if (high != 0) append_utf8(out, kReplacement);
    high = unit >= 0xD800 && unit <= 0xDBFF ? unit : 0;
    if (high == 0) append_utf8(out, is_low ? kReplacement : unit);
  }
  if (high != 0) append_utf8(out, kReplacement);
  while (!out.empty() && out.back() == '\0') out.pop_back();
  return out;
}

void append_evtx_json(std::string& out, const EvtxValue& value) {
  switch (value.kind) {
    case Kind::kNull:
      out += "null";
      break;
    case Kind::kText:
      append_json_string(out, value.text);
      break;
    case Kind::kJson:
      out += value.text;
      break;
  }
}

}  // namespace tocsin::detect
