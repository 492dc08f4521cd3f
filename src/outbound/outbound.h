#pragma once
// The one way out: every request that this program sends to somebody else goes through a Client.
//
// What an address is written as does not matter: the address that a socket is about to be connected to is
// judged, each time, for each redirect. Whatever the other side does, time and memory stay bounded. No error
// and no log line holds more of a URL than its origin ("https://host:443"): paths, queries and headers of
// connectors carry secrets.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "outbound/address.h"

namespace tocsin::outbound {

using std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;

enum class Method : std::uint8_t { kGet, kHead, kPost, kPut, kPatch, kDelete };

struct Header {
  std::string name;
  std::string value;
  // Not sent to another origin. Authorization and Cookie are secret whatever this says.
  bool secret = false;
};

struct Limits {
  milliseconds connect{5'000};              // until TLS is done
  milliseconds attempt{30'000};             // one exchange
  milliseconds total{90'000};               // waiting, resolving, redirects and retries together
  std::uint64_t wire_bytes = 20ULL << 20;   // of a body as it comes
  std::uint64_t body_bytes = 100ULL << 20;  // of a body after decompression
  std::uint32_t header_bytes = 64 * 1024;
  std::uint32_t redirects = 0;  // followed at most; beyond 0, a redirect is an error once they are used up
  std::uint32_t retries = 4;    // after the first attempt
};

enum class Retry : std::uint8_t {
  kIfIdempotent,  // GET, HEAD, PUT, DELETE (RFC 9110 §9.2.2)
  kAlways,        // the caller has an idempotency key, or does not mind twice
  kNever,
};

struct Request {
  Method method = Method::kGet;
  std::string url;                                         // absolute, ASCII, without user information
  std::vector<std::pair<std::string, std::string>> query;  // added to the URL, encoded
  std::vector<Header> headers;  // Host, Content-Length and the like are the client's own
  std::string body;
  Limits limits;
  Retry retry = Retry::kIfIdempotent;
  // Whose rate and whose failures these are: "virustotal", "tenant-7/openai". Empty: the origin's.
  std::string credential;
};

struct Timings {
  milliseconds connect{0};     // of the last attempt; 0 on a connection used again
  milliseconds first_byte{0};  // likewise
  milliseconds total{0};       // since the request was made
};

// Any status is a Response, also 500 after the last retry.
struct Response {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case, in order
  std::string body;
  std::string final_url;  // holds whatever the URL held: not for logs
  std::string peer;       // address that answered
  std::uint32_t attempts = 0;
  std::uint32_t redirects = 0;
  Timings timings;

  // Empty when absent; name in lower case.
  std::string_view header(std::string_view name) const;
};

// Who may be reached beside public addresses.
struct Policy {
  std::vector<Range> ranges;
  std::vector<std::string> hosts;    // lower case; "*.corp.example" takes every name below
  std::vector<std::uint16_t> ports;  // empty: any
  bool allow_http = false;           // else https only

  // Why not; absent when a request to `host` may be connected to this address. A range opens what lies in it;
  // a host only private addresses, not loopback; metadata services only their very address.
  std::optional<std::string> refuses(std::string_view host, const Address& address) const;
};

// Entries of `outbound.allow`: "10.1.0.0/16", "192.168.7.9", "fd12::/16", "misp.corp.example",
// "*.corp.example".
Result<Policy> parse_policy(const std::vector<std::string>& allow);

// kInvalidInput unless it is empty or can be opened.
Result<void> check_ca_file(const std::string& ca_file);

// Names to addresses. Called from several threads; may block.
class Resolver {
 public:
  virtual ~Resolver() = default;
  // `host` is a valid name in lower case. Not empty when it succeeds.
  virtual Result<std::vector<Address>> resolve(const std::string& host) = 0;
};
std::shared_ptr<Resolver> system_resolver();

// Time as the client sees it, replaceable in tests.
class Time {
 public:
  virtual ~Time() = default;
  virtual SteadyTime now() const { return std::chrono::steady_clock::now(); }
  virtual Timestamp wall() const { return SystemClock().now(); }
  // How long the client's thread may sleep when it has nothing to do before `due`; with `busy`, answers may
  // wake it earlier.
  virtual milliseconds until(SteadyTime due, bool busy);
};

struct CredentialLimits {
  double per_second = 10;
  double burst = 20;
  std::uint32_t failures = 5;  // within `window` open the breaker
  milliseconds window{60'000};
  milliseconds open{30'000};  // then one request may try
};

// Attempt n is delayed by a random time below min(longest, base · 2^n).
struct Backoff {
  milliseconds base{1'000};
  milliseconds longest{60'000};
  milliseconds longest_retry_after{300'000};  // a longer Retry-After counts as this
};

struct Options {
  Policy policy;
  std::string ca_file;  // PEM; trusted instead of the system's. Empty: the system's
  std::string user_agent = "tocsin";
  std::size_t max_waiting = 256;  // requests not finished; beyond: kBusy
  std::size_t max_in_flight = 32;
  std::size_t resolver_threads = 2;
  Backoff backoff;
  CredentialLimits credential;  // of those that set_credential does not name
  std::shared_ptr<Resolver> resolver = system_resolver();
  std::shared_ptr<Time> time = std::make_shared<Time>();
  std::function<double()> random;  // [0, 1); empty: the process's own
};

// Thread-safe. The process must ignore SIGPIPE: OpenSSL writes to sockets that the other side has closed.
class Client {
 public:
  // On the client's thread; must not block and must not throw.
  using Callback = std::function<void(Result<Response>)>;

  // kInvalidInput when the CA file cannot be read.
  static Result<std::unique_ptr<Client>> create(Options options);
  ~Client();  // what is under way ends with kUnavailable
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // kForbidden: the policy; kInvalidInput: the request; kTooLarge: the answer; kBusy: a queue or a rate;
  // kUnavailable: the other side, or its breaker.
  void send_async(Request request, Callback callback);
  Result<Response> send(Request request);  // not from a callback

  void set_credential(const std::string& name, CredentialLimits limits);

  struct Stats {
    std::size_t waiting = 0;  // not finished
    std::uint64_t attempts = 0;
    std::uint64_t refused_by_policy = 0;
    std::uint64_t refused_by_breaker = 0;
  };
  Stats stats() const;

 private:
  struct Impl;
  explicit Client(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::outbound
