#include "model/alert.h"

namespace tocsin::model {

namespace {

constexpr double kFalsePositiveFrom = 0.7;
constexpr double kTruePositiveBelow = 0.4;
constexpr double kKnownEnough = 0.3;

}  // namespace

Verdict suggested_verdict(Severity severity, double fp_probability, double confidence) {
  if (confidence < kKnownEnough) return Verdict::kUndecided;
  if (fp_probability >= kFalsePositiveFrom && severity != Severity::kCritical) return Verdict::kFalsePositive;
  return fp_probability < kTruePositiveBelow ? Verdict::kTruePositive : Verdict::kUndecided;
}

std::string_view find_entity(const Alert& alert, EntityKind kind, std::initializer_list<EntityRole> roles) {
  for (const auto role : roles) {
    for (const auto& entity : alert.entities) {
      if (entity.kind == kind && entity.role == role) return entity.value;
    }
  }
  return {};
}

}  // namespace tocsin::model
