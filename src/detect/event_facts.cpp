#include "detect/event_facts.h"

#include <arpa/inet.h>
#include <simdjson.h>

#include "base/ascii.h"
#include "base/phrase_matcher.h"

namespace tocsin::detect {
namespace {

constexpr std::size_t kMaxRaw = 256 * 1024;  // larger records are not opened for a country

std::string bare(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 128)) {
    if (is_alnum(c)) out += lower(c);
  }
  return out;
}

struct SignInType {
  std::string_view type;
  SignIn outcome;  // kNone: the message or the record says how it went
};
constexpr std::array<SignInType, 21> kSignInTypes{
    {{"consolelogin", SignIn::kNone},    {"login", SignIn::kNone},
     {"logon", SignIn::kNone},           {"signin", SignIn::kNone},
     {"signinlogs", SignIn::kNone},      {"userlogin", SignIn::kNone},
     {"authentication", SignIn::kNone},  {"auth", SignIn::kNone},
     {"sshlogin", SignIn::kNone},        {"rdplogin", SignIn::kNone},
     {"loginfailed", SignIn::kFailure},  {"failedlogin", SignIn::kFailure},
     {"loginfailure", SignIn::kFailure}, {"userloginfailed", SignIn::kFailure},
     {"signinfailed", SignIn::kFailure}, {"authenticationfailure", SignIn::kFailure},
     {"4625", SignIn::kFailure},         {"4771", SignIn::kFailure},
     {"4624", SignIn::kSuccess},         {"loginsuccess", SignIn::kSuccess},
     {"userloggedin", SignIn::kSuccess}}};

const PhraseMatcher& failure_words() {
  static const PhraseMatcher matcher({"fail*", "denied", "rejected", "invalid", "incorrect", "unsuccessful",
                                      "wrong password", "bad password", "not authorized", "locked out"});
  return matcher;
}

const PhraseMatcher& success_words() {
  static const PhraseMatcher matcher({"success*", "succeeded", "accepted", "logged in", "signed in"});
  return matcher;
}

const PhraseMatcher& refusal_types() {
  static const PhraseMatcher matcher({"reject*", "deny", "denied", "drop", "dropped", "refused", "blocked"});
  return matcher;
}

using simdjson::dom::element;

std::string_view text_at(const element& root, std::string_view pointer) {
  std::string_view text;
  return root.at_pointer(pointer).get(text) == simdjson::SUCCESS ? text : std::string_view{};
}

// CloudTrail says the outcome in responseElements; others in a field named outcome or result.
SignIn outcome_in(const element& root) {
  for (const auto* pointer :
       {"/responseElements/ConsoleLogin", "/metadata/responseElements/ConsoleLogin", "/metadata/ConsoleLogin",
        "/metadata/outcome", "/outcome", "/result", "/metadata/result", "/metadata/status", "/status"}) {
    const auto text = text_at(root, pointer);
    if (text.empty()) continue;
    if (!failure_words().find(text).empty()) return SignIn::kFailure;
    if (!success_words().find(text).empty()) return SignIn::kSuccess;
  }
  return text_at(root, "/errorMessage").empty() ? SignIn::kNone : SignIn::kFailure;
}

std::string country_in(const element& root) {
  for (const auto* pointer : {"/country", "/metadata/country", "/location/countryOrRegion",
                              "/metadata/geo/country", "/geo/country", "/metadata/location/country"}) {
    std::string country;
    for (const char c : text_at(root, pointer).substr(0, 64)) {
      country += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    }
    if (!country.empty()) return country;
  }
  return {};
}

SignIn outcome_of(const model::Event& event, SignIn by_type, SignIn by_record) {
  if (by_type != SignIn::kNone) return by_type;
  if (!failure_words().find(event.message).empty()) return SignIn::kFailure;
  if (by_record != SignIn::kNone) return by_record;
  return success_words().find(event.message).empty() ? SignIn::kNone : SignIn::kSuccess;
}

bool is_public_v4(std::uint32_t a) {
  struct Block {
    std::uint32_t network;
    int bits;
  };
  constexpr std::array<Block, 13> kReserved{{{0x00000000, 8},
                                             {0x0A000000, 8},
                                             {0x64400000, 10},
                                             {0x7F000000, 8},
                                             {0xA9FE0000, 16},
                                             {0xAC100000, 12},
                                             {0xC0000000, 24},
                                             {0xC0000200, 24},
                                             {0xC0A80000, 16},
                                             {0xC6120000, 15},
                                             {0xC6336400, 24},
                                             {0xCB007100, 24},
                                             {0xE0000000, 3}}};
  return std::none_of(kReserved.begin(), kReserved.end(),
                      [a](const Block& block) { return (a ^ block.network) >> (32 - block.bits) == 0; });
}

}  // namespace

EventFacts read_facts(const model::Event& event) {
  EventFacts facts;
  facts.type = bare(event.event_type);
  facts.refused = !refusal_types().find(event.event_type).empty();
  SignIn by_record = SignIn::kNone;
  thread_local simdjson::dom::parser parser;  // keeps its buffers
  element root;
  if (event.raw.size() <= kMaxRaw && parser.parse(event.raw).get(root) == simdjson::SUCCESS &&
      root.is_object()) {
    by_record = outcome_in(root);
    facts.country = country_in(root);
  }
  for (const auto& one : kSignInTypes) {
    if (facts.type == one.type) facts.sign_in = outcome_of(event, one.outcome, by_record);
  }
  return facts;
}

bool is_public_address(std::string_view ip) {
  const std::string text(ip.substr(0, 64));
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return is_public_v4(ntohl(v4.s_addr));
  in6_addr v6{};
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return false;
  const bool documentation =
      v6.s6_addr[0] == 0x20 && v6.s6_addr[1] == 0x01 && v6.s6_addr[2] == 0x0D && v6.s6_addr[3] == 0xB8;
  return (v6.s6_addr[0] & 0xE0) == 0x20 && !documentation;  // 2000::/3 is the public space
}

}  // namespace tocsin::detect
