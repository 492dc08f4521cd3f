#pragma once
// Traffic Light Protocol 2.0 (first.org/tlp): with whom something may be shared.

#include <cstdint>
#include <optional>
#include <string_view>

namespace tocsin::model {

// In the order of strictness: std::max is the mark of two things together.
enum class Tlp : std::uint8_t { kClear, kGreen, kAmber, kAmberStrict, kRed };

std::string_view to_text(Tlp value);  // CLEAR GREEN AMBER AMBER+STRICT RED
// Any case, with or without "TLP:"; WHITE, the name that CLEAR had in version 1, and AMBER_STRICT too.
std::optional<Tlp> parse_tlp(std::string_view text);

}  // namespace tocsin::model
