#pragma once
// A question about alerts or incidents as a tree: what the query language parses into, what databases compile
// and what a matcher evaluates. Plain values; src/query reads, prints and resolves them.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/clock.h"

namespace tocsin::model {

// Everything that can be asked for. Alerts and incidents share what both have; src/query/fields.h says which.
enum class Field : std::uint8_t {
  kId,
  kTitle,
  kSeverity,
  kStatus,
  kVerdict,
  kPriority,
  kConfidence,
  kRequiresReview,
  kAssignee,
  kCloseReason,
  kTactic,
  kFirstSeen,
  kLastSeen,
  kAge,  // how long ago it occurred (alerts) or was made (incidents)
  // alerts only
  kSource,
  kSourceId,
  kType,
  kMessage,
  kAssetTier,
  kOccurrences,
  kFpProbability,
  kFingerprint,
  kOccurred,
  kReceived,
  kIncident,
  kTag,
  kTechnique,
  kIoc,
  kCommandLine,
  kEntity,  // of any kind; the kinds follow in the order of EntityKind
  kUser,
  kHost,
  kIp,
  kDomain,
  kUrl,
  kHash,
  kEmail,
  kFile,
  kProcess,
  kAccount,
  kCloudResource,
  kCve,
  kMac,
  // incidents only
  kCreated,
  kUpdated,
  kRiskScore,
  kAlertCount,
  kDecided,
};
constexpr std::size_t kFields = static_cast<std::size_t>(Field::kDecided) + 1;

// A time that depends on when the question is asked: now, or the start of the current UTC day, plus seconds.
struct RelativeTime {
  bool day_start = false;
  std::int64_t seconds = 0;
  auto operator<=>(const RelativeTime&) const = default;
};
// Whoever asks.
struct Caller {
  auto operator<=>(const Caller&) const = default;
};

// int64: numbers, places in an enum, 0 or 1 for flags, nanoseconds of a duration; in a resolved condition
// also nanoseconds since 1970.
using Operand = std::variant<std::int64_t, double, std::string, Timestamp, RelativeTime, Caller>;

struct Bound {
  Operand value;
  bool inclusive = true;
  bool operator==(const Bound&) const = default;
};

enum class Comparison : std::uint8_t {
  kEquals,     // one of `values`
  kMatches,    // one of `values`, in which * stands for any text, \* and \\ for themselves
  kContains,   // one of `values` is part of it
  kInNetwork,  // an address inside one of `values`, "10.0.0.0/8"
  kInRange,    // between `low` and `high`, of which one may be missing
  kExists,
};

// A field with several values (entities, tags) passes when any of them does.
struct Test {
  Field field = Field::kTitle;
  Comparison how = Comparison::kExists;
  std::vector<Operand> values;
  std::optional<Bound> low;
  std::optional<Bound> high;
  bool operator==(const Test&) const = default;
};

struct Condition {
  enum class Kind : std::uint8_t {
    kAll,    // of `parts`; true when there are none
    kAny,    // of `parts`
    kNot,    // the one part
    kTest,   // `test`
    kWords,  // full text: all words of `words`; with `prefix` the last one may go on
  };
  Kind kind = Kind::kAll;
  std::vector<Condition> parts;
  Test test;
  std::string words;
  bool prefix = false;
  bool operator==(const Condition&) const = default;
};

}  // namespace tocsin::model
