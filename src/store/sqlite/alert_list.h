#pragma once
// From an AlertQuery to SQL. Pure: what is asked in, text and values out; values are only ever bound.
//
// Sorted lists come from the index that has their order: one run of it for each pair of status and severity
// asked for, merged by SQLite, so that no list is sorted and none reads more than its page plus what other
// filters pass over. A filter that few rows pass (its own index says so) is walked instead and what comes of
// it is sorted.

#include <optional>
#include <string>
#include <vector>

#include "store/sqlite/cursor.h"
#include "store/sqlite/query_functions.h"
#include "store/sqlite/sql_text.h"
#include "store/store.h"

namespace tocsin::store {

// Filters of an AlertQuery whose rows can be walked by themselves, in the order in which they are tried.
enum class AlertDriver {
  kRuns,
  kIncident,
  kAssignee,
  kVerdict,
  kReview,
  kUrgent,
  kOccurred,
  kType,
  kSource,
  kWords
};

struct AlertList {
  TenantId tenant;
  const AlertQuery& query;
  AlertDriver driver = AlertDriver::kRuns;
  model::Seq incident = 0;     // of query.incident, looked up
  std::string match;           // for kWords: the words, in FTS5's language
  model::Seq only_after = 0;   // rows above it
  model::Seq only_before = 0;  // rows below it; 0: all

  // What no driver knows: looked at row by row, within a budget. Null: nothing.
  const model::Condition* rest = nullptr;
  ScopePtr scope;  // likewise
  std::shared_ptr<RowBudget> budget;
  std::shared_ptr<DocumentReader> documents;

  bool looks_at_rows() const { return rest != nullptr || scope != nullptr; }
};

// Drivers that the query allows, but kRuns and kWords.
std::vector<AlertDriver> possible_drivers(const AlertQuery& query);
// How many rows it would walk, at most `limit`.
SqlText probe_sql(const AlertList& list, std::int64_t limit);

// Rows (sort key, seq) in the order of query.sort, after `from`. `same_key`: only those that share its key,
// which come first; else only those beyond it. Without a cursor there is but one part.
SqlText page_sql(const AlertList& list, const std::optional<Cursor>& from, bool same_key, std::size_t limit,
                 std::size_t offset);
// Those of `seqs`, at most kSeqsAtOnce, that pass what is looked at row by row; in no order.
SqlText passing_sql(const AlertList& list, std::span<const model::Seq> seqs);
// One row with how many there are, at most `limit`; when it looks at rows as many rows as there are, so that
// those that came before the budget was spent still count.
SqlText count_sql(const AlertList& list, std::int64_t limit);

bool sorted_by_seq(AlertSort sort);
bool ascending(AlertSort sort);
std::string_view list_name(AlertSort sort);  // for cursors
bool is_filtered(const AlertQuery& query);

}  // namespace tocsin::store
