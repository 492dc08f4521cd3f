#pragma once
// What one baseline remembers: which values each entity had, when and how often; how much it does in an hour;
// where it was. All of it exact while it is remembered, and bounded.
//
//   in    sightings in the order in which events came; their times may be late
//   out   what is unusual about each, judged by those before it
//
// Beyond the bounds something is forgotten and counted. Entities that are not known yet go before known
// ones, so that a flood of invented names does not push out the past of real ones. An entity that lost a
// value says `known: false` until it has been watched anew for as long as `learn` says: what is forgotten
// must not look new.
//
// Pure and deterministic: a function of the calls alone. Not thread-safe: one owner.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "detect/baseline/hourly_volume.h"
#include "detect/baseline/intervals.h"
#include "detect/baseline/recency_list.h"
#include "detect/baseline/whereabouts.h"

namespace tocsin::detect {

struct BaselineTerms {
  std::chrono::seconds learn = std::chrono::hours(24 * 7);  // >= 0; how long an entity is watched first
  std::uint32_t learn_events = 10;                          // and how many events of it
  std::chrono::seconds forget =
      std::chrono::hours(24 * 90);  // > 0; what is not seen for so long is new again
  std::chrono::seconds half_life = std::chrono::hours(24 * 7);  // > 0; of hours in `hour_mean`
  std::uint32_t values_per_entity = 64;                         // >= 1

  bool operator==(const BaselineTerms&) const = default;
};

// About 200 bytes an entity and 130 a value: 12 MB when full.
struct BaselineBounds {
  std::size_t entities = 20'000;  // >= 2
  std::size_t values = 60'000;    // >= 1; of all entities together
};

struct Sighting {
  std::uint64_t entity = 0;  // a hash that nobody can choose
  std::optional<std::uint64_t> value{};
  double amount = 1;  // >= 0
  std::optional<Coordinates> place{};
  Timestamp at{};
};

struct BaselineStats {
  std::size_t entities = 0;
  std::size_t values = 0;
  std::uint64_t forgotten_entities = 0;  // because of a bound
  std::uint64_t forgotten_values = 0;    // because of a bound, those of forgotten entities left out
};

class BaselineMemory {
 public:
  BaselineMemory(const BaselineTerms& terms, const BaselineBounds& bounds);

  // Cost: a few look-ups, and at most what is forgotten for it.
  Reading observe(const Sighting& sighting);
  BaselineStats stats() const;

  // All that it remembers as lines of text, and back. Terms may have changed between; beyond the bounds the
  // oldest is left out. kInvalidSyntax for what save() did not write.
  void save(std::string& out) const;
  static Result<BaselineMemory> restore(std::string_view text, const BaselineTerms& terms,
                                        const BaselineBounds& bounds);

 private:
  friend class MemoryText;
  struct Entity {
    std::uint64_t key = 0;
    std::int64_t first_ms = 0;
    std::int64_t last_ms = 0;
    // Nothing that came after this is forgotten.
    std::int64_t complete_since_ms = std::numeric_limits<std::int64_t>::min();
    std::uint64_t events = 0;
    HourlyVolume volume;
    Whereabouts whereabouts;
    RecencyList values;
    RecencyLinks links;
    bool is_settled = false;
  };
  struct Value {
    std::uint64_t key = 0;    // of the value
    std::uint64_t place = 0;  // of entity and value: key in by_value_
    std::int64_t last_ms = 0;
    std::uint64_t count = 0;
    Intervals intervals;
    Place entity = kNoPlace;
    RecencyLinks links;
  };
  struct Same {  // keys are hashes
    std::size_t operator()(std::uint64_t key) const noexcept { return static_cast<std::size_t>(key); }
  };
  using Index = std::unordered_map<std::uint64_t, Place, Same>;

  Place touch_entity(const Sighting& sighting, std::int64_t now_ms);
  bool is_known(const Entity& entity, std::int64_t now_ms) const;
  void tell_entity(Place place, bool is_new, std::int64_t now_ms, Reading& reading) const;
  void see_value(Place entity, std::uint64_t key, std::int64_t now_ms, Reading& reading);
  void tell_value(const Entity& entity, const Value* value, std::uint64_t key, std::int64_t now_ms,
                  Reading& reading) const;
  Place add_entity(std::uint64_t key);
  Place add_value(Place entity, std::uint64_t key);
  void make_room_for_value(Place entity, std::int64_t now_ms);
  Place entity_to_forget(Place besides) const;
  void forget_entity(Place place);
  void forget_value(Place place);
  RecencyList& list_of(const Entity& entity) { return entity.is_settled ? settled_ : newcomers_; }
  const Value* find_value(Place entity, std::uint64_t key) const;

  BaselineTerms terms_;
  BaselineBounds bounds_;
  std::vector<Entity> entities_;
  std::vector<Value> values_;
  std::vector<Place> free_entities_, free_values_;
  Index by_entity_, by_value_;
  std::unordered_map<std::uint64_t, std::uint32_t, Same> entities_of_value_;
  RecencyList newcomers_, settled_;
  std::uint64_t forgotten_entities_ = 0;
  std::uint64_t forgotten_values_ = 0;
};

}  // namespace tocsin::detect
