#pragma once
// What the scenarios share: the press of a button and the headline alert that the customers' platform raises.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "demo/demo.h"
#include "demo/vendors.h"

namespace tocsin::demo {

struct Button {
  Random& random;
  Timestamp now;
  std::vector<Delivery> deliveries;
};

struct Headline {
  std::string_view threat_type;
  std::string title;
  std::string message;
  std::string_view severity;
  std::string_view customer;
  std::string_view asset_tier = "important";
  std::string host;
  std::string ip;
  std::string user;
  std::vector<Technique> techniques;
  json::object metadata;
};
// Adds it to the button's deliveries as a `generic` payload.
void send_headline(Button& button, Timestamp at, Headline headline);

// Where traffic comes from.
struct Origin {
  std::string_view country;
  int asn;
  std::string_view organisation;
};
std::span<const Origin> origins();

void critical_threat(Button& button);

}  // namespace tocsin::demo
