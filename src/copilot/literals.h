#pragma once
// Foreign values as string literals of the query languages. Whatever the bytes, the result is exactly one
// literal: it cannot end early, start a comment, a pipe, a macro or a sub-search. Invisible and bidirectional
// characters never stand in a query as themselves, so that what an analyst reads is what runs.

#include <string>
#include <string_view>

namespace tocsin::copilot {

// "…" with \\ \" \n \t and \uXXXX (UTF-16 units). Decodes to the value itself; bytes that are not UTF-8
// become U+FFFD.
std::string kql_literal(std::string_view value);

// "…" with \\ and \". SPL has no escape for '*', '`' or control characters inside a search term: those become
// the wildcard '*', so the term may match more than the value (`widened` tells).
struct SplLiteral {
  std::string text;
  bool widened = false;
};
SplLiteral spl_literal(std::string_view value);

// '…' with '' doubled, or U&'…' with \XXXX and \+XXXXXX where the value has characters that must not stand
// raw.
std::string sql_literal(std::string_view value);

}  // namespace tocsin::copilot
