// Access logs of web servers in the common and the combined format (Apache's mod_log_config, nginx'
// "combined"), with or without the virtual host before them, and Squid's native access.log.

#include <iterator>

#include "base/ascii.h"
#include "ingest/ip.h"
#include "ingest/log_lines/log_lines.h"
#include "ingest/log_lines/words.h"
#include "ingest/times.h"

namespace tocsin::ingest {
namespace {

void add_url(Fields& fields, std::string_view url) {
  add_said(fields, "url.original", url);
  const auto scheme = url.find("://");
  auto path = url;
  if (scheme != url.npos && scheme < url.find('?')) {
    const auto rest = url.substr(scheme + 3);
    const auto host = rest.substr(0, rest.find_first_of("/?#"));
    path = rest.substr(host.size());
    add_said(fields, "url.domain", host.substr(0, host.starts_with('[') ? host.npos : host.find(':')));
  }
  const auto query = path.find('?');
  add_said(fields, "url.path", path.substr(0, query));
  if (query != path.npos) add_said(fields, "url.query", path.substr(query + 1));
}

// "GET /index.html HTTP/1.1"; what is no request (a TLS hello, a scanner's bytes) is kept as the URL.
void add_request(Fields& fields, std::string_view request) {
  const auto method = request.substr(0, request.find(' '));
  const bool is_method = !method.empty() && method.size() < request.size() && method.size() <= 32 &&
                         method.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_-") == method.npos;
  if (!is_method) return add_said(fields, "url.original", request);
  auto url = request.substr(method.size() + 1);
  if (const auto version = url.rfind(" HTTP/"); version != url.npos) {
    add_said(fields, "http.version", url.substr(version + 6));
    url = url.substr(0, version);
  }
  add_said(fields, "http.request.method", method);
  add_url(fields, url);
}

// A client's address or resolved name, perhaps behind a virtual host.
bool read_client(std::string_view before, Fields& fields) {
  LineWords words(before);
  std::string_view columns[5];
  std::size_t count = 0;
  for (auto word = words.word(); !word.empty(); word = words.word()) {
    if (count == std::size(columns)) return false;
    columns[count++] = word;
  }
  if (count < 3) return false;
  // host ident user; a user's name may hold a blank only where nothing stands before the host.
  const bool has_vhost = count == 4 && !is_ip(columns[0]) && is_ip(columns[1]);
  const std::size_t client = has_vhost ? 1 : 0;
  if (columns[client].find_first_of("\"[]{}=<>") != std::string_view::npos) return false;
  if (has_vhost) add_said(fields, "url.domain", columns[0].substr(0, columns[0].find(':')));
  fields.add(is_ip(columns[client]) ? "source.ip" : "source.domain", columns[client]);
  add_said(fields, "user.name", columns[client + 2]);
  return true;
}

}  // namespace

std::optional<LogLine> read_access_line(std::string_view text) {
  const auto bracket = text.find(" [");
  if (bracket > 512) return std::nullopt;  // npos is
  LineWords words(text.substr(bracket));
  std::string_view time;
  std::string request;
  if (!words.enclosed('[', ']', time) || !words.quoted(request)) return std::nullopt;
  LogLine line{.type = "web_access", .time = read_time(time), .fields = {}};
  const auto status = words.word();
  const auto bytes = words.word();
  if (!line.time || status.size() != 3 || !is_number(status) || (bytes != "-" && !is_number(bytes)))
    return std::nullopt;
  line.fields.add("event.dataset", "web.access");
  if (!read_client(text.substr(0, bracket), line.fields)) return std::nullopt;
  add_request(line.fields, request);
  line.fields.add("http.response.status_code", status);
  add_said(line.fields, "http.response.body.bytes", bytes);
  std::string said;
  if (words.quoted(said)) add_said(line.fields, "http.request.referrer", said);
  if (words.quoted(said)) add_said(line.fields, "user_agent.original", said);
  return line;
}

// time elapsed client result/status bytes method URL user hierarchy/peer type
std::optional<LogLine> read_squid_line(std::string_view text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  LineWords words(text);
  const auto time = words.word();
  const auto elapsed = words.word();
  const auto client = words.word();
  const auto result = words.word();
  const auto bytes = words.word();
  const auto method = words.word();
  const auto url = words.word();
  const auto user = words.word();
  const auto peer = words.word();
  const auto slash = result.find('/');
  const bool fits = time.find('.') != time.npos && is_number(elapsed) && is_ip(client) && is_number(bytes) &&
                    slash != result.npos && is_number(result.substr(slash + 1)) &&
                    peer.find('/') != peer.npos;
  if (!fits) return std::nullopt;
  LogLine line{.type = "proxy_access", .time = read_time(time), .fields = {}};
  if (!line.time) return std::nullopt;
  auto& fields = line.fields;
  fields.add("event.dataset", "squid.log");
  fields.add("source.ip", client);
  fields.add("event.action", result.substr(0, slash));
  fields.add("http.response.status_code", result.substr(slash + 1));
  fields.add("http.response.bytes", bytes);
  fields.add("http.request.method", method);
  // A tunnel names where it leads: "example.org:443".
  const bool is_tunnel = url.find("://") == url.npos && url.find(':') != url.npos;
  is_tunnel ? add_said(fields, "url.domain", url.substr(0, url.rfind(':'))) : add_url(fields, url);
  if (is_tunnel) add_said(fields, "url.original", url);
  add_said(fields, "user.name", user);
  add_said(fields, "destination.ip", peer.substr(peer.find('/') + 1));
  add_said(fields, "http.response.mime_type", words.word());
  return line;
}

}  // namespace tocsin::ingest
