#pragma once
// Divides a condition of the query language between what a driver of the list knows (alert_list.h) and what
// has to be looked at row by row. Pure.

#include <optional>
#include <string>

#include "store/store.h"

namespace tocsin::store {

struct AlertPlan {
  AlertQuery query;       // with what was taken over; no `where`
  model::Condition rest;  // kAll
  std::string match;      // for FTS5: every row that passes `rest` has these words; may be empty

  bool has_rest() const { return !rest.parts.empty(); }
};
AlertPlan plan_alerts(const AlertQuery& query);

}  // namespace tocsin::store
