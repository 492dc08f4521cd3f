#pragma once
// What an ID token must say (OpenID Connect Core 1.0 §3.1.3.7) and what is read from it.

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace tocsin::auth {

inline constexpr std::chrono::seconds kClockSkew{60};
// A token older than this was not made for the sign-in that asks for it.
inline constexpr std::chrono::minutes kMaxTokenAge{15};

struct IdTokenExpectations {
  std::string_view issuer;
  std::string_view client_id;
  std::string_view nonce;
};

// kForbidden unless iss, aud, azp, exp, iat, nbf, nonce and sub are right. `claims` are of a token whose
// signature was confirmed.
Result<void> check_id_token(const boost::json::object& claims, const IdTokenExpectations& expected,
                            Timestamp now);

// The text of a claim; empty when it is absent, no string, longer than 1,024 bytes or not UTF-8 for display.
std::string text_claim(const boost::json::object& claims, std::string_view name);

// The texts of a claim: a string or an array of strings, at most 1,000. `name` is the claim's own name, or a
// path with full stops ("realm_access.roles") when there is no claim of that name.
std::vector<std::string> list_claim(const boost::json::object& claims, std::string_view name);

// A value of the claim and the role it gives.
struct RoleRule {
  std::string value;
  std::string role;
};

// The role of the first rule whose value is among `values`, else `fallback`, which may be absent: no access.
// The order of the rules decides, so the strongest role stands first.
std::optional<std::string> map_role(const std::vector<std::string>& values,
                                    const std::vector<RoleRule>& rules,
                                    const std::optional<std::string>& fallback);

}  // namespace tocsin::auth
