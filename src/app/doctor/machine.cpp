// What the machine and the settings give the server: address, limits, clock, certificates.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <system_error>

#include "app/doctor/doctor.h"
#include "base/embedded.h"

TOCSIN_EMBEDDED(console_pack)

namespace tocsin::app::doctor {
namespace {

constexpr rlim_t kOtherFiles = 256;  // beside connections: database, logs, listeners, followed files
constexpr auto kCertificateSoon = std::chrono::hours(14 * 24);
constexpr auto kClockMayDiffer = std::chrono::minutes(10);
constexpr std::string_view kNoEarlier = "2026-01-01T00:00:00Z";

struct Close {
  void operator()(FILE* file) const { std::fclose(file); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::string errno_text() {
  return std::generic_category().message(errno);
}

// Empty when it can be bound.
template <class Address>
std::string try_bind(int family, const Address& address) {
  const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0) return errno_text();
  const int yes = 1;
  setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  std::string why;
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) why = errno_text();
  if (why.empty() && ::listen(socket, 1) != 0) why = errno_text();
  ::close(socket);
  return why;
}

std::string why_not_bound(const std::string& host, std::uint16_t port) {
  sockaddr_in four{};
  four.sin_family = AF_INET;
  four.sin_port = htons(port);
  const auto name = host == "localhost" ? std::string("127.0.0.1") : host;
  if (inet_pton(AF_INET, name.c_str(), &four.sin_addr) == 1) return try_bind(AF_INET, four);
  sockaddr_in6 six{};
  six.sin6_family = AF_INET6;
  six.sin6_port = htons(port);
  if (inet_pton(AF_INET6, name.c_str(), &six.sin6_addr) == 1) return try_bind(AF_INET6, six);
  return "it is no address";
}

// Seconds from `now` until the certificate ends; absent when there is none in the file.
std::optional<std::chrono::seconds> life_of(const std::string& file, Timestamp now) {
  const std::unique_ptr<FILE, Close> in(std::fopen(file.c_str(), "re"));
  if (!in) return std::nullopt;
  const std::unique_ptr<X509, Close> certificate(PEM_read_X509(in.get(), nullptr, nullptr, nullptr));
  if (!certificate) return std::nullopt;
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> at(
      ASN1_TIME_set(nullptr, static_cast<time_t>(to_unix_nanos(now) / 1'000'000'000)), &ASN1_TIME_free);
  int days = 0;
  int seconds = 0;
  if (!at || ASN1_TIME_diff(&days, &seconds, at.get(), X509_get0_notAfter(certificate.get())) != 1)
    return std::nullopt;
  return std::chrono::hours(24) * days + std::chrono::seconds(seconds);
}

void check_certificate(const std::string& file, Timestamp now, Findings& findings) {
  const auto life = life_of(file, now);
  if (!life) {
    findings.problem(file + " holds no certificate that can be read",
                     "name a PEM file that the user of the server may read");
  } else if (*life <= std::chrono::seconds(0)) {
    findings.problem(file + " has expired", "put a new certificate in its place");
  } else if (*life < kCertificateSoon) {
    findings.problem(file + " expires in " + std::to_string(*life / std::chrono::hours(24)) + " days",
                     "renew it before then: clients will refuse it");
  } else {
    findings.good(file + " is valid for " + std::to_string(*life / std::chrono::hours(24)) + " days");
  }
}

}  // namespace

void check_settings(const Installation& installation, Findings& findings) {
  if (installation.settings) return findings.good("the settings can be read");
  const auto& why = installation.settings.error();
  findings.problem(to_string({why.kind, why.op, why.message, {}, why.where}),
                   why.hint.empty() ? "correct the setting; docs/configuration.md lists them" : why.hint);
}

void check_port(const Installation& installation, Findings& findings) {
  if (!installation.settings) return;
  if (installation.running) return findings.good("a server runs on this data directory");
  const auto& settings = *installation.settings;
  const auto place = settings.host + ":" + std::to_string(settings.port);
  const auto why = why_not_bound(settings.host, settings.port);
  if (why.empty()) return findings.good(place + " is free");
  findings.problem(place + " cannot be listened on: " + why,
                   "stop what uses it (ss -ltnp), or choose another address with --listen");
}

void check_limits(const Installation& installation, Findings& findings) {
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const rlim_t connections = installation.settings ? installation.settings->max_connections : 1024;
  const auto needed = connections + kOtherFiles;
  const auto text = std::to_string(files.rlim_cur) + " files may be open";
  if (files.rlim_cur >= needed) return findings.good(text);
  findings.problem(text + ", " + std::to_string(needed) + " may be needed",
                   "raise it (ulimit -n, or LimitNOFILE= of the service), or lower listen.max_connections");
}

void check_clock(const Installation& installation, Findings& findings) {
  const auto now = installation.now;
  if (now < *parse_time(kNoEarlier))
    return findings.problem("the clock says " + to_rfc3339(now), "set the clock, and let NTP keep it");
  const auto newest = installation.facts ? installation.facts->newest_alert : std::nullopt;
  if (newest && *newest > now + kClockMayDiffer)
    return findings.problem(
        "the newest alert was received at " + to_rfc3339(*newest) + ", and it is " + to_rfc3339(now),
        "the clock went back, or was ahead: set it, and let NTP keep it");
  findings.good("the clock says " + to_rfc3339(now));
}

void check_console(const Installation&, Findings& findings) {
  constexpr std::size_t kEmptyPack = 64;
  if (embedded_console_pack().size() > kEmptyPack) return findings.good("the console is inside the binary");
  findings.problem("this binary was built without its console", "build it with scripts/start");
}

void check_certificates(const Installation& installation, Findings& findings) {
  if (!installation.settings) return;
  struct Pair {
    std::string certificate;
    std::string key;
  };
  std::vector<Pair> pairs{{installation.settings->certificate_file, installation.settings->key_file}};
  for (const auto& listener : installation.settings->syslog)
    pairs.push_back({listener.certificate_file, listener.key_file});
  std::erase_if(pairs, [](const Pair& pair) { return pair.certificate.empty(); });
  for (const auto& pair : pairs) {
    check_certificate(pair.certificate, installation.now, findings);
    if (access(pair.key.c_str(), R_OK) != 0)
      findings.problem(pair.key + " cannot be read: " + errno_text(),
                       "give it to the user of the server, with mode 0600");
  }
  if (pairs.empty()) findings.good("no TLS certificate is configured");
}

}  // namespace tocsin::app::doctor
