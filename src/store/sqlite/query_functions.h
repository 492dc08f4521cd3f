#pragma once
// What the query language asks and SQL cannot say: functions of ours inside SQLite. Each gets what it works
// with as a bound pointer, so that nothing of a query is ever part of a statement's text.
//
//   passes(?, text)                                  TextTest
//   list_passes(?, blob)                             one of an alert's tags, techniques or tactics
//   tactic_passes(?, bits)                           one of an incident's tactics
//   document_passes(?, block, slot)                  a field that lives in the document
//   document_has(?, block, slot, title, type, source, source_id)   free words
//   in_scope(?, source, host, ip)                    ScopeFilter
//   examined(?, seq)                                 counts the row; an error beyond the budget

#include <cstdint>
#include <memory>

#include "model/condition.h"
#include "model/search_text.h"
#include "store/sql/scope.h"
#include "store/sqlite/connection.h"

namespace tocsin::store {

// How much a statement may read. One thread.
struct RowBudget {
  std::int64_t most = 0;      // 0: no limit
  std::int64_t examined = 0;  // rows, and what reading documents costs in rows
  bool spent = false;         // a statement was ended for it
};

Result<void> add_query_functions(sqlite3* db);

class DocumentReader;
// Keeps the block that it read last; for one statement at a time. `budget` is charged.
std::shared_ptr<DocumentReader> read_documents(Connection& db, std::shared_ptr<RowBudget> budget);

SqlPointer text_test(const model::Test& test);
SqlPointer list_test(const model::Test& test);
SqlPointer document_test(const model::Test& test, std::shared_ptr<DocumentReader> reader);
SqlPointer words_test(model::SearchQuestion question, std::shared_ptr<DocumentReader> reader);
SqlPointer scope_test(ScopePtr scope);
SqlPointer row_budget(std::shared_ptr<RowBudget> budget);

}  // namespace tocsin::store
