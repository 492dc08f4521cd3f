#pragma once
// PostgreSQL's text has no NUL and only valid UTF-8; what tools send has both. Bytes that it would refuse are
// written as characters of a private plane (U+10FF00 plus the byte), reversibly and so that different texts
// stay different.

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::store {

// Absent when `text` can be stored as it is.
std::optional<std::string> to_portable_text(std::string_view text);
// Absent when `stored` is the text itself.
std::optional<std::string> from_portable_text(std::string_view stored);

}  // namespace tocsin::store
