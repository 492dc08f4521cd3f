#include "app/access_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "base/clock.h"

namespace tocsin::app {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

struct AccessLogTest : testing::Test {
  void note(int status, TokenBucket::Time now) {
    http::RequestRecord record;
    record.method = http::Method::kPatch;
    record.pattern = "/api/v1/alerts/{id}";
    record.status = status;
    record.client = "192.0.2.7";
    record.caller = "rita";
    access_log_.note(record, now);
  }
  SystemClock clock_;
  std::vector<std::string> lines_;
  observe::Log log_{observe::Level::kInfo, clock_,
                    [this](std::string_view line) { lines_.emplace_back(line); }};
  TokenBucket::Time start_{};
  AccessLog access_log_{log_, start_};
};

TEST_F(AccessLogTest, ARefusalSaysWhoAskedForWhatFromWhere) {
  for (const int status : {200, 204, 404, 422, 500}) note(status, start_);
  EXPECT_THAT(lines_, SizeIs(0));
  for (const int status : {401, 403, 429}) note(status, start_);
  ASSERT_THAT(lines_, SizeIs(3));
  for (const auto* part :
       {R"("event":"request_refused")", R"("status":403)", R"("method":"PATCH")",
        R"("route":"/api/v1/alerts/{id}")", R"("client":"192.0.2.7")", R"("caller":"rita")"})
    EXPECT_THAT(lines_[1], HasSubstr(part));
}

TEST_F(AccessLogTest, AFloodIsCountedAndNotWritten) {
  for (int i = 0; i < 10'000; ++i) note(401, start_);
  EXPECT_THAT(lines_, SizeIs(100));
  note(401, start_ + std::chrono::seconds(1));
  ASSERT_THAT(lines_, SizeIs(101));
  EXPECT_THAT(lines_.back(), HasSubstr(R"("left_out":9900)"));
}

}  // namespace
}  // namespace tocsin::app
