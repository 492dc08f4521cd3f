#include "store/sql/retention_store.h"

#include <limits>
#include <map>

#include "store/audit_fields.h"
#include "store/sql/incident_removal.h"
#include "store/sqlite/block.h"
#include "store/sqlite/document.h"
#include "store/sqlite/incident_row.h"

namespace tocsin::store {
namespace {

constexpr std::size_t kReasonBytes = 2000;
constexpr std::size_t kLookedAtOnce = 1000;

Error no_such_incident(const IncidentId& id) {
  return error(ErrorKind::kNotFound, "find incident", "there is no incident " + id.str());
}

struct PlacedHold {
  Seq placed_on = 0;
  Hold hold;
};
using Holds = std::multimap<Seq, PlacedHold>;  // by the incident that is kept

// The incident that an incident was merged into, at the end of the chain.
Result<Seq> standing(Connection& db, TenantId tenant, Seq incident) {
  auto row = db.prepare(
      "SELECT t.seq FROM incidents i JOIN incidents t ON t.tenant = i.tenant AND t.id = i.merged_into WHERE "
      "i.tenant = ?1 AND i.seq = ?2");
  for (int merges = 0; merges < 1000 && row.query(tenant.value, incident).next(); ++merges)
    incident = row.int64(0);
  TOCSIN_CHECK(row.status());
  return incident;
}

// They are few. What was merged takes its hold along.
Result<Holds> all_holds(Connection& db, TenantId tenant) {
  std::vector<PlacedHold> placed;
  auto rows = db.prepare("SELECT incident, reason, set_by, set_at FROM holds WHERE tenant = ?1");
  rows.query(tenant.value);
  while (rows.next())
    placed.push_back({rows.int64(0), {std::string(rows.text(1)), std::string(rows.text(2)), rows.time(3)}});
  TOCSIN_CHECK(rows.status());
  Holds holds;
  for (auto& one : placed) {
    TOCSIN_TRY(kept, standing(db, tenant, one.placed_on));
    holds.emplace(kept, std::move(one));
  }
  return holds;
}

// Alerts that are old enough, incident by incident.
class Sweep {
 public:
  Sweep(Connection& db, TenantId tenant, Timestamp before) : db_(db), tenant_(tenant), before_(before) {}

  // Looks at `limit` alerts behind `after`.
  Result<void> look(Seq after, std::size_t limit) {
    next = after;
    auto rows = db_.prepare(
        "SELECT a.seq, a.received_at, a.last_seen, m.incident FROM alerts AS a NOT INDEXED LEFT JOIN "
        "incident_alerts AS m ON m.alert_seq = a.seq AND m.tenant = a.tenant WHERE a.seq > ?1 AND a.tenant "
        "= ?2 ORDER BY a.seq LIMIT ?3");
    rows.query(after, tenant_.value, limit);
    std::size_t seen = 0;
    for (; rows.next() && rows.time(1) < before_; ++seen) {
      next = rows.int64(0);
      const bool old = rows.time(2) < before_;
      if (rows.null(3)) {
        if (old) lone.push_back(next);
      } else {
        TOCSIN_CHECK(judge(rows.int64(3), old));
      }
    }
    done = seen < limit;
    return rows.status();
  }

  std::vector<Seq> lone;       // alerts of no incident
  std::vector<Seq> incidents;  // that go whole
  std::int64_t held = 0;       // alerts that only a hold keeps
  Seq next = 0;
  bool done = false;

 private:
  enum class Fate : std::uint8_t { kStays, kHeld, kGoes };

  Result<void> judge(Seq incident, bool alert_is_old) {
    auto known = fates_.find(incident);
    if (known == fates_.end()) {
      TOCSIN_TRY(fate, fate_of(incident));
      known = fates_.emplace(incident, fate).first;
      if (fate == Fate::kGoes) incidents.push_back(incident);
    }
    if (alert_is_old && known->second == Fate::kHeld) ++held;
    return {};
  }
  // By its newest alert, not by its own row: a repeat makes an alert younger without touching the incident.
  Result<Fate> fate_of(Seq incident) {
    if (!holds_) {
      TOCSIN_TRY(holds, all_holds(db_, tenant_));
      holds_ = std::move(holds);
    }
    if (holds_->contains(incident)) return Fate::kHeld;
    auto row = db_.prepare(
        "SELECT max(a.last_seen) FROM incident_alerts m JOIN alerts a ON a.seq = m.alert_seq WHERE m.tenant "
        "= ?1 "
        "AND m.incident = ?2");
    const bool old = row.query(tenant_.value, incident).next() && row.time(0) < before_;
    TOCSIN_CHECK(row.status());
    return old ? Fate::kGoes : Fate::kStays;
  }

