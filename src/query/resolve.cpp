#include "query/query.h"

namespace tocsin::query {
namespace {

using model::Condition;
using model::Field;
using model::Operand;

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400 * kSecond;

std::int64_t nanos_of(const model::RelativeTime& time, Timestamp now) {
  const auto at = to_unix_nanos(now);
  return (time.day_start ? at - at % kDay : at) + time.seconds * kSecond;
}

Operand resolved(const Operand& operand, const Scope& scope) {
  if (const auto* time = std::get_if<Timestamp>(&operand)) return to_unix_nanos(*time);
  if (const auto* time = std::get_if<model::RelativeTime>(&operand)) return nanos_of(*time, scope.now);
  if (std::holds_alternative<model::Caller>(operand)) return scope.me;
  return operand;
}

std::optional<model::Bound> resolved(const std::optional<model::Bound>& bound, std::int64_t step,
                                     const Scope& scope) {
  if (!bound) return std::nullopt;
  model::Bound result{resolved(bound->value, scope), bound->inclusive};
  if (auto* number = std::get_if<std::int64_t>(&result.value); number != nullptr && !result.inclusive) {
    *number += step;
    result.inclusive = true;
  }
  return result;
}

// Old is what happened early: the ends change places.
void turn_age_into_time(model::Test& test, Subject subject, Timestamp now) {
  test.field = subject == Subject::kAlerts ? Field::kOccurred : Field::kCreated;
  std::swap(test.low, test.high);
  for (auto* bound : {&test.low, &test.high}) {
    if (*bound) (*bound)->value = to_unix_nanos(now) - std::get<std::int64_t>((*bound)->value);
  }
}

model::Test resolved(const model::Test& test, Subject subject, const Scope& scope) {
  auto result = test;
  for (auto& value : result.values) value = resolved(value, scope);
  if (result.field == Field::kAge) turn_age_into_time(result, subject, scope.now);
  result.low = resolved(result.low, 1, scope);
  result.high = resolved(result.high, -1, scope);
  return result;
}

Condition resolved_part(const Condition& condition, Subject subject, const Scope& scope) {
  auto result = condition;
  result.test =
      condition.kind == Condition::Kind::kTest ? resolved(condition.test, subject, scope) : model::Test{};
  for (auto& part : result.parts) part = resolved_part(part, subject, scope);
  return result;
}

// All free words that must hold, as one part at the end.
void gather_words(Condition& all) {
  Condition words;
  words.kind = Condition::Kind::kWords;
  words.prefix = true;
  std::erase_if(all.parts, [&](Condition& part) {
    if (part.kind != Condition::Kind::kWords) return false;
    words.words += (words.words.empty() ? "" : " ") + part.words;
    return true;
  });
  if (!words.words.empty()) all.parts.push_back(std::move(words));
}

}  // namespace

Condition resolve(const Condition& condition, Subject subject, const Scope& scope) {
  auto result = resolved_part(condition, subject, scope);
  if (result.kind == Condition::Kind::kWords) result.prefix = true;
  if (result.kind == Condition::Kind::kAll) gather_words(result);
  return result;
}

}  // namespace tocsin::query
