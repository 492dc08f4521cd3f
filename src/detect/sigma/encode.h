#pragma once
// What the transforming modifiers make of a text. Sigma specification 2.1.0, modifiers appendix, "String
// Modifiers".

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::detect::sigma {

std::string base64(std::string_view bytes);

// The three texts of which one is part of the Base64 text of anything that contains these bytes, whatever its
// offset.
std::vector<std::string> base64_at_offsets(std::string_view bytes);

enum class ByteOrder : std::uint8_t { kLittle, kBig };
// Bytes that are not UTF-8 become U+FFFD.
std::string utf16(std::string_view text, ByteOrder order);

// The same text with every spelling of the dashes that begin a word: - / – — ―. Absent when there are more
// than `limit` of them.
std::optional<std::vector<std::string>> with_all_dashes(std::string_view text, std::size_t limit);

}  // namespace tocsin::detect::sigma
