#pragma once
// What the rules ask of an event, read from it once.

#include <string>
#include <string_view>

#include "model/event.h"

namespace tocsin::detect {

enum class SignIn : std::uint8_t { kNone, kFailure, kSuccess };

struct EventFacts {
  std::string type;  // event_type without case and separators: "consolelogin"
  SignIn sign_in = SignIn::kNone;
  bool refused = false;  // a connection that a device denied
  std::string country;   // of raw, upper case; empty when it names none
};

EventFacts read_facts(const model::Event& event);

// An address of the public internet, IPv4 or IPv6.
bool is_public_address(std::string_view ip);

}  // namespace tocsin::detect
