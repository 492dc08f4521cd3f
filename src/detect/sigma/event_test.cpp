#include "detect/sigma/event.h"

#include <gtest/gtest.h>

namespace tocsin::detect::sigma {
namespace {

JsonEvent event_of(std::string_view json) {
  auto event = JsonEvent::parse(json);
  EXPECT_TRUE(event.ok()) << json;
  return event ? *std::move(event) : JsonEvent{};
}

std::vector<std::string> texts(const Event& event, std::string_view field) {
  std::vector<std::string> found;
  if (const auto* values = event.find(field)) {
    for (const auto& value : *values) found.push_back(value.text);
  }
  return found;
}

TEST(SigmaEvent, NamesOfNestedPartsAreJoinedByDots) {
  const auto event = event_of(R"({"userIdentity":{"type":"Root","n":[1,[2]]},"flat.name":"x"})");
  EXPECT_EQ(texts(event, "userIdentity.type"), std::vector<std::string>{"Root"});
  EXPECT_EQ(texts(event, "userIdentity.n"), (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(texts(event, "flat.name"), std::vector<std::string>{"x"});
  ASSERT_NE(event.find("userIdentity"), nullptr);
  EXPECT_TRUE(event.find("userIdentity")->empty());
  EXPECT_EQ(event.find("useridentity"), nullptr);
}

TEST(SigmaEvent, MembersOfObjectsInListsAreGathered) {
  const auto event = event_of(R"({"target":[{"id":"a"},{"id":"b"},{"other":1}],"none":[]})");
  EXPECT_EQ(texts(event, "target.id"), (std::vector<std::string>{"a", "b"}));
  ASSERT_NE(event.find("none"), nullptr);
  EXPECT_TRUE(event.find("none")->empty());
}

TEST(SigmaEvent, ValuesKeepTheirKindAndNumbersTheirSpelling) {
  const auto event = event_of(R"({"a":null,"b":true,"c":1.50 ,"d":"Ab","e":18446744073709551615})");
  EXPECT_EQ(event.find("a")->front().kind, ValueKind::kNull);
  EXPECT_EQ(event.find("b")->front().text, "true");
  EXPECT_EQ(event.find("c")->front().text, "1.50");
  EXPECT_EQ(event.find("c")->front().kind, ValueKind::kNumber);
  EXPECT_EQ(event.find("d")->front().folded, "ab");
  EXPECT_EQ(event.find("e")->front().text, "18446744073709551615");
}

TEST(SigmaEvent, WhatIsNoJsonObjectIsRefused) {
  for (const auto* text :
       {"", "[]", "1", "{", R"({"a":})", R"({"a":1} x)", R"({"a":tru})", R"({"a":1-2})", "{\"a\":\"\xff\"}"})
    EXPECT_FALSE(JsonEvent::parse(text).ok()) << text;
}

TEST(SigmaEvent, DeepAndLongNamesStayWithinBounds) {
  std::string deep = "1";
  for (int i = 0; i < 500; ++i) deep = "{\"k\":" + deep + '}';
  const auto event = event_of(deep);
  EXPECT_TRUE(
      event.any_value([](const Value& value) { return value.text.find("\"k\":1") != std::string::npos; }));
  const auto wide = event_of("{\"" + std::string(100'000, 'n') + "\":{\"x\":\"seen\"}}");
  EXPECT_TRUE(wide.any_value([](const Value& value) { return value.text == "seen"; }));
}

}  // namespace
}  // namespace tocsin::detect::sigma
