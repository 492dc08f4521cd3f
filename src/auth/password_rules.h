#pragma once
// Which passwords people may choose (NIST SP 800-63B §3.1.1.2, ASVS 5.0 §6.2): 12 to 128 characters of any
// kind, no rules of composition, nothing that attackers try first, no password that is mostly one's name or
// the product's.

#include <string_view>

#include "base/result.h"

namespace tocsin::auth {

inline constexpr std::size_t kMinPasswordLength = 12;   // code points after NFC
inline constexpr std::size_t kMaxPasswordLength = 128;  // code points after NFC

// kInvalidInput with a sentence for the person who chooses. `sign_in_name` may be a mail address.
Result<void> check_new_password(std::string_view password, std::string_view sign_in_name);

}  // namespace tocsin::auth
