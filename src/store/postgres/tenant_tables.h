#pragma once
// The tables that have a tenant's number, for what is done to all of them.

#include <string>
#include <string_view>
#include <vector>

#include "store/postgres/connection.h"

namespace tocsin::store::postgres {

// Of the schema in use, by name.
Result<std::vector<std::string>> tenant_tables(Connection& db);

// As an identifier. The names are those of our own tables.
std::string in_quotes(std::string_view table);

}  // namespace tocsin::store::postgres
