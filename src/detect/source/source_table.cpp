#include "detect/source/source_table.h"

#include "base/ascii.h"
#include "detect/source/event_values.h"

namespace tocsin::detect {
namespace {

bool is_pattern(std::string_view text) {
  return text.ends_with('*');
}

bool fits(std::string_view pattern, std::string_view lower_case_text) {
  if (!is_pattern(pattern)) return lower_case_text == pattern;
  return lower_case_text.starts_with(pattern.substr(0, pattern.size() - 1));
}

bool holds(const SourceCondition& condition, const TellingValue& value) {
  if (!value) return condition.negated;
  const auto text = to_lower(*value);
  const bool one_fits = std::any_of(condition.texts.begin(), condition.texts.end(),
                                    [&](const auto& pattern) { return fits(pattern, text); });
  return one_fits != condition.negated;
}

bool says_nothing(const LogSource& given) {
  return given.product.empty() && given.category.empty() && given.service.empty();
}

bool contradicts(const std::string& given, const std::string& known) {
  return !given.empty() && !known.empty() && given != known;
}

bool contradicts(const LogSource& given, const Provenance& row) {
  const bool other_category =
      !given.category.empty() && !row.categories.empty() &&
      std::find(row.categories.begin(), row.categories.end(), given.category) == row.categories.end();
  return contradicts(given.product, row.product) || contradicts(given.service, row.service) || other_category;
}

Provenance joined(Provenance row, const LogSource& given) {
  if (row.product.empty()) row.product = given.product;
  if (row.service.empty()) row.service = given.service;
  if (row.categories.empty() && !given.category.empty()) row.categories = {given.category};
  return row;
}

const SourceNames kOwnNames;

bool agree(const std::string& a, const std::string& b) {
  return a == b || a.empty() || b.empty();
}

// Rows that read the event under the same names, where one says more than the other, are one view.
void add_view(std::vector<View>& views, View view) {
  const auto same = std::find_if(views.begin(), views.end(), [&](const View& other) {
    return *view.names == *other.names && agree(view.provenance.product, other.provenance.product) &&
           agree(view.provenance.service, other.provenance.service);
  });
  if (same == views.end()) return views.push_back(std::move(view));
  auto& known = same->provenance;
  if (known.product.empty()) known.product = view.provenance.product;
  if (known.service.empty()) known.service = view.provenance.service;
  for (auto& category : view.provenance.categories) {
    if (std::find(known.categories.begin(), known.categories.end(), category) == known.categories.end())
      known.categories.push_back(std::move(category));
  }
}

}  // namespace

void SourceTable::index_rows() {
  by_field_.assign(telling_fields_.size(), {});
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (rows_[i]->when.empty()) continue;
    const auto& first = rows_[i]->when.front();
    auto& place = by_field_[first.field];
    const bool by_value = !first.negated && std::none_of(first.texts.begin(), first.texts.end(), is_pattern);
    if (!by_value) {
      place.other.push_back(i);
      continue;
    }
    for (const auto& text : first.texts) place.exact[text].push_back(i);
  }
}

std::vector<const SourceRow*> SourceTable::rows_that_fit(std::span<const TellingValue> values,
                                                         const LogSource& given) const {
  std::vector<std::size_t> found;
  const auto try_row = [&](std::size_t i) {
    const auto& row = *rows_[i];
    const bool all = std::all_of(row.when.begin(), row.when.end(), [&](const SourceCondition& condition) {
      return holds(condition, values[condition.field]);
    });
    if (all && !contradicts(given, row.provenance)) found.push_back(i);
  };
  for (std::size_t field = 0; field < by_field_.size(); ++field) {
    for (const auto i : by_field_[field].other) try_row(i);
    if (!values[field] || by_field_[field].exact.empty()) continue;
    const auto rows = by_field_[field].exact.find(to_lower(*values[field]));
    if (rows == by_field_[field].exact.end()) continue;
    for (const auto i : rows->second) try_row(i);
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  const auto is_otherwise = [&](std::size_t i) { return rows_[i]->otherwise; };
  if (!std::all_of(found.begin(), found.end(), is_otherwise)) std::erase_if(found, is_otherwise);
  std::vector<const SourceRow*> rows;
  for (const auto i : found) rows.push_back(rows_[i].get());
  return rows;
}

std::vector<View> SourceTable::recognise(std::size_t shape, std::span<const TellingValue> values,
                                         const LogSource& given) const {
  std::vector<View> views;
  for (const auto* row : rows_that_fit(values, given))
    add_view(views, {joined(row->provenance, given), shapes_[shape].get(), &row->names});
  if (views.empty() && !says_nothing(given))
    views.push_back({joined({}, given), shapes_[shape].get(), &kOwnNames});
  return views;
}

std::vector<View> SourceTable::recognise(simdjson::dom::element event, const LogSource& given) const {
  std::size_t shape = 0;
  while (!signs_[shape].empty() && !values_at(event, signs_[shape])) ++shape;
  const View plain{{}, shapes_[shape].get(), &kOwnNames};
  std::vector<TellingValue> values;
  values.reserve(telling_fields_.size());
  for (const auto& field : telling_fields_) {
    const auto found = values_of(event, field, plain);
    // An object tells only that it is there, a null not even that.
    if (!found || (!found->empty() && found->front().is_null())) {
      values.emplace_back();
    } else {
      values.emplace_back(found->empty() ? "" : to_text(found->front()).value_or(""));
    }
  }
  return recognise(shape, values, given);
}

}  // namespace tocsin::detect
