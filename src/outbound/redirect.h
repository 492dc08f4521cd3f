#pragma once
// Where a redirect leads, and what may go there. Pure.

#include "outbound/engine.h"

namespace tocsin::outbound {

bool is_redirect(const Response& response);

// kForbidden when it leaves https, takes a body to another origin, or leads where the policy does not; else
// the errors of parse_url. Secret headers stay with their origin, for good.
Result<Hop> next_hop(const Hop& from, const Response& response, const Policy& policy);

}  // namespace tocsin::outbound
