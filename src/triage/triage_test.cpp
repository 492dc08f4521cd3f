#include "triage/triage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "triage/factors.h"

namespace tocsin::triage {
namespace {

using namespace std::chrono_literals;
using model::Alert;
using model::AssetTier;
using model::EntityKind;
using model::EntityRole;
using model::Severity;

Alert make_alert(Severity severity = Severity::kMedium) {
  Alert alert;
  alert.received_at = from_unix_nanos(1'767'528'000'000'000'000);
  alert.occurred_at = alert.received_at - 1min;
  alert.id = AlertId::make(alert.received_at);
  alert.source = "suricata";
  alert.type = "ssh_bruteforce";
  alert.title = "SSH brute force";
  alert.severity = severity;
  return alert;
}

TEST(ScoringOptions, WeightsMustSumToOne) {
  EXPECT_TRUE(Options::create(kDefaultWeights, 80).ok());
  EXPECT_TRUE(Options::create({1, 0, 0, 0, 0}, 0).ok());
  EXPECT_FALSE(Options::create({0.3, 0.25, 0.2, 0.15, 0.2}, 80).ok());
  EXPECT_FALSE(Options::create({0, 0, 0, 0, 0}, 80).ok());
}

TEST(ScoringOptions, EachWeightMustBeAProportion) {
  EXPECT_FALSE(Options::create({1.5, -0.5, 0, 0, 0}, 80).ok());
  EXPECT_FALSE(Options::create({std::nan(""), 0.25, 0.2, 0.15, 0.1}, 80).ok());
}

TEST(ScoringOptions, TheThresholdIsAPriority) {
  EXPECT_FALSE(Options::create(kDefaultWeights, 101).ok());
  EXPECT_FALSE(Options::create(kDefaultWeights, -1).ok());
}

TEST(Score, ACriticalAlertOnANormalAssetNeedsAPerson) {
  auto alert = make_alert(Severity::kCritical);
  alert.attack.techniques = {"T1486"};
  const auto scored = score(alert, {}, {});
  EXPECT_TRUE(scored.requires_review);
  EXPECT_GE(scored.priority, 65);
  apply(scored, alert);
  EXPECT_EQ(review_reason(alert, {}), "Its severity is critical.");
  EXPECT_EQ(alert.triage.verdict, model::Verdict::kUndecided);
}

TEST(Score, ReachingTheThresholdNeedsAPerson) {
  auto alert = make_alert(Severity::kHigh);
  const auto scored = score(alert, {}, {});
  Options at = {}, above = {};
  at.high_priority_threshold = scored.priority;
  above.high_priority_threshold = scored.priority + 1;
  EXPECT_TRUE(score(alert, {}, at).requires_review);
  EXPECT_FALSE(score(alert, {}, above).requires_review);
}

TEST(Score, GrowsWithEachFactor) {
  const auto base = score(make_alert(), {}, {}).priority;
  EXPECT_GT(score(make_alert(Severity::kHigh), {}, {}).priority, base);
  auto alert = make_alert();
  alert.asset_tier = AssetTier::kCrownJewel;
  EXPECT_EQ(score(alert, {}, {}).priority, base + 15);  // .25 × (1.0 − 0.4)
  alert = make_alert();
  alert.iocs = {{model::IocKind::kCve, "cve-2021-44228"}};
  EXPECT_GT(score(alert, {}, {}).priority, base + 11);  // intel .9 for .3, and more evidence
  alert = make_alert();
  alert.occurred_at = alert.received_at - 48h;
  EXPECT_LT(score(alert, {}, {}).priority, base);
}

TEST(Score, StaysInRangeForWildTimesAndHistories) {
  auto alert = make_alert();
  alert.occurred_at = alert.received_at + 24h * 365;
  const auto scored = score(alert, {-5, 900}, {});
  EXPECT_GE(scored.fp_probability, 0);
  EXPECT_LE(scored.fp_probability, 1);
  EXPECT_DOUBLE_EQ(scored.factors[4], 1.0);
}

TEST(FalsePositivePrior, TenClosingsCountAndOneHardlyDoes) {
  const auto nothing = false_positive_prior(Severity::kMedium, {});
  const auto one = false_positive_prior(Severity::kMedium, {1, 1});
  const auto ten = false_positive_prior(Severity::kMedium, {10, 10});
  EXPECT_DOUBLE_EQ(nothing, 0.45);
  EXPECT_LT(one - nothing, 0.07);
  EXPECT_GT(ten - nothing, 0.25);
  EXPECT_LT(false_positive_prior(Severity::kMedium, {10, 0}), nothing);
}

TEST(Score, AnalystsVerdictsMoveLaterPriorities) {
  const auto alert = make_alert();
  EXPECT_LT(score(alert, {50, 50}, {}).priority, score(alert, {}, {}).priority);
  EXPECT_GT(score(alert, {50, 0}, {}).priority, score(alert, {}, {}).priority);
  EXPECT_GT(score(alert, {50, 0}, {}).confidence, score(alert, {}, {}).confidence);
}

TEST(Score, CorrectionsMoveLaterPrioritiesWithinABound) {
  const auto alert = make_alert();
  const auto base = score(alert, {}, {}).priority;
  EXPECT_EQ(score(alert, {0, 0, 1, 35}, {}).priority, base + 7);  // 35 × 1/5
  EXPECT_EQ(score(alert, {0, 0, 4, -30}, {}).priority, base - 15);
  EXPECT_EQ(score(alert, {0, 0, 100, 90}, {}).priority, base + 20);
  EXPECT_EQ(score(alert, {0, 0, 100, -90}, {}).priority, base - 20);
  EXPECT_EQ(score(alert, {0, 0, -3, 90}, {}).priority, base);
  EXPECT_EQ(score(make_alert(Severity::kInfo), {0, 0, 100, -90}, {}).priority,
            std::max(0, score(make_alert(Severity::kInfo), {}, {}).priority - 20));
}

TEST(Explain, CorrectionsAreSaidWithTheirPoints) {
  const auto reasons = explain(make_alert(), {0, 0, 1, 35}, {});
  ASSERT_EQ(reasons.size(), kFactors + 2);
  EXPECT_EQ(reasons.back().text,
            "People corrected the priority of 1 alert of this rule: its alerts now come in 7 points higher.");
  EXPECT_DOUBLE_EQ(reasons.back().weight, 0.07);
}

TEST(Score, TheSameAlertAlwaysScoresTheSame) {
  const auto alert = make_alert(Severity::kHigh);
  EXPECT_EQ(score(alert, {3, 1}, {}), score(alert, {3, 1}, {}));
}

TEST(PrivilegedName, FollowsTheDocumentedPattern) {
  for (const auto* name : {"root", "Administrator", "CORP\\admin", "svc-backup", "svc_sql", "bob.admin",
                           "alice-adm", "admin@corp.example", "Domain Admins", "ADM-kate"}) {
    EXPECT_TRUE(is_privileged_name(name)) << name;
  }
  for (const auto* name :
       {"", "alice", "rooted", "badmin", "administration", "svc", "svcbackup", "\\", "@"}) {
    EXPECT_FALSE(is_privileged_name(name)) << name;
  }
}

TEST(KnownExploited, IsTheShippedList) {
  EXPECT_TRUE(is_known_exploited("CVE-2021-44228"));
  EXPECT_TRUE(is_known_exploited("cve-2021-44228"));
  EXPECT_FALSE(is_known_exploited("CVE-1999-0001"));
  EXPECT_FALSE(is_known_exploited(""));
  EXPECT_FALSE(is_known_exploited(std::string(100, '9')));
}

TEST(Explain, EachFactorHasASentenceAndTheWeightsSumToThePriority) {
  auto alert = make_alert(Severity::kHigh);
  alert.asset_tier = AssetTier::kImportant;
  alert.entities = {{EntityKind::kUser, "svc-backup", EntityRole::kTarget}};
  const auto reasons = explain(alert, {4, 3}, {});
  ASSERT_EQ(reasons.size(), kFactors + 1);
  double sum = 0;
  for (std::size_t i = 0; i < kFactors; ++i) {
    EXPECT_FALSE(reasons[i].text.empty());
    sum += reasons[i].weight;
  }
  EXPECT_EQ(std::lround(sum * 100), score(alert, {4, 3}, {}).priority);
  EXPECT_EQ(reasons[0].text, "Severity is high, as suricata reported it.");
  EXPECT_EQ(reasons[0].evidence, std::vector<std::string>{alert.id.str() + "#/severity"});
  EXPECT_EQ(reasons[1].text,
            "The asset is marked important. The account svc-backup is privileged by its name.");
  EXPECT_EQ(reasons[1].evidence.at(1), alert.id.str() + "#/entities/0");
  EXPECT_EQ(reasons[4].text, "It was received 60 s after it happened.");
  EXPECT_EQ(reasons[5].text, "Of 4 earlier alerts of this rule with a verdict, 3 were false positives.");
}

model::Fact fact(std::string name, std::string value, std::string from, std::string subject) {
  return {std::move(name),    std::move(value),
          std::move(from),    from_unix_nanos(1'767'312'000'000'000'000),
          std::move(subject), from_unix_nanos(1'767'528'000'000'000'000)};
}

TEST(Explain, TablesAreNamedWithTheirAge) {
  auto alert = make_alert();
  alert.asset_tier = AssetTier::kCrownJewel;
  alert.entities = {{EntityKind::kHost, "db-01", EntityRole::kTarget},
                    {EntityKind::kUser, "alice", EntityRole::kActor}};
  alert.facts = {fact("asset_tier", "crown_jewel", "asset_table", "db-01"),
                 fact("privileged", "true", "user_table", "alice"),
                 fact("ioc_match", "Emotet C2", "intel_list: feed", "evil.example.org")};
  const auto reasons = explain(alert, {}, {});
  EXPECT_EQ(
      reasons[1].text,
      "db-01 is a crown jewel, by asset table as of 2026-01-02. The account alice is privileged, by user "
      "table as of 2026-01-02.");
  EXPECT_EQ(reasons[1].evidence.size(), 4U);
  EXPECT_EQ(reasons[2].text, "evil.example.org is on intel list feed as of 2026-01-02: Emotet C2.");
  EXPECT_EQ(threat_intel(alert).finding, Intel::kMalicious);
}

std::string intel_sentence_of(std::string name, std::string value, std::string from, std::string subject) {
  auto alert = make_alert();
  alert.facts = {fact(std::move(name), std::move(value), std::move(from), std::move(subject))};
  return explain(alert, {}, {})[2].text;
}

TEST(Explain, IntelligenceIsAPlainSentence) {
  EXPECT_EQ(intel_sentence_of("ioc_match_low_confidence", "maybe", "intel_list: my_feed (ACME)", "x.example"),
            "x.example is on intel list my_feed (ACME), with low confidence, as of 2026-01-02: maybe.");
  EXPECT_EQ(intel_sentence_of("known_exploited", "true", "cisa_kev", "CVE-2021-44228"),
            "CVE-2021-44228 is on CISA's list of known exploited vulnerabilities as of 2026-01-02.");
  EXPECT_EQ(intel_sentence_of("threat_actor", "APT0", "gateway", ""),
            "Threat actor: APT0, by gateway as of 2026-01-02.");
  EXPECT_EQ(intel_sentence_of("ioc_match", "203.0.113.7", "api", ""),
            "203.0.113.7 is a known indicator, by api as of 2026-01-02.");
  EXPECT_EQ(intel_sentence_of("reputation", "malicious", "gateway", "192.0.2.1"),
            "The reputation of 192.0.2.1 is malicious, by gateway as of 2026-01-02.");
}

TEST(Explain, OneIndicatorIsNotMany) {
  auto alert = make_alert();
  alert.iocs = {{model::IocKind::kDomain, "one.example"}};
  EXPECT_EQ(explain(alert, {}, {})[2].text, "1 indicator is named; whether it is malicious is not known.");
}

TEST(BusinessContext, TheUserTableGoesBeforeTheName) {
  auto alert = make_alert();
  alert.entities = {{EntityKind::kUser, "svc-backup", EntityRole::kActor}};
  EXPECT_EQ(business_context(alert).privileged_entity, 0);
  alert.facts = {fact("privileged", "false", "user_table", "svc-backup")};
  EXPECT_EQ(business_context(alert).privileged_entity, -1);
  alert.facts = {fact("privileged", "true", "user_table", "somebody else")};
  EXPECT_EQ(business_context(alert).privileged_fact, -1);
}

TEST(BusinessContext, AUsersTierCountsLikeAnAssets) {
  auto alert = make_alert();
  EXPECT_DOUBLE_EQ(business_context(alert).value, 0.4);
  alert.facts = {fact("user_tier", "important", "user_table", "alice")};
  EXPECT_DOUBLE_EQ(business_context(alert).value, 0.7);
  alert.facts.push_back(fact("user_tier", "nonsense", "user_table", "bob"));
  EXPECT_EQ(business_context(alert).tier_fact, 0);
}

TEST(ThreatIntel, ALowConfidenceIsSuspiciousAndADisputeNothing) {
  auto alert = make_alert();
  alert.facts = {fact("ioc_match_low_confidence", "maybe", "intel_list: feed", "x.example")};
  EXPECT_EQ(threat_intel(alert).finding, Intel::kSuspicious);
  alert.facts = {fact("ioc_match_disputed", "C2", "intel_list: feed", "google.com")};
  EXPECT_EQ(threat_intel(alert).finding, Intel::kNotKnown);
}

TEST(Explain, WhatIsNotKnownIsSaidSo) {
  const auto reasons = explain(make_alert(), {}, {});
  EXPECT_NE(reasons[2].text.find("not known"), std::string::npos);
  EXPECT_TRUE(reasons[2].evidence.empty());
  EXPECT_NE(reasons[5].text.find("No earlier alert"), std::string::npos);
}

TEST(Explain, HostileNamesCannotHide) {
  auto alert = make_alert();
  alert.source = "sen\u202Esor\n";
  EXPECT_EQ(explain(alert, {}, {})[0].text, "Severity is medium, as sen⟦U+202E⟧sor⟦U+000A⟧ reported it.");
}

}  // namespace
}  // namespace tocsin::triage
