#include <unordered_map>

#include "store/sql/incident_upsert.h"
#include "store/sql/lease_store.h"
#include "store/sqlite/incident_row.h"

namespace tocsin::store {
namespace {

// Writes one delta; keeps the statements and the changes of the alert counts until the end.
class DeltaWriter {
 public:
  DeltaWriter(TenantId tenant, WriteContext& context)
      : tenant_(tenant),
        context_(context),
        state_(context.db.prepare("SELECT CAST(merged_into IS NULL AS INTEGER), CAST(status <> 3 AS INTEGER) "
                                  "FROM incidents WHERE tenant = ?1 AND seq = ?2")),
        upsert_(context.db.prepare(join_sql(
            {kInsertIncidents,
             "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, 0, ?17, "
             "?18, ?19, ?20, ?21, ?22, 1)",
             kUpdateKnownIncidents}))),
        owner_(context.db.prepare("SELECT incident, linked_to, reason, weight, entity_indexes FROM "
                                  "incident_alerts WHERE alert_seq = ?1 AND tenant = ?2")),
        join_(
            context.db.prepare("INSERT INTO incident_alerts (alert_seq, tenant, incident, linked_to, reason, "
                               "weight, entity_indexes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")),
        move_(context.db.prepare(
            "UPDATE incident_alerts SET incident = ?3, linked_to = ?4, reason = ?5, weight = ?6, "
            "entity_indexes = ?7 WHERE alert_seq = ?1 AND tenant = ?2")),
        leave_(context.db.prepare("DELETE FROM incident_alerts WHERE alert_seq = ?1 AND tenant = ?2")) {}

  Result<void> write(const CorrelationDelta& delta) {
    for (const auto& incident : delta.upserts) TOCSIN_CHECK(upsert(incident));
    for (const auto seq : delta.removed_memberships) TOCSIN_CHECK(remove(seq));
    for (const auto& member : delta.memberships) TOCSIN_CHECK(join(member));
    TOCSIN_CHECK(write_counts());
    context_.counters.add(tenant_, Counter::kIncidents, "", incidents_);
    context_.counters.add(tenant_, Counter::kIncidentsOpen, "", open_);
    if (delta.watermark == 0) return {};
    auto save = context_.db.prepare(
        "INSERT INTO correlation (tenant, watermark) VALUES (?1, ?2) "
        "ON CONFLICT (tenant) DO UPDATE SET watermark = excluded.watermark");
    return save.run(tenant_.value, delta.watermark);
  }

 private:
  void count_state(Seq seq, std::int64_t sign) {
    if (!state_.query(tenant_.value, seq).next()) return;
    const bool visible = state_.integer(0) != 0;
    incidents_ += visible ? sign : 0;
    open_ += visible && state_.integer(1) != 0 ? sign : 0;
  }

  Result<void> upsert(const model::Incident& i) {
    if (context_.changes != nullptr) context_.changes->incident(tenant_, i.id.str());
    count_state(i.seq, -1);
    const auto merged = i.merged_into ? std::optional(i.merged_into->str()) : std::nullopt;
    TOCSIN_CHECK(upsert_.run(tenant_.value, i.seq, i.id.str(), i.title, i.severity, i.priority, i.risk_score,
                             i.confidence, i.status, i.verdict, i.assignee, i.close_reason, i.created_at,
                             i.updated_at, i.first_seen, i.last_seen, i.lead_alert, i.tactics,
                             i.requires_review, i.review_reason, merged, i.decided));
    count_state(i.seq, 1);
    return state_.status();
  }

  Result<void> remove(Seq alert) {
    if (owner_.query(alert, tenant_.value).next()) --counts_[owner_.int64(0)];
    TOCSIN_CHECK(owner_.status());
    return leave_.run(alert, tenant_.value);
  }

  Result<void> join(const model::Membership& member) {
    const std::string_view indexes(reinterpret_cast<const char*>(member.entity_indexes.data()),
                                   member.entity_indexes.size());
    const bool moves = owner_.query(member.alert, tenant_.value).next();
    if (moves && is_stored(member, indexes)) return {};
    if (moves) --counts_[owner_.int64(0)];
    TOCSIN_CHECK(owner_.status());
    ++counts_[member.incident];
    auto& write = moves ? move_ : join_;
    return write.run(member.alert, tenant_.value, member.incident, member.linked_to, member.reason,
                     member.weight_hundredths, Blob{indexes});
  }

  bool is_stored(const model::Membership& member, std::string_view indexes) const {
    return owner_.int64(0) == member.incident && owner_.int64(1) == member.linked_to &&
           owner_.integer(2) == static_cast<int>(member.reason) &&
           owner_.integer(3) == member.weight_hundredths && owner_.blob(4) == indexes;
  }

  Result<void> write_counts() {
    auto add = context_.db.prepare(
        "UPDATE incidents SET alert_count = alert_count + ?3 WHERE tenant = ?1 AND seq = ?2");
    for (const auto& [incident, delta] : counts_) {
      if (delta != 0) TOCSIN_CHECK(add.run(tenant_.value, incident, delta));
    }
    return {};
  }

  const TenantId tenant_;
  WriteContext& context_;
  Statement state_, upsert_, owner_, join_, move_, leave_;
  std::unordered_map<Seq, std::int64_t> counts_;
  std::int64_t incidents_ = 0;
  std::int64_t open_ = 0;
};

}  // namespace

Result<void> write_delta(const CorrelationDelta& delta, TenantId tenant, WriteContext& context) {
  return DeltaWriter(tenant, context).write(delta);
}

Result<void> apply_delta(const CorrelationDelta& delta, TenantId tenant, const Dialect& dialect,
                         WriteContext& context) {
  TOCSIN_CHECK(check_lease(kCorrelationLease, delta.owner, tenant, context));
  return dialect.write_delta(delta, tenant, context);
}

}  // namespace tocsin::store
