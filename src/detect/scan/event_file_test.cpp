#include "detect/scan/event_file.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <fstream>

#include "base/testing/temp_dir.h"
#include "detect/evtx/evtx_chunk.h"
#include "detect/testing/evtx_builder.h"
#include "detect/testing/pack.h"

namespace tocsin::detect {
namespace {

struct Content {
  std::vector<std::string> events;
  std::uint64_t last_line = 0;
  std::size_t largest_chunk = 0;
  std::optional<Error> error;
};

class EventFileTest : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& bytes) const {
    const auto path = folder_.path() / name;
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }

  Content read(const std::string& file) {
    Content out;
    auto opened = EventFile::open(file, {}, bytes_read_);
    if (!opened) {
      out.error = opened.error();
      return out;
    }
    EventChunk chunk;
    for (bool more = true; more;) {
      const auto next = opened->next(chunk);
      if (!next) out.error = next.error();
      more = next && *next;
      chunk.read_evtx();
      out.largest_chunk = std::max(out.largest_chunk, chunk.text.size());
      for (const auto& event : chunk.events) {
        EXPECT_GE(chunk.text.size(), event.offset + event.size + simdjson::SIMDJSON_PADDING);
        if (event.fault != nullptr) continue;
        out.events.push_back(chunk.text.substr(event.offset, event.size));
        out.last_line = event.line;
      }
    }
    return out;
  }

  test::TempDir folder_;
  std::atomic<std::uint64_t> bytes_read_ = 0;
};

std::string many_lines(std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += R"({"number":)" + std::to_string(i) + "}\n";
  return text;
}

TEST_F(EventFileTest, PackedFilesHoldTheSameEvents) {
  constexpr std::size_t kCount = 100'000;
  const auto text = many_lines(kCount);
  for (const int filter :
       {ARCHIVE_FILTER_NONE, ARCHIVE_FILTER_GZIP, ARCHIVE_FILTER_XZ, ARCHIVE_FILTER_ZSTD}) {
    const auto content = read(write("file", test::packed(text, filter)));
    EXPECT_FALSE(content.error) << to_string(*content.error);
    ASSERT_EQ(content.events.size(), kCount) << filter;
    EXPECT_EQ(content.events.back(), R"({"number":99999})");
    EXPECT_EQ(content.last_line, kCount);
    EXPECT_LT(content.largest_chunk, text.size());
  }
}

TEST_F(EventFileTest, MembersOfOnePackedFileComeOneAfterTheOther) {
  const auto gzip = test::packed("{\"a\":1}\n", ARCHIVE_FILTER_GZIP);
  EXPECT_EQ(read(write("file", gzip + gzip)).events.size(), 2u);
}

TEST_F(EventFileTest, ALongLineIsOneEvent) {
  const auto line = R"({"a":")" + std::string(10U << 20, 'x') + "\"}";
  const auto content = read(write("file", "{\"b\":1}\n" + line + "\n{\"c\":1}\n"));
  ASSERT_EQ(content.events.size(), 3u);
  EXPECT_EQ(content.events[1], line);
  EXPECT_EQ(content.last_line, 3u);
}

TEST_F(EventFileTest, AnEmptyFileHasNoEvent) {
  const auto content = read(write("file", ""));
  EXPECT_TRUE(content.events.empty());
  EXPECT_FALSE(content.error);
}

TEST_F(EventFileTest, WhatCameBeforeTheDamageIsThere) {
  auto gzip = test::packed(many_lines(100'000), ARCHIVE_FILTER_GZIP);
  gzip.resize(gzip.size() / 2);
  const auto content = read(write("file", gzip));
  ASSERT_TRUE(content.error);
  EXPECT_EQ(content.error->kind, ErrorKind::kInvalidSyntax);
  EXPECT_GT(content.events.size(), 1'000u);
}

TEST_F(EventFileTest, AnEventLogOfWindowsIsKnownByItsFirstBytes) {
  std::vector<std::string> chunks;
  for (std::uint64_t id = 1; id < 200; id += 50) {
    test::EvtxChunkBuilder chunk(id);
    for (auto i = id; i < id + 50; ++i) test::add_logon(chunk, i, "user" + std::to_string(i));
    chunks.push_back(chunk.finish());
  }
  chunks.push_back(std::string(kEvtxChunkBytes, '\0'));  // made ahead, never written to
  const auto bytes = test::evtx_file(chunks);
  for (const auto& file :
       {bytes, test::packed(bytes, ARCHIVE_FILTER_XZ), bytes.substr(0, bytes.size() - 100'000)}) {
    const auto content = read(write("file", file));
    EXPECT_FALSE(content.error);
    ASSERT_GE(content.events.size(), 150u);
    EXPECT_NE(content.events.front().find("\"user1\""), std::string::npos);
    EXPECT_EQ(content.last_line, content.events.size());
  }
  EXPECT_EQ(read(write("file", bytes.substr(0, 100))).events.size(), 0u);
}

TEST_F(EventFileTest, WhatIsNoFileOfEventsIsSaid) {
  EXPECT_EQ(read((folder_.path() / "absent").string()).error.value_or(Error{}).kind, ErrorKind::kNotFound);
  EXPECT_EQ(read(folder_.path().string()).error.value_or(Error{}).kind, ErrorKind::kInvalidInput);
  const auto utf16 = read(write("file", std::string("\xFF\xFE{\0\"\0", 6)));
  EXPECT_EQ(utf16.error.value_or(Error{}).kind, ErrorKind::kUnsupported);
  EXPECT_TRUE(utf16.events.empty());
}

}  // namespace
}  // namespace tocsin::detect
