#pragma once
// The passwords that attackers try first: data/passwords, compiled in.

#include <string_view>

namespace tocsin::auth {

// In the list as it is. `folded` is lower case; logarithmic in the list, no allocation.
bool is_listed_password(std::string_view folded);

// In the list; or in the list when up to six digits, signs and blanks are taken away around it
// ("Dragon-2026!"); or something of the list, or up to four bytes, over and over ("passwordpassword",
// "abcabcabcabc").
bool is_common_password(std::string_view folded);

}  // namespace tocsin::auth
