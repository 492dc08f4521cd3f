#include "store/postgres/alert_list.h"

#include <algorithm>

#include "store/sqlite/alert_list.h"

namespace tocsin::store::postgres {
namespace {

template <class Enum>
std::vector<std::int64_t> numbers(const std::vector<Enum>& chosen, std::int64_t count) {
  std::vector<std::int64_t> values;
  for (const auto value : chosen) values.push_back(static_cast<std::int64_t>(value));
  for (std::int64_t value = 0; chosen.empty() && value < count; ++value) values.push_back(value);
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
  return values;
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

std::string is_any(std::string_view column, const std::vector<std::int64_t>& values, SqlText& to) {
  return join_sql({" AND ", column, " IN (", to.bind_all(values), ")"});
}

std::string status_and_severity(const AlertQuery& query, SqlText& to) {
  std::string sql;
  if (!query.statuses.empty()) sql += is_any("a.status", numbers(query.statuses, 3), to);
  if (!query.severities.empty()) sql += is_any("a.severity", numbers(query.severities, 5), to);
  return sql;
}

std::string entity_filter(const AlertQuery& query, SqlText& to) {
  std::string sql;
  for (const auto& entity : query.entities) {
    const auto value = to.bind(entity);
    sql += join_sql({" AND (a.host = ", value, " OR a.user = ", value, " OR a.ip = ", value, ")"});
  }
  return sql;
}

std::string number_filters(const AlertQuery& query, SqlText& to) {
  std::string sql;
  if (!query.verdicts.empty()) sql += is_any("a.verdict", numbers(query.verdicts, 4), to);
  if (query.requires_review)
    sql += *query.requires_review ? " AND a.requires_review = 1" : " AND a.requires_review = 0";
  if (query.min_priority) sql += " AND a.priority >= " + to.bind(std::int64_t{*query.min_priority});
  if (query.occurred.from) sql += " AND a.occurred_at >= " + to.bind(to_unix_nanos(*query.occurred.from));
  if (query.occurred.until) sql += " AND a.occurred_at < " + to.bind(to_unix_nanos(*query.occurred.until));
  return sql;
}

// All but tenant, status and severity.
std::string filters(const AlertList& list, const std::string& tenant, SqlText& to) {
  const auto& query = list.query;
  std::string sql = number_filters(query, to) + entity_filter(query, to);
  if (query.source) sql += " AND a.source = " + to.bind(*query.source);
  if (query.type) sql += " AND a.type = " + to.bind(*query.type);
  if (query.assignee && query.assignee->empty()) sql += " AND a.assignee IS NULL";
  if (query.assignee && !query.assignee->empty()) sql += " AND a.assignee = " + to.bind(*query.assignee);
  if (query.incident) {
    sql += join_sql({" AND a.seq IN (SELECT m.alert_seq FROM incident_alerts AS m WHERE m.tenant = ", tenant,
                     " AND m.incident = ", to.bind(list.incident), ")"});
  }
  if (!list.words.empty()) {
    sql += join_sql({" AND a.seq IN (SELECT t.seq FROM alert_text AS t WHERE t.tenant = ", tenant,
                     " AND t.words @@ ", to.bind(list.words), "::tsquery)"});
  }
  if (list.only_after > 0) sql += " AND a.seq > " + to.bind(list.only_after);
  return sql;
}

std::string after(AlertSort sort, const std::optional<Cursor>& from, SqlText& to) {
  if (!from) return {};
  const std::string_view beyond = ascending(sort) ? " > " : " < ";
  if (sorted_by_seq(sort)) return join_sql({" AND a.seq", beyond, to.bind(from->seq)});
  return join_sql({" AND (", key_column(sort), ", a.seq)", beyond, "(", to.bind(from->key), ", ",
                   to.bind(from->seq), ")"});
}

// An order by seq has an index of its own for every status and severity together; few rows are sorted as they
// are.
bool needs_runs(const AlertQuery& query, const AlertList& list) {
  if (query.incident || !list.words.empty()) return false;
  const bool any = query.statuses.empty() && query.severities.empty();
  const bool by_name = query.source || query.type;
  return sorted_by_seq(query.sort) ? !any && !by_name : true;
}

std::string select_from(AlertSort sort) {
  return join_sql({"SELECT ", key_column(sort), " AS k, a.seq AS s FROM alerts AS a WHERE a.tenant = "});
}

std::string runs(const AlertList& list, const std::string& tenant, const std::string& rest, SqlText& to) {
  std::string sql;
  for (const auto status : numbers(list.query.statuses, 3)) {
    for (const auto severity : numbers(list.query.severities, 5)) {
      sql += join_sql({sql.empty() ? "" : " UNION ALL ", select_from(list.query.sort), tenant,
                       " AND a.status = ", to.bind(status), " AND a.severity = ", to.bind(severity), rest});
    }
  }
  return sql;
}

}  // namespace

SqlText page_sql(const AlertList& list, const std::optional<Cursor>& from, std::size_t limit,
                 std::size_t offset) {
  SqlText text;
  const auto sort = list.query.sort;
  const auto tenant = text.bind(list.tenant.value);
  const auto rest = filters(list, tenant, text) + after(sort, from, text);
  text.sql = needs_runs(list.query, list)
                 ? runs(list, tenant, rest, text)
                 : select_from(sort) + tenant + status_and_severity(list.query, text) + rest;
  const std::string_view direction = ascending(sort) ? " ASC" : " DESC";
  text.sql += join_sql({" ORDER BY k", direction});
  if (!sorted_by_seq(sort)) text.sql += join_sql({", s", direction});
  text.sql += " LIMIT " + text.bind(static_cast<std::int64_t>(limit)) + " OFFSET " +
              text.bind(static_cast<std::int64_t>(offset));
  return text;
}

SqlText count_sql(const AlertList& list, std::int64_t limit) {
  SqlText text;
  const auto tenant = text.bind(list.tenant.value);
  text.sql = "SELECT count(*) FROM (SELECT 1 FROM alerts AS a WHERE a.tenant = " + tenant +
             status_and_severity(list.query, text) + filters(list, tenant, text) + " LIMIT " +
             text.bind(limit) + ") AS counted";
  return text;
}

SqlText count_words_sql(TenantId tenant, const std::string& words, std::int64_t limit) {
  SqlText text;
  text.sql = "SELECT count(*) FROM (SELECT 1 FROM alert_text WHERE tenant = " + text.bind(tenant.value) +
             " AND words @@ " + text.bind(words) + "::tsquery LIMIT " + text.bind(limit) + ") AS counted";
  return text;
}

std::string to_tsquery(std::string_view match) {
  std::string query;
  bool quoted = false;
  for (std::size_t at = 0; at < match.size(); ++at) {
    const char c = match[at];
    if (c == '"') {
      quoted = !quoted;
      query += '\'';
    } else if (quoted) {
      if (c == '\'' || c == '\\') query += c;
      query += c;
    } else if (c == '*') {
      query += ":*";
    } else if (match.substr(at, 3) == "AND") {
      query += '&';
      at += 2;
    } else if (match.substr(at, 2) == "OR") {
      query += '|';
      ++at;
    } else {
      query += c;
    }
  }
  return query;
}

}  // namespace tocsin::store::postgres
