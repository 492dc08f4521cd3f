#pragma once
// Values of Windows' binary XML as JSON has them (value types: libevtx, "Windows XML Event Log (EVTX)").

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::detect {

enum class EvtxType : std::uint8_t {
  kNull = 0x00,
  kString = 0x01,  // UTF-16
  kAnsiString = 0x02,
  kInt8 = 0x03,
  kUInt8 = 0x04,
  kInt16 = 0x05,
  kUInt16 = 0x06,
  kInt32 = 0x07,
  kUInt32 = 0x08,
  kInt64 = 0x09,
  kUInt64 = 0x0a,
  kReal32 = 0x0b,
  kReal64 = 0x0c,
  kBool = 0x0d,
  kBinary = 0x0e,
  kGuid = 0x0f,
  kSize = 0x10,
  kFileTime = 0x11,
  kSystemTime = 0x12,
  kSid = 0x13,
  kHexInt32 = 0x14,
  kHexInt64 = 0x15,
  kBinaryXml = 0x21,
};
constexpr std::uint8_t kEvtxArray = 0x80;  // added to the type of the elements

struct EvtxValue {
  enum class Kind : std::uint8_t { kNull, kText, kJson };  // kJson: a number, truth, a list
  Kind kind = Kind::kNull;
  std::string text;

  bool operator==(const EvtxValue&) const = default;
};

// `type` as it is written, arrays included. A value whose bytes do not fit its type, or whose type nobody
// knows, is its bytes in hexadecimal digits, as binary ones are.
EvtxValue read_evtx_value(std::uint8_t type, std::string_view bytes);

// Puts what follows behind what is there, as text when both say something.
void append_evtx_value(EvtxValue& value, EvtxValue next);

// What is no UTF-16 becomes U+FFFD; NULs at the end are left out.
std::string text_of_utf16(std::string_view bytes);

void append_evtx_json(std::string& out, const EvtxValue& value);

}  // namespace tocsin::detect
