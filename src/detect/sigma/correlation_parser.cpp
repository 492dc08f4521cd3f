#include <charconv>

#include "detect/sigma/document.h"
#include "detect/sigma/lower_value.h"
#include "detect/sigma/rule_parser.h"

namespace tocsin::detect::sigma {
namespace {

constexpr std::size_t kMaxRules = 1'000;

struct TypeRow {
  std::string_view name;
  CorrelationType type;
  bool of_values;  // needs a field
  bool temporal;   // the bounds may be left out, the condition may be an expression
};
constexpr auto kTypes = std::to_array<TypeRow>({
    {"event_count", CorrelationType::kEventCount, false, false},
    {"value_count", CorrelationType::kValueCount, true, false},
    {"temporal", CorrelationType::kTemporal, false, true},
    {"temporal_ordered", CorrelationType::kTemporalOrdered, false, true},
    {"value_sum", CorrelationType::kValueSum, true, false},
    {"value_avg", CorrelationType::kValueAverage, true, false},
    {"value_percentile", CorrelationType::kValuePercentile, true, false},
    {"value_median", CorrelationType::kValueMedian, true, false},
});

struct BoundRow {
  std::string_view key;
  Comparison how;
};
constexpr auto kBounds = std::to_array<BoundRow>({{"eq", Comparison::kEqual},
                                                  {"gt", Comparison::kGreater},
                                                  {"gte", Comparison::kGreaterOrEqual},
                                                  {"lt", Comparison::kLess},
                                                  {"lte", Comparison::kLessOrEqual}});

template <class Rows>
auto find_row(const Rows& rows, std::string_view name) -> decltype(rows.data()) {
  for (const auto& row : rows) {
    if constexpr (requires { row.key; }) {
      if (row.key == name) return &row;
    } else {
      if (row.name == name) return &row;
    }
  }
  return nullptr;
}

Result<void> read_aliases(const Yaml& written, Correlation& out) {
  const auto* aliases = written.find("aliases");
  if (aliases == nullptr) return {};
  if (!aliases->is_map()) return fault(aliases->at, "'aliases' is a map");
  for (const auto& member : aliases->members) {
    if (!member.value.is_map()) return fault(member.at, "an alias is a map from rules to fields");
    Alias alias{member.key, {}};
    for (const auto& field : member.value.members) {
      const auto rule = std::find(out.rules.begin(), out.rules.end(), field.key);
      if (rule == out.rules.end())
        return fault(field.at, "'" + field.key + "' is not among the rules of this correlation");
      if (!field.value.is_scalar()) return fault(field.value.at, "expected the name of a field");
      alias.fields.emplace_back(static_cast<std::size_t>(rule - out.rules.begin()), field.value.text);
    }
    out.aliases.push_back(std::move(alias));
  }
  return {};
}

Result<double> percentile_of(const Yaml& value) {
  const auto number = number_of(value);
  const bool good =
      number && compare(*number, std::int64_t{0}) >= 0 && compare(*number, std::int64_t{100}) <= 0;
  if (!good) return fault(value.at, "a percentile is a number from 0 to 100");
  return std::visit([](auto plain) { return static_cast<double>(plain); }, *number);
}

Result<void> read_condition_member(const YamlMember& member, Correlation& out) {
  if (member.key == "percentile") {
    TOCSIN_TRY(percentile, percentile_of(member.value));
    out.percentile = percentile;
    return {};
  }
  const auto* bound = find_row(kBounds, member.key);
  if (bound == nullptr)
    return fault(member.at, "'" + member.key + "' is no part of a correlation's condition",
                 "One of eq, gt, gte, lt, lte, field, percentile.");
  const auto number = number_of(member.value);
  if (!number) return fault(member.value.at, "'" + member.key + "' takes a number");
  out.bounds.push_back({bound->how, *number});
  return {};
}

Result<void> read_bounds(const Yaml& condition, const TypeRow& type, Correlation& out) {
  for (const auto& member : condition.members) {
    if (member.key != "field") TOCSIN_CHECK(read_condition_member(member, out));
  }
  TOCSIN_TRY(fields, texts_of(condition, "field"));
  out.fields = std::move(fields);
  const std::string name(type.name);
  if (type.of_values == out.fields.empty())
    return fault(condition.at, type.of_values ? name + " needs a 'field'" : name + " takes no 'field'");
  if (out.fields.size() > 1 && type.type != CorrelationType::kValueCount)
    return fault(condition.at, name + " takes one field");
  if ((condition.find("percentile") != nullptr) != (type.type == CorrelationType::kValuePercentile))
    return fault(condition.at, "'percentile' is given with value_percentile, and only there");
  if (out.bounds.empty() && !type.temporal)
    return fault(condition.at, name + " needs one of eq, gt, gte, lt, lte");
  return {};
}

Result<void> read_condition(const Yaml& written, const TypeRow& type, Correlation& out) {
  const auto* condition = written.find("condition");
  if (condition == nullptr) {
    if (type.temporal) return {};
    return fault(written.at, std::string(type.name) + " needs a 'condition'");
  }
  if (condition->is_map()) return read_bounds(*condition, type, out);
  if (!condition->is_scalar() || !type.temporal)
    return fault(condition->at, "expected a map such as {gte: 10}",
                 "Expressions are for the temporal types.");
  TOCSIN_TRY(expression, parse_condition(condition->text, out.rules, condition->at));
  out.expression = std::move(expression);
  return {};
}

Result<void> read_correlation(const Yaml& written, Correlation& out) {
  TOCSIN_TRY(type_name, needed_text_of(written, "type"));
  const auto* type = find_row(kTypes, type_name);
  if (type == nullptr)
    return fault(written.find("type")->at, "there is no correlation type '" + type_name + "'",
                 "One of event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, "
                 "value_percentile, value_median.");
  out.type = type->type;
  TOCSIN_TRY(rules, texts_of(written, "rules"));
  if (rules.empty()) return fault(written.at, "the correlation names no rules");
  if (rules.size() > kMaxRules)
    return fault(written.at, "the correlation names more than " + std::to_string(kMaxRules) + " rules");
  out.rules = std::move(rules);
  TOCSIN_TRY(group_by, texts_of(written, "group-by"));
  out.group_by = std::move(group_by);
  TOCSIN_TRY(timespan, timespan_of(written, "timespan"));
  out.timespan = timespan;
  TOCSIN_CHECK(read_aliases(written, out));
  return read_condition(written, *type, out);
}

}  // namespace

Result<Correlation> parse_correlation(const Yaml& document) {
  Correlation correlation;
  TOCSIN_CHECK(read_description(document, correlation));
  TOCSIN_TRY(written, needed_map_of(document, "correlation"));
  TOCSIN_CHECK(read_correlation(*written, correlation));
  // The specification shows `generate` beside `correlation` in its schema, and inside it in its words.
  for (const auto* place : {&document, written}) {
    const auto* generate = place->find("generate");
    if (generate == nullptr) continue;
    const auto truth = boolean_of(*generate);
    if (!truth) return fault(generate->at, "'generate' takes true or false");
    correlation.generate = *truth;
  }
  return correlation;
}

}  // namespace tocsin::detect::sigma
