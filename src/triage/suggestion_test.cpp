#include "triage/suggestion.h"

#include <gtest/gtest.h>

namespace tocsin::triage {
namespace {

using model::Severity;
using model::Verdict;

TEST(SuggestedVerdict, NeedsKnowledgeAndAClearNumber) {
  EXPECT_EQ(model::suggested_verdict(Severity::kHigh, 0.39, 0.3), Verdict::kTruePositive);
  EXPECT_EQ(model::suggested_verdict(Severity::kHigh, 0.39, 0.29), Verdict::kUndecided);
  EXPECT_EQ(model::suggested_verdict(Severity::kHigh, 0.4, 0.9), Verdict::kUndecided);
  EXPECT_EQ(model::suggested_verdict(Severity::kHigh, 0.7, 0.9), Verdict::kFalsePositive);
  EXPECT_EQ(model::suggested_verdict(Severity::kCritical, 0.99, 0.9), Verdict::kUndecided);
}

TEST(SuggestedVerdict, OfAnIncidentGrowsWithItsTactics) {
  model::Alert lead;
  lead.triage.fp_probability = 0.5;
  lead.triage.confidence = 0.5;
  model::Incident incident;
  incident.tactics = 0b1;
  EXPECT_EQ(suggest(incident, lead).verdict, Verdict::kUndecided);
  EXPECT_DOUBLE_EQ(suggest(incident, lead).fp_probability, 0.5);
  incident.tactics = 0b111;
  EXPECT_EQ(suggest(incident, lead).verdict, Verdict::kTruePositive);
  EXPECT_LT(suggest(incident, lead).fp_probability, 0.4);
}

TEST(SuggestedVerdict, APersonsWordChangesNothingOfIt) {
  model::Alert lead;
  lead.triage.fp_probability = 0.9;
  lead.triage.confidence = 0.5;
  lead.triage.verdict = Verdict::kTruePositive;
  model::Incident incident;
  incident.verdict = Verdict::kTruePositive;
  EXPECT_EQ(suggest(incident, lead).verdict, Verdict::kFalsePositive);
}

}  // namespace
}  // namespace tocsin::triage
