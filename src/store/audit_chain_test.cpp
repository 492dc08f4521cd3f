// What is done to a chain is found, wherever it is done.

#include "store/audit_chain.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <set>

#include "base/sha256.h"

namespace tocsin::store {
namespace {

constexpr std::int64_t kRecords = 400;

class Chain final : public AuditReader {
 public:
  std::vector<AuditRecord> records;
  ChainEnd last;
  std::vector<AuditHead> signed_ones;

  Result<void> scan(std::int64_t after,
                    const std::function<bool(std::span<const AuditRecord>)>& each) const override {
    std::vector<AuditRecord> some;
    for (const auto& record : records) {
      if (record.number > after) some.push_back(record);
    }
    each(some);
    return {};
  }
  Result<ChainEnd> end() const override { return last; }
  Result<std::vector<AuditHead>> heads(std::int64_t after, std::size_t) const override {
    std::vector<AuditHead> some;
    for (const auto& head : signed_ones) {
      if (head.number > after) some.push_back(head);
    }
    return some;
  }
};

class AuditChain : public testing::Test {
 protected:
  void SetUp() override {
    auto made = SigningKey::make();
    ASSERT_TRUE(made);
    key_.emplace(*std::move(made));
    public_ = {*PublicKey::parse(key_->public_pem())};
    for (std::int64_t n = 1; n <= kRecords; ++n) append(n);
  }
  void append(std::int64_t n) {
    const Origin origin{n % 2 == 0 ? "ana" : "bob", ActorKind::kPerson, "10.0.0.1", "t" + std::to_string(n),
                        "why"};
    const AuditEntry entry{AuditAction::kAlertUpdate, "AL-" + std::to_string(n), R"({"a":1})",
                           "{\"a\":" + std::to_string(n) + "}"};
    chain_.records.push_back(next_record(chain_.last, origin, from_unix_nanos(n * 1'000'000'000), entry));
    chain_.last = {{1}, n, chain_.records.back().hash};
    if (n % 50 == 0) sign();
  }
  void sign() {
    auto head = sign_head(chain_.last, chain_.records.back().at, *key_);
    ASSERT_TRUE(head);
    chain_.signed_ones.push_back(*std::move(head));
  }
  ChainReport check(const Chain& chain, std::vector<AuditHead> exported = {}) {
    std::vector<AnchoredHead> others;
    for (auto& head : exported) others.push_back({std::move(head), "elsewhere"});
    auto report =
        check_chain({{1}, &chain, true}, std::move(others), public_, [](std::size_t) { return true; });
    EXPECT_TRUE(report);
    return report ? *std::move(report) : ChainReport{};
  }
  // What somebody does who can count: every hash from `from` on is right again, and so is the end.
  static void count_anew(Chain& chain, std::size_t from) {
    for (auto i = from; i < chain.records.size(); ++i) {
      chain.records[i].number = static_cast<std::int64_t>(i) + 1;
      chain.records[i].prev_hash = i == 0 ? first_prev_hash() : chain.records[i - 1].hash;
      chain.records[i].hash = hash_of(chain.records[i]);
    }
    chain.last = {{1}, static_cast<std::int64_t>(chain.records.size()), chain.records.back().hash};
  }
  static bool names(const ChainReport& report, std::int64_t number) {
    return std::any_of(report.faults.begin(), report.faults.end(), [&](const ChainFault& fault) {
      return fault.number <= number && number <= fault.through;
    });
  }

  std::optional<SigningKey> key_;
  std::vector<PublicKey> public_;
  Chain chain_;
  std::mt19937 random_{11};
};

TEST_F(AuditChain, AWholeOneIsSound) {
  const auto report = check(chain_, chain_.signed_ones);
  EXPECT_TRUE(report.sound()) << to_string(report.faults[0]);
  EXPECT_EQ(report.records, kRecords);
  EXPECT_EQ(report.heads, 16);
}

TEST_F(AuditChain, AnEditOfAnyFieldIsFoundAtItsRecord) {
  using Edit = void (*)(AuditRecord&);
  const std::vector<Edit> edits{
      [](AuditRecord& r) { r.tenant.value += 1; },
      [](AuditRecord& r) { r.at += Nanos(1); },
      [](AuditRecord& r) { r.actor += "x"; },
      [](AuditRecord& r) { r.actor_kind = ActorKind::kMachine; },
      [](AuditRecord& r) { r.address.clear(); },
      [](AuditRecord& r) { r.trace_id += "x"; },
      [](AuditRecord& r) { r.action = "alert.updat"; },
      [](AuditRecord& r) { r.object_kind += "x"; },
      [](AuditRecord& r) { r.object_id += "x"; },
      [](AuditRecord& r) { r.before.clear(); },
      [](AuditRecord& r) { r.after += " "; },
      [](AuditRecord& r) { r.reason += "x"; },
      [](AuditRecord& r) { r.prev_hash[0] = static_cast<char>(r.prev_hash[0] ^ 1); },
      [](AuditRecord& r) { r.hash[31] = static_cast<char>(r.hash[31] ^ 1); },
      // The boundary between two fields.
      [](AuditRecord& r) { r.object_kind += r.object_id[0], r.object_id.erase(0, 1); },
  };
  std::size_t found = 0;
  constexpr std::size_t kPositions = 300;
  for (std::size_t i = 0; i < kPositions; ++i) {
    auto chain = chain_;
    auto& record = chain.records[random_() % kRecords];
    edits[i % edits.size()](record);
    const auto report = check(chain);
    found += !report.sound() && names(report, record.number) ? 1 : 0;
  }
  EXPECT_EQ(found, kPositions);
}

// Each at random places, by somebody who leaves the hashes alone and by one who counts them anew.
TEST_F(AuditChain, WhatIsTakenOutPutInOrMovedIsFound) {
  const std::vector<std::function<void(Chain&, std::size_t)>> deeds{
      [](Chain& c, std::size_t at) { c.records.erase(c.records.begin() + static_cast<std::ptrdiff_t>(at)); },
      [](Chain& c, std::size_t at) { std::swap(c.records[at], c.records[at + 1]); },
      [](Chain& c, std::size_t at) {
        std::swap(c.records[at], c.records[at + 1]);
        std::swap(c.records[at].number, c.records[at + 1].number);
      },
      [](Chain& c, std::size_t at) {
        auto copy = c.records[at];
        copy.object_id = "forged";
        c.records.insert(c.records.begin() + static_cast<std::ptrdiff_t>(at), copy);
      },
      [](Chain& c, std::size_t at) { c.records[at].actor = "eve"; },
  };
  std::size_t found = 0, tried = 0;
  for (int round = 0; round < 60; ++round) {
    for (const auto& deed : deeds) {
      const auto at = random_() % (kRecords - 1);
      auto plain = chain_;
      deed(plain, at);
      auto counted = plain;
      count_anew(counted, at);
      for (const auto& chain : {plain, counted}) {
        ++tried;
        found += check(chain).sound() ? 0 : 1;
      }
    }
  }
  EXPECT_EQ(tried, 600U);
  EXPECT_EQ(found, tried);
}

TEST_F(AuditChain, AHiddenEditIsPlacedBetweenTwoHeads) {
  auto chain = chain_;
  chain.records[220].actor = "eve";
  count_anew(chain, 220);
  const auto report = check(chain);
  ASSERT_FALSE(report.sound());
  EXPECT_EQ(report.faults[0].number, 250);
  EXPECT_EQ(*report.faults[0].after, chain_.records[199].at);
  EXPECT_EQ(*report.faults[0].before, chain_.records[249].at);
}

TEST_F(AuditChain, ACutOffEndIsFound) {
  std::size_t found = 0;
  for (std::size_t kept = 0; kept < kRecords; kept += 2) {
    auto chain = chain_;
    chain.records.resize(kept);
    found += !check(chain).sound() && names(check(chain), static_cast<std::int64_t>(kept) + 1) ? 1 : 0;
  }
  EXPECT_EQ(found, 200U);
}

// The whole database as it was earlier, with its own heads and end: only what lies elsewhere tells.
TEST_F(AuditChain, ADatabaseThatWasRolledBackIsFoundByAnExportedHead) {
  const std::vector<AuditHead> exported{chain_.signed_ones.back()};
  std::size_t found = 0;
  for (std::size_t kept = 0; kept < kRecords; kept += 2) {
    auto chain = chain_;
    chain.records.resize(kept);
    chain.last = kept == 0 ? ChainEnd{{1}, 0, first_prev_hash()}
                           : ChainEnd{{1}, static_cast<std::int64_t>(kept), chain.records.back().hash};
    std::erase_if(chain.signed_ones,
                  [&](const AuditHead& head) { return head.number > static_cast<std::int64_t>(kept); });
    EXPECT_TRUE(check(chain).sound()) << "by itself it is whole";
    const auto report = check(chain, exported);
    found += !report.sound() && names(report, kRecords) ? 1 : 0;
  }
  EXPECT_EQ(found, 200U);
}

TEST_F(AuditChain, AnotherHistoryUnderAnotherKeyIsFound) {
  auto forged = chain_;
  const auto other = SigningKey::make();
  ASSERT_TRUE(other);
  forged.records[10].actor = "eve";
  count_anew(forged, 10);
  forged.signed_ones.clear();
  forged.signed_ones.push_back(*sign_head(forged.last, from_unix_nanos(1), *other));
  EXPECT_FALSE(check(forged).sound());
  auto edited = chain_;
  edited.signed_ones[3].at += Nanos(1);
  const auto report = check(edited);
  ASSERT_EQ(report.faults.size(), 1U);
  EXPECT_NE(report.faults[0].what.find("not signed"), std::string::npos);
}

TEST_F(AuditChain, RecordsThatComeMeanwhileAreNoFault) {
  auto chain = chain_;
  const auto end = chain.last;
  append(kRecords + 1);
  chain.records = chain_.records;
  chain.last = end;
  const auto live = check_chain({{1}, &chain, false}, {}, public_, [](std::size_t) { return true; });
  ASSERT_TRUE(live);
  EXPECT_TRUE(live->sound());
  EXPECT_FALSE(check(chain).sound()) << "nobody writes: the last one is not the program's";
}

TEST_F(AuditChain, HeadsAreReadAsTheyWereWritten) {
  std::string lines;
  for (const auto& head : chain_.signed_ones) lines += to_json_line(head) + "\n";
  std::string document = R"({"public_key":"pem","heads":[)" + to_json_line(chain_.signed_ones[0]) + "]}";
  const auto all = parse_heads(lines + R"({"tenant":1,"num)");
  ASSERT_TRUE(all) << to_string(all.error());
  ASSERT_EQ(all->heads.size(), 8U);
  EXPECT_TRUE(is_signed_by(all->heads[7], public_[0]));
  const auto exported = parse_heads(document);
  ASSERT_TRUE(exported);
  EXPECT_EQ(exported->heads.size(), 1U);
  EXPECT_EQ(exported->public_keys, std::vector<std::string>{"pem"});
  for (const auto* bad : {"x\n", "{}\n", "[1]\n", R"({"heads":[{"tenant":1}]})"})
    EXPECT_FALSE(parse_heads(bad)) << bad;
  EXPECT_TRUE(parse_heads(""));
}

// 2,000 heads with one bit of message or signature changed: none is taken for signed.
TEST_F(AuditChain, ASignatureHoldsForItsHeadAlone) {
  const auto& whole = chain_.signed_ones[2];
  int taken = 0;
  for (int i = 0; i < 2000; ++i) {
    auto head = whole;
    const auto bit = random_();
    const auto flip = [&](std::string& bytes) {
      auto& byte = bytes[bit / 8 % bytes.size()];
      byte = static_cast<char>(byte ^ (1 << bit % 8));
    };
    if (i % 4 == 0) flip(head.signature);
    if (i % 4 == 1) flip(head.hash);
    if (i % 4 == 2) head.number ^= std::int64_t{1} << bit % 40;
    if (i % 4 == 3) head.at += Nanos(1 + static_cast<std::int64_t>(bit % 1000));
    taken += is_signed_by(head, public_[0]) ? 1 : 0;
  }
  EXPECT_EQ(taken, 0);
  EXPECT_TRUE(is_signed_by(whole, public_[0]));
}

TEST_F(AuditChain, FaultsBeyondTheBoundAreCounted) {
  ChainReport report;
  for (std::size_t i = 0; i < kMaxFaults + 5; ++i) report.add(ChainFault{{1}, 1, 1, "x"});
  EXPECT_EQ(report.faults.size(), kMaxFaults);
  EXPECT_EQ(report.more_faults, 5);
}

TEST(AuditRecords, AHashIsTheDocumentedOne) {
  AuditRecord record;
  record.tenant = {1};
  record.number = 1;
  record.prev_hash = first_prev_hash();
  std::string bytes = "tocsin-audit-record-1";
  const auto word = [](char low) { return std::string(1, low) + std::string(7, '\0'); };
  bytes += word(1) + word(1) + word(0) + word(0);
  for (int i = 0; i < 9; ++i) bytes += word(0);
  bytes += word(32) + std::string(32, '\0');
  EXPECT_EQ(to_hex(hash_of(record)), sha256_hex(bytes));
}

TEST(AuditRecords, NamesAreDistinctAndBounded) {
  std::set<std::string_view> names;
  for (const auto& action : audit_actions()) {
    EXPECT_TRUE(names.insert(action.name).second) << action.name;
    EXPECT_NE(action.name.find('.'), action.name.npos);
  }
  const auto record = next_record({}, {.actor = std::string(10'000, 'a'), .reason = std::string(10'000, 'r')},
                                  {}, {AuditAction::kSettingSet, "k", std::string(100'000, '{'), {}});
  EXPECT_LE(record.actor.size(), kAuditNameChars + 8);
  EXPECT_LE(record.reason.size(), kAuditReasonChars + 8);
  EXPECT_LE(record.before.size(), kAuditSideBytes);
  EXPECT_TRUE(is_bookkeeping_setting("upload.7"));
  EXPECT_FALSE(is_bookkeeping_setting("saved_views"));
}

}  // namespace
}  // namespace tocsin::store
