#pragma once
// HTTP/1.x requests out of bytes, piece by piece. Boost.Beast's grammar underneath; no sockets.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "http/http.h"

namespace tocsin::http {

// Reusable: one per connection, reset between requests. Not thread-safe.
class RequestParser {
 public:
  struct Limits {
    std::uint32_t header_bytes = 16 * 1024;  // request line and fields
    std::uint64_t body_bytes = 32ULL << 20;
    std::size_t fields = 100;
  };
  enum class State { kNeedMore, kHeadDone, kDone, kFailed };

  explicit RequestParser(Limits limits);
  ~RequestParser();
  RequestParser(const RequestParser&) = delete;
  RequestParser& operator=(const RequestParser&) = delete;

  void reset();

  // Feeds bytes; `consumed` of them are done with, the others must come again with more behind them. Stops
  // once at kHeadDone (also when there is no body), then goes on with the body.
  State put(std::string_view bytes, std::size_t& consumed);

  // Status to answer after kFailed: 400, 413, 431 or 501, and why in words.
  int failure_status() const;
  std::string_view failure_reason() const;

  // From kHeadDone on.
  std::string_view target() const;
  bool keep_alive() const;
  bool wants_websocket() const;   // GET with Connection: upgrade and Upgrade: websocket
  bool expects_continue() const;  // HTTP/1.1 with Expect: 100-continue
  bool is_chunked() const;
  bool is_http_1_0() const;
  std::uint64_t content_length() const;  // 0 when absent or chunked
  Request& request();                    // method, headers, body; the rest is the caller's to fill in

 private:
  struct Impl;
  Limits limits_;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::http
