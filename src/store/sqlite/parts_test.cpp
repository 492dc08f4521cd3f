// The pieces that need no database: bytes, keys, words, cursors.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "store/sqlite/block.h"
#include "store/sqlite/codec.h"
#include "store/sqlite/cursor.h"
#include "store/sqlite/document.h"
#include "store/sqlite/key_index.h"
#include "store/sqlite/search_text.h"
#include "store/test_support.h"

namespace tocsin::store::test {
namespace {

TEST(Codec, NumbersRoundTripAndCutBytesAreFound) {
  std::string bytes;
  ByteWriter to(bytes);
  const std::vector<std::int64_t> numbers{0, -1, 1, -64, 64, 1'000'000, INT64_MAX, INT64_MIN};
  for (const auto number : numbers) to.signed_varint(number);
  to.real(-0.25);
  to.optional_text(std::nullopt);
  to.optional_text("");
  ByteReader from(bytes);
  for (const auto number : numbers) EXPECT_EQ(from.signed_varint(), number);
  EXPECT_EQ(from.real(), -0.25);
  EXPECT_EQ(from.optional_text(), std::nullopt);
  EXPECT_EQ(from.optional_text(), "");
  EXPECT_TRUE(from.done());
}

TEST(Document, IsRefusedWhenCutOrDamagedAndNeverReadsBeyond) {
  std::string bytes;
  const auto whole = make_alert(1, from_unix_nanos(1)).alert;
  encode_document(whole, bytes);
  model::Alert read;
  ASSERT_TRUE(decode_document(bytes, read));
  EXPECT_EQ(read.facts, whole.facts);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(decode_document(std::string_view(bytes).substr(0, size), read)) << size;
  }
  std::mt19937 random(1);
  for (int i = 0; i < 2000; ++i) {
    auto damaged = bytes;
    damaged[random() % damaged.size()] = static_cast<char>(random());
    decode_document(damaged, read);  // any answer, no crash
  }
}

TEST(Block, ItemsComeBackByTheirSlot) {
  BlockWriter writer;
  for (int i = 0; i < 100; ++i) {
    writer.open_item() += std::string(static_cast<std::size_t>(i), 'x') + std::to_string(i);
    writer.close_item();
  }
  const auto packed = writer.pack();
  EXPECT_LT(packed.size(), writer.bytes() / 4);
  const auto block = value_of(BlockReader::open(packed));
  ASSERT_EQ(block.size(), 100U);
  EXPECT_EQ(block.item(7), "xxxxxxx7");
  EXPECT_EQ(block.item(100), "");
  EXPECT_FALSE(BlockReader::open(packed.substr(0, packed.size() / 2)));
  EXPECT_FALSE(BlockReader::open("not a block"));
}

using Truth = std::multimap<Key, Seq>;

void expect_same(const KeyTail& tail, const Truth& truth) {
  for (Key key = 0; key < 300; ++key) {
    std::vector<Seq> expected;
    for (auto [it, last] = truth.equal_range(key); it != last; ++it)
      expected.insert(expected.begin(), it->second);
    if (expected.size() > 5) expected.resize(5);
    ASSERT_EQ(tail.find(key, 5), expected) << "key " << key;
  }
}

TEST(KeyTail, GivesTheNewestOfAKeyAndForgetsWhatIsRolledBack) {
  KeyTail tail;
  Truth truth, moving;
  std::mt19937 random(3);
  Seq seq = 0;
  for (int round = 0; round < 90; ++round) {
    const auto mark = seq;
    for (int i = 0; i < 50; ++i) {
      const auto key = static_cast<Key>(random() % 300);
      tail.add(key, ++seq);
      truth.emplace(key, seq);
    }
    if (round % 3 == 1) {
      tail.remove_from(mark + 1);
      std::erase_if(truth, [&](const auto& item) { return item.second > mark; });
      seq = mark;
    }
    if (round % 30 == 10) {
      moving = truth;
      EXPECT_EQ(tail.start_run().size(), truth.size());
      EXPECT_EQ(tail.size(), 0U);
    }
    if (round % 30 == 20) {
      tail.end_run();
      const auto through = std::max_element(moving.begin(), moving.end(),
                                            [](auto& x, auto& y) { return x.second < y.second; });
      std::erase_if(truth, [&](const auto& item) { return item.second <= through->second; });
    }
    expect_same(tail, truth);
  }
}

TEST(KeyTail, RangesFindAClientsIdWhateverItsSource) {
  KeyTail tail;
  tail.add(client_id_key(kDefaultTenant, "wazuh", "7"), 1);
  tail.add(client_id_key(kDefaultTenant, "api", "7"), 2);
  tail.add(client_id_key(kDefaultTenant, "api", "8"), 3);
  EXPECT_EQ(tail.find(client_id_range(kDefaultTenant, "7"), 9), (std::vector<Seq>{2, 1}));
  EXPECT_TRUE(tail.find(client_id_range(TenantId{2}, "7"), 9).empty());
}

TEST(BloomFilter, ForgetsNothingAndSeldomErrs) {
  BloomFilter filter;
  std::mt19937_64 random(5);
  std::vector<Key> keys(200'000);
  for (auto& key : keys) filter.add(key = static_cast<Key>(random()));
  for (const auto key : keys) ASSERT_TRUE(filter.may_have(key));
  int wrong = 0;
  for (int i = 0; i < 100'000; ++i) wrong += filter.may_have(static_cast<Key>(random())) ? 1 : 0;
  EXPECT_LT(wrong, 100);
}

TEST(SearchText, WordsAreFoundWholeByTheirPartsAndByPrefix) {
  model::Alert alert;
  alert.title = "Login by Alice@corp.example, from (10.0.0.1)!";
  alert.message = R"(C:\Windows\cmd.exe ran "x" caf)"
                  "\xC3\xA9";
  const auto words = search_words(alert);
  for (const auto* text :
       {"alice@corp.example", "ALICE", "10.0.0.1", "corp log", "cmd.exe", "windows", "caf\xC3\xA9", "10.0"}) {
    EXPECT_TRUE(parse_question(text).matches(words)) << text << " in" << words;
  }
  for (const auto* text : {"bob", "log alice", "0.0.1"})
    EXPECT_FALSE(parse_question(text).matches(words)) << text;
  EXPECT_TRUE(parse_question(" \" * ( ").empty());
  EXPECT_EQ(parse_question(R"(a"b OR* c)").to_match(), R"("a" AND "b" AND "or" AND "c"*)");
}

TEST(SearchText, LongWordsAreCutAtACharacter) {
  std::string word;
  for (int i = 0; i < 100; ++i) word += "\xC3\xA9";
  model::Alert alert;
  alert.title = word;
  const auto words = search_words(alert);
  EXPECT_TRUE(parse_question(word).matches(words));
  EXPECT_LE(parse_question("x" + word).words[0].size(), kWordBytes);
}

TEST(Cursor, OnlyItsOwnListReadsIt) {
  const auto text = encode_cursor("a", {-5, 12'345'678'901});
  const auto cursor = value_of(decode_cursor("a", text));
  EXPECT_EQ(cursor.key, -5);
  EXPECT_EQ(cursor.seq, 12'345'678'901);
  EXPECT_FALSE(decode_cursor("b", text));
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto damaged = text;
    damaged[i] = damaged[i] == 'Q' ? 'R' : 'Q';
    EXPECT_FALSE(decode_cursor("a", damaged));
  }
}

}  // namespace
}  // namespace tocsin::store::test
