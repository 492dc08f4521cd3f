#include "outbound/transfer.h"

#include <sys/socket.h>

#include <algorithm>

#include "base/ascii.h"

namespace tocsin::outbound {
namespace {

constexpr std::size_t kMaxHeaders = 256;

Transfer& self(void* data) {
  return *static_cast<Transfer*>(data);
}

curl_socket_t on_open(void* data, curlsocktype purpose, curl_sockaddr* where) {
  return self(data).open_socket(purpose, *where);
}
std::size_t on_header(char* text, std::size_t size, std::size_t count, void* data) {
  return self(data).take_header({text, size * count}) ? size * count : 0;
}
std::size_t on_body(char* text, std::size_t size, std::size_t count, void* data) {
  return self(data).take_body({text, size * count}) ? size * count : 0;
}
int on_progress(void* data, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
  return self(data).may_go_on(received) ? 0 : 1;
}
// Names are pinned; libcurl must never look one up by itself.
int on_resolve(void*, void*, void*) {
  return 1;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// "host:port:address,address"
std::string pin(const Url& url, const std::vector<Address>& addresses) {
  auto text = url.host + ":" + std::to_string(url.port) + ":";
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const auto& one = addresses[i];
    text += (i == 0 ? "" : ",") + (one.is_v4() ? one.text() : "[" + one.text() + "]");
  }
  return text;
}

bool has_header(const std::vector<std::string>& headers, std::string_view name_and_colon) {
  return std::any_of(headers.begin(), headers.end(), [&](const std::string& line) {
    return equal_ignoring_case(std::string_view(line).substr(0, name_and_colon.size()), name_and_colon);
  });
}

bool is_verification(CURLcode code) {
  return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_ISSUER_ERROR;
}

milliseconds info(CURL* easy, CURLINFO which) {
  curl_off_t micros = 0;
  curl_easy_getinfo(easy, which, &micros);
  return milliseconds(micros / 1000);
}

}  // namespace

std::string_view to_text(Method method) {
  constexpr std::string_view kNames[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  return kNames[static_cast<std::size_t>(method)];
}

Failure failure_of(CURLcode code) {
  constexpr CURLcode kTransient[] = {CURLE_OPERATION_TIMEDOUT, CURLE_SEND_ERROR,   CURLE_RECV_ERROR,
                                     CURLE_GOT_NOTHING,        CURLE_PARTIAL_FILE, CURLE_SSL_CONNECT_ERROR};
  if (code == CURLE_COULDNT_CONNECT) return Failure::kUnsent;
  const bool found = std::find(std::begin(kTransient), std::end(kTransient), code) != std::end(kTransient);
  return found ? Failure::kTransient : Failure::kFinal;
}

Transfer::Transfer(TransferSpec spec, const Policy& policy, const std::string& ca_file,
                   const std::string& user_agent)
    : spec_(std::move(spec)), policy_(policy), names_(curl_share_init()), easy_(curl_easy_init()) {
  set_target();
  set_request();
  set_bounds();
  set_tls(ca_file);
  set(CURLOPT_USERAGENT, user_agent.c_str());
}

Transfer::~Transfer() {
  easy_.reset();  // it uses what follows
}

void Transfer::set_target() {
  curl_share_setopt(names_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  set(CURLOPT_SHARE, names_.get());
  set(CURLOPT_URL, spec_.url.text.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_OPENSOCKETFUNCTION, &on_open);
  set(CURLOPT_OPENSOCKETDATA, this);
  set(CURLOPT_PROXY, "");  // not even what the environment names
  set(CURLOPT_NOPROXY, "*");
  set(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(CURLOPT_FOLLOWLOCATION, 0L);
  if (spec_.url.is_address) return;
  pinned_.reset(curl_slist_append(nullptr, pin(spec_.url, spec_.addresses).c_str()));
  set(CURLOPT_RESOLVE, pinned_.get());
  set(CURLOPT_RESOLVER_START_FUNCTION, &on_resolve);
}

void Transfer::set_request() {
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(CURLOPT_ACCEPT_ENCODING, "gzip");
  set(CURLOPT_HTTPGET, 1L);
  if (spec_.method == Method::kHead) set(CURLOPT_NOBODY, 1L);
  if (spec_.with_body) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(spec_.body.size()));
    set(CURLOPT_POSTFIELDS, spec_.body.data() == nullptr ? "" : spec_.body.data());
  }
  set(CURLOPT_CUSTOMREQUEST, std::string(to_text(spec_.method)).c_str());
  auto lines = spec_.headers;
  lines.emplace_back("Expect:");  // no waiting for 100 Continue
  if (!has_header(lines, "Content-Type:")) lines.emplace_back("Content-Type:");
  for (const auto& line : lines) {
    auto* longer = curl_slist_append(headers_.get(), line.c_str());
    headers_.release();  // NOLINT(bugprone-unused-return-value): it is now part of `longer`
    headers_.reset(longer);
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::set_bounds() {
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(std::min(spec_.limits.connect, spec_.time).count()));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(spec_.time.count()));
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(spec_.limits.wire_bytes));
  set(CURLOPT_HEADERFUNCTION, &on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, &on_progress);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_ERRORBUFFER, &curl_says_[0]);
}

