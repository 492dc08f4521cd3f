#include "enrich/csv.h"

namespace tocsin::enrich {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// What people send for a table: told by its first bytes, refused with what to do.
struct Foreign {
  std::string_view begins, what, hint;
};
constexpr Foreign kForeign[] = {
    {"\xFF\xFE", "it is UTF-16", "save it as UTF-8"},
    {"\xFE\xFF", "it is UTF-16", "save it as UTF-8"},
    {"PK\x03\x04", "it is a workbook or another zip archive", "save the table as CSV"},
    {"\x1F\x8B", "it is compressed", "unpack it, or send it with Content-Encoding: gzip"},
};

Result<void> refuse_foreign(std::string_view text) {
  for (const auto& one : kForeign) {
    if (text.starts_with(one.begins))
      return error(ErrorKind::kInvalidSyntax, "read CSV", std::string(one.what), std::string(one.hint),
                   "byte 0");
  }
  return {};
}

// Old spreadsheets end lines with a carriage return alone. The first line tells, since a line feed may stand
// in a cell, or behind the last line.
bool ends_with_returns(std::string_view text) {
  bool is_quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '"') is_quoted = !is_quoted;
    if (is_quoted) continue;
    if (c == '\n') return false;
    if (c == '\r') return at + 1 == text.size() || text[at + 1] != '\n';
  }
  return false;
}

char separator_of(std::string_view text) {
  const auto line = text.substr(0, text.find_first_of("\r\n"));
  return line.find(',') == std::string_view::npos && line.find(';') != std::string_view::npos ? ';' : ',';
}

class Reader {
 public:
  explicit Reader(std::string_view text)
      : text_(text), has_returns_(ends_with_returns(text)), separator_(separator_of(text)) {}

  bool at_end() const { return at_ == text_.size(); }

  Result<CsvRow> row() {
    CsvRow row;
    row.line = line_;
    do {
      TOCSIN_CHECK(cell(row));
    } while (take(separator_));
    const bool has_return = take('\r');
    if (take('\n') || has_return) ++line_;
    return row;
  }

 private:
  bool take(char wanted) {
    if (at_end() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void fault(CsvRow& row, std::string why) {
    if (!row.fault.empty()) return;
    row.fault = std::move(why);
    row.fault_column = row.cells.size() + 1;
  }

  Result<void> cell(CsvRow& row) {
    std::string value;
    if (take('"')) {
      TOCSIN_CHECK(quoted(row, value));
    }
    const auto from = at_;
    while (!at_end() && !ends_cell()) ++at_;
    const auto plain = text_.substr(from, at_ - from);
    if (plain.find('"') != std::string_view::npos)
      fault(row, "a quotation mark stands inside an unquoted cell");
    add(row, value, plain);
    return {};
  }

  // A carriage return belongs to the line's end only before a line feed.
  bool ends_cell() const {
    const char c = text_[at_];
    if (c == separator_ || c == '\n') return true;
    return c == '\r' && (has_returns_ || at_ + 1 == text_.size() || text_[at_ + 1] == '\n');
  }

  Result<void> quoted(CsvRow& row, std::string& value) {
    for (const auto begun = line_;;) {
      const auto end = text_.find('"', at_);
      if (end == std::string_view::npos) {
        return error(ErrorKind::kInvalidSyntax, "read CSV", "a quotation is never closed",
                     "close it, or double a quotation mark that is part of the text",
                     "line " + std::to_string(begun));
      }
      const auto part = text_.substr(at_, end - at_);
      for (const char c : part) line_ += c == (has_returns_ ? '\r' : '\n') ? 1U : 0U;
      at_ = end + 1;
      if (value.size() <= kMaxCsvField) value += part;
      if (!take('"')) break;
      value += '"';
    }
    if (!at_end() && !ends_cell()) fault(row, "text follows a closing quotation mark");
    return {};
  }

  void add(CsvRow& row, std::string& value, std::string_view rest) {
    if (value.size() + rest.size() > kMaxCsvField) {
      fault(row, "the cell has more than " + std::to_string(kMaxCsvField) + " bytes");
    } else if (row.cells.size() == kMaxCsvColumns) {
      fault(row, "there are more than " + std::to_string(kMaxCsvColumns) + " cells");
    } else {
      value += rest;
    }
    if (row.cells.size() < kMaxCsvColumns) row.cells.push_back(std::move(value));
  }

  std::string_view text_;
  bool has_returns_;  // a carriage return alone ends a line
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool is_blank(const CsvRow& row) {
  return row.fault.empty() && row.cells.size() == 1 && row.cells.front().empty();
}

}  // namespace

Result<void> read_csv(std::string_view text, const std::function<bool(CsvRow&)>& each) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  TOCSIN_CHECK(refuse_foreign(text));
  Reader reader(text);
  while (!reader.at_end()) {
    TOCSIN_TRY(row, reader.row());
    if (!is_blank(row) && !each(row)) break;
  }
  return {};
}

}  // namespace tocsin::enrich
