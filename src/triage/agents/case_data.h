#pragma once
// What people and their tools told us beside alerts, for the agents to weigh: what the customer allows and
// limits, when somebody works on what, what advisories say. Every item has an id that a
// finding can name.

#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"

namespace tocsin::triage {

// Somebody or something of the customer's own that behaves like an attacker: a scanner, a backup, a test
// team.
struct AllowEntry {
  std::string id;
  std::string value;  // of an entity, without case; or a network, "10.2.0.0/16"
  std::string reason;
  std::optional<Timestamp> expires_at{};
};

// More than so many of these alerts a minute are too many for one source.
struct RateLimit {
  std::string id;
  std::string name;
  std::string applies_to;  // a type of alerts or the value of an entity; empty: everything
  double per_minute = 0;   // > 0
};

struct MaintenanceWindow {
  std::string id;
  std::string title;
  Timestamp from{};
  Timestamp until{};                   // exclusive
  std::vector<std::string> resources;  // hosts, users, services, networks; empty: everything
};

// "auto_block", "data_residency": what is set and has no meaning of its own here is listed.
struct Setting {
  std::string name;
  std::string value;
};

struct CustomerPolicy {
  std::vector<AllowEntry> allow_list;
  std::vector<RateLimit> rate_limits;
  std::vector<MaintenanceWindow> maintenance;
  std::vector<Setting> settings;
  bool empty() const {
    return allow_list.empty() && rate_limits.empty() && maintenance.empty() && settings.empty();
  }
};

// What a CERT, a vendor or a colleague wrote.
struct Advisory {
  std::string id;
  std::string title;
  std::string source;
  Timestamp published_at{};
  std::vector<std::string> names;     // CVE ids, techniques, indicators: matched whole, without case
  std::vector<std::string> products;  // words that titles, processes and files name
};

}  // namespace tocsin::triage
