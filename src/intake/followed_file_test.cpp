#include "intake/followed_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/testing/temp_dir.h"

namespace tocsin::intake {
namespace {

namespace fs = std::filesystem;

class FollowedFileTest : public testing::Test {
 protected:
  std::string path() const { return folder_.file("a.log"); }
  void append(std::string_view text) const {
    std::ofstream(path(), std::ios::app | std::ios::binary) << text;
  }
  static std::vector<std::string> read(FollowedFile& file,
                                       FollowedFile::Next next = FollowedFile::Next::kBatch) {
    MessageBatch batch;
    EXPECT_EQ(file.read(batch, false, {}, 1 << 20), next);
    std::vector<std::string> lines;
    batch.for_each([&](std::string_view line, bool) { lines.emplace_back(line); });
    return lines;
  }
  using Strings = std::vector<std::string>;

  const test::TempDir folder_;
};

TEST(FilePosition, ReadsWhatItWrote) {
  const FilePosition position{.offset = 7,
                              .skipping = true,
                              .sent_until = 9,
                              .fingerprint = ~0ULL,
                              .fingerprint_bytes = 256,
                              .generation = 5};
  EXPECT_EQ(decode_position(encode(position)), position);
  EXPECT_EQ(decode_position(encode({})), FilePosition());
  for (const auto* wrong : {"", "1", "2 0 0 0 0 0 0", "1 0 0 0 0 0", "1 0 2 0 0 0 0", "1 0 0 0 0 257 0",
                            "1 0 0 0 0 0 0 0", "1 -1 0 0 0 0 0", "1 0 0 0 99999999999999999999 0 0"}) {
    EXPECT_FALSE(decode_position(wrong)) << wrong;
  }
}

TEST_F(FollowedFileTest, AdvancesOnlyWhenWhatWasSentIsStored) {
  append("a\nb\nc");
  auto file = *FollowedFile::open(path(), 1);
  EXPECT_EQ(read(file), (Strings{"a", "b"}));
  EXPECT_EQ(file.position().offset, 0U);
  EXPECT_EQ(file.position().sent_until, 4U);
  const auto key = file.idempotency_key("g");
  file.settle(false);
  append("\nd\n");
  EXPECT_EQ(read(file), (Strings{"a", "b"})) << "the same again, although more has come";
  EXPECT_EQ(file.idempotency_key("g"), key);
  file.settle(true);
  EXPECT_EQ(file.position().offset, 4U);
  EXPECT_EQ(read(file), (Strings{"c", "d"}));
  EXPECT_NE(file.idempotency_key("g"), key);
}

TEST_F(FollowedFileTest, AnotherProcessSendsWhatWasAnnounced) {
  append("a\nb\n");
  auto before = *FollowedFile::open(path(), 1);
  read(before);
  append("c\n");
  auto after = *FollowedFile::open(path(), 2);
  after.resume(*decode_position(encode(before.position())));
  EXPECT_EQ(read(after), (Strings{"a", "b"}));
  EXPECT_EQ(after.idempotency_key("g"), before.idempotency_key("g"));
}

TEST_F(FollowedFileTest, AFileCutToNothingBeginsAgainWhateverItsSize) {
  append("first line\n");
  auto file = *FollowedFile::open(path(), 1);
  read(file);
  file.settle(true);
  fs::resize_file(path(), 0);
  append("other line\nand more than before\n");
  file.check_truncation(2);
  EXPECT_EQ(file.position(), (FilePosition{.generation = 2}));
  EXPECT_EQ(read(file), (Strings{"other line", "and more than before"}));
}

TEST_F(FollowedFileTest, APositionOfOtherContentIsNotTaken) {
  append("first line\n");
  auto file = *FollowedFile::open(path(), 1);
  read(file);
  file.settle(true);
  const auto position = file.position();
  fs::remove(path());
  append("another line\n");
  auto other = *FollowedFile::open(path(), 2);
  other.resume(position);
  EXPECT_EQ(other.position().offset, 0U);
}

TEST_F(FollowedFileTest, FromTheEndALineThatWasBegunIsNotReadInHalf) {
  append("old\nbegun");
  auto file = *FollowedFile::open(path(), 1);
  file.go_to_end();
  append(" before\nnew\n");
  EXPECT_EQ(read(file), Strings{"new"});
}

TEST_F(FollowedFileTest, BlankLinesAreNoBatch) {
  append("\n\n");
  auto file = *FollowedFile::open(path(), 1);
  read(file, FollowedFile::Next::kBlank);
  EXPECT_EQ(file.position().offset, 2U);
  read(file, FollowedFile::Next::kNothing);
}

TEST_F(FollowedFileTest, CompressedFilesAreKnownByTheirFirstBytes) {
  append("\x1f\x8b\x08\x01");
  EXPECT_TRUE(FollowedFile::open(path(), 1)->is_compressed());
  EXPECT_FALSE(FollowedFile::open(folder_.path().string(), 1));
}

}  // namespace
}  // namespace tocsin::intake
