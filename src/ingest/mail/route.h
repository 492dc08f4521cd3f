#pragma once
// What the mail's way says of its sender: where it came from, and what the receiving servers made of it.

#include <string>
#include <string_view>
#include <vector>

#include "ingest/mail/mime.h"

namespace tocsin::ingest::mail {

struct Authentication {
  std::string spf, dkim, dmarc, compauth;  // "pass", "fail", "none" …, lower case; empty when nobody said
};
// From Authentication-Results (the topmost that names a method counts; of several DKIM signatures a pass),
// Received-SPF and ARC-Authentication-Results, in that order.
Authentication read_authentication(const Headers& headers);

// Addresses that handed the mail over: what the receiver authenticated, X-Originating-IP and the like, and
// the first hop of the Received chain. Each once, as written.
std::vector<std::string> sending_addresses(const Headers& headers);

enum class Verdict { kNone, kSpam, kPhishing, kMalware };
// Of the filters that marked it (Microsoft, Proton, SpamAssassin, rspamd).
Verdict read_verdict(const Headers& headers);

}  // namespace tocsin::ingest::mail
