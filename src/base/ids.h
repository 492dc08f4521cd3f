#pragma once
// Identifiers: a prefix that says what it names, and a ULID (48 bits of milliseconds, 80 bits of randomness,
// Crockford base 32), so that ids sort by creation time and are never used twice.

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace tocsin {

// 26 characters. Ids of one process made in one millisecond keep their order. Thread-safe.
std::string make_ulid(Timestamp now);

// True for 26 Crockford characters (upper case) whose first is 0..7.
bool is_ulid(std::string_view text);

// Tag::kPrefix is the text before the ULID, such as "AL-".
template <class Tag>
class Id {
 public:
  Id() = default;
  static Id make(Timestamp now) { return Id(std::string(Tag::kPrefix) + make_ulid(now)); }
  // Absent unless the text is the prefix and a ULID.
  static std::optional<Id> parse(std::string_view text) {
    if (!text.starts_with(Tag::kPrefix) || !is_ulid(text.substr(Tag::kPrefix.size()))) return std::nullopt;
    return Id(std::string(text));
  }
  const std::string& str() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  auto operator<=>(const Id&) const = default;

 private:
  explicit Id(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct AlertTag {
  static constexpr std::string_view kPrefix = "AL-";
};
struct IncidentTag {
  static constexpr std::string_view kPrefix = "IN-";
};
struct EventTag {
  static constexpr std::string_view kPrefix = "EV-";
};
struct JobTag {
  static constexpr std::string_view kPrefix = "JB-";
};
struct DeadLetterTag {
  static constexpr std::string_view kPrefix = "DL-";
};
struct NoteTag {
  static constexpr std::string_view kPrefix = "NO-";
};
struct IntelListTag {
  static constexpr std::string_view kPrefix = "IL-";
};
struct AssetTag {
  static constexpr std::string_view kPrefix = "AS-";
};
struct UserTag {
  static constexpr std::string_view kPrefix = "US-";
};
struct ReferenceTag {
  static constexpr std::string_view kPrefix = "RF-";
};
struct PersonTag {
  static constexpr std::string_view kPrefix = "PE-";
};
struct SessionTag {
  static constexpr std::string_view kPrefix = "SE-";
};
struct KeyTag {
  static constexpr std::string_view kPrefix = "KY-";
};
struct ActionTag {
  static constexpr std::string_view kPrefix = "AC-";
};

using AlertId = Id<AlertTag>;
using IncidentId = Id<IncidentTag>;
using EventId = Id<EventTag>;
using JobId = Id<JobTag>;
using DeadLetterId = Id<DeadLetterTag>;
using NoteId = Id<NoteTag>;
using ActionId = Id<ActionTag>;
using IntelListId = Id<IntelListTag>;
using AssetId = Id<AssetTag>;
using UserId = Id<UserTag>;
using ReferenceId = Id<ReferenceTag>;
using PersonId = Id<PersonTag>;
using SessionId = Id<SessionTag>;
using KeyId = Id<KeyTag>;

}  // namespace tocsin
