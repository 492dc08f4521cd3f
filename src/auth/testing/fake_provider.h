#pragma once
// A provider inside the test: answers discovery, keys, token and userinfo, and counts what it was asked.

#include <boost/json/serialize.hpp>
#include <map>
#include <string>

#include "auth/oidc.h"
#include "auth/testing/token_signer.h"

namespace tocsin::auth::test {

class FakeClock final : public Clock {
 public:
  Timestamp now() const override { return now_; }
  void advance(std::chrono::seconds by) { now_ += by; }
  std::int64_t seconds() const {
    return std::chrono::floor<std::chrono::seconds>(now_).time_since_epoch().count();
  }

 private:
  Timestamp now_{std::chrono::seconds(1'800'000'000)};
};

struct FakeProvider {
  explicit FakeProvider(const FakeClock& c, std::string issuer_url = "https://id.example")
      : clock(c), issuer(std::move(issuer_url)) {
    metadata = {{"issuer", issuer},
                {"authorization_endpoint", issuer + "/authorize"},
                {"token_endpoint", issuer + "/token"},
                {"jwks_uri", issuer + "/keys"},
                {"userinfo_endpoint", issuer + "/me"}};
    keys = jwks({&signer});
  }

  boost::json::object claims(std::string_view nonce) const {
    return {{"iss", issuer},
            {"aud", "tocsin"},
            {"sub", "subject-1"},
            {"nonce", nonce},
            {"iat", clock.seconds()},
            {"exp", clock.seconds() + 300},
            {"groups", boost::json::array{"soc"}},
            {"preferred_username", "alice"},
            {"name", "Alice Miller"},
            {"email", "alice@corp.example"},
            {"email_verified", true}};
  }

  void answer_with(const std::string& id_token) {
    token_answer = {200, boost::json::serialize(boost::json::object{
                             {"access_token", "at-1"}, {"token_type", "Bearer"}, {"id_token", id_token}})};
  }

  Fetch fetch() {
    return [this](const FetchRequest& request) -> Result<FetchResponse> {
      const auto path = request.url.substr(issuer.size());
      ++calls[path];
      last[path] = request;
      if (is_down) return error(ErrorKind::kUnavailable, "fetch", "connection refused");
      if (path == "/.well-known/openid-configuration")
        return FetchResponse{200, boost::json::serialize(metadata)};
      if (path == "/keys") return FetchResponse{200, keys};
      if (path == "/token") return token_answer;
      if (path == "/me") return FetchResponse{200, boost::json::serialize(userinfo)};
      return FetchResponse{404, ""};
    };
  }

  const FakeClock& clock;
  std::string issuer;
  TokenSigner signer{"ES256", "k1"};
  boost::json::object metadata;
  boost::json::object userinfo;
  std::string keys;
  FetchResponse token_answer;
  bool is_down = false;
  std::map<std::string, int> calls;
  std::map<std::string, FetchRequest> last;
};

}  // namespace tocsin::auth::test
