#include "ingest/mail/mime.h"

#include <algorithm>
#include <array>

#include "ingest/mail/decode.h"
#include "ingest/text.h"

namespace tocsin::ingest::mail {
namespace {

constexpr std::size_t kMaxHeaderBytes = 64U << 10;
constexpr std::size_t kMaxBoundaryBytes = 256;  // RFC 2046 allows 70
constexpr std::size_t kMaxAddresses = 64;
constexpr std::size_t kMaxContinuations = 16;

constexpr auto kMailHeaders = std::to_array<std::string_view>(
    {"from", "to", "subject", "received", "return-path", "message-id", "date", "mime-version", "delivered-to",
     "content-type", "reply-to", "authentication-results", "dkim-signature", "x-original-to"});

// The next line without its break; `text` moves past it.
std::string_view take_line(std::string_view& text) {
  auto line = take_until(text, '\n');
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// The colon that ends a header's name; npos when the line is no header.
std::size_t name_end(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 128) return std::string_view::npos;
  const bool sound = std::all_of(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(colon),
                                 [](char c) { return c > ' ' && c < 0x7f; });
  return sound ? colon : std::string_view::npos;
}

// "a; b=c" without its parameters.
std::string main_value(std::string_view header) {
  return to_lower(trim(header.substr(0, header.find(';'))));
}

// The parameter `name` exactly as written, quotes taken off; absent gives false.
bool raw_parameter(std::string_view header, std::string_view name, std::string& value) {
  auto at = header.find(';');
  while (at != std::string_view::npos && at + 1 < header.size()) {
    const auto equals = header.find('=', at + 1);
    if (equals == std::string_view::npos) return false;
    const auto found = trim(header.substr(at + 1, equals - at - 1));
    auto rest = trim(header.substr(equals + 1));
    value.clear();
    std::size_t used = 0;
    if (rest.starts_with('"')) {
      for (used = 1; used < rest.size() && rest[used] != '"'; ++used) {
        if (rest[used] == '\\' && used + 1 < rest.size()) ++used;
        value += rest[used];
      }
    } else {
      used = std::min(rest.find(';'), rest.size());
      value = trim(rest.substr(0, used));
    }
    if (equal_ignoring_case(found, name)) return true;
    const auto offset = static_cast<std::size_t>(rest.data() - header.data());
    at = header.find(';', std::min(offset + used, header.size()));
  }
  return false;
}

// utf-8'en'a%20b
std::string decode_extended(std::string_view value) {
  const auto first = value.find('\'');
  const auto second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos) return decode_percent(value);
  return to_utf8(decode_percent(value.substr(second + 1)), value.substr(0, first));
}

// filename*0="a"; filename*1*=%20b
std::string continued_parameter(std::string_view header, std::string_view name) {
  std::string whole;
  std::string piece;
  bool extended = false;
  for (std::size_t i = 0; i < kMaxContinuations; ++i) {
    const auto numbered = std::string(name) + '*' + std::to_string(i);
    if (raw_parameter(header, numbered + '*', piece)) {
      extended = true;
    } else if (!raw_parameter(header, numbered, piece)) {
      break;
    }
    whole += piece;
  }
  return extended ? decode_extended(whole) : decode_words(whole);
}

std::string decode_transfer(std::string_view body, std::string_view encoding) {
  const auto kind = main_value(encoding);
  if (kind == "base64") return decode_base64(body);
  if (kind == "quoted-printable") return decode_quoted_printable(body, false);
  return std::string(body);
}

std::string part_filename(const Headers& headers) {
  auto name = parameter(headers.get("content-disposition"), "filename");
  return name.empty() ? parameter(headers.get("content-type"), "name") : name;
}

class MailReader {
 public:
  Mail read(std::string_view text, int depth) {
    Mail mail;
    mail.headers = Headers::read(text);
    read_entity(mail.headers, text, depth, mail);
    return mail;
  }

 private:
  void read_entity(const Headers& headers, std::string_view body, int depth, Mail& to) {
    if (parts_ >= kMaxParts || depth > kMaxDepth) return;
    const auto content_type = headers.get("content-type");
    auto type = main_value(content_type);
    const auto boundary = parameter(content_type, "boundary");
    if (type.starts_with("multipart/") && !boundary.empty() && boundary.size() <= kMaxBoundaryBytes)
      return read_multipart(body, boundary, depth, to);
    ++parts_;
    Part part;
    part.type = type.empty() ? "text/plain" : std::move(type);
    part.charset = parameter(content_type, "charset");
    part.filename = part_filename(headers);
    part.attached = main_value(headers.get("content-disposition")) == "attachment" ||
                    (!part.filename.empty() && !part.type.starts_with("text/"));
    part.body = decode_transfer(body, headers.get("content-transfer-encoding"));
    if (holds_mail(part)) {
      to.enclosed.push_back(read(part.body, depth + 1));
    } else {
      to.parts.push_back(std::move(part));
    }
  }

  static bool holds_mail(const Part& part) {
    const bool named = part.type == "message/rfc822" || part.type == "message/global" ||
                       to_lower(part.filename).ends_with(".eml");
    return named && looks_like_mail(part.body);
  }

