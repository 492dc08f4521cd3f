#pragma once
// Who may talk to a server without sign-in (CONTRACT §1): this machine's own programs and its own pages.
//
// A web page that the analyst visits can make their browser send requests here (CSRF), even under a name of
// the attacker's that resolves to 127.0.0.1 (DNS rebinding), and a reverse proxy can put the port on the
// internet. Each rule stops one of these ways. Pure; the server calls it for every request.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/http.h"

namespace tocsin::http {

struct OpenModeRules {
  std::uint16_t port = 0;  // of the listener; 0 in the server's options means "the one it got"

  // Other media types that bodies may have below a path prefix, such as text formats of webhooks.
  struct ExtraTypes {
    std::string path_prefix;
    std::vector<std::string> types;  // lower case, without parameters
  };
  std::vector<ExtraTypes> extra_types;

  // Whether there is still no sign-in; empty: always so. Media types are judged in either case.
  std::function<bool()> applies{};
};

// True for localhost, 127.0.0.1 and [::1] with this port, which may be left out when it is the scheme's own:
// 80, or 443 over TLS.
bool is_local_authority(std::string_view authority, std::uint16_t port, bool secure = false);

// Judged from the head, before the body is read. Only path, method and headers of the request count.
// 400 without exactly one Host, 403 for a proxied request, for a foreign Host (also that of an absolute
// target, in `authority`, empty otherwise), and for a write or a WebSocket from a foreign Origin. Absent: go
// on.
std::optional<Problem> check_open_mode(const OpenModeRules& rules, const Request& request,
                                       std::string_view authority, bool websocket);

// 415 unless the media type is application/json, application/x-ndjson or an extra one of the path. Only for
// requests that have a body: clients send odd types along with none.
std::optional<Problem> check_body_type(const OpenModeRules& rules, const Request& request);

}  // namespace tocsin::http
