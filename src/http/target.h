#pragma once
// The request target (RFC 9112 §3.2) taken apart and percent-decoded, once, at the edge.

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tocsin::http {

using QueryPairs = std::vector<std::pair<std::string, std::string>>;

struct Target {
  std::string raw_path;   // as on the wire, for the router: there "%2F" is no segment border
  std::string path;       // decoded UTF-8, starts with '/', no control characters, no "." or ".." segments
  QueryPairs query;       // decoded, in order; "a" reads as {"a", ""}
  std::string authority;  // of the absolute form "http://host:port/…"; else empty
};

// kInvalidSyntax for a target that is neither origin-form, http(s) absolute-form nor "*", for a bad escape,
// for bytes that are not UTF-8, for control characters in the path, for NUL in the query and for dot
// segments: clients resolve those themselves, so here they only come from somebody who probes.
Result<Target> parse_target(std::string_view target);

// Absent for a bad escape ("%", "%4", "%zz").
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

// The pairs of "a=1&b=2"; absent for a bad escape, NUL or bytes that are not UTF-8.
std::optional<QueryPairs> parse_query(std::string_view text);

}  // namespace tocsin::http
