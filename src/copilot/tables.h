#pragma once
// Where each kind of event is kept in Microsoft Sentinel (KQL) and in Splunk (SPL), and in which columns it
// names an entity. The eight rows of S1's table map.

#include <string_view>
#include <vector>

#include "model/alert.h"

namespace tocsin::copilot {

// In predicates: {v} the value as a literal, {v@} the value and '@', {v.} the value and '.', {.v} '.' and the
// value, {name} the account without DOMAIN\ and @domain.
struct Field {
  model::EntityKind kind = model::EntityKind::kUser;
  std::string_view kql;
  std::string_view spl;
};

struct Table {
  std::string_view name;     // of the KQL table
  std::string_view words;    // "sign-ins": what it holds, for explanations
  std::string_view spl;      // index and sourcetype
  std::string_view columns;  // KQL project
  std::string_view spl_columns;
  std::string_view count_by;  // KQL column to count by
  std::string_view spl_count_by;
  std::string_view failed_kql, failed_spl, succeeded_kql, succeeded_spl;  // empty: it cannot tell
  std::vector<std::string_view> phrases;  // of questions that mean it; a last '*' lets the last word go on
  std::vector<Field> fields;
  bool costly = false;  // usually the largest tables
};

const std::vector<Table>& tables();
// Of a name in the table.
const Table& get_table(std::string_view name);
// nullptr when the table does not name such an entity.
const Field* find_field(const Table& table, model::EntityKind kind);

}  // namespace tocsin::copilot
