#include "detect/evtx/evtx_value.h"

#include <gtest/gtest.h>

#include "detect/testing/evtx_builder.h"

namespace tocsin::detect {
namespace {

using test::bytes_of;
using test::utf16;

std::string json_of(EvtxType type, std::string_view bytes, std::uint8_t flags = 0) {
  std::string out;
  append_evtx_json(
      out, read_evtx_value(static_cast<std::uint8_t>(static_cast<std::uint8_t>(type) | flags), bytes));
  return out;
}

TEST(EvtxValue, NumbersAreNumbers) {
  EXPECT_EQ(json_of(EvtxType::kInt8, bytes_of(std::int8_t{-5})), "-5");
  EXPECT_EQ(json_of(EvtxType::kUInt8, bytes_of(std::uint8_t{200})), "200");
  EXPECT_EQ(json_of(EvtxType::kInt16, bytes_of(std::int16_t{-300})), "-300");
  EXPECT_EQ(json_of(EvtxType::kUInt16, bytes_of(std::uint16_t{4624})), "4624");
  EXPECT_EQ(json_of(EvtxType::kInt32, bytes_of(std::int32_t{-70'000})), "-70000");
  EXPECT_EQ(json_of(EvtxType::kUInt32, bytes_of(std::uint32_t{4'000'000'000})), "4000000000");
  EXPECT_EQ(json_of(EvtxType::kInt64, bytes_of(std::int64_t{-1})), "-1");
  EXPECT_EQ(json_of(EvtxType::kUInt64, bytes_of(~std::uint64_t{0})), "18446744073709551615");
  EXPECT_EQ(json_of(EvtxType::kReal32, bytes_of(0.5F)), "0.5");
  EXPECT_EQ(json_of(EvtxType::kReal64, bytes_of(-2.25)), "-2.25");
  EXPECT_EQ(json_of(EvtxType::kReal64, bytes_of(1e308 * 10)), "\"inf\"");
  EXPECT_EQ(json_of(EvtxType::kBool, bytes_of(std::uint32_t{1})), "true");
  EXPECT_EQ(json_of(EvtxType::kBool, bytes_of(std::uint32_t{0})), "false");
}

TEST(EvtxValue, HexadecimalOnesHaveNoLeadingZeros) {
  EXPECT_EQ(json_of(EvtxType::kHexInt32, bytes_of(std::uint32_t{0x3b5e64})), "\"0x3b5e64\"");
  EXPECT_EQ(json_of(EvtxType::kHexInt64, bytes_of(std::uint64_t{0x8020000000000000})),
            "\"0x8020000000000000\"");
  EXPECT_EQ(json_of(EvtxType::kSize, bytes_of(std::uint32_t{0})), "\"0x0\"");
  EXPECT_EQ(json_of(EvtxType::kSize, bytes_of(std::uint64_t{16})), "\"0x10\"");
}

TEST(EvtxValue, TextsAreUtf8) {
  EXPECT_EQ(json_of(EvtxType::kString, utf16("a\"b\\")), R"("a\"b\\")");
  EXPECT_EQ(json_of(EvtxType::kString, std::string_view("\xE4\0\xAC\x20\x3D\xD8\x00\xDE\0\0", 10)),
            "\"\u00E4\u20AC\U0001F600\"");
  // Halves of pairs, and half a unit at the end.
  EXPECT_EQ(json_of(EvtxType::kString, std::string_view("\x3D\xD8x\0\x00\xDE\x3D\xD8y", 9)),
            "\"\uFFFDx\uFFFD\uFFFD\"");
  EXPECT_EQ(json_of(EvtxType::kAnsiString, std::string_view("a\xFF\0b", 4)), "\"a\uFFFD\"");
  EXPECT_EQ(json_of(EvtxType::kNull, ""), "null");
}

TEST(EvtxValue, IdentifiersAndTimesAreAsTheToolsWriteThem) {
  EXPECT_EQ(json_of(EvtxType::kGuid, "\x1F\x38\x70\x57\x2A\xC2\xE0\x43\xBF\x4C\x06\xF5\x69\x8F\xFB\xD9"),
            "\"5770381F-C22A-43E0-BF4C-06F5698FFBD9\"");
  EXPECT_EQ(json_of(EvtxType::kSid, std::string_view("\x01\x02\0\0\0\0\0\x05\x20\0\0\0\x20\x02\0\0", 16)),
            "\"S-1-5-32-544\"");
  EXPECT_EQ(json_of(EvtxType::kFileTime, bytes_of(std::uint64_t{131'124'715'716'816'407})),
            "\"2016-07-08T17:12:51.681640Z\"");
  EXPECT_EQ(json_of(EvtxType::kFileTime, bytes_of(std::uint64_t{0})), "\"1601-01-01T00:00:00.000000Z\"");
  EXPECT_EQ(json_of(EvtxType::kFileTime, bytes_of(~std::uint64_t{0})), "\"FFFFFFFFFFFFFFFF\"");
  std::string parts;
  for (const int part : {2024, 2, 4, 29, 23, 5, 6, 78}) parts += bytes_of(static_cast<std::uint16_t>(part));
  EXPECT_EQ(json_of(EvtxType::kSystemTime, parts), "\"2024-02-29T23:05:06.078000Z\"");
  EXPECT_EQ(json_of(EvtxType::kBinary, "\x01\xAB"), "\"01AB\"");
}

TEST(EvtxValue, ListsAreLists) {
  EXPECT_EQ(json_of(EvtxType::kString, utf16(std::string("a\0\0b", 4)), kEvtxArray), R"(["a","","b"])");
  EXPECT_EQ(json_of(EvtxType::kUInt16, bytes_of(std::uint16_t{1}) + bytes_of(std::uint16_t{2}), kEvtxArray),
            "[1,2]");
  EXPECT_EQ(json_of(EvtxType::kHexInt32, bytes_of(std::uint32_t{255}), kEvtxArray), R"(["0xff"])");
  EXPECT_EQ(json_of(EvtxType::kUInt32, "", kEvtxArray), "[]");
}

TEST(EvtxValue, WhatDoesNotFitItsTypeIsItsBytes) {
  EXPECT_EQ(json_of(EvtxType::kUInt32, "\x01\x02"), "\"0102\"");
  EXPECT_EQ(json_of(EvtxType::kGuid, "\x01"), "\"01\"");
  EXPECT_EQ(json_of(EvtxType::kSid, std::string_view("\x01\xFF\0\0\0\0\0\x05", 8)), "\"01FF000000000005\"");
  EXPECT_EQ(json_of(EvtxType::kSize, "\x01"), "\"01\"");
  EXPECT_EQ(json_of(EvtxType::kUInt32, "\x01\x02\x03", kEvtxArray), "\"010203\"");
  EXPECT_EQ(json_of(EvtxType::kSid, "\x01", kEvtxArray), "\"01\"");
  EXPECT_EQ(json_of(static_cast<EvtxType>(0x77), "\x01"), "\"01\"");
}

TEST(EvtxValue, PiecesOfATextAreOne) {
  EvtxValue value;
  append_evtx_value(value, read_evtx_value(static_cast<std::uint8_t>(EvtxType::kUInt8), "\x07"));
  EXPECT_EQ(value, (EvtxValue{EvtxValue::Kind::kJson, "7"}));
  append_evtx_value(value, {});
  EXPECT_EQ(value.kind, EvtxValue::Kind::kJson);
  append_evtx_value(value, {EvtxValue::Kind::kText, " MB"});
  EXPECT_EQ(value, (EvtxValue{EvtxValue::Kind::kText, "7 MB"}));
}

}  // namespace
}  // namespace tocsin::detect
