#pragma once
// What a route sees of HTTP: plain values, no sockets. The server behind it (server.h) is Boost.Beast, and
// this header is all that the rest of the product knows of it.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tocsin::model {
struct Principal;  // model/access.h
}

namespace tocsin::http {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete, kOptions, kOther };
std::string_view to_text(Method method);

using Header = std::pair<std::string, std::string>;

struct Request {
  Method method = Method::kGet;
  std::string path;                                        // percent-decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;  // percent-decoded, in order
  std::vector<Header> headers;
  std::vector<std::pair<std::string, std::string>> path_params;  // filled by the Router
  std::string body;                                              // already inflated if it came gzip-encoded
  std::string remote_address;
  std::string trace_id;  // 32 hex digits; from traceparent when valid
  bool secure = false;
  // Who sends it, as ServerOptions::authorize found; null when nobody asked.
  std::shared_ptr<const model::Principal> principal{};

  // Empty when absent. Header names compare without case.
  std::string_view header(std::string_view name) const;
  std::string_view path_param(std::string_view name) const;
  std::optional<std::string_view> query_param(std::string_view name) const;
  // Media type of Content-Type, lower case, without parameters.
  std::string content_type() const;
};

// A part of an answer; empty text says "nothing yet, ask again" unless it is the last.
struct Piece {
  std::string text;
  bool last = false;
};

struct Response {
  int status = 200;
  std::vector<Header> headers;
  std::string body;
  // Set instead of `body` for bytes that live as long as the process (the embedded console).
  std::string_view static_body;
  // Set instead of `body` for answers too large to be held whole: asked on the workers, one call at a time
  // and the next when the client has taken what was before, until a piece says that it is the last. Absent
  // means failure: the connection is cut, so that the client sees that something is missing.
  std::function<std::optional<Piece>()> next_piece{};
};

// Call exactly once, from any thread; the server sends in order. Dropping it unanswered sends a 500.
using Responder = std::function<void(Response)>;
using AsyncHandler = std::function<void(Request, Responder)>;
// Runs on the server's worker pool: may block on the database.
using Handler = std::function<Response(const Request&)>;

// Routes by method and path pattern: "/api/v1/alerts/{id}". The most literal pattern wins.
// Build it before the server starts; lookups are const and thread-safe.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;

  void add(Method method, std::string_view pattern, Handler handler);
  void add_async(Method method, std::string_view pattern, AsyncHandler handler);

  struct Route {
    Method method;
    std::string pattern;
  };
  std::vector<Route> routes() const;  // for the test that compares them with api/openapi.yaml

  struct Match {
    const Handler* handler = nullptr;  // one of the two is set when found
    const AsyncHandler* async_handler = nullptr;
    std::string_view pattern;  // for metrics: never the raw path
    std::vector<std::pair<std::string, std::string>> params;
    std::vector<Method> allowed;  // when the path exists but not this method: 405 with Allow
  };
  Match match(Method method, std::string_view path) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// RFC 9457 body, the one error format. `pointer` errors go to errors[].
struct Problem {
  int status = 500;
  std::string title;
  std::string detail;
  std::string hint;
  std::vector<std::pair<std::string, std::string>> errors;  // JSON pointer, what is wrong there
};
Response problem_response(const Problem& problem, std::string_view trace_id);
// The one mapping from ErrorKind to status.
Response to_response(const Error& error, std::string_view trace_id);
Response json_response(int status, std::string body);

// A live connection to one WebSocket client.
class WebSocketSession {
 public:
  virtual ~WebSocketSession() = default;
  // Queues a text message; thread-safe. A client that reads too slowly is closed when its queue passes the
  // bound.
  virtual void send(std::shared_ptr<const std::string> text) = 0;
  virtual void close() = 0;
};

struct WebSocketHandler {
  std::function<void(const std::shared_ptr<WebSocketSession>&, const Request&)> on_open;
  std::function<void(const std::shared_ptr<WebSocketSession>&, std::string_view text)> on_text;
  std::function<void(const std::shared_ptr<WebSocketSession>&)> on_close;
};

}  // namespace tocsin::http
