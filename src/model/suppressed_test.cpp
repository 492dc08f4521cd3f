#include "model/suppressed.h"

#include <gtest/gtest.h>

#include "model/attack.h"

namespace tocsin::model {
namespace {

Alert hidden_alert() {
  Alert alert;
  alert.source = "edr";
  alert.type = "scan";
  alert.status = AlertStatus::kClosed;
  alert.tags = {"vip", std::string(kSuppressedTag) + "SU-1"};
  alert.attack.tactics = {std::string(tactics().back().id)};
  return alert;
}

TEST(Suppressed, ItsRecordSaysSoAndKeepsTheTactics) {
  const auto alert = hidden_alert();
  EXPECT_EQ(marked_by(alert, kSuppressedTag), "SU-1");
  auto open = alert;
  open.status = AlertStatus::kNew;
  const auto record = make_link_record(alert);
  EXPECT_TRUE(is_kept_apart(record));
  EXPECT_FALSE(is_kept_apart(make_link_record(open)));
  EXPECT_EQ(tactics_of(record), make_link_record(open).tactics);
  std::string bytes;
  encode(record, bytes);
  std::string_view from = bytes;
  const auto decoded = decode_link_record(from);
  ASSERT_TRUE(decoded);
  EXPECT_TRUE(is_kept_apart(*decoded));
}

TEST(Suppressed, NoTacticHasTheBitOfTheMark) {
  Attack attack;
  for (const auto& tactic : tactics()) attack.tactics.emplace_back(tactic.id);
  LinkRecord record;
  record.tactics = tactic_bits(attack);
  EXPECT_NE(record.tactics, 0);
  EXPECT_FALSE(is_kept_apart(record));
}

TEST(Suppressed, ATagOfAnotherKindIsNone) {
  auto alert = hidden_alert();
  alert.tags = {"suppress", "suppression-review:SU-2"};
  EXPECT_FALSE(is_suppressed(alert));
  EXPECT_EQ(marked_by(alert, kSuppressionReviewTag), "SU-2");
}

}  // namespace
}  // namespace tocsin::model
