#include "store/notices.h"

#include <gtest/gtest.h>

namespace tocsin::store {
namespace {

TEST(Notices, SayWhatTheyWereGiven) {
  const Notice notice{{7}, 12, {"AL-1", "AL-2"}, {"INC-1"}, {"scoring"}, true, false};
  const auto received = decode_notice(encode_notice(notice, "here"));
  ASSERT_TRUE(received);
  EXPECT_EQ(received->origin, "here");
  EXPECT_EQ(received->notice.tenant, TenantId{7});
  EXPECT_EQ(received->notice.alerts_up_to, 12);
  EXPECT_EQ(received->notice.alerts, notice.alerts);
  EXPECT_EQ(received->notice.incidents, notice.incidents);
  EXPECT_EQ(received->notice.settings, notice.settings);
  EXPECT_TRUE(received->notice.removed);
  EXPECT_FALSE(received->notice.everything);
  EXPECT_FALSE(decode_notice(encode_notice({{7}, 12, {}, {}, {}, false, false}, "here"))->notice.removed);
}

TEST(Notices, TooMuchForOneSaysEverythingAndKeepsTheNumber) {
  Notice notice;
  notice.alerts_up_to = 12;
  for (int i = 0; i < 1000; ++i) notice.alerts.push_back("AL-01HZ0000000000000000000" + std::to_string(i));
  const auto text = encode_notice(notice, "here");
  EXPECT_LE(text.size(), kNoticeBytes);
  const auto received = decode_notice(text);
  ASSERT_TRUE(received);
  EXPECT_TRUE(received->notice.everything);
  EXPECT_TRUE(received->notice.alerts.empty());
  EXPECT_EQ(received->notice.alerts_up_to, 12);
  EXPECT_TRUE(
      decode_notice(encode_notice({{1}, 0, {}, {}, {"a\nAx"}, false, false}, "here"))->notice.everything);
}

TEST(Notices, OtherTextIsNone) {
  for (const auto* text : {"", "T1\n", "Ohere", "\n\n", "hello"}) EXPECT_FALSE(decode_notice(text)) << text;
}

}  // namespace
}  // namespace tocsin::store
