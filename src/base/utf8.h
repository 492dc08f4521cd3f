#pragma once
// UTF-8 as Unicode 15 §3.9 defines it: no overlong forms, no surrogates, nothing above U+10FFFF.

#include <cstddef>
#include <string_view>

namespace tocsin {

// Length (1..4) of the well-formed sequence that starts at `at`; 0 when there is none. Requires at <
// text.size().
std::size_t utf8_length_at(std::string_view text, std::size_t at);

// Offset of the first byte that is not part of a well-formed sequence; text.size() when all is well.
std::size_t find_invalid_utf8(std::string_view text);

// The longest prefix of at most `max_bytes` that does not cut a character. `text` is valid UTF-8.
std::string_view utf8_prefix(std::string_view text, std::size_t max_bytes);

}  // namespace tocsin
