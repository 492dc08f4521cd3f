#include "detect/evtx/evtx_chunk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "detect/evtx/binary_xml.h"
#include "detect/testing/evtx_builder.h"

namespace tocsin::detect {
namespace {

using test::add_logon;
using test::bytes_of;
using test::EvtxChunkBuilder;
using test::utf16;
using testing::ElementsAre;
using testing::HasSubstr;
using Type = EvtxChunkBuilder::Type;

// "ID:JSON", or "ID!FAULT".
std::vector<std::string> records_of(std::string_view chunk) {
  std::string text;
  std::vector<EvtxRecord> records;
  read_evtx_chunk(chunk, text, records);
  std::vector<std::string> out;
  for (const auto& record : records) {
    const auto id = std::to_string(record.id);
    out.push_back(record.fault != nullptr ? id + "!" + record.fault
                                          : id + ":" + text.substr(record.offset, record.size));
  }
  return out;
}

// Of one record that holds this.
template <class Body>
std::string json_of(EvtxChunkBuilder& chunk, const Body& body) {
  chunk.record(1, body);
  const auto records = records_of(chunk.finish());
  return records.size() == 1 ? records.front() : std::to_string(records.size()) + " records";
}

TEST(EvtxChunk, ATemplateAndItsValuesAreAnEvent) {
  EvtxChunkBuilder chunk(7);
  add_logon(chunk, 7, "root");
  add_logon(chunk, 8, "somebody \"else\"", 4625);
  EXPECT_THAT(
      records_of(chunk.finish()),
      ElementsAre(
          R"(7:{"Event":{"#attributes":{"xmlns":"http://x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},)"
          R"("EventID":4624,"TimeCreated":{"#attributes":{"SystemTime":"2022-06-18T04:26:40.000000Z"}},"EventRecordID":7,"Correlation":null,)"
          R"("Channel":"Security"},"EventData":{"TargetUserName":"root"}}})",
          R"(8:{"Event":{"#attributes":{"xmlns":"http://x"},"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Security-Auditing"}},)"
          R"("EventID":4625,"TimeCreated":{"#attributes":{"SystemTime":"2022-06-18T04:26:40.000000Z"}},"EventRecordID":8,"Correlation":null,)"
          R"("Channel":"Security"},"EventData":{"TargetUserName":"somebody \"else\""}}})"));
}

