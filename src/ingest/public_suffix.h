#pragma once
// The Public Suffix List (publicsuffix.org, Mozilla Public License 2.0; Debian's package publicsuffix), which
// the build puts into the binary: which names end domains of the internet, and below which of them people
// register names of their own. Read once, thread-safe.

#include <string_view>

namespace tocsin::ingest {

// A delegated top-level domain in lower case, without dots: "com", "museum", "zip".
bool is_delegated_top_level(std::string_view label);

// The longest public suffix of a lower-case name: "a.b.co.uk" gives "co.uk", "x.github.io" gives "github.io";
// the last label when the list does not know the name.
std::string_view public_suffix_of(std::string_view name);

}  // namespace tocsin::ingest