  // Without a closing delimiter the last part goes to the end.
  void read_multipart(std::string_view body, const std::string& boundary, int depth, Mail& to) {
    const auto delimiter = "--" + boundary;
    auto at = find_delimiter(body, delimiter, 0);
    while (at != std::string_view::npos && parts_ < kMaxParts) {
      auto start = at + delimiter.size();
      if (body.substr(start, 2) == "--") return;
      start = std::min(body.find('\n', start), body.size() - 1) + 1;
      const auto next = find_delimiter(body, delimiter, start);
      auto content = body.substr(start, next == std::string_view::npos ? next : next - start);
      if (next != std::string_view::npos) content = without_line_end(content);
      const auto headers = Headers::read(content);
      read_entity(headers, content, depth + 1, to);
      at = next;
    }
  }

  // The break before a delimiter belongs to it.
  static std::string_view without_line_end(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    if (text.ends_with('\r')) text.remove_suffix(1);
    return text;
  }

  // At the start of a line only.
  static std::size_t find_delimiter(std::string_view body, std::string_view delimiter, std::size_t from) {
    for (auto at = body.find(delimiter, from); at != std::string_view::npos;
         at = body.find(delimiter, at + 1)) {
      const auto after = at + delimiter.size();
      const bool ends = after >= body.size() || is_blank(body[after]) || body.substr(after, 2) == "--";
      if ((at == 0 || body[at - 1] == '\n') && ends) return at;
    }
    return std::string_view::npos;
  }

  std::size_t parts_ = 0;
};

// ---- addresses ----

// The end of the mailbox that starts at `at`: a comma or semicolon outside quotes, angles and comments. A
// quote that never closes is no quote.
std::size_t mailbox_end(std::string_view value, std::size_t at) {
  int comments = 0;
  bool angle = false;
  for (; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '"') {
      const auto close = value.find('"', at + 1);
      if (close != std::string_view::npos) at = close;
      continue;
    }
    if (c == '(') ++comments;
    if (c == ')' && comments > 0) --comments;
    if (c == '<') angle = true;
    if (c == '>') angle = false;
    if ((c == ',' || c == ';') && comments == 0 && !angle) return at;
  }
  return at;
}

bool is_address(std::string_view text) {
  const auto at = text.rfind('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() && text.size() <= 320 &&
         text.find_first_of(" \t<>\"") == std::string_view::npos;
}

Address read_mailbox(std::string_view text) {
  const auto open = text.rfind('<');
  if (open != std::string_view::npos) {
    const auto close = std::min(text.find('>', open), text.size());
    const auto address = trim(text.substr(open + 1, close - open - 1));
    auto name = trim(text.substr(0, open));
    while (name.starts_with('"')) name.remove_prefix(1);
    while (name.ends_with('"')) name.remove_suffix(1);
    if (is_address(address)) return {decode_words(name), to_lower(address)};
  }
  text = trim(text.substr(0, text.find('(')));
  if (const auto group = text.rfind(':'); group != std::string_view::npos)
    text = trim(text.substr(group + 1));
  return is_address(text) ? Address{{}, to_lower(text)} : Address{};
}

}  // namespace

bool Headers::same(std::string_view a, std::string_view b) {
  return equal_ignoring_case(a, b);
}

std::string_view Headers::get(std::string_view name) const {
  const auto found =
      std::find_if(list_.begin(), list_.end(), [&](const Header& h) { return same(h.name, name); });
  return found == list_.end() ? std::string_view() : std::string_view(found->value);
}

Headers Headers::read(std::string_view& text) {
  Headers headers;
  while (!text.empty()) {
    auto rest = text;
    const auto line = take_line(rest);
    if (line.empty()) {
      text = rest;
      break;
    }
    const bool folded = line.front() == ' ' || line.front() == '\t';
    const auto colon = folded ? std::string_view::npos : name_end(line);
    const bool envelope = headers.list_.empty() && line.starts_with("From ");  // of an mbox
    if (!folded && colon == std::string_view::npos && !envelope)
      break;  // the body began without a blank line
    text = rest;
    if (envelope) continue;
    if (folded) {
      if (!headers.list_.empty() && headers.list_.back().value.size() + line.size() < kMaxHeaderBytes)
        headers.list_.back().value += ' ' + std::string(trim(line));
    } else if (headers.list_.size() < kMaxHeaders) {
      headers.list_.push_back({std::string(line.substr(0, colon)),
                               std::string(trim(line.substr(colon + 1)).substr(0, kMaxHeaderBytes))});
    }
  }
  return headers;
}

std::string parameter(std::string_view header, std::string_view name) {
  std::string value;
  if (raw_parameter(header, std::string(name) + '*', value)) return decode_extended(value);
  if (raw_parameter(header, name, value)) return decode_words(value);
  return continued_parameter(header, name);
}

std::vector<Address> addresses(std::string_view value) {
  std::vector<Address> list;
  for (std::size_t at = 0; at < value.size() && list.size() < kMaxAddresses;) {
    const auto end = mailbox_end(value, at);
    auto mailbox = read_mailbox(value.substr(at, end - at));
    if (!mailbox.address.empty()) list.push_back(std::move(mailbox));
    at = end + 1;
  }
  return list;
}

bool looks_like_mail(std::string_view text) {
  text = text.substr(0, kMaxHeaderBytes);
  const auto headers = Headers::read(text);
  return std::count_if(kMailHeaders.begin(), kMailHeaders.end(),
                       [&](std::string_view name) { return headers.has(name); }) >= 2;
}

Mail parse_mail(std::string_view text) {
  return MailReader().read(text, 0);
}

}  // namespace tocsin::ingest::mail