TEST(EvtxChunk, DataHasTheNamesThatItsAttributesSay) {
  EvtxChunkBuilder chunk;
  const auto json = json_of(chunk, [&] {
    chunk.element("EventData", {}, [&] {
      const auto data = [&](const char* text) { return [&chunk, text] { chunk.text(text); }; };
      chunk.element("Data", {{"Name", "A"}}, data("1"));
      chunk.element("Data", {{"Name", "B"}}, data("2"));
      chunk.element("Data", {{"Name", "A"}}, data("3"));
      chunk.element("Data", {}, data("x"));
      chunk.element("Data", {}, data("y"));
      chunk.element("Data", {{"Name", "C"}});
      chunk.element("Other", {{"n", "1"}}, data("z"));
      chunk.element("Twice", {}, data("1"));
      chunk.element("Twice", {}, data("2"));
    });
  });
  EXPECT_EQ(json, R"(1:{"EventData":{"A":["1","3"],"B":"2","Data":{"#text":["x","y"]},"C":null,)"
                  R"("Other":{"#attributes":{"n":"1"},"#text":"z"},"Twice":["1","2"]}})");
}

TEST(EvtxChunk, ValuesMayHoldElements) {
  EvtxChunkBuilder chunk;
  const auto json = json_of(chunk, [&] {
    const auto direct = [&] {
      const auto inner = [&] {
        chunk.element(
            "B", {}, [&] { chunk.text("x"); }, false);
      };
      chunk.element("A", {}, inner, false);
    };
    const auto by_template = [&] {
      chunk.fragment();
      chunk.use_template(2, {EvtxChunkBuilder::value(Type::kUInt8, "\x05")}, [&] {
        chunk.element("C", {{"n", "", 0}}, [&] { chunk.substitution(0); });
      });
    };
    chunk.use_template(1, {EvtxChunkBuilder::xml(direct), EvtxChunkBuilder::xml(by_template)}, [&] {
      chunk.element("Event", {}, [&] {
        chunk.substitution(0, Type::kBinaryXml);
        chunk.substitution(1, Type::kBinaryXml);
        chunk.substitution(2, Type::kBinaryXml);  // there is no such value
      });
    });
  });
  EXPECT_EQ(json, R"(1:{"Event":{"A":{"B":"x"},"C":{"#attributes":{"n":5},"#text":5}}})");
}

TEST(EvtxChunk, TextIsMadeOfAllItsPieces) {
  EvtxChunkBuilder chunk;
  const auto json = json_of(chunk, [&] {
    chunk.element("Event", {}, [&] {
      chunk.raw("\x0A");  // <?target data?>
      chunk.name("target");
      chunk.raw("\x0B" + bytes_of(std::uint16_t{4}) + utf16("data"));
      chunk.text("a<");
      chunk.raw("\x49");
      chunk.name("amp");
      chunk.raw("\x09");
      chunk.name("unknown");
      chunk.raw("\x08" + bytes_of(std::uint16_t{0x20AC}));
      chunk.raw("\x07" + bytes_of(std::uint16_t{2}) + utf16("]]"));
    });
  });
  EXPECT_EQ(json, "1:{\"Event\":\"a<&&unknown;\u20AC]]\"}");
}

TEST(EvtxChunk, AListIsTheValueOfItsElement) {
  EvtxChunkBuilder chunk;
  const auto json = json_of(chunk, [&] {
    chunk.use_template(1, {EvtxChunkBuilder::array(Type::kString, utf16(std::string("a\0b\0", 4)))}, [&] {
      chunk.element("EventData", {}, [&] { chunk.element("Data", {}, [&] { chunk.substitution(0); }); });
    });
  });
  EXPECT_EQ(json, R"(1:{"EventData":{"Data":{"#text":["a","b"]}}})");
}

TEST(EvtxChunk, DamageIsSaidAndReadingGoesOn) {
  EvtxChunkBuilder builder(10);
  std::vector<std::size_t> begins;
  for (std::uint64_t id = 10; id < 14; ++id) {
    begins.push_back(builder.size());
    add_logon(builder, id, "u");
  }
  const auto good = builder.finish();
  ASSERT_EQ(records_of(good).size(), 4u);

  auto wrong_sum = good;
  wrong_sum[begins[1] + 16] ^= 1;  // the time at which it was written, which nothing reads
  EXPECT_EQ(records_of(wrong_sum).size(), 5u);
  EXPECT_EQ(records_of(wrong_sum).front(), "10!a chunk whose checksum is wrong");

  auto no_record = good;
  no_record[begins[2]] = 'x';
  const auto around = records_of(no_record);
  ASSERT_EQ(around.size(), 5u);
  EXPECT_EQ(around[3], "12!bytes that are no record");
  EXPECT_THAT(around[4], testing::StartsWith("13:"));

  auto bad_xml = good;
  bad_xml[begins[3] + 24 + 4] = '\x33';  // no token
  EXPECT_EQ(records_of(bad_xml).back(), "13!a record that is damaged");
}

TEST(EvtxChunk, AnUnfinishedChunkHasTheRecordsThatLieInIt) {
  EvtxChunkBuilder builder(10);
  add_logon(builder, 10, "u");
  const auto written = builder.finish();
  add_logon(builder, 11, "u");
  const auto later = builder.size();
  add_logon(builder, 12, "u");
  auto chunk = builder.finish();
  chunk.replace(0, 512, written, 0, 512);  // the head is that of before
  auto records = records_of(chunk);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_THAT(records[2], testing::StartsWith("12:"));
  // A record of an earlier use of the chunk ends it, also where the head is no help.
  chunk.replace(later + 8, 8, bytes_of(std::uint64_t{3}));
  for (const bool has_head : {true, false}) {
    if (!has_head) chunk.replace(48, 4, bytes_of(std::uint32_t{0}));
    records = records_of(chunk);
    ASSERT_EQ(records.size(), has_head ? 2u : 3u);
    EXPECT_THAT(records.back(), testing::StartsWith("11:"));
  }
}

TEST(EvtxChunk, WhatIsNoChunkIsSaid) {
  EXPECT_THAT(records_of(std::string(kEvtxChunkBytes, '\0')), ElementsAre());
  EXPECT_THAT(records_of(std::string(kEvtxChunkBytes, 'x')),
              ElementsAre("0!bytes that are no chunk of an event log"));
  EvtxChunkBuilder builder;
  add_logon(builder, 1, "u");
  const auto half = builder.finish().substr(0, kEvtxChunkBytes / 2);
  const auto records = records_of(half);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0], "0!a chunk that is cut off");
  EXPECT_THAT(records[1], testing::StartsWith("1:"));
}

TEST(EvtxChunk, TemplatesThatNameThemselvesEnd) {
  EvtxChunkBuilder chunk;
  chunk.record(1, [&] {
    chunk.use_template(1, {}, [&] {
      // Twice itself: each level would double the work.
      for (int i = 0; i < 2; ++i) chunk.use_template(1, {}, [] {});
    });
  });
  add_logon(chunk, 2, "u");
  const auto records = records_of(chunk.finish());
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0], "1!a record that is damaged");
}

TEST(EvtxChunk, AChunkCostsABoundedNumberOfSteps) {
  // Each record names a value of 30,000 bytes 2,000 times.
  EvtxChunkBuilder chunk;
  for (std::uint64_t id = 1; id < 3; ++id) {
    chunk.record(id, [&] {
      chunk.use_template(1, {EvtxChunkBuilder::value(Type::kString, std::string(15'000, 'x'))}, [&] {
        chunk.element("Event", {}, [&] {
          for (int i = 0; i < 2'000; ++i) chunk.substitution(0);
        });
      });
    });
  }
  EXPECT_THAT(records_of(chunk.finish()),
              ElementsAre("1!a record that is damaged", "2!a record that is damaged"));
}

TEST(EvtxChunk, NestingHasAnEnd) {
  EvtxChunkBuilder chunk;
  std::function<void(int)> nest = [&](int depth) {
    if (depth > 0) chunk.element("e", {}, [&] { nest(depth - 1); });
  };
  chunk.record(1, [&] { nest(BinaryXml::kMaxDepth); });
  chunk.record(2, [&] { nest(BinaryXml::kMaxDepth + 1); });
  const auto records = records_of(chunk.finish());
  ASSERT_EQ(records.size(), 2u);
  EXPECT_THAT(records[0], HasSubstr("{\"e\":{\"e\":null"));
  EXPECT_EQ(records[1], "2!a record that is damaged");
}

TEST(EvtxChunk, AnyByteMayBeAnything) {
  EvtxChunkBuilder builder;
  add_logon(builder, 1, "u");
  const auto used = builder.size();
  const auto good = builder.finish();
  for (std::size_t at = 0; at < used; ++at) {
    for (const int change : {0x01, 0x40, 0xFF}) {
      auto bad = good;
      bad[at] = static_cast<char>(bad[at] ^ change);
      EXPECT_LE(records_of(bad).size(), 3u) << at;
    }
  }
}

}  // namespace
}  // namespace tocsin::detect
