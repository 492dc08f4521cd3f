// The plain parameters of lists and what each does to a store query: one table for alerts, one for incidents.

#include <algorithm>
#include <charconv>

#include "api/query_text.h"
#include "base/suggest.h"

namespace tocsin::api {
namespace {

Error wrong(const Term& term, std::string what, std::string hint = {}) {
  return error(ErrorKind::kInvalidInput, "read parameters", std::move(what), std::move(hint), term.field);
}

template <class Visit>
Result<void> each_value(const Term& term, Visit visit) {
  std::string_view rest = term.value;
  while (true) {
    const auto comma = rest.find(',');
    TOCSIN_CHECK(visit(rest.substr(0, comma)));
    if (comma == std::string_view::npos) return {};
    rest.remove_prefix(comma + 1);
  }
}

// Terms are AND-ed, so a second set of values keeps what both name. An empty vector means "any" to the store.
template <class Query, class T>
void keep(Filter<Query>& filter, std::vector<T>& field, std::vector<T> wanted) {
  if (!field.empty()) {
    std::erase_if(wanted,
                  [&](T value) { return std::find(field.begin(), field.end(), value) == field.end(); });
  }
  filter.matches_nothing |= wanted.empty();
  field = std::move(wanted);
}

template <class Query, class T>
void keep_one(Filter<Query>& filter, std::optional<T>& field, T wanted) {
  filter.matches_nothing |= field && *field != wanted;
  field = std::move(wanted);
}

// `add(word, values)` appends what the word stands for, and is false for an unknown one.
template <class T, class Add>
Result<std::vector<T>> choices(const Term& term, std::span<const std::string_view> known, Add add) {
  std::vector<T> values;
  TOCSIN_CHECK(each_value(term, [&](std::string_view word) -> Result<void> {
    if (add(word, values)) return {};
    return wrong(term, "\"" + std::string(word) + "\" is not a value of " + term.field,
                 name_hint(word, known));
  }));
  return values;
}

// Words that stand for one value each.
template <class T>
Result<std::vector<T>> choices(const Term& term, std::span<const std::string_view> known,
                               std::optional<T> (*parse)(std::string_view)) {
  return choices<T>(term, known, [parse](std::string_view word, std::vector<T>& values) {
    const auto value = parse(word);
    if (value) values.push_back(*value);
    return value.has_value();
  });
}

constexpr std::string_view kSeverities[] = {"critical", "high", "medium", "low", "info"};
constexpr std::string_view kAlertStatuses[] = {"new", "in_progress", "closed", "open"};
constexpr std::string_view kIncidentStatuses[] = {"open", "triaged", "in_progress", "closed"};
constexpr std::string_view kVerdicts[] = {"undecided", "true_positive", "benign_positive", "false_positive"};
constexpr std::size_t kMaxEntities = 8;
constexpr std::string_view kFlags[] = {"true", "false"};

template <class Query>
struct Fields {
  using Target = Filter<Query>;
  using Apply = Result<void> (*)(Target&, const Term&, std::string_view me);
  struct Row {
    std::string_view name;
    Apply apply;
  };
  using Table = std::span<const Row>;

  static Result<void> severity(Target& filter, const Term& term, std::string_view) {
    auto plain = term;
    const bool at_least = plain.value.starts_with(">=");
    if (at_least) plain.value.erase(0, 2);
    TOCSIN_TRY(wanted, choices(plain, kSeverities, model::parse_severity));
    if (at_least) {
      const auto least = *std::min_element(wanted.begin(), wanted.end());
      wanted.clear();
      for (auto level = static_cast<int>(least); level <= static_cast<int>(model::Severity::kCritical);
           ++level) {
        wanted.push_back(static_cast<model::Severity>(level));
      }
    }
    keep(filter, filter.query.severities, std::move(wanted));
    return {};
  }

  static Result<void> verdict(Target& filter, const Term& term, std::string_view) {
    TOCSIN_TRY(wanted, choices(term, kVerdicts, model::parse_verdict));
    keep(filter, filter.query.verdicts, std::move(wanted));
    return {};
  }

  static Result<void> assignee(Target& filter, const Term& term, std::string_view me) {
    auto wanted = term.value == "me" ? std::string(me) : term.value == "none" ? std::string() : term.value;
    keep_one(filter, filter.query.assignee, std::move(wanted));
    return {};
  }

  static Result<void> requires_review(Target& filter, const Term& term, std::string_view) {
    if (term.value != "true" && term.value != "false") {
      return wrong(term, "requires_review is true or false", name_hint(term.value, kFlags));
    }
    keep_one(filter, filter.query.requires_review, term.value == "true");
    return {};
  }

  static Result<void> min_priority(Target& filter, const Term& term, std::string_view) {
    return at_least(filter, term, term.value);
  }

