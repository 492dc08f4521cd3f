#pragma once
// Text inside URLs and forms.

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace tocsin::auth {

// RFC 3986 §2.3: everything but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

// "a=1&b=2", encoded: for a query and for a body of application/x-www-form-urlencoded.
std::string encode_form(std::span<const std::pair<std::string_view, std::string_view>> fields);

}  // namespace tocsin::auth
