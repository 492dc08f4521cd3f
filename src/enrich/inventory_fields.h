#pragma once
// Rows of an asset or user table out of named texts: CSV with a header line, or the members of a JSON object.
// Names of columns are read leniently ("IP Address" is addresses), values strictly. Pure.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "store/inventory.h"

namespace tocsin::enrich {

constexpr std::size_t kMaxText = 300;  // bytes of one value
constexpr std::size_t kMaxListItems = 64;
constexpr std::size_t kMaxFaults = 1000;  // that are listed; the rest is counted

struct NamedText {
  std::string_view name;
  std::string_view value;  // of a list: items between commas, semicolons, bars or line breaks
};

struct FieldFault {
  std::size_t index = 0;  // into the named texts
  std::string reason;
};

// What is wrong with a row; empty when it is fit to be stored. Texts with unknown names are left out.
std::vector<FieldFault> read_row(std::span<const NamedText> texts, store::Asset& asset);
std::vector<FieldFault> read_row(std::span<const NamedText> texts, store::User& user);

// The field that a column's name means; empty when it is unknown.
std::string_view asset_field(std::string_view column);
std::string_view user_field(std::string_view column);

struct RowFault {
  std::size_t line = 0;    // counted from 1
  std::size_t column = 0;  // counted from 1; 0: the row as a whole
  std::string field;       // the column's name in the file
  std::string reason;
};

template <class Row>
struct Table {
  std::vector<Row> rows;
  std::vector<RowFault> faults;
  std::size_t rejected = 0;           // rows
  std::vector<std::string> left_out;  // columns that mean nothing to us
};

// kInvalidSyntax for an open quotation, kInvalidInput for a header without a column that could name a row or
// for more than store::kMaxInventoryRows rows.
Result<Table<store::Asset>> read_assets(std::string_view csv);
Result<Table<store::User>> read_users(std::string_view csv);

}  // namespace tocsin::enrich