  static Result<void> from(Target& filter, const Term& term, std::string_view) {
    TOCSIN_TRY(time, time_of(term));
    auto& least = range(filter.query).from;
    least = least ? std::max(*least, time) : time;
    return {};
  }

  static Result<void> until(Target& filter, const Term& term, std::string_view) {
    TOCSIN_TRY(time, time_of(term));
    auto& most = range(filter.query).until;
    most = most ? std::min(*most, time) : time;
    return {};
  }

 private:
  static Result<void> at_least(Target& filter, const Term& term, std::string_view digits) {
    int least = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), least);
    if (failed != std::errc{} || end != digits.data() + digits.size() || least < 0 || least > 100) {
      return wrong(term, "priority is a whole number from 0 to 100");
    }
    filter.query.min_priority = std::max(filter.query.min_priority.value_or(0), least);
    return {};
  }

  static Result<Timestamp> time_of(const Term& term) {
    const auto time = parse_time(term.value);
    if (!time) return wrong(term, "not a time", "write 2026-01-04T12:00:00Z");
    return *time;
  }

  static store::TimeRange& range(store::AlertQuery& query) { return query.occurred; }
  static store::TimeRange& range(store::IncidentQuery& query) { return query.seen; }
};

// ---- alerts only
// --------------------------------------------------------------------------------------------------

Result<void> alert_status(AlertFilter& filter, const Term& term, std::string_view) {
  using model::AlertStatus;
  const auto add = [](std::string_view word, std::vector<AlertStatus>& values) {
    if (word == "open") {
      values.insert(values.end(), {AlertStatus::kNew, AlertStatus::kInProgress});
      return true;
    }
    const auto status = model::parse_alert_status(word);
    if (status) values.push_back(*status);
    return status.has_value();
  };
  TOCSIN_TRY(wanted, choices<AlertStatus>(term, kAlertStatuses, add));
  keep(filter, filter.query.statuses, std::move(wanted));
  return {};
}

Result<void> alert_source(AlertFilter& filter, const Term& term, std::string_view) {
  keep_one(filter, filter.query.source, term.value);
  return {};
}

Result<void> alert_type(AlertFilter& filter, const Term& term, std::string_view) {
  keep_one(filter, filter.query.type, term.value);
  return {};
}

Result<void> alert_entity(AlertFilter& filter, const Term& term, std::string_view) {
  auto& entities = filter.query.entities;
  if (std::find(entities.begin(), entities.end(), term.value) != entities.end()) return {};
  if (entities.size() == kMaxEntities) {
    return wrong(term, "more than " + std::to_string(kMaxEntities) + " entities",
                 "name fewer, or search for the rest in q");
  }
  entities.push_back(term.value);
  return {};
}

Result<void> alert_incident(AlertFilter& filter, const Term& term, std::string_view) {
  auto incident = IncidentId::parse(term.value);
  if (!incident) return wrong(term, "not an incident id", "they look like IN-01JB2ZK8M5X8Q0V1T9T3Y6N4RC");
  keep_one(filter, filter.query.incident, std::move(*incident));
  return {};
}

// ---- incidents only
// -----------------------------------------------------------------------------------------------

Result<void> incident_status(IncidentFilter& filter, const Term& term, std::string_view) {
  TOCSIN_TRY(wanted, choices(term, kIncidentStatuses, model::parse_incident_status));
  keep(filter, filter.query.statuses, std::move(wanted));
  return {};
}

// What both have, and then what only one of them has.
template <class Query, std::size_t N>
constexpr auto parameters_with(const std::array<typename Fields<Query>::Row, N>& own) {
  using F = Fields<Query>;
  constexpr std::array<typename F::Row, 7> kCommon{{{"severity", F::severity},
                                                    {"verdict", F::verdict},
                                                    {"assignee", F::assignee},
                                                    {"requires_review", F::requires_review},
                                                    {"min_priority", F::min_priority},
                                                    {"from", F::from},
                                                    {"until", F::until}}};
  std::array<typename F::Row, kCommon.size() + N> all;
  std::copy(own.begin(), own.end(), std::copy(kCommon.begin(), kCommon.end(), all.begin()));
  return all;
}

constexpr auto kAlertParameters = parameters_with<store::AlertQuery, 5>({{{"status", alert_status},
                                                                          {"source", alert_source},
                                                                          {"type", alert_type},
                                                                          {"incident", alert_incident},
                                                                          {"entity", alert_entity}}});
constexpr auto kIncidentParameters =
    parameters_with<store::IncidentQuery, 1>({{{"status", incident_status}}});

// A parameter that comes twice counts twice, like two terms of `q`.
template <class Query>
Result<void> apply_parameters(Filter<Query>& filter, const http::Request& request,
                              typename Fields<Query>::Table table, std::string_view me) {
  for (const auto& [name, value] : request.query) {
    const auto row = std::find_if(table.begin(), table.end(),
                                  [&, &wanted = name](const auto& r) { return r.name == wanted; });
    if (row != table.end() && !value.empty()) TOCSIN_CHECK(row->apply(filter, Term{name, value}, me));
  }
  return {};
}