  Connection& db_;
  const TenantId tenant_;
  const Timestamp before_;
  std::map<Seq, Fate> fates_;
  std::optional<Holds> holds_;
};

Result<std::vector<Seq>> members_of(Connection& db, TenantId tenant, Seq incident) {
  std::vector<Seq> seqs;
  auto rows = db.prepare("SELECT alert_seq FROM incident_alerts WHERE tenant = ?1 AND incident = ?2");
  rows.query(tenant.value, incident);
  while (rows.next()) seqs.push_back(rows.int64(0));
  TOCSIN_CHECK(rows.status());
  return seqs;
}

constexpr std::int64_t kEventBlocksAtOnce = 32;  // of a mebibyte each: some databases send whole results
constexpr std::int64_t kLettersAtOnce = 1000;

// Whole blocks of events from the oldest on. The newest block stays: its last number is where the next goes
// on.
struct OldEvents {
  std::vector<Seq> blocks;
  std::map<std::string, std::int64_t> by_source;
  std::int64_t events = 0;
};

// Those behind `after`, at most kEventBlocksAtOnce.
Result<OldEvents> old_events(Connection& db, TenantId tenant, Timestamp before, Seq after) {
  OldEvents old;
  auto rows = db.prepare(
      "SELECT first_seq, docs FROM event_blocks NOT INDEXED WHERE tenant = ?1 AND first_seq > ?2 AND "
      "first_seq < (SELECT first_seq FROM event_blocks NOT INDEXED WHERE tenant = ?1 ORDER BY first_seq "
      "DESC LIMIT 1) ORDER BY first_seq LIMIT ?3");
  rows.query(tenant.value, after, kEventBlocksAtOnce);
  while (rows.next()) {
    TOCSIN_TRY(block, BlockReader::open(rows.blob(1)));
    std::vector<model::Event> events(block.size());
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (!decode_event(block.item(i), events[i]))
        return error(ErrorKind::kInternal, "read events", "a block is damaged");
      if (events[i].received_at >= before) return old;
    }
    for (const auto& event : events) ++old.by_source[event.source];
    old.events += static_cast<std::int64_t>(events.size());
    old.blocks.push_back(rows.int64(0));
  }
  TOCSIN_CHECK(rows.status());
  return old;
}

Result<std::int64_t> count_old_events(Connection& db, TenantId tenant, Timestamp before) {
  std::int64_t events = 0;
  for (Seq after = 0;;) {
    TOCSIN_TRY(old, old_events(db, tenant, before, after));
    if (old.blocks.empty()) return events;
    events += old.events;
    after = old.blocks.back();
  }
}

Result<std::int64_t> remove_events(WriteContext& context, TenantId tenant, Timestamp before) {
  TOCSIN_TRY(old, old_events(context.db, tenant, before, 0));
  auto remove = context.db.prepare("DELETE FROM event_blocks WHERE first_seq = ?1 AND tenant = ?2");
  for (const auto block : old.blocks) TOCSIN_CHECK(remove.run(block, tenant.value));
  for (const auto& [source, events] : old.by_source)
    context.counters.add(tenant, Counter::kEventSource,
                         context.names.counted_as(tenant, Counter::kEventSource, source), -events);
  context.counters.add(tenant, Counter::kEvents, "", -old.events);
  return old.events;
}

Result<std::int64_t> count_letters(Connection& db, TenantId tenant, Timestamp before) {
  auto row = db.prepare("SELECT count(*) FROM dead_letters WHERE tenant = ?1 AND received_at < ?2");
  const std::int64_t letters = row.query(tenant.value, before).next() ? row.int64(0) : 0;
  TOCSIN_CHECK(row.status());
  return letters;
}

Result<std::int64_t> remove_letters(WriteContext& context, TenantId tenant, Timestamp before) {
  TOCSIN_CHECK(context.db
                   .prepare("DELETE FROM dead_letters WHERE number IN (SELECT number FROM dead_letters WHERE "
                            "tenant = ?1 AND received_at < ?2 ORDER BY received_at LIMIT ?3)")
                   .run(tenant.value, before, kLettersAtOnce));
  return context.db.changes();
}

AuditEntry audit_of(const Removed& removed, Timestamp before) {
  AuditFields fields;
  fields.is("older_than", before)
      .is("alerts", removed.alerts)
      .is("incidents", removed.incidents)
      .is("events", removed.events)
      .is("dead_letters", removed.dead_letters);
  return {AuditAction::kRetentionRun, {}, {}, fields.after()};
}

AuditEntry audit_of(AuditAction action, const IncidentId& incident, const std::optional<Hold>& before,
                    std::string_view reason) {
  AuditFields fields;
  if (before) fields.was("reason", before->reason).was("set_by", before->set_by);
  fields.is("reason", reason);
  return {action, incident.str(), fields.before(), fields.after()};
}

constexpr std::size_t kBlocksLookedAtOnce = 10'000;

// Number of the first alert of the oldest block that has room beside the newer ones; absent when all have.
Result<std::optional<Seq>> oldest_block_within(Connection& db, TenantId tenant, std::int64_t bytes) {
  std::optional<Seq> oldest;
  std::int64_t sum = 0;
  for (auto block = std::numeric_limits<std::int64_t>::max();;) {
    auto rows = db.prepare(
        "SELECT block, first_seq, length(links) + length(docs) FROM blocks NOT INDEXED WHERE tenant = ?1 AND "
        "block < ?2 ORDER BY block DESC LIMIT ?3");
    rows.query(tenant.value, block, kBlocksLookedAtOnce);
    std::size_t seen = 0;
    for (; rows.next(); ++seen) {
      sum += rows.int64(2);
      if (sum > bytes && oldest) return oldest;  // the newest block stays, however large
      oldest = rows.int64(1);
      block = rows.int64(0);
    }
    TOCSIN_CHECK(rows.status());
    if (seen < kBlocksLookedAtOnce) return std::optional<Seq>();
  }
}

// The newest of those that keep it.
std::optional<Hold> newest_of(const Holds& holds, Seq incident) {
  std::optional<Hold> newest;
  const auto [first, last] = holds.equal_range(incident);
  for (auto it = first; it != last; ++it)
    if (!newest || it->second.hold.set_at >= newest->set_at) newest = it->second.hold;
  return newest;
}

}  // namespace

