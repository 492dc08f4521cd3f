#pragma once
// Suppressions: what people set (this), what the server found out since (standing.h). docs/suppressions.md
// tells the whole.
//
// A tenant's suppressions lie in numbered places among its settings, each with its own record in the audit;
// the place of one that ended is used again when all are taken.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "query/query.h"
#include "store/store.h"
#include "triage/suppress/volume.h"

namespace tocsin::api {

struct SuppressionTag {
  static constexpr std::string_view kPrefix = "SU-";
};
using SuppressionId = Id<SuppressionTag>;

constexpr std::size_t kMaxSuppressions = 500;
constexpr std::chrono::hours kLongestSuppression{24 * 365};
constexpr std::chrono::hours kLearningTime{24};  // where nothing that it would have hidden was stored
constexpr std::size_t kMostKnown = 5000;         // users, hosts and addresses that one remembers
constexpr std::size_t kMostWatchedKinds = 3;

struct Suppression {
  std::string id;  // "SU-…"
  std::size_t place = 0;
  std::string name;
  std::string owner;  // who set it
  std::string reason;
  std::string q;                           // canonical, not empty
  std::vector<model::EntityKind> watched;  // a new one of these reopens it; of user, host and ip
  std::int64_t accepted_missed = 0;  // alerts called real that it would have hidden, known when it was set
  Timestamp created_at{};
  Timestamp updated_at{};
  std::string updated_by;
  Timestamp expires_at{};
  std::int64_t version = 1;
  std::optional<Timestamp> learns_until;  // until then new ones are remembered, not shown
  std::int64_t learned = 0;               // how often what it knows was read from the stored alerts
  std::string reviewed;                   // the newest alert that made it stop and that a person has seen
  struct Lift {
    std::string by;
    Timestamp at{};
  };
  std::optional<Lift> lifted;

  bool has_ended(Timestamp now) const { return lifted.has_value() || now >= expires_at; }
};

// What it hid before: hashes of entities (model/link.h), each once, and the hits of the hours.
struct Learned {
  std::vector<std::uint64_t> entities;
  triage::HourlyHits::Hours hours;
};

// Why it stopped hiding, until a person has seen it.
struct Pause {
  enum class Kind : std::uint8_t { kNewEntity, kJump };
  Kind kind = Kind::kNewEntity;
  std::string alert;  // "AL-…"
  std::string sentence;
  Timestamp at{};
};
std::string_view to_text(Pause::Kind kind);  // new_entity jump

enum class SuppressionState : std::uint8_t { kActive, kNeedsReview, kExpired, kLifted };
std::string_view to_text(SuppressionState state);  // active needs_review expired lifted
SuppressionState state_of(const Suppression& suppression, const std::optional<Pause>& pause, Timestamp now);

// The pause of a suppression that nobody has confirmed since.
bool is_waiting(const Suppression& suppression, const std::optional<Pause>& pause);

// Grows with every change of a suppression; 0 before the first.
Result<std::int64_t> suppressions_revision(const store::TenantStore& store);
// In order of their ids; ended ones too. kInternal when a setting is damaged.
Result<std::vector<Suppression>> read_suppressions(const store::TenantStore& store);
Result<void> save_suppression(store::TenantStore& store, const Suppression& suppression);
// A free place; else one of a suppression that ended, longest ago first; kConflict when all are in force.
Result<std::size_t> place_for_new(const std::vector<Suppression>& all, Timestamp now);

Result<Learned> read_learned(const store::TenantStore& store, const Suppression& suppression);
Result<void> save_learned(store::TenantStore& store, const Suppression& suppression, const Learned& learned);
Result<std::optional<Pause>> read_pause(const store::TenantStore& store, const Suppression& suppression);
Result<void> save_pause(store::TenantStore& store, const Suppression& suppression, const Pause& pause);

// Canonical text. kInvalidInput with `where` "q:COLUMN"; also for a search that finds every alert, or other
// ones tomorrow or for somebody else.
Result<std::string> check_scope(std::string_view q, Timestamp now);
// Of text that check_scope gave.
Result<model::Condition> scope_condition(const std::string& q);

}  // namespace tocsin::api
