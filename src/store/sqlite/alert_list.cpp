#include "store/sqlite/alert_list.h"

#include <array>

#include "store/sqlite/condition_sql.h"

namespace tocsin::store {
namespace {

constexpr std::string_view kTextMatchesSorted = "20000";  // newest matches that are sorted by another order

template <class Enum>
std::vector<std::int64_t> numbers(const std::vector<Enum>& chosen, std::int64_t count) {
  std::vector<std::int64_t> values;
  for (const auto value : chosen) values.push_back(static_cast<std::int64_t>(value));
  for (std::int64_t value = 0; chosen.empty() && value < count; ++value) values.push_back(value);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
}

std::vector<std::int64_t> statuses(const AlertQuery& query) {
  return numbers(query.statuses, 3);
}
std::vector<std::int64_t> severities(const AlertQuery& query) {
  return numbers(query.severities, 5);
}

std::string_view key_column(AlertSort sort) {
  switch (sort) {
    case AlertSort::kPriority:
      return "a.priority";
    case AlertSort::kOccurred:
      return "a.occurred_at";
    default:
      return "a.seq";
  }
}

std::string_view run_index(AlertSort sort) {
  switch (sort) {
    case AlertSort::kPriority:
      return "alerts_urgent";
    case AlertSort::kOccurred:
      return "alerts_occurred";
    default:
      return "alerts_newest";
  }
}

// Counting needs no order: the index that holds the filter too reads no row for it.
std::string_view counted_index(const AlertQuery& query) {
  if (query.min_priority) return "alerts_urgent";
  return query.occurred.from || query.occurred.until ? "alerts_occurred" : "alerts_newest";
}

// The index of a single-value driver and the filter that it serves.
std::string_view driver_index(AlertDriver driver) {
  switch (driver) {
    case AlertDriver::kAssignee:
      return "alerts_by_assignee";
    case AlertDriver::kVerdict:
      return "alerts_by_verdict";
    case AlertDriver::kReview:
      return "alerts_by_review";
    case AlertDriver::kType:
      return "alerts_by_type";
    default:
      return "alerts_by_source";
  }
}

std::string equals_any(std::string_view column, const std::vector<std::int64_t>& values, SqlText& to) {
  return " AND " + std::string(column) + " IN (" + to.bind_all(values) + ")";
}

std::string time_filter(const AlertQuery& query, SqlText& to) {
  std::string sql;
  if (query.occurred.from) sql += " AND a.occurred_at >= " + to.bind(to_unix_nanos(*query.occurred.from));
  if (query.occurred.until) sql += " AND a.occurred_at < " + to.bind(to_unix_nanos(*query.occurred.until));
  return sql;
}

// All filters but tenant, status, severity and words.
std::string filters(const AlertList& list, SqlText& to) {
  const auto& query = list.query;
  std::string sql;
  if (!query.verdicts.empty()) sql += equals_any("a.verdict", numbers(query.verdicts, 4), to);
  if (query.source) sql += " AND a.source = " + to.bind(*query.source);
  if (query.type) sql += " AND a.type = " + to.bind(*query.type);
  for (const auto& entity : query.entities) {
    const auto value = to.bind(entity);
    sql.append(" AND (a.host = ").append(value);
    sql.append(" OR a.user = ").append(value);
    sql.append(" OR a.ip = ").append(value).append(")");
  }
  if (query.assignee && query.assignee->empty()) sql += " AND a.assignee IS NULL";
  if (query.assignee && !query.assignee->empty()) sql += " AND a.assignee = " + to.bind(*query.assignee);
  if (query.requires_review)
    sql += *query.requires_review ? " AND a.requires_review = 1" : " AND a.requires_review = 0";
  if (query.min_priority) sql += " AND a.priority >= " + to.bind(std::int64_t{*query.min_priority});
  if (query.incident && list.driver != AlertDriver::kIncident) {
    sql += " AND EXISTS (SELECT 1 FROM incident_alerts AS x WHERE x.alert_seq = a.seq AND x.incident = " +
           to.bind(list.incident) + ")";
  }
  return sql + time_filter(query, to);
}

// Rows of a window, by the column that the walk is ordered by.
std::string window(const AlertList& list, std::string_view seq, SqlText& to) {
  std::string sql;
  if (list.only_after > 0) sql += join_sql({" AND ", seq, " > ", to.bind(list.only_after)});
  if (list.only_before > 0) sql += join_sql({" AND ", seq, " < ", to.bind(list.only_before)});
  return sql;
}

// After all other filters, so that only rows that pass those are charged for.
std::string rest_filter(const AlertList& list, SqlText& to) {
  if (!list.looks_at_rows()) return {};
  auto sql = " AND examined(" + to.bind(row_budget(list.budget)) + ", a.seq)";
  if (list.scope) sql += " AND in_scope(" + to.bind(scope_test(list.scope)) + ", a.source, a.host, a.ip)";
  if (list.rest != nullptr) sql += " AND " + alert_condition(*list.rest, list.documents, to);
  return sql;
}

// The partial indexes are only used when their condition is spelled out.
std::string_view driver_condition(AlertDriver driver) {
  switch (driver) {
    case AlertDriver::kAssignee:
      return " AND a.assignee IS NOT NULL";
    case AlertDriver::kVerdict:
      return " AND a.verdict <> 0";
    case AlertDriver::kReview:
      return " AND a.requires_review = 1";
    default:
      return "";
  }
}

// Their indexes start with status and severity: a range of the third column is only found when both are
// named.
bool needs_all_runs(AlertDriver driver) {
  return driver == AlertDriver::kUrgent || driver == AlertDriver::kOccurred;
}

std::string all_runs(const AlertQuery& query, SqlText& to) {
  return equals_any("a.status", statuses(query), to) + equals_any("a.severity", severities(query), to);
}

std::string status_and_severity(const AlertQuery& query, SqlText& to) {
  std::string sql;
  if (!query.statuses.empty()) sql += equals_any("a.status", statuses(query), to);
  if (!query.severities.empty()) sql += equals_any("a.severity", severities(query), to);
  return sql;
}

// The column that a walk has its own order by: FTS5 only knows its rowid's.
std::string_view walk_seq(AlertDriver driver, bool own_order) {
  if (driver == AlertDriver::kIncident) return "m.alert_seq";
  return driver == AlertDriver::kWords && own_order ? "t.rowid" : "a.seq";
}

// FROM and WHERE of the drivers that are one walk. A word driver in another order than its own first takes
// the newest matches.
std::string single_walk(const AlertList& list, bool own_order, SqlText& to) {
  const auto tenant = to.bind(list.tenant.value);
  std::string sql;
  if (list.driver == AlertDriver::kIncident) {
    sql =
        "FROM incident_alerts AS m INDEXED BY incident_alerts_by_incident CROSS JOIN alerts AS a ON a.seq = "
        "m.alert_seq "
        "WHERE m.tenant = " +
        tenant + " AND m.incident = " + to.bind(list.incident) + " AND a.tenant = " + tenant;
  } else if (list.driver == AlertDriver::kWords && own_order) {
    sql = "FROM alert_text AS t CROSS JOIN alerts AS a ON a.seq = t.rowid WHERE alert_text MATCH " +
          to.bind(list.match) + " AND a.tenant = " + tenant;
  } else if (list.driver == AlertDriver::kWords) {
    sql = "FROM (SELECT rowid AS r FROM alert_text WHERE alert_text MATCH " + to.bind(list.match) +
          " ORDER BY rowid DESC LIMIT " + std::string(kTextMatchesSorted) +
          ") AS t CROSS JOIN alerts AS a ON a.seq = t.r WHERE a.tenant = " + tenant;
  } else {
    sql = "FROM alerts AS a INDEXED BY " + std::string(driver_index(list.driver)) +
          " WHERE a.tenant = " + tenant + std::string(driver_condition(list.driver));
  }
  const auto seq = walk_seq(list.driver, own_order);
  return sql +
         (needs_all_runs(list.driver) ? all_runs(list.query, to) : status_and_severity(list.query, to)) +
         filters(list, to) + window(list, seq, to) + rest_filter(list, to);
}

std::string after_cursor(const AlertList& list, const std::optional<Cursor>& from, bool same_key,
                         std::string_view seq, SqlText& to) {
  if (!from) return {};
  const std::string beyond = ascending(list.query.sort) ? " > " : " < ";
  if (sorted_by_seq(list.query.sort)) return " AND " + std::string(seq) + beyond + to.bind(from->seq);
  const auto key = std::string(key_column(list.query.sort));
  if (!same_key) return " AND " + key + beyond + to.bind(from->key);
  return " AND " + key + " = " + to.bind(from->key) + " AND " + std::string(seq) + beyond +
         to.bind(from->seq);
}

std::string runs(const AlertList& list, const std::optional<Cursor>& from, bool same_key, SqlText& to) {
  std::string sql;
  const auto tenant = to.bind(list.tenant.value);
  const auto rest = filters(list, to) + window(list, "a.seq", to) +
                    after_cursor(list, from, same_key, "a.seq", to) + rest_filter(list, to);
  for (const auto status : statuses(list.query)) {
    for (const auto severity : severities(list.query)) {
      if (!sql.empty()) sql += " UNION ALL ";
      sql +=
          join_sql({"SELECT ", key_column(list.query.sort), " AS k, a.seq AS s FROM alerts AS a INDEXED BY ",
                    run_index(list.query.sort), " WHERE a.tenant = ", tenant,
                    " AND a.status = ", to.bind(status), " AND a.severity = ", to.bind(severity), rest});
    }
  }
  return sql;
}

std::string order_and_limit(AlertSort sort, std::string_view key, std::string_view seq, std::size_t limit,
                            std::size_t offset, SqlText& to) {
  const std::string direction = ascending(sort) ? " ASC" : " DESC";
  std::string sql = " ORDER BY ";
  if (!sorted_by_seq(sort)) sql += std::string(key) + direction + ", ";
  sql += std::string(seq) + direction + " LIMIT " + to.bind(static_cast<std::int64_t>(limit));
  if (offset > 0) sql += " OFFSET " + to.bind(static_cast<std::int64_t>(offset));
  return sql;
}

}  // namespace

bool sorted_by_seq(AlertSort sort) {
  return sort == AlertSort::kNewest || sort == AlertSort::kOldest;
}
bool ascending(AlertSort sort) {
  return sort == AlertSort::kOldest;
}

std::string_view list_name(AlertSort sort) {
  constexpr std::array<std::string_view, 4> kNames{"alerts-newest", "alerts-priority", "alerts-occurred",
                                                   "alerts-oldest"};
  return kNames[static_cast<std::size_t>(sort)];
}

bool is_filtered(const AlertQuery& query) {
  return !query.severities.empty() || !query.statuses.empty() || !query.verdicts.empty() || query.source ||
         query.type || !query.entities.empty() || query.assignee || query.requires_review ||
         query.min_priority || query.incident || !query.text.empty() || query.occurred.from ||
         query.occurred.until || query.where || query.scope;
}

std::vector<AlertDriver> possible_drivers(const AlertQuery& query) {
  std::vector<AlertDriver> drivers;
  if (query.incident) drivers.push_back(AlertDriver::kIncident);
  if (query.assignee && !query.assignee->empty()) drivers.push_back(AlertDriver::kAssignee);
  if (query.verdicts.size() == 1 && query.verdicts[0] != model::Verdict::kUndecided)
    drivers.push_back(AlertDriver::kVerdict);
  if (query.requires_review.value_or(false)) drivers.push_back(AlertDriver::kReview);
  if (query.min_priority) drivers.push_back(AlertDriver::kUrgent);
  if (query.occurred.from || query.occurred.until) drivers.push_back(AlertDriver::kOccurred);
  if (query.type) drivers.push_back(AlertDriver::kType);
  if (query.source) drivers.push_back(AlertDriver::kSource);
  return drivers;
}

SqlText probe_sql(const AlertList& list, std::int64_t limit) {
  SqlText text;
  const auto& query = list.query;
  const auto tenant = text.bind(list.tenant.value);
  std::string walk;
  if (list.driver == AlertDriver::kIncident) {
    walk = "incident_alerts AS a INDEXED BY incident_alerts_by_incident WHERE a.tenant = " + tenant +
           " AND a.incident = " + text.bind(list.incident);
  } else {
    walk = "alerts AS a INDEXED BY " + std::string(driver_index(list.driver)) +
           " WHERE a.tenant = " + tenant + std::string(driver_condition(list.driver));
  }
  if (list.driver == AlertDriver::kAssignee) walk += " AND a.assignee = " + text.bind(*query.assignee);
  if (list.driver == AlertDriver::kVerdict) walk += equals_any("a.verdict", numbers(query.verdicts, 4), text);
  if (needs_all_runs(list.driver)) walk += all_runs(query, text);
  if (list.driver == AlertDriver::kUrgent)
    walk += " AND a.priority >= " + text.bind(std::int64_t{*query.min_priority});
  if (list.driver == AlertDriver::kOccurred) walk += time_filter(query, text);
  if (list.driver == AlertDriver::kType) walk += " AND a.type = " + text.bind(*query.type);
  if (list.driver == AlertDriver::kSource) walk += " AND a.source = " + text.bind(*query.source);
  text.sql = "SELECT count(*) FROM (SELECT 1 FROM " + walk + " LIMIT " + text.bind(limit) + ")";
  return text;
}

SqlText page_sql(const AlertList& list, const std::optional<Cursor>& from, bool same_key, std::size_t limit,
                 std::size_t offset) {
  SqlText text;
  const auto sort = list.query.sort;
  if (list.driver == AlertDriver::kRuns) {
    text.sql = runs(list, from, same_key, text) + order_and_limit(sort, "k", "s", limit, offset, text);
    return text;
  }
  const auto seq = walk_seq(list.driver, sorted_by_seq(sort));
  const auto key = key_column(sort);
  text.sql = "SELECT " + std::string(key) + ", " + std::string(seq) + " " +
             single_walk(list, sorted_by_seq(sort), text) + after_cursor(list, from, same_key, seq, text) +
             order_and_limit(sort, key, seq, limit, offset, text);
  return text;
}

SqlText passing_sql(const AlertList& list, std::span<const model::Seq> seqs) {
  SqlText text;
  text.sql = "SELECT a.seq FROM alerts AS a NOT INDEXED WHERE a.tenant = " + text.bind(list.tenant.value) +
             " AND a.seq IN (" + text.bind_all(padded(seqs)) + ")" + rest_filter(list, text);
  return text;
}

SqlText count_sql(const AlertList& list, std::int64_t limit) {
  SqlText text;
  std::string walk;
  if (list.driver == AlertDriver::kRuns) {
    walk = "FROM alerts AS a INDEXED BY " + std::string(counted_index(list.query)) +
           " WHERE a.tenant = " + text.bind(list.tenant.value) + all_runs(list.query, text);
    walk += filters(list, text) + window(list, "a.seq", text) + rest_filter(list, text);
  } else {
    walk = single_walk(list, true, text);
  }
  const auto rows = "SELECT 1 " + walk + " LIMIT " + text.bind(limit);
  text.sql = list.looks_at_rows() ? rows : "SELECT count(*) FROM (" + rows + ")";
  return text;
}

}  // namespace tocsin::store
