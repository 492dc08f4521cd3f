#include "store/audit_head.h"

#include <simdjson.h>

#include "base/json_writer.h"
#include "base/sha256.h"
#include "store/audit_bytes.h"

namespace tocsin::store {

namespace {

using simdjson::dom::element;

Error unreadable(std::string why, std::size_t line) {
  return error(ErrorKind::kInvalidSyntax, "read signed heads", std::move(why),
               "Give audit-heads.jsonl, or what GET /api/v1/audit/heads answered",
               "line " + std::to_string(line));
}

std::string text_of(const element& object, const char* name) {
  std::string_view text;
  return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::int64_t number_of(const element& object, const char* name) {
  std::int64_t number = 0;
  return object[name].get(number) == simdjson::SUCCESS ? number : 0;
}

std::optional<AuditHead> head_of(const element& object) {
  AuditHead head;
  head.tenant.value = number_of(object, "tenant");
  head.number = number_of(object, "number");
  head.hash = from_hex(text_of(object, "hash"));
  head.at = from_unix_nanos(number_of(object, "at_ns"));
  head.key = text_of(object, "key");
  head.signature = from_hex(text_of(object, "signature"));
  const bool whole = head.tenant.value > 0 && head.number > 0 && head.hash.size() == kSha256Bytes;
  return whole ? std::optional(std::move(head)) : std::nullopt;
}

Result<void> add_document(const element& document, std::size_t line, HeadsFile& file) {
  simdjson::dom::array heads;
  if (document["heads"].get(heads) != simdjson::SUCCESS) {
    auto head = head_of(document);
    if (!head) return unreadable("it is no signed head", line);
    file.heads.push_back(*std::move(head));
    return {};
  }
  if (auto key = text_of(document, "public_key"); !key.empty()) file.public_keys.push_back(std::move(key));
  for (const auto one : heads) {
    auto head = head_of(one);
    if (!head) return unreadable("one of its heads is none", line);
    file.heads.push_back(*std::move(head));
  }
  return {};
}

}  // namespace

std::string message_of(const AuditHead& head) {
  AuditBytes bytes("tocsin-audit-head-1");
  bytes.number(head.tenant.value).number(head.number).number(to_unix_nanos(head.at));
  return bytes.str() + head.hash;
}

Result<AuditHead> sign_head(const ChainEnd& end, Timestamp now, const SigningKey& key) {
  AuditHead head{end.tenant, end.number, end.hash, now, key.fingerprint(), {}};
  TOCSIN_TRY(signature, key.sign(message_of(head)));
  head.signature = std::move(signature);
  return head;
}

bool is_signed_by(const AuditHead& head, const PublicKey& key) {
  return head.key == key.fingerprint() && key.verify(message_of(head), head.signature);
}

std::string to_json_line(const AuditHead& head) {
  std::string line;
  JsonWriter json(line);
  json.object([&] {
    json.member("tenant", head.tenant.value);
    json.member("number", head.number);
    json.member("hash", to_hex(head.hash));
    json.member("at", head.at);
    json.member("at_ns", to_unix_nanos(head.at));
    json.member("key", head.key);
    json.member("signature", to_hex(head.signature));
  });
  return line;
}

Result<HeadsFile> parse_heads(std::string_view text) {
  HeadsFile file;
  simdjson::dom::parser parser;
  element document;
  if (parser.parse(text.data(), text.size()).get(document) == simdjson::SUCCESS) {
    TOCSIN_CHECK(add_document(document, 1, file));
    return file;
  }
  std::size_t line = 0;
  for (auto end = text.find('\n'); end != text.npos; text.remove_prefix(end + 1), end = text.find('\n')) {
    ++line;
    const auto content = text.substr(0, end);
    if (content.empty()) continue;
    if (parser.parse(content.data(), content.size()).get(document) != simdjson::SUCCESS)
      return unreadable("it is not JSON", line);
    TOCSIN_CHECK(add_document(document, line, file));
  }
  return file;
}

}  // namespace tocsin::store
