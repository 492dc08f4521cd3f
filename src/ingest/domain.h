#pragma once
// Which dotted names are domains of the internet, and which are files, classes, versions or inner hosts.

#include <string>
#include <string_view>

namespace tocsin::ingest {

// How sure the context makes us that the text is meant as a domain.
enum class DomainHint {
  kText,   // bare words in prose: "login.py" and "System.Net" must not pass
  kField,  // a field for domains, a URL's host, or a defanged spelling
  kNamed,  // a vendor names it as the threat: any last label counts that no inner network uses
};

// True for two or more labels whose last is a top-level domain in use. `name` may have any case and no
// trailing dot.
bool is_public_domain(std::string_view name, DomainHint hint);

// "a.b.example.co.uk" gives "example.co.uk"; empty for what has no dot. Lower case in, lower case out.
std::string_view registrable_domain(std::string_view name);

// `name` is `domain` or lies under it.
bool is_within(std::string_view name, std::string_view domain);

// Consoles, documentation and schema hosts that vendors link to: never indicators. `host` in lower case.
bool is_reference_host(std::string_view host);

}  // namespace tocsin::ingest
