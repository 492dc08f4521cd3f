#pragma once
// Random conditions in normal form, and alerts and incidents for which about half of them hold. For tests.

#include <random>
#include <string>
#include <vector>

#include "model/alert.h"
#include "model/attack.h"
#include "model/condition.h"
#include "model/incident.h"
#include "query/fields.h"

namespace tocsin::query::test {

class Generator {
 public:
  Generator(Subject subject, unsigned seed) : subject_(subject), random_(seed) {}

  std::size_t below(std::size_t end) { return random_() % end; }
  template <class T>
  const T& one_of(const std::vector<T>& choices) {
    return choices[below(choices.size())];
  }

  model::Condition condition(int depth = 3) {
    const auto pick = below(10);
    if (depth == 0 || pick < 4) return leaf();
    if (pick < 6) return negation(condition(depth - 1));
    return group(pick < 8 ? model::Condition::Kind::kAll : model::Condition::Kind::kAny, depth);
  }

  // Words and values that alerts below are made of, and some that only look like syntax.
  const std::vector<std::string> words{
      "alice", "bob",          "web-01",     "WEB-02",   "10.0.0.7",
      "ab",    "mimikatz.exe", "evil.test",  "failed",   "c:\\windows\\cmd.exe",
      "x(y)",  "a,b",          "say \"hi\"", "OR",       "-enc",
      "größe", "me",           "none",       "50%_*",    "back\\*slash",
      "a  b",  "@me",          "field:x",    "\\\\",     "..",
      ">=80",  "NOT",          "http://a/b", "new\nline"};

 private:
  model::Condition group(model::Condition::Kind kind, int depth) {
    model::Condition whole;
    whole.kind = kind;
    const auto count = 2 + below(2);
    while (whole.parts.size() < count) {
      auto part = condition(depth - 1);
      if (part.kind != kind) whole.parts.push_back(std::move(part));
    }
    return whole;
  }

  static model::Condition negation(model::Condition inner) {
    model::Condition outer;
    outer.kind = model::Condition::Kind::kNot;
    outer.parts.push_back(std::move(inner));
    return outer;
  }

  model::Condition leaf() {
    model::Condition leaf;
    if (below(6) == 0) {
      leaf.kind = model::Condition::Kind::kWords;
      leaf.words = one_of(words);
      return leaf;
    }
    leaf.kind = model::Condition::Kind::kTest;
    leaf.test = test(fields(subject_)[below(fields(subject_).size())]);
    return leaf;
  }

  model::Test test(const FieldInfo& field) {
    using model::Comparison;
    switch (field.type) {
      case ValueType::kTime:
      case ValueType::kDuration:
        return range(field);
      case ValueType::kLevel:
      case ValueType::kNumber:
      case ValueType::kFraction:
        return below(2) == 0 ? range(field) : equals(field);
      case ValueType::kChoice:
      case ValueType::kFlag:
        return equals(field);
      default:
        break;
    }
    const auto pick = below(5);
    if (pick == 0) return {field.field, Comparison::kExists, {}, {}, {}};
    if (pick == 1 && field.type == ValueType::kAddress)
      return {field.field, Comparison::kInNetwork, texts({"10.0.0.0/8", "::/0", "10.0.0.7/32"}), {}, {}};
    const bool patterns = field.type <= ValueType::kAddress || field.type == ValueType::kPerson;
    if (pick == 2 && patterns)
      return {
          field.field,
          Comparison::kMatches,
          texts({"*a*", "web-*", "*\\\\cmd*", "*\\**", "b*b", "*(y)", "f*d", "*, *", "*\"hi*", "A*", "* b"}),
          {},
          {}};
    if (pick == 3 && patterns) return {field.field, Comparison::kContains, texts(words), {}, {}};
    return equals(field);
  }

  std::vector<model::Operand> texts(const std::vector<std::string>& choices) {
    std::vector<model::Operand> values{one_of(choices)};
    if (below(2) == 0) {
      model::Operand second = one_of(choices);
      if (second != values.front()) values.push_back(second);
    }
    return values;
  }

