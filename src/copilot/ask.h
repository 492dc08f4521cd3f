#pragma once
// A question once it is understood, and the queries that answer it.

#include <optional>
#include <string>
#include <vector>

#include "copilot/tables.h"

namespace tocsin::copilot {

struct TimeSpan {
  std::string kql_from = "ago(24h)";  // expressions of ours, never foreign text
  std::string kql_until;              // empty: now
  std::string spl = "earliest=-24h";
  std::string words = "the last 24 hours";
  int hours = 24;       // roughly, for the notes on cost
  bool assumed = true;  // the question named no time
};

enum class Outcome : std::uint8_t { kAny, kFailed, kSucceeded };

struct Condition {
  model::EntityKind kind = model::EntityKind::kUser;
  std::string value;
};

struct Ask {
  std::vector<const Table*> tables;
  std::vector<Condition>
      conditions;  // values of one kind are alternatives; kinds are all needed unless match_any
  bool match_any = false;
  Outcome outcome = Outcome::kAny;
  bool powershell = false;           // only processes that are PowerShell
  bool encoded = false;              // …with an encoded command
  std::vector<int> event_ids;        // of Windows events
  std::vector<int> ports;            // destination ports of network connections
  std::vector<std::string> parents;  // file names of parent processes
  int more_than = 0;                 // with count: only groups above it; 0: all
  bool count = false;                // how many, instead of which
  TimeSpan time;
  std::vector<std::string> not_understood;  // words of the question
};

std::string to_kql(const Ask& ask);
struct SplQuery {
  std::string text;
  bool widened = false;  // a value holds characters that SPL can only match by wildcard
};
SplQuery to_spl(const Ask& ask);

}  // namespace tocsin::copilot
