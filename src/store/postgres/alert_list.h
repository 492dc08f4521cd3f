#pragma once
// From an AlertQuery to SQL. Pure: what is asked in, text and values out; values are only ever bound.
//
// Sorted lists come from the index that has their order: one run of it for each pair of status and severity
// asked for, merged by PostgreSQL. Which index serves the other filters is its planner's business.

#include <optional>
#include <string>

#include "store/sqlite/cursor.h"
#include "store/sqlite/sql_text.h"
#include "store/store.h"

namespace tocsin::store::postgres {

struct AlertList {
  TenantId tenant;
  const AlertQuery& query;
  model::Seq incident = 0;    // of query.incident, looked up
  std::string words{};        // a tsquery; empty: any
  model::Seq only_after = 0;  // rows above it
};

// Rows (sort key, seq) in the order of query.sort, after `from`.
SqlText page_sql(const AlertList& list, const std::optional<Cursor>& from, std::size_t limit,
                 std::size_t offset);
// One row with how many there are, at most `limit`.
SqlText count_sql(const AlertList& list, std::int64_t limit);
// How many alerts have these words, at most `limit`.
SqlText count_words_sql(TenantId tenant, const std::string& words, std::int64_t limit);

// Words as SearchQuestion::to_match and AlertPlan::match write them, as the text of a tsquery.
std::string to_tsquery(std::string_view match);

}  // namespace tocsin::store::postgres