template <class Sort>
struct SortRow {
  std::string_view name;
  Sort sort;
};
constexpr SortRow<store::AlertSort> kAlertSorts[] = {{"newest", store::AlertSort::kNewest},
                                                     {"oldest", store::AlertSort::kOldest},
                                                     {"priority", store::AlertSort::kPriority},
                                                     {"occurred", store::AlertSort::kOccurred}};
constexpr SortRow<store::IncidentSort> kIncidentSorts[] = {{"priority", store::IncidentSort::kPriority},
                                                           {"newest", store::IncidentSort::kNewest},
                                                           {"updated", store::IncidentSort::kUpdated}};

template <class Row, std::size_t N>
Error unknown_sort(std::string_view wanted, const Row (&rows)[N]) {
  std::array<std::string_view, N> names;
  std::transform(std::begin(rows), std::end(rows), names.begin(), [](const Row& row) { return row.name; });
  return error(ErrorKind::kInvalidInput, "read parameters", "unknown order \"" + std::string(wanted) + "\"",
               name_hint(wanted, names), "sort");
}

template <class Query, class Row, std::size_t N>
Result<void> apply_paging(Query& query, const http::Request& request, const Row (&sorts)[N]) {
  TOCSIN_TRY(limit, number_parameter(request, "limit", 1, 1000, 50));
  query.limit = limit;
  query.cursor = request.query_param("cursor").value_or("");
  const auto wanted = request.query_param("sort");
  if (!wanted) return {};
  const auto* row =
      std::find_if(std::begin(sorts), std::end(sorts), [&](const Row& r) { return r.name == *wanted; });
  if (row == std::end(sorts)) return unknown_sort(*wanted, sorts);
  query.sort = row->sort;
  return {};
}

}  // namespace

Result<std::optional<model::Condition>> read_query(std::string_view q, query::Subject subject,
                                                   const query::Scope& scope) {
  TOCSIN_TRY(condition, query::parse(q, subject));
  const bool asks_nothing = condition == model::Condition{};
  if (asks_nothing) return std::optional<model::Condition>();
  return std::optional(query::resolve(condition, subject, scope));
}

Result<AlertFilter> alert_filter(std::string_view q, const query::Scope& scope) {
  AlertFilter filter;
  TOCSIN_TRY(where, read_query(q, query::Subject::kAlerts, scope));
  filter.query.where = std::move(where);
  return filter;
}

Result<AlertFilter> alert_filter(const http::Request& request, const query::Scope& scope) {
  TOCSIN_TRY(filter, alert_filter(request.query_param("q").value_or(""), scope));
  TOCSIN_CHECK(apply_parameters<store::AlertQuery>(filter, request, kAlertParameters, scope.me));
  TOCSIN_CHECK(apply_paging(filter.query, request, kAlertSorts));
  return filter;
}

Result<IncidentFilter> incident_filter(std::string_view q, const query::Scope& scope) {
  IncidentFilter filter;
  TOCSIN_TRY(where, read_query(q, query::Subject::kIncidents, scope));
  filter.query.where = std::move(where);
  return filter;
}

Result<IncidentFilter> incident_filter(const http::Request& request, const query::Scope& scope) {
  TOCSIN_TRY(filter, incident_filter(request.query_param("q").value_or(""), scope));
  TOCSIN_CHECK(apply_parameters<store::IncidentQuery>(filter, request, kIncidentParameters, scope.me));
  TOCSIN_CHECK(apply_paging(filter.query, request, kIncidentSorts));
  return filter;
}

Result<std::size_t> number_parameter(const http::Request& request, std::string_view name, std::size_t least,
                                     std::size_t most, std::size_t absent) {
  const auto given = request.query_param(name);
  if (!given) return absent;
  std::size_t number = 0;
  const auto [end, failed] = std::from_chars(given->data(), given->data() + given->size(), number);
  if (failed == std::errc{} && end == given->data() + given->size() && number >= least && number <= most)
    return number;
  return error(ErrorKind::kInvalidInput, "read parameters",
               std::string(name) + " must be a whole number from " + std::to_string(least) + " to " +
                   std::to_string(most),
               {}, std::string(name));
}

Result<bool> flag_parameter(const http::Request& request, std::string_view name, bool absent) {
  const auto given = request.query_param(name);
  if (!given) return absent;
  if (*given == "true" || *given == "1" || given->empty()) return true;
  if (*given == "false" || *given == "0") return false;
  return error(ErrorKind::kInvalidInput, "read parameters", std::string(name) + " must be true or false", {},
               std::string(name));
}

}  // namespace tocsin::api
