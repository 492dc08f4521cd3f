#include <gtest/gtest.h>

#include <set>

#include "load/connection.h"
#include "load/latencies.h"

namespace tocsin::bench {
namespace {

std::string alert_number(const AlertWriter& writer, std::uint32_t form, std::uint64_t number) {
  std::string body;
  const auto slot = writer.append_blank(body, form);
  writer.fill(body, slot, number);
  return body;
}

TEST(AlertWriter, GivesTheSameAlertForANumberAndAnotherForTheNext) {
  const AlertWriter writer({.run = "abc123", .addresses = 1000});
  EXPECT_EQ(alert_number(writer, 3, 42), alert_number(writer, 3, 42));
  EXPECT_NE(alert_number(writer, 3, 42), alert_number(writer, 3, 43));
  EXPECT_NE(alert_number(writer, 3, 42).find("\"id\":\"ld-abc123-0000000042\""), std::string::npos);
}

TEST(AlertWriter, PatchingInPlaceEqualsWritingAfresh) {
  const AlertWriter writer({.addresses = 1000});
  std::string body = "[";
  const auto first = writer.append_blank(body, 0);
  body += ',';
  const auto second = writer.append_blank(body, 1);
  body += ']';
  writer.fill(body, first, 7);
  writer.fill(body, second, 8);
  writer.fill(body, first, 900);
  writer.fill(body, second, 901);
  EXPECT_EQ(body, '[' + alert_number(writer, 0, 900) + ',' + alert_number(writer, 1, 901) + ']');
}

TEST(AlertWriter, SizesAreThoseOfRealAlerts) {
  const AlertWriter writer({.addresses = 1000});
  for (std::uint32_t form = 0; form < writer.forms(); ++form) {
    const auto size = alert_number(writer, form, form).size();
    EXPECT_GE(size, 400U) << form;
    EXPECT_LE(size, 600U) << form;
  }
}

TEST(AlertWriter, EventTimeAdvances) {
  const AlertWriter writer({.addresses = 10, .start = from_unix_nanos(0), .step = std::chrono::seconds(2)});
  EXPECT_NE(alert_number(writer, 0, 30).find("\"ts\":\"1970-01-01T00:01:00.000Z\""), std::string::npos);
}

TEST(ParseAnswer, WaitsForTheWholeBody) {
  const std::string whole = "HTTP/1.1 201 Created\r\nDate: x\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_answer(whole.substr(0, size))) << size;
  const auto parsed = parse_answer(whole);
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->answer.status, 201);
  EXPECT_EQ(parsed->answer.body, "hello");
  EXPECT_EQ(parsed->length, whole.size());
}

TEST(ParseAnswer, HeaderNamesHaveNoCase) {
  EXPECT_EQ(parse_answer("HTTP/1.1 200 OK\r\ncontent-length:2\r\n\r\n{}")->answer.body, "{}");
}

TEST(ReadOutcome, CountsWhatTheServerSaid) {
  const auto many = read_outcome(
      {200,
       R"({"accepted":97,"duplicates":1,"rejected":[{"index":3,"reason":"x"},{"index":9,"reason":"y"}]})"},
      Dialect::kTocsin, 100);
  EXPECT_EQ(many.accepted, 97U);
  EXPECT_EQ(many.duplicates, 1U);
  EXPECT_EQ(many.rejected, 2U);
  EXPECT_EQ(read_outcome({201, "{}"}, Dialect::kTocsin, 1).accepted, 1U);
  EXPECT_EQ(read_outcome({200, "{}"}, Dialect::kTocsin, 1).duplicates, 1U);
  EXPECT_EQ(read_outcome({200, "{}"}, Dialect::kPeer, 1).accepted, 1U);
  EXPECT_TRUE(read_outcome({500, ""}, Dialect::kPeer, 1).error);
}

TEST(Latencies, PercentilesAreWithinTheirBucketsWidth) {
  Latencies latencies;
  for (std::uint64_t value = 1; value <= 10'000; ++value) latencies.add(value);
  EXPECT_NEAR(latencies.percentile_ms(0.5), 5.0, 0.08);
  EXPECT_NEAR(latencies.percentile_ms(0.99), 9.9, 0.16);
  EXPECT_EQ(Latencies().percentile_ms(0.5), 0);
}

}  // namespace
}  // namespace tocsin::bench
