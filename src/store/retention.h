#pragma once
// What is deleted by age, and what a legal hold keeps from it (docs/operations/retention.md).
//
// An alert goes when it was last seen before a point in time; an incident goes as a whole, with all its
// alerts, when its newest one was. An incident under a hold never goes, nor do its alerts.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "model/incident.h"

namespace tocsin::store {

struct Hold {
  std::string reason;
  std::string set_by;
  Timestamp set_at{};
};

struct Removed {
  std::int64_t alerts = 0;
  std::int64_t incidents = 0;
  std::int64_t events = 0;
  std::int64_t dead_letters = 0;
  std::int64_t held_alerts = 0;  // old enough, and kept by a hold

  Removed& operator+=(const Removed& other);
  bool any() const { return alerts + incidents + events + dead_letters > 0; }
  bool operator==(const Removed&) const = default;
};

// One transaction's worth.
struct RetentionSlice {
  Removed removed;
  model::Seq next = 0;  // where the next slice goes on
  bool done = false;
};

class RetentionStore {
 public:
  virtual ~RetentionStore() = default;
  // Replaces an earlier one. kNotFound without the incident, kInvalidInput without a reason.
  virtual Result<void> hold(const IncidentId& incident, std::string_view reason) = 0;
  // kNotFound when there is none.
  virtual Result<void> release(const IncidentId& incident, std::string_view reason) = 0;
  virtual Result<std::optional<Hold>> held(const IncidentId& incident) const = 0;

  // Looks at alerts behind `after`, oldest first, and removes what is older than `before`: at most about
  // `alerts` of them and their incidents whole. Old events and dead letters go along. What goes is one record
  // of the audit, in the same transaction.
  virtual Result<RetentionSlice> remove(Timestamp before, model::Seq after, std::size_t alerts) = 0;
  // What remove() would take away, were it run to its end.
  virtual Result<Removed> would_remove(Timestamp before) const = 0;
  // Since when alerts were received that together take this much room; absent when all of them do.
  virtual Result<std::optional<Timestamp>> newest_within(std::int64_t bytes) const = 0;
};

}  // namespace tocsin::store
