#include "auth/refusal_log.h"

#include <boost/json.hpp>

#include "auth/testing_access.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;
using std::chrono::seconds;

class RefusalLogTest : public test::AccessTest {
 protected:
  std::vector<store::AuditRecord> records() {
    store::AuditQuery query;
    query.action = "session.refused";
    query.limit = 1000;
    return audit_.list(query)->items;
  }
  static json::object after(const store::AuditRecord& record) {
    return json::parse(record.after).as_object();
  }
  std::int64_t refused_in_all() {
    std::int64_t count = 0;
    for (const auto& record : records()) count += after(record).at("count").as_int64();
    return count;
  }

  store::AuditStore& audit_ = database_->tenant(store::kDefaultTenant).audit();
  RefusalLog refusals_{directory_, audit_, clock_, "a key of this test"};
};

TEST_F(RefusalLogTest, ARefusalIsWrittenWithWhomItWasAboutAndWhereFrom) {
  const auto ana = add("ana", model::Role::kAnalyst);
  refusals_.add(Refusal::kPassword, "ANA", "10.1.2.3");
  ASSERT_TRUE(refusals_.write_due());
  ASSERT_EQ(records().size(), 1U);
  const auto record = records().front();
  EXPECT_EQ(record.object_id, ana.id.str());
  EXPECT_EQ(record.actor, "nobody");
  EXPECT_EQ(record.address, "10.1.2.3");
  EXPECT_EQ(after(record).at("login").as_string(), "ana");
  EXPECT_EQ(after(record).at("reasons"), json::parse(R"({"wrong_name_or_password":1})"));
}

TEST_F(RefusalLogTest, ATypedNameThatNobodyHasIsNowhereInTheRecord) {
  refusals_.add(Refusal::kPassword, "hunter2-my-password", "10.1.2.3");
  refusals_.add(Refusal::kPassword, "hunter3-my-password", "10.1.2.3");
  ASSERT_TRUE(refusals_.write_due());
  const auto found = records();
  ASSERT_EQ(found.size(), 2U);
  for (const auto& record : found) {
    for (const auto& text : {record.object_id, record.after, record.before, record.actor, record.reason})
      EXPECT_EQ(text.find("hunter"), std::string::npos) << text;
    EXPECT_TRUE(record.object_id.starts_with("unknown:"));
  }
  EXPECT_NE(found[0].object_id, found[1].object_id);
}

TEST_F(RefusalLogTest, TheSameNameIsTheSameHashUnderOneKeyOnly) {
  RefusalLog other(directory_, audit_, clock_, "another key");
  refusals_.add(Refusal::kPassword, "zoe", "10.1.2.3");
  refusals_.add(Refusal::kPassword, "zoe", "10.1.2.4");
  other.add(Refusal::kPassword, "zoe", "10.1.2.5");
  ASSERT_TRUE(refusals_.write_due());
  ASSERT_TRUE(other.write_due());
  std::map<std::string, std::string> by_address;
  for (const auto& record : records()) by_address[record.address] = record.object_id;
  EXPECT_EQ(by_address["10.1.2.3"], by_address["10.1.2.4"]);
  EXPECT_NE(by_address["10.1.2.3"], by_address["10.1.2.5"]);
}

TEST_F(RefusalLogTest, AThousandTriesInAMinuteAreTwoRecordsAndNoneIsLost) {
  add("ana", model::Role::kAnalyst);
  for (int i = 0; i < 1000; ++i) {
    refusals_.add(i < 10 ? Refusal::kPassword : Refusal::kThrottled, "ana", "10.1.2.3");
    ASSERT_TRUE(refusals_.write_due());
  }
  EXPECT_EQ(records().size(), 1U);
  clock_.advance(seconds(61));
  ASSERT_TRUE(refusals_.write_due());
  ASSERT_EQ(records().size(), 2U);
  EXPECT_EQ(after(records().front()).at("reasons"),
            json::parse(R"({"wrong_name_or_password":9,"throttled":990})"));
  EXPECT_EQ(refused_in_all(), 1000);
}

TEST_F(RefusalLogTest, ManyNamesFromManyAddressesWriteABoundedNumberAMinute) {
  constexpr int kTries = 10'000;
  for (int i = 0; i < kTries; ++i)
    refusals_.add(Refusal::kPassword, "n" + std::to_string(i), "10.0." + std::to_string(i % 200) + ".1");
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(refusals_.write_due());
  EXPECT_EQ(records().size(), RefusalLog::kRecordsPerMinute);
  for (std::size_t minute = 0; minute < RefusalLog::kMaxEntries / RefusalLog::kRecordsPerMinute + 2;
       ++minute) {
    clock_.advance(seconds(61));
    ASSERT_TRUE(refusals_.write_due());
  }
  std::int64_t count = 0;
  store::AuditQuery query;
  query.action = "session.refused";
  query.limit = 1000;
  do {
    const auto page = *audit_.list(query);
    for (const auto& record : page.items) count += after(record).at("count").as_int64();
    query.cursor = page.next_cursor;
  } while (!query.cursor.empty());
  EXPECT_EQ(count, kTries);
}

TEST_F(RefusalLogTest, WhatCouldNotBeWrittenIsKept) {
  refusals_.add(Refusal::kProvider, "", "10.1.2.3", "none of your groups has access");
  refusals_.add(Refusal::kToken, "", "10.1.2.4");
  database_->close();
  EXPECT_FALSE(refusals_.write_due());
  EXPECT_FALSE(refusals_.write_due(true));  // still there
}

}  // namespace
}  // namespace tocsin::auth
