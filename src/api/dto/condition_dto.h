#pragma once
// The tree of a query and the table of fields, for clients that complete and explain.

#include <string>

#include "model/condition.h"
#include "query/query.h"

namespace tocsin::api {

void append_condition(std::string& out, const model::Condition& condition, query::Subject subject);
void append_field_table(std::string& out, query::Subject subject);

}  // namespace tocsin::api
