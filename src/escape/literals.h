#pragma once
// Foreign values as string literals of the query languages. Whatever the bytes, the result is exactly one
// literal: it cannot end early, start a comment, a pipe, a macro or a sub-search. Invisible and bidirectional
// characters never stand in a query as themselves, so that what an analyst reads is what runs.

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::escape {

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

// "…" with \\ and \". ES|QL has no escape for other characters, so a value that holds controls, invisible or
// directional characters, or bytes that are not UTF-8, has no literal.
std::optional<std::string> esql_literal(std::string_view value);

// A YAML double-quoted scalar that holds a Sigma value: wildcards and the backslashes before them are escaped
// for Sigma, then everything for YAML. Decodes to text that matches the value itself and nothing else; bytes
// that are not UTF-8 become U+FFFD.
std::string sigma_literal(std::string_view value);

}  // namespace tocsin::escape