Result<void> SqlRetentionStore::hold(const IncidentId& incident, std::string_view reason) {
  if (reason.empty() || reason.size() > kReasonBytes)
    return error(ErrorKind::kInvalidInput, "hold incident", "a hold needs a reason of 1 to 2,000 bytes",
                 "Say which case or request asks for it", "reason");
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(found, find_incident(context.db, tenant_, incident.str()));
    if (!found) return no_such_incident(incident);
    TOCSIN_TRY(holds, all_holds(context.db, tenant_));
    const auto before = newest_of(holds, found->seq);
    auto put = context.db.prepare(
        "INSERT INTO holds (tenant, incident, reason, set_by, set_at) VALUES (?1, ?2, ?3, ?4, ?5) ON "
        "CONFLICT "
        "(tenant, incident) DO UPDATE SET reason = excluded.reason, set_by = excluded.set_by, set_at = "
        "excluded.set_at");
    TOCSIN_CHECK(put.run(tenant_.value, found->seq, reason, context.origin->actor, context.now));
    return write_audit(context, tenant_, audit_of(AuditAction::kHoldSet, incident, before, reason));
  });
}

Result<void> SqlRetentionStore::release(const IncidentId& incident, std::string_view reason) {
  return parts_.writer.wait_for([&](WriteContext& context) -> Result<void> {
    TOCSIN_TRY(found, find_incident(context.db, tenant_, incident.str()));
    if (!found) return no_such_incident(incident);
    TOCSIN_TRY(holds, all_holds(context.db, tenant_));
    const auto before = newest_of(holds, found->seq);
    if (!before)
      return error(ErrorKind::kNotFound, "release incident", "incident " + incident.str() + " is not held");
    auto remove = context.db.prepare("DELETE FROM holds WHERE tenant = ?1 AND incident = ?2");
    const auto [first, last] = holds.equal_range(found->seq);
    for (auto it = first; it != last; ++it) TOCSIN_CHECK(remove.run(tenant_.value, it->second.placed_on));
    return write_audit(context, tenant_, audit_of(AuditAction::kHoldRelease, incident, before, reason));
  });
}

