#pragma once
// A raw log record: something that happened, before anybody judged it.

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/ids.h"
#include "model/link.h"

namespace tocsin::model {

struct Event {
  Seq seq = 0;
  std::string source;      // "aws", "azure", "local" or a normaliser's name
  std::string event_type;  // "ConsoleLogin"
  std::optional<std::string> user;
  std::optional<std::string> ip;
  std::optional<std::string> resource;
  std::string message;
  Timestamp occurred_at{};
  Timestamp received_at{};
  std::string raw;  // valid JSON text
};

}  // namespace tocsin::model
