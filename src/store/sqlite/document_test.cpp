// Documents of alerts, those of earlier releases among them.

#include "store/sqlite/document.h"

#include <gtest/gtest.h>

#include "store/sqlite/codec.h"

namespace tocsin::store {
namespace {

constexpr Timestamp kThen = from_unix_nanos(1'767'528'000'000'000'000);

// As the first release wrote it: facts without subject and time.
std::string first_version() {
  std::string bytes;
  ByteWriter to(bytes);
  to.varint(1);
  to.text("message");
  for (int list = 0; list < 3; ++list) to.varint(0);  // entities, indicators, reasons
  to.varint(2);
  for (const auto* value : {"NL", "DE"}) {
    to.text("country");
    to.text(value);
    to.text("geoip");
    to.time(kThen);
  }
  for (int text = 0; text < 6; ++text) to.optional_text(std::nullopt);
  to.text("AMBER");
  to.text("{}");
  return bytes;
}

TEST(Document, OneOfTheFirstReleaseIsRead) {
  model::Alert alert;
  ASSERT_TRUE(decode_document(first_version(), alert));
  ASSERT_EQ(alert.facts.size(), 2U);
  EXPECT_EQ(alert.facts[1], (model::Fact{"country", "DE", "geoip", kThen, "", Timestamp{}}));
  EXPECT_EQ(alert.tlp, "AMBER");
  EXPECT_EQ(alert.raw, "{}");
}

TEST(Document, FactsKeepTheirSubjectAndTime) {
  model::Alert alert;
  alert.facts = {{"asset", "db-01", "asset_table", kThen, "10.1.2.3", kThen + std::chrono::hours(1)}};
  std::string bytes;
  encode_document(alert, bytes);
  model::Alert back;
  ASSERT_TRUE(decode_document(bytes, back));
  EXPECT_EQ(back.facts, alert.facts);
}

TEST(Document, WhatWasKnownOfItsLikesStays) {
  for (const bool has : {false, true}) {
    model::Alert alert;
    if (has) alert.triage.habit = model::Habit{1.5, 2.25, 700.125, 3, 400, 0.75, 2, 1};
    std::string bytes;
    encode_document(alert, bytes);
    model::Alert back;
    ASSERT_TRUE(decode_document(bytes, back));
    EXPECT_EQ(back.triage.habit, alert.triage.habit);
  }
}

TEST(Document, ALaterVersionIsNotGuessedAt) {
  auto bytes = first_version();
  bytes[0] = 4;
  model::Alert alert;
  EXPECT_FALSE(decode_document(bytes, alert));
}

}  // namespace
}  // namespace tocsin::store
