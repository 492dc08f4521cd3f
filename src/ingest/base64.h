#pragma once
// Base64 (RFC 4648, both alphabets) of what queues carry.

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::ingest {

// Blanks are passed over, padding may be missing. Absent for any other character.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace tocsin::ingest