void Transfer::set_tls(const std::string& ca_file) {
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  if (ca_file.empty()) return;
  set(CURLOPT_CAINFO, ca_file.c_str());
  set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
}

// The one check that counts: whatever the URL said and whatever the name resolved to, this is where the
// connection goes.
curl_socket_t Transfer::open_socket(curlsocktype purpose, const curl_sockaddr& where) {
  if (!denied_.empty()) return CURL_SOCKET_BAD;
  const auto address = Address::from(where.addr);
  if (purpose != CURLSOCKTYPE_IPCXN || !address) {
    denied_ = "it is no internet address";
    return CURL_SOCKET_BAD;
  }
  if (auto why = policy_.refuses(spec_.url.host, *address)) {
    denied_ = *std::move(why);
    return CURL_SOCKET_BAD;
  }
  return ::socket(where.family, where.socktype | SOCK_CLOEXEC, where.protocol);
}

bool Transfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > spec_.limits.header_bytes || response_.headers.size() >= kMaxHeaders) {
    cap_ = Cap::kHeaders;
    return false;
  }
  if (line.starts_with("HTTP/")) {  // another head, after 100 Continue
    response_.headers.clear();
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || is_blank(line.front())) return true;
  response_.headers.emplace_back(to_lower(trim(line.substr(0, colon))), trim(line.substr(colon + 1)));
  return true;
}

bool Transfer::take_body(std::string_view bytes) {
  if (response_.body.size() + bytes.size() > spec_.limits.body_bytes) {
    cap_ = Cap::kBody;
    return false;
  }
  response_.body.append(bytes);
  return true;
}

bool Transfer::may_go_on(curl_off_t received) const {
  if (received <= static_cast<curl_off_t>(spec_.limits.wire_bytes)) return true;
  cap_ = Cap::kWire;
  return false;
}

Result<Response> Transfer::take(CURLcode code) {
  if (code != CURLE_OK) return failure(code);
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  char* peer = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_PRIMARY_IP, &peer);
  response_.status = static_cast<int>(status);
  response_.peer = peer == nullptr ? "" : peer;
  response_.final_url = spec_.url.text;
  response_.timings.connect = info(easy_.get(), CURLINFO_APPCONNECT_TIME_T);
  if (spec_.url.scheme == "http") response_.timings.connect = info(easy_.get(), CURLINFO_CONNECT_TIME_T);
  response_.timings.first_byte = info(easy_.get(), CURLINFO_STARTTRANSFER_TIME_T);
  return std::move(response_);
}

Error Transfer::failure(CURLcode code) const {
  const auto make = [&](ErrorKind kind, std::string message, std::string hint) {
    return error(kind, "call another service", std::move(message), std::move(hint), spec_.url.origin());
  };
  if (!denied_.empty()) {
    return make(ErrorKind::kForbidden, "connecting there is not allowed: " + denied_,
                "name the address in outbound.allow if it is meant");
  }
  if (cap_ != Cap::kNone || code == CURLE_FILESIZE_EXCEEDED) {
    const bool headers = cap_ == Cap::kHeaders;
    return make(ErrorKind::kTooLarge,
                headers ? "the answer's headers are too large" : "the answer is too large",
                "ask for less at once");
  }
  if (is_verification(code)) {
    return make(ErrorKind::kUnavailable, "its certificate is not trusted: " + std::string(curl_says_),
                "if its authority is your own, name it in outbound.ca_file");
  }
  return make(ErrorKind::kUnavailable, curl_easy_strerror(code),
              "check that the service runs and is reachable");
}

}  // namespace tocsin::outbound
