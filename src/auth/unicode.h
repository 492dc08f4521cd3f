#pragma once
// Normal forms of Unicode text, by utf8proc. Absent when the text is not valid UTF-8.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin::auth {

std::optional<std::string> to_nfc(std::string_view text);
// NFC without case: for comparing only.
std::optional<std::string> fold_case(std::string_view text);
// `text` is valid UTF-8.
std::size_t count_code_points(std::string_view text);

}  // namespace tocsin::auth
