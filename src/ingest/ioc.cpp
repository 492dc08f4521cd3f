#include "ingest/ioc.h"

#include <algorithm>
#include <array>

#include "ingest/domain.h"
#include "ingest/ip.h"
#include "ingest/text.h"

namespace tocsin::ingest {
namespace {

using model::Ioc;
using model::IocKind;

constexpr std::size_t kMaxUrlBytes = 2048;

constexpr auto kSchemes =
    std::to_array<std::string_view>({"https", "http", "ftps", "sftp", "ftp", "tcp", "udp", "ldaps", "ldap",
                                     "rmi", "ws", "wss", "smb", "tor"});

// Digests of nothing and of a single line break say nothing.
constexpr auto kEmptyHashes = std::to_array<std::string_view>(
    {"d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"});

bool all_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_hex);
}

std::string_view scheme_before(std::string_view text, std::size_t colon) {
  const auto before = text.substr(0, colon);
  for (const auto scheme : kSchemes) {
    if (before.size() < scheme.size()) continue;
    const auto tail = before.substr(before.size() - scheme.size());
    if (equal_ignoring_case(tail, scheme)) return tail;
  }
  return {};
}

bool is_public_host(std::string_view host, DomainHint hint = DomainHint::kField) {
  if (const auto address = parse_ip(host)) return is_public(*address);
  return is_public_domain(host, hint) && !is_reference_host(host);
}

std::optional<Ioc> ip_ioc(std::string_view value) {
  const auto address = parse_ip_and_port(value);
  if (!address || !is_public(*address)) return std::nullopt;
  return Ioc{IocKind::kIp, to_string(*address)};
}

std::optional<Ioc> domain_ioc(std::string_view value, DomainHint hint) {
  while (value.ends_with('.')) value.remove_suffix(1);
  if (!is_public_domain(value, hint)) return std::nullopt;
  auto name = to_lower(value);
  if (is_reference_host(name)) return std::nullopt;
  return Ioc{IocKind::kDomain, std::move(name)};
}

std::optional<Ioc> url_ioc(std::string_view value, DomainHint hint = DomainHint::kField) {
  const auto colon = value.find("://");
  if (colon == std::string_view::npos || value.size() > kMaxUrlBytes) return std::nullopt;
  const auto host = url_host(value);
  if (!is_public_host(host, hint)) return std::nullopt;
  // Scheme and host have no case; the path has.
  auto path = value.find_first_of("/?#", colon + 3);
  path = std::min(path, value.size());
  return Ioc{IocKind::kUrl, to_lower(value.substr(0, path)) + std::string(value.substr(path))};
}

std::optional<Ioc> email_ioc(std::string_view value) {
  const auto at = value.rfind('@');
  if (at == std::string_view::npos || at == 0 || at > 64) return std::nullopt;
  const auto local = value.substr(0, at);
  const bool sound = std::all_of(local.begin(), local.end(), [](char c) {
    return is_alnum(c) || std::string_view("._%+-").find(c) != std::string_view::npos;
  });
  if (!sound || !is_public_domain(value.substr(at + 1), DomainHint::kField)) return std::nullopt;
  return Ioc{IocKind::kEmail, to_lower(value)};
}

// "CVE-2024-12345", any case.
std::optional<Ioc> cve_ioc(std::string_view value) {
  if (value.size() < 13 || value.size() > 18 || !equal_ignoring_case(value.substr(0, 4), "cve-"))
    return std::nullopt;
  const auto digits_at = [&](std::size_t from, std::size_t to) {
    return std::all_of(value.begin() + static_cast<std::ptrdiff_t>(from),
                       value.begin() + static_cast<std::ptrdiff_t>(to), is_digit);
  };
  if (!digits_at(4, 8) || (value[8] != '-' && value[8] != '_') || !digits_at(9, value.size()))
    return std::nullopt;
  return Ioc{IocKind::kCve, "CVE-" + std::string(value.substr(4, 4)) + '-' + std::string(value.substr(9))};
}

// ---- the scanner ----

// Bytes that cannot be part of an indicator. Brackets and parentheses are looked at one by one.
constexpr std::array<bool, 256> kBreaks = [] {
  std::array<bool, 256> breaks{};
  for (std::size_t c = 0; c <= 0x20; ++c) breaks[c] = true;
  for (const char c : std::string_view("\"'`<>,;|{}^*$\x7f")) breaks[static_cast<unsigned char>(c)] = true;
  return breaks;
}();

struct Defang {
  std::string_view written;
  std::string_view meant;
};

constexpr auto kDefangs = std::to_array<Defang>({{"[.]", "."},
                                                 {"(.)", "."},
                                                 {"[dot]", "."},
                                                 {"(dot)", "."},
                                                 {"[:]", ":"},
                                                 {"[@]", "@"},
                                                 {"[at]", "@"},
                                                 {"(at)", "@"},
                                                 {"[://]", "://"},
                                                 {"[:/]", ":/"},
                                                 {"[/]", "/"},
                                                 {"(:)", ":"}});

