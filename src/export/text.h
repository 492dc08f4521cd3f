#pragma once
// One foreign value inside a format that people open. Whatever the bytes, the result is valid UTF-8 and one
// value of that format.

#include <string>
#include <string_view>

namespace tocsin::exports {

constexpr std::size_t kShownChars = 4000;  // of one value in reports; the JSON formats have all of it

// RFC 4180, always quoted, on one line (line breaks are spelled out). A value whose first character, blanks
// and quotation marks aside, makes spreadsheets see a formula (= + - @ and their full-width forms, tab, CR)
// gets an apostrophe before it, as OWASP advises.
void append_csv_cell(std::string& out, std::string_view value);

// Between tags and inside quoted attributes.
void append_html(std::string& out, std::string_view value);

// In a paragraph, list item, heading or table cell: no markup, and no address that becomes a link by itself.
void append_markdown(std::string& out, std::string_view value);
// As a code span that may stand in a table cell too.
void append_markdown_code(std::string& out, std::string_view value);
// As a fenced block; line breaks stay.
void append_markdown_block(std::string& out, std::string_view language, std::string_view text);

// Several lines: each through display_text, line breaks kept as \n. For notes and queries.
std::string display_lines(std::string_view text);

}  // namespace tocsin::exports
