#pragma once
// CSV after RFC 4180, as spreadsheets and directories write it: a byte-order mark, LF or CRLF (CR alone where
// the first line ends so), quotes around anything, quotes doubled inside them; comma or semicolon, whichever
// the first line uses. Pure, linear in the text, bounded.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::enrich {

constexpr std::size_t kMaxCsvColumns = 64;
constexpr std::size_t kMaxCsvField = 4096;  // bytes

struct CsvRow {
  std::size_t line = 0;  // where it begins, counted from 1
  std::vector<std::string> cells;
  // Empty, or why the row cannot be used: a quote in the wrong place, too many or too long cells.
  std::string fault;
  std::size_t fault_column = 0;  // counted from 1
};

// Calls `each` with every row that is not blank, until it answers false. kInvalidSyntax, with the line, for a
// quotation that is never closed: what stands behind it cannot be told apart; and for what begins as UTF-16,
// as a workbook or as gzip.
Result<void> read_csv(std::string_view text, const std::function<bool(CsvRow&)>& each);

}  // namespace tocsin::enrich
