#pragma once
// Names made of hashes, and a hash as web pages spell it.

#include <string>
#include <string_view>

namespace tocsin::exports {

std::string sha256_base64(std::string_view bytes);  // as in a content security policy

// A UUID of version 5 (RFC 9562 §5.5) of the name in the space.
// `space` is a UUID in its usual spelling.
std::string uuid5(std::string_view space, std::string_view name);

// For objects whose ids must be of version 4: its bits are taken from a hash all the same, so that one case
// gives one id.
std::string uuid4(std::string_view space, std::string_view name);

// The space of all names of ours.
inline constexpr std::string_view kOwnSpace = "5c7f1a0e-7b7e-5d43-9d0c-2f1b6a4e8c11";

}  // namespace tocsin::exports
