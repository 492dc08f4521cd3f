#include "store/sqlite/incident_list.h"

#include "store/sqlite/condition_sql.h"
#include "store/sqlite/cursor.h"
#include "store/sqlite/incident_row.h"
#include "store/sqlite/search_text.h"

namespace tocsin::store {
namespace {

struct Order {
  std::string_view name;  // for cursors
  std::string_view column;
  std::string_view index;  // empty: the table's own order
};

const Order& order_of(IncidentSort sort) {
  static constexpr std::array<Order, 3> kOrders{
      {{"incidents-priority", "priority", "INDEXED BY incidents_urgent"},
       {"incidents-newest", "seq", ""},
       {"incidents-updated", "updated_at", "INDEXED BY incidents_updated"}}};
  return kOrders[static_cast<std::size_t>(sort)];
}

template <class Enum>
std::string any_of(std::string_view column, const std::vector<Enum>& chosen, SqlText& to) {
  if (chosen.empty()) return {};
  std::vector<std::int64_t> values;
  for (const auto value : chosen) values.push_back(static_cast<std::int64_t>(value));
  return " AND " + std::string(column) + " IN (" + to.bind_all(values) + ")";
}

constexpr std::int64_t kRowsExamined = 250'000;  // of one statement with a `where`

std::string where(TenantId tenant, const IncidentQuery& query, const std::shared_ptr<RowBudget>& budget,
                  SqlText& to) {
  std::string sql = " WHERE tenant = " + to.bind(tenant.value) + " AND merged_into IS NULL";
  sql += any_of("severity", query.severities, to) + any_of("status", query.statuses, to) +
         any_of("verdict", query.verdicts, to);
  if (query.assignee && query.assignee->empty()) sql += " AND assignee IS NULL";
  if (query.assignee && !query.assignee->empty()) sql += " AND assignee = " + to.bind(*query.assignee);
  if (query.requires_review) sql += " AND requires_review = " + to.bind(std::int64_t{*query.requires_review});
  if (query.min_priority) sql += " AND priority >= " + to.bind(std::int64_t{*query.min_priority});
  if (query.seen.from) sql += " AND last_seen >= " + to.bind(to_unix_nanos(*query.seen.from));
  if (query.seen.until) sql += " AND first_seen < " + to.bind(to_unix_nanos(*query.seen.until));
  for (const auto& word : parse_question(query.text).words) {
    sql += " AND lower(title) LIKE " + to.bind(like_pattern(word)) + " ESCAPE '\\'";
  }
  if (query.where)
    sql +=
        " AND examined(" + to.bind(row_budget(budget)) + ", seq) AND " + incident_condition(*query.where, to);
  return sql;
}

std::string after(const Order& order, const std::optional<Cursor>& from, SqlText& to) {
  if (!from) return {};
  if (order.column == "seq") return " AND seq < " + to.bind(from->seq);
  return " AND (" + std::string(order.column) + ", seq) < (" + to.bind(from->key) + ", " +
         to.bind(from->seq) + ")";
}

}  // namespace

Cursor cursor_at(const model::Incident& incident, IncidentSort sort) {
  switch (sort) {
    case IncidentSort::kPriority:
      return {incident.priority, incident.seq};
    case IncidentSort::kUpdated:
      return {to_unix_nanos(incident.updated_at), incident.seq};
    default:
      return {incident.seq, incident.seq};
  }
}

std::string encode_cursor_at(const model::Incident& incident, IncidentSort sort) {
  return encode_cursor(order_of(sort).name, cursor_at(incident, sort));
}

namespace {

Result<void> check(const IncidentQuery& query) {
  if (query.limit < 1 || query.limit > 1000) {
    return error(ErrorKind::kInvalidInput, "list incidents", "limit is not in 1..1000", {}, "limit");
  }
  if (query.offset > 100'000) {
    return error(ErrorKind::kInvalidInput, "list incidents", "offset is beyond 100000", "Page with a cursor",
                 "offset");
  }
  return {};
}

}  // namespace

Result<std::optional<Cursor>> start_of(const IncidentQuery& query) {
  TOCSIN_CHECK(check(query));
  if (query.cursor.empty()) return std::optional<Cursor>();
  TOCSIN_TRY(cursor, decode_cursor(order_of(query.sort).name, query.cursor));
  return std::optional(cursor);
}

namespace {

SqlText page_text(TenantId tenant, const IncidentQuery& query, const std::optional<Cursor>& from,
                  const std::shared_ptr<RowBudget>& budget) {
  SqlText text;
  const auto& order = order_of(query.sort);
  text.sql = std::string(select_incident()) + std::string(order.index) + where(tenant, query, budget, text) +
             after(order, from, text) + " ORDER BY " + std::string(order.column) + " DESC";
  if (order.column != "seq") text.sql += ", seq DESC";
  text.sql += " LIMIT " + text.bind(static_cast<std::int64_t>(query.limit + 1)) + " OFFSET " +
              text.bind(static_cast<std::int64_t>(query.offset));
  return text;
}

struct Count {
  std::int64_t number = 0;
  bool in_part = false;
};

Result<Count> count(Connection& db, TenantId tenant, const IncidentQuery& query) {
  const auto budget = std::make_shared<RowBudget>(RowBudget{.most = kRowsExamined});
  SqlText text;
  text.sql = "SELECT 1 FROM incidents" + where(tenant, query, budget, text) + " LIMIT " +
             text.bind(kCountedAtMost + 1);
  auto row = db.prepare(text.sql);
  row.query_values(text.values);
  Count counted;
  while (row.next()) ++counted.number;
  counted.in_part = budget->spent;
  if (!counted.in_part) TOCSIN_CHECK(row.status());
  return counted;
}

Error too_costly() {
  return error(ErrorKind::kInvalidInput, "list incidents",
               "the query would read more than " + std::to_string(kRowsExamined) + " incidents",
               "Narrow it by time, severity or status", "q");
}

}  // namespace

Result<std::vector<model::Incident>> incidents_after(Connection& db, TenantId tenant,
                                                     const IncidentQuery& query,
                                                     const std::optional<Cursor>& from) {
  const auto text = page_text(tenant, query, from, std::make_shared<RowBudget>());
  std::vector<model::Incident> incidents;
  auto row = db.prepare(text.sql);
  row.query_values(text.values);
  while (row.next()) incidents.push_back(read_incident(row));
  TOCSIN_CHECK(row.status());
  return incidents;
}

Result<Page<model::Incident>> list_incidents(Connection& db, TenantId tenant, const IncidentQuery& query) {
  TOCSIN_TRY(from, start_of(query));
  Page<model::Incident> page;
  const auto budget = std::make_shared<RowBudget>(RowBudget{.most = kRowsExamined});
  const auto text = page_text(tenant, query, from, budget);
  auto row = db.prepare(text.sql);
  row.query_values(text.values);
  while (row.next()) page.items.push_back(read_incident(row));
  if (budget->spent) return too_costly();
  TOCSIN_CHECK(row.status());
  if (page.items.size() > query.limit) {
    page.items.resize(query.limit);
    page.next_cursor = encode_cursor_at(page.items.back(), query.sort);
  }
  TOCSIN_TRY(total, count(db, tenant, query));
  page.total = std::min(total.number, kCountedAtMost);
  page.total_capped = total.number > kCountedAtMost || total.in_part;
  return page;
}

}  // namespace tocsin::store
