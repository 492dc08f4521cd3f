#pragma once
// A deployment, a release, a change of configuration or infrastructure, as a person or a tool told of it.

#include <string>
#include <vector>

#include "base/clock.h"

namespace tocsin::model {

struct Change {
  std::string id;  // "CH-…"
  Timestamp at{};
  std::string kind;  // "deployment", "release", "pipeline", "infrastructure", "maintenance" …
  std::string summary;
  std::vector<std::string> resources;  // hosts, services, repositories: what was changed
  std::string made_by;                 // may be empty
  bool failed = false;
  std::string told_by;  // who handed it in
};

constexpr std::size_t kMaxChangeResources = 20;
constexpr std::size_t kMaxChangeText = 300;       // bytes of the summary
constexpr std::size_t kMaxChangeNameBytes = 200;  // of every other text

}  // namespace tocsin::model