  model::Test equals(const FieldInfo& field) {
    model::Test test{field.field, model::Comparison::kEquals, {}, {}, {}};
    switch (field.type) {
      case ValueType::kAlertId:
        test.values = texts({"AL-01JB2ZK8M5X8Q0V1T9T3Y6N4RC", "AL-01JB2ZK8M5X8Q0V1T9T3Y6N4RD"});
        break;
      case ValueType::kIncidentId:
        test.values = texts({"IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC", "IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RD"});
        break;
      case ValueType::kTechnique:
        test.values = texts({"T1110", "T1110.001", "T1059"});
        break;
      case ValueType::kTactic:
        test.values = texts({"TA0006", "TA0002"});
        break;
      case ValueType::kLevel:
      case ValueType::kChoice:
        for (std::size_t place = 0; place < field.values.size(); ++place) {
          if (below(2) == 0) test.values.emplace_back(static_cast<std::int64_t>(place));
        }
        if (test.values.empty()) test.values.emplace_back(std::int64_t{0});
        break;
      case ValueType::kFlag:
        test.values.emplace_back(static_cast<std::int64_t>(below(2)));
        break;
      case ValueType::kNumber:
      case ValueType::kFraction:
        test.values.push_back(point(field));
        break;
      default:
        test.values = texts(words);
        if (field.type == ValueType::kPerson && below(3) == 0) test.values = {model::Caller{}};
    }
    return test;
  }

  model::Operand point(const FieldInfo& field) {
    constexpr std::int64_t kSecond = 1'000'000'000;
    switch (field.type) {
      case ValueType::kTime:
        if (below(2) == 0)
          return model::RelativeTime{below(2) == 0, -static_cast<std::int64_t>(below(50)) * 1800};
        return Timestamp(std::chrono::hours(20'000 * 24) + std::chrono::nanoseconds(below(3)));
      case ValueType::kDuration:
        return static_cast<std::int64_t>(below(60)) * 60 * kSecond;
      case ValueType::kLevel:
        return static_cast<std::int64_t>(below(field.values.size()));
      case ValueType::kFraction:
        return static_cast<double>(below(11)) / 10 * static_cast<double>(field.most);
      default:
        return field.least +
               static_cast<std::int64_t>(
                   below(std::min<std::size_t>(static_cast<std::size_t>(field.most - field.least), 100) + 1));
    }
  }

  static bool is_day(const model::Operand& value) {
    const auto* time = std::get_if<model::RelativeTime>(&value);
    return time != nullptr && time->day_start && time->seconds % 86'400 == 0;
  }

  // An open lower end stands alone: the grammar has no range with one. A day ends where the next one starts.
  model::Test range(const FieldInfo& field) {
    model::Test test{field.field, model::Comparison::kInRange, {}, {}, {}};
    const auto pick = below(3);
    if (pick != 1) {
      test.low = model::Bound{point(field), true};
      test.low->inclusive = pick == 2 || is_day(test.low->value) || below(2) == 0;
    }
    if (pick != 0) {
      test.high = model::Bound{point(field), false};
      test.high->inclusive = !is_day(test.high->value) && below(2) == 0;
    }
    return test;
  }

  Subject subject_;
  std::mt19937 random_;
};

inline model::Alert random_alert(Generator& from, Timestamp now) {
  model::Alert alert;
  const auto text = [&] { return from.words[from.below(from.words.size())]; };
  const auto maybe = [&]() -> std::optional<std::string> {
    return from.below(2) == 0 ? std::optional(text()) : std::nullopt;
  };
  alert.id = AlertId::make(now);
  alert.source = text();
  alert.source_id = maybe();
  alert.type = text();
  alert.title = text() + " " + text();
  alert.message = text() + " " + text();
  alert.severity = static_cast<model::Severity>(from.below(5));
  alert.status = static_cast<model::AlertStatus>(from.below(3));
  alert.triage.verdict = static_cast<model::Verdict>(from.below(4));
  alert.triage.fp_probability = static_cast<double>(from.below(11)) / 10;
  alert.triage.confidence = static_cast<double>(from.below(11)) / 10;
  alert.priority = static_cast<int>(from.below(101));
  alert.occurred_at = now - std::chrono::minutes(from.below(60));
  alert.received_at = alert.first_seen = alert.last_seen = now;
  alert.occurrences = 1;
  alert.requires_review = from.below(2) == 0;
  alert.assignee = maybe();
  alert.close_reason = maybe();
  alert.asset_tier = static_cast<model::AssetTier>(from.below(3));
  for (std::size_t i = from.below(5); i > 0; --i) {
    const model::Entity entity{static_cast<model::EntityKind>(from.below(13)), text(),
                               static_cast<model::EntityRole>(from.below(5))};
    alert.entities.push_back(entity);
  }
  if (from.below(2) == 0) alert.iocs.push_back({model::IocKind::kDomain, text()});
  if (from.below(2) == 0) alert.attack = model::checked_attack({"T1110.001"}, {});
  if (from.below(3) == 0) alert.attack = model::checked_attack({"T1059", "T1110"}, {});
  if (from.below(2) == 0) alert.tags.push_back(text());
  alert.process.command_line = maybe();
  alert.raw = "{}";
  return alert;
}

}  // namespace tocsin::query::test
