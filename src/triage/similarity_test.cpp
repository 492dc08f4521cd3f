#include "triage/similarity.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

model::Alert make(std::string type, std::string technique, std::string host) {
  model::Alert alert;
  alert.type = std::move(type);
  alert.attack = {{std::move(technique)}, {"TA0006"}};
  alert.entities = {{model::EntityKind::kHost, std::move(host), model::EntityRole::kTarget}};
  return alert;
}

TEST(Similarity, TheSameIncidentIsWhollyAlike) {
  const auto likeness = likeness_of({make("ssh_bruteforce", "T1110", "web-01")});
  EXPECT_DOUBLE_EQ(compare(likeness, likeness).score, 1);
}

TEST(Similarity, NothingInCommonIsNotAlike) {
  auto other = make("dns_tunnel", "T1071.004", "ws-2");
  other.attack.tactics = {"TA0011"};
  const auto similarity =
      compare(likeness_of({make("ssh_bruteforce", "T1110", "web-01")}), likeness_of({other}));
  EXPECT_DOUBLE_EQ(similarity.score, 0);
  EXPECT_EQ(similarity_reason(similarity), "");
}

TEST(Similarity, TheSameMethodOnAnotherVictimCountsMoreThanTheSameVictim) {
  const auto base = likeness_of({make("ssh_bruteforce", "T1110", "web-01")});
  const auto method = compare(base, likeness_of({make("ssh_bruteforce", "T1110", "db-02")}));
  auto elsewhere = make("dns_tunnel", "T1071.004", "web-01");
  elsewhere.attack.tactics = {"TA0011"};
  const auto victim = compare(base, likeness_of({elsewhere}));
  EXPECT_GT(method.score, victim.score);
  EXPECT_GT(victim.score, 0);
}

TEST(Similarity, ATraitThatNeitherHasIsLeftOut) {
  model::Alert bare;
  bare.type = "login";
  EXPECT_DOUBLE_EQ(compare(likeness_of({bare}), likeness_of({bare})).score, 1);
}

TEST(Similarity, TheReasonNamesWhatIsSharedAndIsFitToShow) {
  const auto a = likeness_of({make("ssh_bruteforce", "T1110", "web\x1b[2J-01")});
  const auto reason = similarity_reason(compare(a, a));
  EXPECT_NE(reason.find("T1110"), std::string::npos);
  EXPECT_EQ(reason.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace tocsin::triage
