#pragma once
// One exchange with one server through libcurl: no redirects, no retries, every bound kept.

#include <curl/curl.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "outbound/outbound.h"
#include "outbound/url.h"

namespace tocsin::outbound {

struct TransferSpec {
  Url url;
  Method method = Method::kGet;
  std::vector<std::string> headers;  // "Name: value"
  std::string_view body;             // outlives the transfer
  bool with_body = false;
  Limits limits;
  milliseconds time{0};            // for this exchange
  std::vector<Address> addresses;  // of the host; what it is connected to, in this order
};

std::string_view to_text(Method method);

// What a failed exchange says about trying again.
enum class Failure : std::uint8_t {
  kFinal,      // it would fail again
  kTransient,  // the request may have arrived
  kUnsent,     // it has not
};
Failure failure_of(CURLcode code);

// Not movable: libcurl holds its address. Used on one thread.
class Transfer {
 public:
  Transfer(TransferSpec spec, const Policy& policy, const std::string& ca_file,
           const std::string& user_agent);
  ~Transfer();
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const noexcept { return easy_.get(); }
  const Url& url() const noexcept { return spec_.url; }

  // After libcurl is done with it: the answer, or why there is none.
  Result<Response> take(CURLcode code);

  // For the checks below; called by libcurl.
  curl_socket_t open_socket(curlsocktype purpose, const curl_sockaddr& where);
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  bool may_go_on(curl_off_t received) const;

 private:
  void set_target();
  void set_request();
  void set_bounds();
  void set_tls(const std::string& ca_file);
  Error failure(CURLcode code) const;
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(easy_.get(), option, value);  // NOLINT(cppcoreguidelines-pro-type-vararg)
  }

  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  struct FreeShare {
    void operator()(CURLSH* share) const { curl_share_cleanup(share); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  enum class Cap { kNone, kHeaders, kBody, kWire };

  TransferSpec spec_;
  const Policy& policy_;
  std::unique_ptr<CURLSH, FreeShare> names_;  // this transfer's own DNS cache: nobody else's answers
  std::unique_ptr<CURL, FreeEasy> easy_;      // before the share goes
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<curl_slist, FreeList> pinned_;
  char curl_says_[CURL_ERROR_SIZE] = "";
  Response response_;
  std::size_t header_bytes_ = 0;
  mutable Cap cap_ = Cap::kNone;
  std::string denied_;  // why; once set, no socket is opened any more
};

}  // namespace tocsin::outbound
