#include "detect/sigma/filter.h"

namespace tocsin::detect::sigma {
namespace {

bool says_the_same(const std::string& filter, const std::string& rule) {
  return filter.empty() || filter == rule;
}

void move_selections(Condition& condition, std::size_t by) {
  condition.selection += by;
  for (auto& part : condition.parts) move_selections(part, by);
}

}  // namespace

bool applies_to(const Filter& filter, const Rule& rule) {
  const auto& wanted = filter.log_source;
  const auto& source = rule.log_source;
  if (!says_the_same(wanted.product, source.product) || !says_the_same(wanted.category, source.category) ||
      !says_the_same(wanted.service, source.service))
    return false;
  return filter.any_rule ||
         std::any_of(filter.rules.begin(), filter.rules.end(), [&](const std::string& name) {
           return !name.empty() && (name == rule.id || name == rule.name);
         });
}

Rule filtered(Rule rule, const Filter& filter) {
  auto added = filter.condition;
  move_selections(added, rule.selections.size());
  rule.selections.insert(rule.selections.end(), filter.selections.begin(), filter.selections.end());
  Condition both;
  both.kind = Condition::Kind::kAll;
  both.parts = {std::move(rule.condition), std::move(added)};
  rule.condition = std::move(both);
  rule.filters.push_back(filter.title);
  return rule;
}

}  // namespace tocsin::detect::sigma
