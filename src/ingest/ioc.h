#pragma once
// Indicators of compromise out of text that an attacker may have written. Pure, linear in the text, bounded
// output.
//
//   in    prose, command lines, log lines; defanged or not ("hxxp://evil[.]com", "1.2.3[.]4:443",
//   "bob[at]evil.com") out   refanged and normalised: ip, domain, url, md5, sha1, sha256, email, cve; each
//   once
//
// Never: addresses that are not public, version numbers, file and class names, hosts without a public domain,
// links to vendors' consoles and documentation.

#include <optional>
#include <string_view>
#include <vector>

#include "ingest/domain.h"
#include "model/alert.h"

namespace tocsin::ingest {

constexpr std::size_t kMaxMinedBytes = 64U << 10;  // of one text; what follows is not searched

// Appends what the text holds to `out`, which never grows beyond model::kMaxIocs.
void mine_iocs(std::string_view text, std::vector<model::Ioc>& out);

// The value of a field that is known to hold such a thing, as an indicator; absent when it is none.
std::optional<model::Ioc> make_ioc(model::IocKind kind, std::string_view value,
                                   DomainHint hint = DomainHint::kField);
// The kind follows from the length.
std::optional<model::Ioc> make_hash_ioc(std::string_view hex, DomainHint hint = DomainHint::kText);

// Appends unless it is there already or the list is full.
void add_ioc(std::vector<model::Ioc>& out, model::Ioc ioc);

// Host part of a URL without port and brackets, lower case; empty when the text has no "://".
std::string url_host(std::string_view url);

}  // namespace tocsin::ingest
