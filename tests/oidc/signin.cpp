// Drives auth::OidcClient against a provider that runs beside it: tests/oidc/run.mjs.
//
//   signin ISSUER CLIENT_ID CLIENT_SECRET REDIRECT_URL [userinfo]
//
// Each line of standard input is one step, each line of standard output its answer, in JSON:
//   begin                                -> {"url":…, "cookie":…}
//   finish CODE STATE ISSUER COOKIE      -> {"subject":…, "username":…, "role":…} or {"error":…,
//   "kind":"forbidden"|"other"} advance SECONDS                      -> {}: from now on its clock is ahead
// "-" stands for an empty word.
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <csignal>
#include <iostream>
#include <sstream>

#include "auth/oidc.h"
#include "auth/outbound_fetch.h"

namespace {

using namespace tocsin;

// The system's time and what `advance` added.
class MovableClock final : public Clock {
 public:
  Timestamp now() const override { return SystemClock().now() + ahead_; }
  void advance(std::chrono::seconds by) { ahead_ += by; }

 private:
  std::chrono::seconds ahead_{0};
};

void print(const boost::json::object& answer) {
  std::cout << boost::json::serialize(answer) << std::endl;
}

void print(const Error& failure) {
  print(
      {{"error", failure.message}, {"kind", failure.kind == ErrorKind::kForbidden ? "forbidden" : "other"}});
}

std::string next_word(std::istream& words) {
  std::string word;
  words >> word;
  return word == "-" ? std::string() : word;
}

void begin(auth::OidcClient& client) {
  const auto start = client.begin("/incidents");
  if (!start) return print(start.error());
  print({{"url", start->authorization_url}, {"cookie", start->cookie}});
}

void finish(auth::OidcClient& client, std::istream& words) {
  const auto code = next_word(words);
  const auto state = next_word(words);
  const auto issuer = next_word(words);
  const auto cookie = next_word(words);
  const auto who = client.finish({code, state, issuer, "", cookie});
  if (!who) return print(who.error());
  print({{"subject", who->subject},
         {"username", who->username},
         {"email", who->email},
         {"role", who->role},
         {"return_to", who->return_to}});
}

outbound::Options this_machine_only() {
  outbound::Options options;
  options.policy = *outbound::parse_policy({"127.0.0.1"});
  options.policy.allow_http = true;
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  std::signal(SIGPIPE, SIG_IGN);
  auth::OidcOptions options;
  options.issuer = argv[1];
  options.client_id = argv[2];
  options.client_secret = argv[3];
  options.redirect_url = argv[4];
  options.role_rules = {{"soc-admins", "admin"}, {"soc", "analyst"}};
  options.ask_userinfo = argc > 5;
  if (const auto checked = auth::OidcClient::check(options); !checked) return print(checked.error()), 1;
  const auto http = *outbound::Client::create(this_machine_only());
  const auto box = auth::SecretBox::create();
  MovableClock clock;
  auth::OidcClient client(options, auth::fetch_through(*http), box, clock);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    const auto step = next_word(words);
    if (step == "begin") begin(client);
    if (step == "finish") finish(client, words);
    if (step == "advance") {
      clock.advance(std::chrono::seconds(std::stoi(next_word(words))));
      print(boost::json::object{});
    }
  }
  return 0;
}
