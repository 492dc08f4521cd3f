#pragma once
// Small, allocation-free helpers on ASCII and on names; everything else passes through untouched.

#include <string>
#include <string_view>

#include "base/ascii.h"

namespace tocsin::ingest {

std::string_view trim(std::string_view text);
// True for what tools write where nothing is: "", "-", "N/A", "null", "none", "unknown", "(null)", "<nil>".
bool is_blank_value(std::string_view text);

// Takes the part up to `separator` off the front of `rest`; all of it when there is none.
std::string_view take_until(std::string_view& rest, char separator);

// snake_case family name from a title or a vendor's type: words of letters and digits, CamelCase split
// ("UnauthorizedAccess:EC2/SSHBruteForce" gives "unauthorized_access_ec2_ssh_brute_force"). At most 96
// characters.
std::string slug(std::string_view text);
// As slug, but without the words that vary between repeats: numbers, addresses, ids, long hex.
std::string slug_of_title(std::string_view title);

}  // namespace tocsin::ingest
