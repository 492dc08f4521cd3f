#pragma once
// Characters of foreign text, one by one.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::escape {

inline constexpr std::uint32_t kReplacement = 0xFFFD;  // stands for each ill-formed byte sequence

// Unicode code points of the text; never fails.
std::vector<std::uint32_t> characters(std::string_view text);
void append_utf8(std::string& out, std::uint32_t c);

// Controls, invisible and directional characters: everything that would make a query or a command look like
// another one.
bool must_not_stand_raw(std::uint32_t c);

}  // namespace tocsin::escape