Result<std::optional<Hold>> SqlRetentionStore::held(const IncidentId& incident) const {
  TOCSIN_TRY(db, parts_.readers.take());
  TOCSIN_TRY(found, find_incident(*db, tenant_, incident.str()));
  if (!found) return std::optional<Hold>();
  TOCSIN_TRY(holds, all_holds(*db, tenant_));
  return newest_of(holds, found->seq);
}

Result<RetentionSlice> SqlRetentionStore::remove(Timestamp before, Seq after, std::size_t alerts) {
  return parts_.writer.wait<RetentionSlice>([&](WriteContext& context) -> Result<RetentionSlice> {
    Sweep sweep(context.db, tenant_, before);
    TOCSIN_CHECK(sweep.look(after, alerts));
    RetentionSlice slice{{}, sweep.next, sweep.done};
    TOCSIN_TRY(events, remove_events(context, tenant_, before));
    TOCSIN_TRY(letters, remove_letters(context, tenant_, before));
    slice.removed.events = events;
    slice.removed.dead_letters = letters;
    slice.done = slice.done && events == 0 && letters < kLettersAtOnce;
    TOCSIN_TRY(lone, remove_alerts_(context, tenant_, sweep.lone));
    slice.removed.alerts = lone;
    for (const auto incident : sweep.incidents) {
      TOCSIN_TRY(members, members_of(context.db, tenant_, incident));
      TOCSIN_TRY(gone, remove_alerts_(context, tenant_, members));
      TOCSIN_TRY(incidents, remove_incident(context, tenant_, incident));
      slice.removed.alerts += gone;
      slice.removed.incidents += incidents;
    }
    slice.removed.held_alerts = sweep.held;
    if (!slice.removed.any()) return slice;
    if (context.changes != nullptr) context.changes->removed(tenant_);
    TOCSIN_CHECK(write_audit(context, tenant_, audit_of(slice.removed, before)));
    return slice;
  });
}

Result<Removed> SqlRetentionStore::would_remove(Timestamp before) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  Removed removed;
  TOCSIN_TRY(events, count_old_events(*db, tenant_, before));
  TOCSIN_TRY(letters, count_letters(*db, tenant_, before));
  removed.events = events;
  removed.dead_letters = letters;
  Sweep sweep(*db, tenant_, before);
  for (Seq after = 0; !sweep.done; after = sweep.next) TOCSIN_CHECK(sweep.look(after, kLookedAtOnce));
  removed.alerts = static_cast<std::int64_t>(sweep.lone.size());
  removed.held_alerts = sweep.held;
  for (const auto incident : sweep.incidents) {
    TOCSIN_TRY(members, members_of(*db, tenant_, incident));
    removed.alerts += static_cast<std::int64_t>(members.size());
    ++removed.incidents;
  }
  return removed;
}

Result<std::optional<Timestamp>> SqlRetentionStore::newest_within(std::int64_t bytes) const {
  TOCSIN_TRY(db, parts_.readers.take());
  const Snapshot snapshot(*db);
  TOCSIN_TRY(oldest, oldest_block_within(*db, tenant_, bytes));
  if (!oldest) return std::optional<Timestamp>();
  auto first = db->prepare(
      "SELECT received_at FROM alerts NOT INDEXED WHERE seq >= ?1 AND tenant = ?2 ORDER BY seq LIMIT 1");
  auto any_before =
      db->prepare("SELECT 1 FROM alerts NOT INDEXED WHERE seq < ?1 AND tenant = ?2 ORDER BY seq LIMIT 1");
  std::optional<Timestamp> newest;
  if (any_before.query(*oldest, tenant_.value).next() && first.query(*oldest, tenant_.value).next())
    newest = first.time(0);
  TOCSIN_CHECK(any_before.status());
  TOCSIN_CHECK(first.status());
  return newest;
}

}  // namespace tocsin::store
