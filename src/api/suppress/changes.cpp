#include "api/suppress/changes.h"

#include "store/acting.h"

namespace tocsin::api {
namespace {

constexpr const char* kOp = "suppress alerts";

void apply(const SuppressionChange& change, Suppression& suppression) {
  if (change.name) suppression.name = *change.name;
  if (change.reason) suppression.reason = *change.reason;
  if (change.q) suppression.q = *change.q;
  if (change.watched) suppression.watched = *change.watched;
  if (change.expires_at) suppression.expires_at = *change.expires_at;
}

void sign(Suppression& suppression, Timestamp now) {
  suppression.updated_at = now;
  suppression.updated_by = store::Acting::current().actor;
}

Error would_miss(const Missed& missed) {
  const auto number = std::to_string(missed.alerts) + (missed.alerts == 1 ? " alert" : " alerts");
  return error(ErrorKind::kConflict, kOp,
               "it would have hidden " + number + " that people called real in the last " +
                   std::to_string(kMissedDays) + " days, such as " + missed.ids.front(),
               "Narrow the search; or send accept_missed: true, if they are to be hidden next time");
}

// Reads from the stored alerts what its scope hides, and refuses what must not be.
Result<Learned> learn(store::TenantStore& store, Suppression& suppression, bool accepts, Timestamp now) {
  TOCSIN_TRY(scope, scope_condition(suppression.q));
  TOCSIN_TRY(missed, missed_by(store, scope, now - std::chrono::hours(24 * kMissedDays)));
  if (missed.alerts > 0 && !accepts) return would_miss(missed);
  TOCSIN_TRY(found,
             look_back(store, scope, suppression.watched, now - std::chrono::hours(24 * kLearnedDays), now));
  if (found.learned.entities.size() > kMostKnown) {
    return error(ErrorKind::kInvalidInput, kOp,
                 "the alerts it hides are of " + std::to_string(found.learned.entities.size()) +
                     " users, hosts and addresses; it can watch " + std::to_string(kMostKnown),
                 "Narrow the search, or leave a kind out of watch", "watch");
  }
  suppression.accepted_missed = missed.alerts;
  ++suppression.learned;
  return std::move(found.learned);
}

}  // namespace

Result<Suppression> add_suppression(store::TenantStore& store, const SuppressionChange& change,
                                    Timestamp now) {
  TOCSIN_TRY(all, read_suppressions(store));
  TOCSIN_TRY(place, place_for_new(all, now));
  Suppression made;
  apply(change, made);
  made.place = place;
  made.id = SuppressionId::make(now).str();
  made.created_at = now;
  sign(made, now);
  made.owner = made.updated_by;
  TOCSIN_TRY(learned, learn(store, made, change.accept_missed, now));
  if (learned.hours.empty()) made.learns_until = now + kLearningTime;
  TOCSIN_CHECK(save_learned(store, made, learned));
  TOCSIN_CHECK(save_suppression(store, made));
  return made;
}

Result<Suppression> change_suppression(store::TenantStore& store, Suppression suppression,
                                       const SuppressionChange& change, Timestamp now) {
  if (suppression.lifted)
    return error(ErrorKind::kConflict, kOp, suppression.id + " was lifted by " + suppression.lifted->by,
                 "Make a new one");
  apply(change, suppression);
  sign(suppression, now);
  ++suppression.version;
  if (change.q || change.watched || change.confirm) {
    TOCSIN_TRY(learned, learn(store, suppression, change.accept_missed, now));
    TOCSIN_CHECK(save_learned(store, suppression, learned));
  }
  if (change.confirm) {
    TOCSIN_TRY(pause, read_pause(store, suppression));
    if (pause) suppression.reviewed = std::max(suppression.reviewed, pause->alert);
  }
  TOCSIN_CHECK(save_suppression(store, suppression));
  return suppression;
}

Result<Suppression> lift_suppression(store::TenantStore& store, Suppression suppression, Timestamp now) {
  if (suppression.lifted) return suppression;
  sign(suppression, now);
  ++suppression.version;
  suppression.lifted = {suppression.updated_by, now};
  TOCSIN_CHECK(save_suppression(store, suppression));
  return suppression;
}

}  // namespace tocsin::api
