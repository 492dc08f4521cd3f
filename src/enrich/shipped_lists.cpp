// Warning lists of our own writing: small, so that a fresh installation does not take the commonest
// bystanders for indicators. An organisation adds the lists of the misp-warninglists project to them.

#include "enrich/warning_lists.h"

namespace tocsin::enrich {
namespace {

using model::IocKind;

constexpr std::uint32_t bit(IocKind kind) {
  return 1U << static_cast<unsigned>(kind);
}

constexpr Timestamp kWritten = Timestamp(std::chrono::sys_days(std::chrono::year(2026) / 11 / 21));

constexpr std::string_view kResolvers[] = {
    "8.8.8.8/32",        "8.8.4.4/32",        "2001:4860:4860::8888", "2001:4860:4860::8844",
    "1.1.1.1/32",        "1.0.0.1/32",        "1.1.1.2/32",           "1.0.0.2/32",
    "1.1.1.3/32",        "1.0.0.3/32",        "2606:4700:4700::1111", "2606:4700:4700::1001",
    "9.9.9.9/32",        "9.9.9.10/32",       "9.9.9.11/32",          "149.112.112.112/32",
    "149.112.112.10/32", "149.112.112.11/32", "2620:fe::fe",          "2620:fe::9",
    "208.67.222.222/32", "208.67.220.220/32", "208.67.222.123/32",    "208.67.220.123/32",
    "2620:119:35::35",   "2620:119:53::53",   "94.140.14.14/32",      "94.140.15.15/32",
    "2a10:50c0::ad1:ff", "2a10:50c0::ad2:ff", "4.2.2.1/32",           "4.2.2.2/32",
    "4.2.2.3/32",        "4.2.2.4/32",        "4.2.2.5/32",           "4.2.2.6/32",
    "64.6.64.6/32",      "64.6.65.6/32",      "185.228.168.9/32",     "185.228.169.9/32",
    "76.76.2.0/32",      "76.76.10.0/32",     "114.114.114.114/32",   "114.114.115.115/32",
    "223.5.5.5/32",      "223.6.6.6/32",      "119.29.29.29/32",      "77.88.8.8/32",
    "77.88.8.1/32",      "168.63.129.16/32",  "169.254.169.253/32",
};

// The names themselves, not what lies under them: "attacker.blogspot.com" or a stranger's bucket may be bad.
constexpr std::string_view kPopular[] = {
    "google.com",
    "www.google.com",
    "accounts.google.com",
    "gstatic.com",
    "www.gstatic.com",
    "googleapis.com",
    "fonts.googleapis.com",
    "youtube.com",
    "www.youtube.com",
    "gmail.com",
    "microsoft.com",
    "www.microsoft.com",
    "login.microsoftonline.com",
    "login.live.com",
    "graph.microsoft.com",
    "office.com",
    "www.office.com",
    "outlook.com",
    "outlook.office365.com",
    "office365.com",
    "microsoftonline.com",
    "windows.com",
    "windowsupdate.com",
    "update.microsoft.com",
    "download.windowsupdate.com",
    "bing.com",
    "www.bing.com",
    "live.com",
    "apple.com",
    "www.apple.com",
    "icloud.com",
    "www.icloud.com",
    "amazon.com",
    "www.amazon.com",
    "amazonaws.com",
    "aws.amazon.com",
    "facebook.com",
    "www.facebook.com",
    "instagram.com",
    "whatsapp.com",
    "linkedin.com",
    "www.linkedin.com",
    "twitter.com",
    "x.com",
    "github.com",
    "www.github.com",
    "api.github.com",
    "gitlab.com",
    "cloudflare.com",
    "www.cloudflare.com",
    "akamai.com",
    "mozilla.org",
    "www.mozilla.org",
    "detectportal.firefox.com",
    "wikipedia.org",
    "en.wikipedia.org",
    "www.wikipedia.org",
    "yahoo.com",
    "www.yahoo.com",
    "adobe.com",
    "www.adobe.com",
    "salesforce.com",
    "zoom.us",
    "slack.com",
    "okta.com",
    "www.okta.com",
    "virustotal.com",
    "www.virustotal.com",
    "time.windows.com",
    "pool.ntp.org",
    "ocsp.digicert.com",
    "crl.microsoft.com",
};

constexpr std::string_view kDocumentation[] = {"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24",
                                               "2001:db8::/32", "3fff::/20"};
constexpr std::string_view kDocumentationNames[] = {"example.com", "example.net", "example.org",
                                                    "example",     "invalid",     "test"};

constexpr std::string_view kEmptyFiles[] = {
    "d41d8cd98f00b204e9800998ecf8427e", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"};

template <std::size_t N>
WarningList make(std::string_view name, std::string_view description, WarningType type, bool known,
                 std::uint32_t kinds, const std::string_view (&values)[N]) {
  WarningList list;
  list.name = name;
  list.description = description;
  list.version = "20261121";
  list.as_of = kWritten;
  list.type = type;
  list.known = known;
  list.kinds = kinds;
  list.values.assign(std::begin(values), std::end(values));
  return list;
}

}  // namespace

std::vector<WarningList> shipped_warning_lists() {
  constexpr auto kIp = bit(IocKind::kIp);
  constexpr auto kDomain = bit(IocKind::kDomain);
  constexpr auto kFile = bit(IocKind::kMd5) | bit(IocKind::kSha1) | bit(IocKind::kSha256);
  std::vector<WarningList> lists;
  lists.push_back(make("Public DNS resolvers", "A public DNS resolver, which everybody asks",
                       WarningType::kCidr, false, kIp, kResolvers));
  lists.push_back(make("Popular names", "A popular site of a large vendor", WarningType::kString, false,
                       kDomain, kPopular));
  lists.push_back(
      make("Empty file", "The hash of no content at all", WarningType::kString, false, kFile, kEmptyFiles));
  // Exercises and examples let these stand for attackers' addresses, so they stay indicators.
  lists.push_back(make("Documentation addresses", "An address for documentation (RFC 5737, RFC 3849)",
                       WarningType::kCidr, true, kIp, kDocumentation));
  lists.push_back(make("Documentation names", "A name for documentation (RFC 2606)", WarningType::kHostname,
                       true, kDomain, kDocumentationNames));
  return lists;
}

}  // namespace tocsin::enrich
