#pragma once
// Judges a request by its head, before a byte of the body is read: who may send it, and who will answer it.

#include <cstdint>
#include <optional>

#include "http/http.h"
#include "http/request_parser.h"
#include "http/shared.h"

namespace tocsin::http {

struct Admission {
  std::optional<Response> refusal;              // answer this, or
  const WebSocketHandler* websocket = nullptr;  // upgrade, or
  Router::Match match;                          // let one of its handlers answer
};

// Fills in path, query and path parameters of the parser's request.
Admission admit(const Shared& shared, RequestParser& parser);

// What only shows when the body is there: a chunked one that is empty needs no Content-Type.
std::optional<Response> check_body(const Shared& shared, const Request& request);

}  // namespace tocsin::http
