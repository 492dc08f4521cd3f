#pragma once
// The search text of lists (`q=`) and the plain parameters beside it, made into a query of the store.
//
//   severity:>=high status:new,in_progress host:web-01 "failed login"
//
// Terms are separated by blanks and AND-ed; a term is field:value or a free word; quotes keep blanks
// together; commas mean "one of" where a field has a fixed set of values. Columns in errors count characters
// from 1.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/http.h"
#include "store/store.h"

namespace tocsin::api {

struct Term {
  std::string field;        // empty: a free word
  std::string value;        // without quotes
  std::string where;        // "q:8", or the parameter's name
  std::string value_where;  // the same for the value
};

// Pure. kInvalidInput with `where` "q:COLUMN" for an open quote, a missing value or a negated term.
Result<std::vector<Term>> parse_query_text(std::string_view text);

template <class Query>
struct Filter {
  Query query;
  // Two terms exclude each other: answer an empty list without asking the store.
  bool matches_nothing = false;
};
using AlertFilter = Filter<store::AlertQuery>;
using IncidentFilter = Filter<store::IncidentQuery>;

// `me` is what assignee:me stands for.
Result<AlertFilter> alert_filter(std::string_view q, std::string_view me);
// From a request's q, plain parameters, sort, limit and cursor.
Result<AlertFilter> alert_filter(const http::Request& request, std::string_view me);
Result<IncidentFilter> incident_filter(const http::Request& request, std::string_view me);

// A whole-number parameter; `absent` when it is missing.
Result<std::size_t> number_parameter(const http::Request& request, std::string_view name, std::size_t least,
                                     std::size_t most, std::size_t absent);
Result<bool> flag_parameter(const http::Request& request, std::string_view name, bool absent);

}  // namespace tocsin::api