const Defang* defang_at(std::string_view text, std::size_t at) {
  for (const auto& defang : kDefangs) {
    if (equal_ignoring_case(text.substr(at, defang.written.size()), defang.written)) return &defang;
  }
  return nullptr;
}

// End of "[2001:db8::1]" that opens at `at`; 0 when it is no such thing.
std::size_t bracketed_address_end(std::string_view text, std::size_t at) {
  std::size_t end = at + 1;
  while (end < text.size() && end - at < 48 && (is_hex(text[end]) || text[end] == ':' || text[end] == '.'))
    ++end;
  const bool closes = end < text.size() && text[end] == ']';
  return closes && parse_ip(text.substr(at, end + 1 - at)) ? end + 1 : 0;
}

std::string refang(std::string_view token) {
  std::string plain;
  plain.reserve(token.size());
  for (std::size_t at = 0; at < token.size();) {
    const auto* defang = token[at] == '[' || token[at] == '(' ? defang_at(token, at) : nullptr;
    if (defang != nullptr) {
      plain += defang->meant;
      at += defang->written.size();
    } else {
      plain += token[at++];
    }
  }
  if (plain.size() > 4 && equal_ignoring_case(std::string_view(plain).substr(0, 4), "hxxp"))
    plain.replace(0, 4, "http");
  return plain;
}

class Miner {
 public:
  Miner(std::string_view text, std::vector<Ioc>& out) : text_(text), out_(out) {}

  void run() {
    std::size_t at = 0;
    while (at < text_.size() && out_.size() < model::kMaxIocs) at = take_token(at);
  }

 private:
  // Reads the token at `at` and returns where the next begins.
  std::size_t take_token(std::size_t at) {
    const auto start = at;
    bool dotted = false;
    bool defanged = false;
    for (; at < text_.size(); ++at) {
      const char c = text_[at];
      if (kBreaks[static_cast<unsigned char>(c)]) break;
      dotted |= c == '.' || c == ':';
      if (c != '[' && c != '(' && c != ')' && c != ']') continue;
      if (const auto* defang = defang_at(text_, at); defang != nullptr && at > start) {
        defanged = dotted = true;
        at += defang->written.size() - 1;
      } else if (const auto end = c == '[' ? bracketed_address_end(text_, at) : 0; end != 0) {
        dotted = true;
        at = end - 1;
      } else {
        break;
      }
    }
    const auto token = text_.substr(start, at - start);
    if (token.size() > 3) look_at(token, dotted, defanged);
    previous_ = token.empty() ? previous_ : token;
    return at == text_.size() ? at : at + 1;
  }

  void look_at(std::string_view token, bool dotted, bool defanged) {
    const bool hxxp = token.size() > 4 && equal_ignoring_case(token.substr(0, 4), "hxxp");
    if (defanged || hxxp) {
      const auto plain = refang(token.substr(0, kMaxUrlBytes));
      return classify(plain, DomainHint::kField);
    }
    if (!dotted && token.size() < 13) return;  // neither address, name, CVE nor hash
    classify(token, DomainHint::kText);
  }

  void classify(std::string_view token, DomainHint hint) {
    const auto scheme_end = token.find("://");
    if (scheme_end != std::string_view::npos) return classify_url(token, scheme_end);
    if (token.find('?') != std::string_view::npos)
      token = token.substr(0, token.find('?'));  // a path's query: tokens, not digests
    while (!token.empty()) classify_part(take_until(token, '='), hint);
  }

  void classify_url(std::string_view token, std::size_t colon) {
    const auto scheme = scheme_before(token, colon);
    if (scheme.empty()) return;
    auto url = token.substr(colon - scheme.size());
    while (!url.empty() && std::string_view(".,:;!?)]'").find(url.back()) != std::string_view::npos)
      url.remove_suffix(1);
    auto ioc = url_ioc(url);
    const auto host = url_host(url);
    if (ioc) {
      add(std::move(*ioc));
    } else if (url.size() <= kMaxUrlBytes) {
      return;
    }
    if (is_public_host(host)) add_host(host, DomainHint::kField);
  }

  void classify_part(std::string_view part, DomainHint hint) {
    while (!part.empty() && std::string_view(".:!?-&#").find(part.back()) != std::string_view::npos)
      part.remove_suffix(1);
    while (!part.empty() && std::string_view(".:-&#+").find(part.front()) != std::string_view::npos)
      part.remove_prefix(1);
    if (part.size() < 4) return;
    if (part.size() >= 32 && part.size() <= 64 && all_hex(part)) return add(make_hash_ioc(part));
    if (part[0] == 'C' || part[0] == 'c') {
      if (auto cve = cve_ioc(part)) return add(std::move(cve));
    }
    if (part.find('@') != std::string_view::npos) return add(email_ioc(part));
    if (is_version_word(previous_)) return;
    add_host(part, hint);
  }

