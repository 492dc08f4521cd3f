#include "store/retention.h"

namespace tocsin::store {

Removed& Removed::operator+=(const Removed& other) {
  alerts += other.alerts;
  incidents += other.incidents;
  events += other.events;
  dead_letters += other.dead_letters;
  held_alerts += other.held_alerts;
  return *this;
}

}  // namespace tocsin::store
