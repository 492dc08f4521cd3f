#include "store/sqlite/alert_plan.h"

#include <algorithm>

#include "model/search_text.h"

namespace tocsin::store {
namespace {

using model::Comparison;
using model::Condition;
using model::Field;
using model::Operand;
using model::Test;

bool is_test(const Condition& part) {
  return part.kind == Condition::Kind::kTest;
}

// Inside the range or among the values.
bool holds(const Test& test, std::int64_t value) {
  if (test.how == Comparison::kEquals)
    return std::find(test.values.begin(), test.values.end(), Operand(value)) != test.values.end();
  const auto* low = test.low ? std::get_if<std::int64_t>(&test.low->value) : nullptr;
  const auto* high = test.high ? std::get_if<std::int64_t>(&test.high->value) : nullptr;
  return (low == nullptr || value >= *low) && (high == nullptr || value <= *high);
}

// Keeps the values that pass; false when that would leave none, which the store takes for "any".
template <class Enum>
bool keep(std::vector<Enum>& chosen, const Test& test, bool negated, std::int64_t count) {
  std::vector<Enum> kept;
  for (std::int64_t value = 0; value < count; ++value) {
    const auto one = static_cast<Enum>(value);
    const bool was = chosen.empty() || std::find(chosen.begin(), chosen.end(), one) != chosen.end();
    if (was && holds(test, value) != negated) kept.push_back(one);
  }
  if (kept.empty()) return false;
  chosen = std::move(kept);
  return true;
}

std::optional<std::string> only_text(const Test& test) {
  if (test.how != Comparison::kEquals || test.values.size() != 1) return std::nullopt;
  const auto* text = std::get_if<std::string>(test.values.data());
  return text == nullptr ? std::nullopt : std::optional(*text);
}

bool set_once(std::optional<std::string>& field, const Test& test) {
  auto text = only_text(test);
  if (!text || text->empty() || field) return false;
  field = std::move(text);
  return true;
}

std::optional<std::int64_t> end_of(const std::optional<model::Bound>& bound) {
  const auto* number = bound ? std::get_if<std::int64_t>(&bound->value) : nullptr;
  return number == nullptr ? std::nullopt : std::optional(*number);
}

bool take_priority(const Test& test, AlertQuery& query) {
  const auto low = end_of(test.low);
  if (test.how != Comparison::kInRange || !low) return false;
  query.min_priority =
      std::max(query.min_priority.value_or(0), static_cast<int>(std::min<std::int64_t>(*low, 101)));
  return !test.high;
}

bool take_occurred(const Test& test, AlertQuery& query) {
  if (test.how != Comparison::kInRange) return false;
  auto& [from, until] = query.occurred;
  if (const auto low = end_of(test.low))
    from = std::max(from.value_or(from_unix_nanos(*low)), from_unix_nanos(*low));
  if (const auto high = end_of(test.high))
    until = std::min(until.value_or(from_unix_nanos(*high + 1)), from_unix_nanos(*high + 1));
  return true;
}

bool take_incident(const Test& test, AlertQuery& query) {
  const auto text = only_text(test);
  auto id = text && !query.incident ? IncidentId::parse(*text) : std::nullopt;
  if (!id) return false;
  query.incident = std::move(id);
  return true;
}

bool take_flag(const Test& test, AlertQuery& query) {
  if (test.how != Comparison::kEquals || test.values.size() != 1 || query.requires_review) return false;
  query.requires_review = test.values.front() == Operand(std::int64_t{1});
  return true;
}

// True when the query now says all that the test says.
bool take_test(const Test& test, bool negated, AlertQuery& query) {
  switch (test.field) {
    case Field::kSeverity:
      return keep(query.severities, test, negated, 5);
    case Field::kStatus:
      return keep(query.statuses, test, negated, 3);
    case Field::kVerdict:
      return keep(query.verdicts, test, negated, 4);
    case Field::kAssignee:
      if (!negated) return set_once(query.assignee, test);
      if (test.how != Comparison::kExists || query.assignee) return false;
      query.assignee = "";
      return true;
    default:
      break;
  }
  if (negated) return false;
  switch (test.field) {
    case Field::kSource:
      return set_once(query.source, test);
    case Field::kType:
      return set_once(query.type, test);
    case Field::kRequiresReview:
      return take_flag(test, query);
    case Field::kPriority:
      return take_priority(test, query);
    case Field::kIncident:
      return take_incident(test, query);
    case Field::kOccurred:
      return take_occurred(test, query);
    default:
      return false;
  }
}

bool take(const Condition& part, AlertQuery& query) {
  if (part.kind == Condition::Kind::kWords && part.prefix) {
    query.text += (query.text.empty() ? "" : " ") + part.words;
    return true;
  }
  if (is_test(part)) return take_test(part.test, false, query);
  return part.kind == Condition::Kind::kNot && is_test(part.parts.front()) &&
         take_test(part.parts.front().test, true, query);
}

// ---- words that whatever passes must have

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
  std::string match;
  for (const auto& part : parts) {
    if (part.empty()) continue;
    if (!match.empty()) match += between;
    match += part;
  }
  return match.empty() ? match : "(" + match + ")";
}

// The values of these fields are among the words of full-text search, as a whole.
bool is_searched(Field field) {
  return field == Field::kSourceId || (field >= Field::kEntity && field <= Field::kMac);
}

constexpr std::size_t kSearchedIdBytes = 256;

std::string match_of(const Test& test) {
  if (test.how != Comparison::kEquals || !is_searched(test.field)) return {};
  std::vector<std::string> values;
  for (const auto& value : test.values) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || (test.field == Field::kSourceId && text->size() > kSearchedIdBytes)) return {};
    values.push_back(model::exact_question(*text).to_match());
    if (values.back().empty()) return {};
  }
  return joined(values, " OR ");
}

std::string match_of(const Condition& condition) {
  if (is_test(condition)) return match_of(condition.test);
  if (condition.kind == Condition::Kind::kWords) return model::exact_question(condition.words).to_match();
  if (condition.kind == Condition::Kind::kNot) return {};
  std::vector<std::string> parts;
  for (const auto& part : condition.parts) parts.push_back(match_of(part));
  const bool all = condition.kind == Condition::Kind::kAll;
  const bool some_without = std::find(parts.begin(), parts.end(), "") != parts.end();
  return !all && some_without ? std::string() : joined(parts, all ? " AND " : " OR ");
}

}  // namespace

AlertPlan plan_alerts(const AlertQuery& query) {
  AlertPlan plan{query, {}, {}};
  plan.query.where.reset();
  if (!query.where) return plan;
  const bool whole = query.where->kind != Condition::Kind::kAll;
  const auto parts = whole ? std::vector{*query.where} : query.where->parts;
  for (const auto& part : parts) {
    if (!take(part, plan.query)) plan.rest.parts.push_back(part);
  }
  plan.match = match_of(plan.rest);
  return plan;
}

}  // namespace tocsin::store
