#include "auth/id_token.h"

#include <algorithm>
#include <cmath>

#include "auth/sodium.h"
#include "base/utf8.h"

namespace tocsin::auth {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxText = 1024;
constexpr std::size_t kMaxValues = 1000;
constexpr std::size_t kMaxSubject = 255;  // OpenID Connect Core §2
constexpr double kMaxSeconds = 9e9;       // 2255; nanoseconds of it fit

Error refused(std::string message) {
  return error(ErrorKind::kForbidden, "check ID token", std::move(message));
}

// NumericDate of RFC 7519 §2: seconds, perhaps with a fraction.
std::optional<Timestamp> time_claim(const json::object& claims, std::string_view name) {
  const auto* const value = claims.if_contains(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  const auto seconds = value->to_number<double>();
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kMaxSeconds) return std::nullopt;
  return Timestamp(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

// Absent unless it is a string or an array of nothing but strings.
std::optional<std::vector<std::string>> audiences(const json::object& claims) {
  const auto* const value = claims.if_contains("aud");
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return std::vector{std::string(value->as_string())};
  if (!value->is_array()) return std::nullopt;
  std::vector<std::string> out;
  for (const auto& entry : value->as_array()) {
    if (!entry.is_string()) return std::nullopt;
    out.emplace_back(entry.as_string());
  }
  return out;
}

Result<void> check_audience(const json::object& claims, std::string_view client_id) {
  const auto all = audiences(claims);
  if (!all || std::find(all->begin(), all->end(), client_id) == all->end())
    return refused("the token is for another client");
  const bool has_azp = claims.contains("azp");
  if (all->size() > 1 && !has_azp)
    return refused("the token is for several clients and names no authorized one");
  if (has_azp && text_claim(claims, "azp") != client_id)
    return refused("the token was issued to another client");
  return {};
}

Result<void> check_times(const json::object& claims, Timestamp now) {
  const auto expires = time_claim(claims, "exp");
  const auto issued = time_claim(claims, "iat");
  if (!expires || !issued) return refused("the token does not say when it was issued or expires");
  if (*expires + kClockSkew <= now) return refused("the token has expired");
  if (*issued > now + kClockSkew) return refused("the token is from the future; check the clocks");
  if (*issued + kMaxTokenAge + kClockSkew < now) return refused("the token is older than 15 minutes");
  if (!claims.contains("nbf")) return {};
  const auto not_before = time_claim(claims, "nbf");
  if (!not_before || *not_before > now + kClockSkew) return refused("the token is not valid yet");
  return {};
}

const json::value* find_path(const json::object& claims, std::string_view path) {
  if (const auto* const value = claims.if_contains(path)) return value;
  const auto dot = path.find('.');
  if (dot == std::string_view::npos) return nullptr;
  const auto* const inner = claims.if_contains(path.substr(0, dot));
  return inner != nullptr && inner->is_object() ? find_path(inner->as_object(), path.substr(dot + 1))
                                                : nullptr;
}

std::string display_text(const json::value& value) {
  if (!value.is_string()) return {};
  const std::string_view text = value.as_string();
  return text.size() <= kMaxText && find_invalid_utf8(text) == text.size() ? std::string(text)
                                                                           : std::string();
}

}  // namespace

Result<void> check_id_token(const json::object& claims, const IdTokenExpectations& expected, Timestamp now) {
  if (text_claim(claims, "iss") != expected.issuer) return refused("the token is of another issuer");
  TOCSIN_CHECK(check_audience(claims, expected.client_id));
  TOCSIN_CHECK(check_times(claims, now));
  if (expected.nonce.empty() || !equal_in_constant_time(text_claim(claims, "nonce"), expected.nonce))
    return refused("the token belongs to another sign-in");
  const auto subject = text_claim(claims, "sub");
  if (subject.empty() || subject.size() > kMaxSubject) return refused("the token names nobody");
  return {};
}

std::string text_claim(const json::object& claims, std::string_view name) {
  const auto* const value = claims.if_contains(name);
  return value == nullptr ? std::string() : display_text(*value);
}

std::vector<std::string> list_claim(const json::object& claims, std::string_view name) {
  const auto* const value = find_path(claims, name);
  std::vector<std::string> out;
  if (value == nullptr) return out;
  const auto add = [&](const json::value& entry) {
    if (auto text = display_text(entry); !text.empty() && out.size() < kMaxValues)
      out.push_back(std::move(text));
  };
  if (value->is_array())
    std::for_each(value->as_array().begin(), value->as_array().end(), add);
  else
    add(*value);
  return out;
}

std::optional<std::string> map_role(const std::vector<std::string>& values,
                                    const std::vector<RoleRule>& rules,
                                    const std::optional<std::string>& fallback) {
  for (const auto& rule : rules)
    if (std::find(values.begin(), values.end(), rule.value) != values.end()) return rule.role;
  return fallback;
}

}  // namespace tocsin::auth
