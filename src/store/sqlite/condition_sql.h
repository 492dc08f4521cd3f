#pragma once
// A condition of the query language as an SQL expression. Every value is bound; the text holds names of
// columns and functions only. The expression is 0 or 1, never null, so that NOT means what it says.

#include <memory>
#include <string>

#include "model/condition.h"
#include "store/sqlite/query_functions.h"
#include "store/sqlite/sql_text.h"

namespace tocsin::store {

// Over `alerts AS a`. `reader` serves what lives in documents.
std::string alert_condition(const model::Condition& condition, const std::shared_ptr<DocumentReader>& reader,
                            SqlText& to);
// Over `incidents`.
std::string incident_condition(const model::Condition& condition, SqlText& to);

}  // namespace tocsin::store
