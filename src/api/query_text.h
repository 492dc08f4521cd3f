#pragma once
// The search text of lists (`q=`, in the query language) and the plain parameters beside it, made into a
// query of the store. All of them are AND-ed.

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "http/http.h"
#include "query/query.h"
#include "store/store.h"

namespace tocsin::api {

// A plain parameter as it was sent.
struct Term {
  std::string field;
  std::string value;
};

template <class Query>
struct Filter {
  Query query;
  // Two parameters exclude each other: answer an empty list without asking the store.
  bool matches_nothing = false;
};
using AlertFilter = Filter<store::AlertQuery>;
using IncidentFilter = Filter<store::IncidentQuery>;

// kInvalidInput with `where` "q:COLUMN". Who asks, and when, is in `scope`.
Result<AlertFilter> alert_filter(std::string_view q, const query::Scope& scope);
Result<IncidentFilter> incident_filter(std::string_view q, const query::Scope& scope);
// From a request's q, plain parameters, sort, limit and cursor.
Result<AlertFilter> alert_filter(const http::Request& request, const query::Scope& scope);
Result<IncidentFilter> incident_filter(const http::Request& request, const query::Scope& scope);

// A whole-number parameter; `absent` when it is missing.
Result<std::size_t> number_parameter(const http::Request& request, std::string_view name, std::size_t least,
                                     std::size_t most, std::size_t absent);
Result<bool> flag_parameter(const http::Request& request, std::string_view name, bool absent);

}  // namespace tocsin::api
