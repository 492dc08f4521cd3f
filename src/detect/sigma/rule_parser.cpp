#include "detect/sigma/rule_parser.h"

#include "detect/sigma/document.h"

namespace tocsin::detect::sigma {
namespace {

// "any", as a word or a list of it, stands for every rule.
Result<void> read_filter_rules(const Yaml& written, Filter& filter) {
  TOCSIN_TRY(rules, texts_of(written, "rules"));
  if (rules.empty())
    return fault(written.at, "the filter names no rules", "List ids or names, or write 'any'.");
  filter.any_rule = rules == std::vector<std::string>{"any"};
  if (!filter.any_rule) filter.rules = std::move(rules);
  return {};
}

}  // namespace

Result<Rule> parse_rule(const Yaml& document, const Placeholders& placeholders) {
  Rule rule;
  TOCSIN_CHECK(read_description(document, rule));
  const auto texts = std::to_array<TextMember>(
      {{"date", &rule.date}, {"modified", &rule.modified}, {"taxonomy", &rule.taxonomy}});
  TOCSIN_CHECK(read_texts(document, texts));
  const auto lists = std::to_array<ListMember>({{"fields", &rule.fields}});
  TOCSIN_CHECK(read_lists(document, lists));
  TOCSIN_TRY(source, log_source_of(document));
  rule.log_source = std::move(source);

  TOCSIN_TRY(detection, needed_map_of(document, "detection"));
  constexpr auto kNoSelections = std::to_array<std::string_view>({"condition"});
  TOCSIN_TRY(selections, Lowering(placeholders).selections(*detection, kNoSelections));
  TOCSIN_TRY(condition, lower_condition(*detection, selections));
  rule.selections = std::move(selections);
  rule.condition = std::move(condition);
  return rule;
}

Result<Filter> parse_filter(const Yaml& document, const Placeholders& placeholders) {
  Filter filter;
  filter.at = document.at;
  TOCSIN_TRY(title, needed_text_of(document, "title"));
  TOCSIN_TRY(id, text_of(document, "id"));
  TOCSIN_TRY(source, log_source_of(document));
  filter.title = std::move(title);
  filter.id = std::move(id);
  filter.log_source = std::move(source);

  TOCSIN_TRY(written, needed_map_of(document, "filter"));
  TOCSIN_CHECK(read_filter_rules(*written, filter));
  constexpr auto kNoSelections = std::to_array<std::string_view>({"condition", "rules"});
  TOCSIN_TRY(selections, Lowering(placeholders).selections(*written, kNoSelections));
  TOCSIN_TRY(condition, lower_condition(*written, selections));
  filter.selections = std::move(selections);
  filter.condition = std::move(condition);
  return filter;
}

}  // namespace tocsin::detect::sigma
