#pragma once
// Writing JSON text by appending to one string: what every response, document and log line is made of.

#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin {

// The text as a JSON string with its quotes. Any bytes may come in; what goes out is valid UTF-8 (each
// ill-formed byte becomes U+FFFD) and holds no control character.
void append_json_string(std::string& out, std::string_view text);

// Shortest text that reads back as the same number; NaN and infinities, which JSON lacks, become 0.
void append_json_number(std::string& out, double value);
void append_json_number(std::string& out, std::int64_t value);

}  // namespace tocsin
