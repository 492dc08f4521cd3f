#include "detect/scan/event_cutter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace tocsin::detect {
namespace {

using testing::ElementsAre;

// "LINE:TEXT" of each event, "LINE!FAULT" of what is none; the text comes in pieces of that size.
std::vector<std::string> events_of(const std::string& text, std::size_t piece = std::string::npos) {
  EventCutter cutter;
  std::vector<std::string> out;
  std::string held;
  std::size_t at = 0;
  for (;;) {
    const auto bytes = std::min(piece, text.size() - at);
    held.append(text, at, bytes);
    at += bytes;
    const bool last = at == text.size();
    std::vector<CutEvent> events;
    const auto cut = cutter.cut(held, last, events);
    for (const auto& event : events) {
      const auto line = std::to_string(event.line);
      out.push_back(event.fault != nullptr ? line + "!" + event.fault
                                           : line + ":" + held.substr(event.offset, event.size));
    }
    held.erase(0, cut);
    if (last && held.empty()) return out;
    if (last && cut == 0) ADD_FAILURE() << "stands still before: " << held.substr(0, 100);
    if (last && cut == 0) return out;
  }
}

TEST(EventCutter, ALineIsAnEvent) {
  EXPECT_THAT(events_of("{\"a\":1}\n\n  {\"b\":2} \r\nno\n{\"c\":3}"),
              ElementsAre("1:{\"a\":1}", "3:{\"b\":2}", "4:no", "5:{\"c\":3}"));
  EXPECT_THAT(events_of("\xEF\xBB\xBF\n{\"a\":1}\n"), ElementsAre("2:{\"a\":1}"));
  EXPECT_THAT(events_of(""), ElementsAre());
  EXPECT_THAT(events_of(" \n\n"), ElementsAre());
}

TEST(EventCutter, ABrokenFirstLineTakesNoOtherWithIt) {
  EXPECT_THAT(events_of("{\"a\":\n{\"b\":2}\n"), ElementsAre("1:{\"a\":", "2:{\"b\":2}"));
  EXPECT_THAT(events_of("{\"a\": {\"b\": \"x\n{\"b\":2}\n"),
              ElementsAre("1:{\"a\": {\"b\": \"x", "2:{\"b\":2}"));
}

TEST(EventCutter, ElementsOfAnArrayAreEvents) {
  EXPECT_THAT(events_of("[{\"a\":1},{\"b\":\"]}\\\"\"},\n {\"c\":[{}]\n}]\n"),
              ElementsAre("1:{\"a\":1}", "1:{\"b\":\"]}\\\"\"}", "2:{\"c\":[{}]\n}"));
  EXPECT_THAT(events_of("[]"), ElementsAre());
  EXPECT_THAT(events_of("[{\"a\":1}]\n[{\"b\":2}]"), ElementsAre("1:{\"a\":1}", "2:{\"b\":2}"));
}

TEST(EventCutter, RecordsOfADeliveryAreEvents) {
  EXPECT_THAT(events_of("{\"Records\":[{\"a\":1},\n{\"b\":2}]}"), ElementsAre("1:{\"a\":1}", "2:{\"b\":2}"));
  EXPECT_THAT(
      events_of(
          "{\n \"records\" : [\n  {\"a\":1}\n ],\n \"next\": {\"c\":[1]}\n}\n{\"Records\":[{\"b\":2}]}"),
      ElementsAre("3:{\"a\":1}", "7:{\"b\":2}"));
  EXPECT_THAT(events_of("{\"Records\":[]}"), ElementsAre());
  // The word alone makes none.
  EXPECT_THAT(events_of("{\"Records\":1}\n{\"a\":2}"), ElementsAre("1:{\"Records\":1}", "2:{\"a\":2}"));
}

TEST(EventCutter, ObjectsOnSeveralLinesAreEvents) {
  EXPECT_THAT(events_of("{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}\n"),
              ElementsAre("1:{\n  \"a\": 1\n}", "4:{\n  \"b\": 2\n}"));
}

TEST(EventCutter, GoesOnAfterWhatIsNoEvent) {
  EXPECT_THAT(events_of("[{\"a\":1},\n7, {\"lost\":1},\n{\"b\":2}]"),
              ElementsAre("1:{\"a\":1}", "2!no JSON object", "3:{\"b\":2}"));
  EXPECT_THAT(events_of("[{\"a\":\"x\n},\n{\"b\":2}]"),
              ElementsAre("1!a JSON string that is not closed", "2!no JSON object", "3:{\"b\":2}"));
  EXPECT_THAT(events_of("[{\"a\":1},{\"b\":"),
              ElementsAre("1:{\"a\":1}", "1!a JSON object that is not closed"));
  EXPECT_THAT(events_of("{\"Records\":[{\"a\":1}], \"b\": ["),
              ElementsAre("1:{\"a\":1}", "1!a JSON object that is not closed"));
}

TEST(EventCutter, PiecesMakeNoDifference) {
  const std::string files[] = {
      "\xEF\xBB\xBF{\"a\":1}\n\nno\n  {\"b\":\"\\n\"}\r\n{\"c\":3}",
      "[{\"a\":1},{\"b\":\"]}\\\"\"},\n {\"c\":[{}]\n}, 5\n,{\"d\":4}]\n",
      "{\"Records\":[{\"a\":1},\n{\"b\":2}], \"x\": [1, \"}\"]}\n{\"Records\":[{\"c\":3}]}",
      "{\n  \"a\": \"b\n}\n{\n  \"b\": 2\n}\n{",
  };
  for (const auto& file : files) {
    const auto whole = events_of(file);
    EXPECT_FALSE(whole.empty());
    for (const std::size_t piece : {1U, 2U, 3U, 7U, 20U})
      EXPECT_EQ(events_of(file, piece), whole) << piece << file;
  }
}

TEST(EventCutter, EventsThatAreTooLongAreSaidAndPassedOver) {
  const std::string much(EventCutter::kMaxEventBytes, 'x');
  const auto lines = "{\"a\":\"" + much + "\"}\n{\"b\":2}\n";
  const auto values = "[{\"a\":\"" + much + much + "\"},\n{\"b\":2}]";
  constexpr std::size_t kPiece = 5U << 20;
  for (const auto& file : {lines, values})
    EXPECT_THAT(events_of(file, kPiece), ElementsAre("1!longer than 16 MiB", "2:{\"b\":2}"));
}

TEST(EventCutter, OneCallGivesABoundedNumber) {
  std::string text;
  for (std::size_t i = 0; i < 2 * EventCutter::kMaxEvents; ++i) text += "{}\n";
  EventCutter cutter;
  std::vector<CutEvent> events;
  EXPECT_EQ(cutter.cut(text, true, events), 3 * EventCutter::kMaxEvents);
  EXPECT_EQ(events.size(), EventCutter::kMaxEvents);
}

}  // namespace
}  // namespace tocsin::detect
