#include "store/retention.h"

namespace tocsin::store {
namespace {

class NoRetention final : public RetentionStore {
 public:
  Result<void> hold(const IncidentId&, std::string_view) override { return unsupported(); }
  Result<void> release(const IncidentId&, std::string_view) override { return unsupported(); }
  Result<std::optional<Hold>> held(const IncidentId&) const override { return std::optional<Hold>(); }
  Result<RetentionSlice> remove(Timestamp, model::Seq, std::size_t) override { return unsupported(); }
  Result<Removed> would_remove(Timestamp) const override { return unsupported(); }
  Result<std::optional<Timestamp>> newest_within(std::int64_t) const override {
    return std::optional<Timestamp>();
  }

 private:
  static Error unsupported() {
    return error(ErrorKind::kUnavailable, "retention", "this database does not have it yet",
                 "Use the database inside the data directory, or delete by your own means");
  }
};

}  // namespace

Removed& Removed::operator+=(const Removed& other) {
  alerts += other.alerts;
  incidents += other.incidents;
  events += other.events;
  dead_letters += other.dead_letters;
  held_alerts += other.held_alerts;
  return *this;
}

RetentionStore& no_retention() {
  static NoRetention none;
  return none;
}

}  // namespace tocsin::store
