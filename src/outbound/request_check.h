#pragma once
// What a request may look like before anything is done for it. Pure.

#include <string>
#include <vector>

#include "outbound/outbound.h"
#include "outbound/url.h"

namespace tocsin::outbound {

// kInvalidInput for a bad URL, a header that would start another or is the client's own business, bounds that
// are none; kForbidden for http or a port that the policy does not take.
Result<Url> check_request(const Request& request, const Policy& policy);

// Scheme and port, of each hop.
Result<void> check_target(const Url& url, const Policy& policy);

// "Name: value" lines; without the secret ones for an origin that they are not meant for.
std::vector<std::string> header_lines(const Request& request, bool with_secrets);

}  // namespace tocsin::outbound
