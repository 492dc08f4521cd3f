#pragma once
// Rows of a table and lines of name=value pairs as JSON objects, which every source that reads JSON can take.

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::ingest {

constexpr std::size_t kMaxColumns = 512;

// Columns of one CSV row (RFC 4180), quotes taken off; at most kMaxColumns.
std::vector<std::string> split_row(std::string_view row, char delimiter);

// The end of the row that begins the text: behind its line break, or npos when the text ends before it does.
std::size_t end_of_row(std::string_view text);

// Which name of `generic` a column or key has: "Source IP" and "src" give "src_ip". Empty when none.
std::string generic_name(std::string_view column);

// {"column": "value", …} without empty values. With `generic`, names are those of `generic`, numbers of
// `severity` are numbers, and lists of tags, techniques and indicators are arrays; other columns keep theirs.
std::string row_object(const std::vector<std::string>& names, const std::vector<std::string>& values,
                       bool generic);
// The same for a line of name=value pairs.
std::string pairs_object(std::string_view line, bool generic);
// True for a line that begins with at least three of them.
bool is_pairs_line(std::string_view line);

}  // namespace tocsin::ingest