  // An address or a name, with a port or path behind it or a label ("ip:") before it.
  void add_host(std::string_view part, DomainHint hint) {
    const auto slash = part.find('/');
    if (slash != std::string_view::npos && is_prefix_length(part.substr(slash + 1))) return;
    auto host = part.substr(0, slash);
    if (parse_ip_and_port(host)) return add_address(host);
    const auto colon = host.find(':');
    if (colon != std::string_view::npos) {
      const auto after = host.substr(colon + 1);
      const bool port = !after.empty() && std::all_of(after.begin(), after.end(), is_digit);
      host = port ? host.substr(0, colon) : after;
      if (!port && parse_ip_and_port(host)) return add_address(host);
      if (!port && make_hash_ioc(host)) return add(make_hash_ioc(host));
    }
    if (host.find('\\') == std::string_view::npos) add(domain_ioc(host, hint));
  }

  void add_address(std::string_view host) {
    const auto address = parse_ip_and_port(host);
    // In prose "138.0.0.0" is a version and "5.0.0.0" a network.
    const bool network =
        !address->is_v6 && address->bytes[1] == 0 && address->bytes[2] == 0 && address->bytes[3] == 0;
    if (!network) add(ip_ioc(host));
  }

  static bool is_prefix_length(std::string_view text) {
    return !text.empty() && text.size() <= 3 && std::all_of(text.begin(), text.end(), is_digit);
  }
  static bool is_version_word(std::string_view word) {
    while (word.ends_with(':') || word.ends_with('.')) word.remove_suffix(1);
    return equal_ignoring_case(word, "version") || equal_ignoring_case(word, "ver") ||
           equal_ignoring_case(word, "build") || equal_ignoring_case(word, "release") || word == "v";
  }

  void add(std::optional<Ioc> ioc) {
    if (ioc) add_ioc(out_, std::move(*ioc));
  }

  std::string_view text_;
  std::string_view previous_;
  std::vector<Ioc>& out_;
};

}  // namespace

void mine_iocs(std::string_view text, std::vector<Ioc>& out) {
  Miner(text.substr(0, kMaxMinedBytes), out).run();
}

std::optional<Ioc> make_hash_ioc(std::string_view hex, DomainHint hint) {
  const auto kind = hex.size() == 32   ? std::optional(IocKind::kMd5)
                    : hex.size() == 40 ? std::optional(IocKind::kSha1)
                    : hex.size() == 64 ? std::optional(IocKind::kSha256)
                                       : std::nullopt;
  if (!kind || !all_hex(hex)) return std::nullopt;
  auto value = to_lower(hex);
  const bool filler = value.find_first_not_of('0') == std::string::npos ||
                      std::find(kEmptyHashes.begin(), kEmptyHashes.end(), value) != kEmptyHashes.end();
  // In prose a long run of digits is a number; a field for hashes is taken at its word.
  const bool number =
      hint == DomainHint::kText && (value.find_first_not_of(value.front()) == std::string::npos ||
                                    value.find_first_not_of("0123456789") == std::string::npos);
  if (filler || number) return std::nullopt;
  return Ioc{*kind, std::move(value)};
}

std::optional<Ioc> make_ioc(IocKind kind, std::string_view value, DomainHint hint) {
  value = trim(value);
  switch (kind) {
    case IocKind::kIp:
      return ip_ioc(value);
    case IocKind::kDomain:
      return domain_ioc(value, hint);
    case IocKind::kUrl:
      return url_ioc(value, hint);
    case IocKind::kEmail:
      return email_ioc(value);
    case IocKind::kCve:
      return cve_ioc(value);
    case IocKind::kMd5:
    case IocKind::kSha1:
    case IocKind::kSha256: {
      auto ioc = make_hash_ioc(value);
      if (ioc && ioc->kind != kind) return std::nullopt;
      return ioc;
    }
  }
  return std::nullopt;
}

void add_ioc(std::vector<Ioc>& out, Ioc ioc) {
  if (out.size() >= model::kMaxIocs || std::find(out.begin(), out.end(), ioc) != out.end()) return;
  out.push_back(std::move(ioc));
}

std::string url_host(std::string_view url) {
  const auto colon = url.find("://");
  if (colon == std::string_view::npos) return {};
  auto authority = url.substr(colon + 3);
  authority = authority.substr(0, authority.find_first_of("/?#\\"));
  if (const auto at = authority.rfind('@'); at != std::string_view::npos) authority.remove_prefix(at + 1);
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    return end == std::string_view::npos ? std::string() : to_lower(authority.substr(1, end - 1));
  }
  return to_lower(authority.substr(0, authority.find(':')));
}

}  // namespace tocsin::ingest
