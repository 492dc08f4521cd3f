#include "auth/trust_table.h"

#include <algorithm>
#include <boost/json.hpp>

#include "auth/token.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;

SecretOwner owner_of(std::string_view tenant) {
  return {tenant, "webhook", "trust"};
}

// What anybody may see who may read the audit log.
json::object shown(const SourceTrust& trust) {
  json::object out{{"kind", to_text(trust.scheme)}, {"set_at", to_rfc3339(trust.set_at)}};
  if (!trust.token_header.empty()) out["token_header"] = trust.token_header;
  if (!trust.previous.empty()) out["previous_until"] = to_rfc3339(trust.previous_until);
  return out;
}

json::object whole(const SourceTrust& trust) {
  auto out = shown(trust);
  out["secret"] = trust.secret;
  out["previous"] = trust.previous;
  return out;
}

template <class Show>
std::string table_json(const TrustTable& table, Show show) {
  json::object sources;
  for (const auto& [source, trust] : table) sources[source] = show(trust);
  return json::serialize(json::object{{"sources", std::move(sources)}});
}

Error unreadable() {
  return error(ErrorKind::kInvalidInput, "read the trust of webhooks", "the setting was altered",
               "Restore it from a backup, or set the sources' trust again.");
}

std::string text_of(const json::object& from, std::string_view name) {
  const auto* const value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

Result<SourceTrust> read(const json::value& value) {
  if (!value.is_object()) return unreadable();
  const auto& from = value.as_object();
  const auto scheme = parse_webhook_scheme(text_of(from, "kind"));
  const auto set_at = parse_time(text_of(from, "set_at"));
  if (!scheme || !set_at) return unreadable();
  SourceTrust trust{*scheme, text_of(from, "token_header"), text_of(from, "secret"),
                    *set_at, text_of(from, "previous"),     {}};
  if (trust.previous.empty()) return trust;
  const auto until = parse_time(text_of(from, "previous_until"));
  if (!until) return unreadable();
  trust.previous_until = *until;
  return trust;
}

bool is_token(WebhookScheme scheme) {
  return scheme == WebhookScheme::kHeaderToken || scheme == WebhookScheme::kPathToken;
}

Result<TrustTable> read_table(std::string_view text) {
  TrustTable table;
  boost::system::error_code failure;
  const auto parsed = json::parse(text, failure);
  const auto* const sources =
      !failure && parsed.is_object() ? parsed.as_object().if_contains("sources") : nullptr;
  if (sources == nullptr || !sources->is_object()) return unreadable();
  for (const auto& [source, entry] : sources->as_object()) {
    TOCSIN_TRY(trust, read(entry));
    table.emplace(source, std::move(trust));
  }
  return table;
}

}  // namespace

WebhookTrust SourceTrust::at(Timestamp now) const {
  WebhookTrust trust;
  trust.scheme = scheme;
  if (!token_header.empty()) trust.token_header = token_header;
  const auto add = [&](const std::string& kept) {
    // What is empty or does not parse is no secret: nothing is accepted by it.
    if (kept.empty()) return;
    if (is_token(scheme)) return trust.secrets.push_back(kept);
    if (auto key = parse_webhook_secret(scheme, kept)) trust.secrets.push_back(*std::move(key));
  };
  add(secret);
  if (!previous.empty() && now < previous_until) add(previous);
  return trust;
}

Result<std::string> to_kept_secret(WebhookScheme scheme, std::string_view text) {
  TOCSIN_CHECK(parse_webhook_secret(scheme, text));
  return is_token(scheme) ? hash_token(text) : std::string(text);
}

std::string encode_trust(const TrustTable& table, std::string_view tenant, const SecretBox& box) {
  if (table.empty()) return {};
  return table_json(table, shown) + "\n" + box.seal(table_json(table, whole), owner_of(tenant));
}

Result<TrustTable> decode_trust(std::string_view value, std::string_view tenant, const SecretBox& box) {
  if (value.empty()) return TrustTable();
  TOCSIN_TRY(text,
             box.open(value.substr(std::min(value.find('\n'), value.size() - 1) + 1), owner_of(tenant)));
  return read_table(text);
}

Result<TrustTable> closed_trust(std::string_view value) {
  return read_table(value.substr(0, value.find('\n')));
}

}  // namespace tocsin::auth
