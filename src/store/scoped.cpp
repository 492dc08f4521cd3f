#include "store/scoped.h"

#include <algorithm>

#include "store/scoped_alerts.h"
#include "store/scoped_refused.h"
#include "store/scoped_tables.h"

namespace tocsin::store {
namespace {

class ScopedTenantStore final : public TenantStore {
 public:
  ScopedTenantStore(TenantStore& whole, model::AlertScope scope)
      : whole_(whole),
        scope_(std::move(scope)),
        alerts_(whole.alerts(), scope_),
        incidents_(whole, scope_),
        intel_(whole.intel()),
        assets_(whole.assets(), scope_),
        users_(whole.users(), scope_),
        references_(whole.references()),
        retention_(whole.retention(), incidents_) {}

  AlertStore& alerts() override { return alerts_; }
  IncidentStore& incidents() override { return incidents_; }
  DeadLetterStore& dead_letters() override { return dead_letters_; }
  JobStore& jobs() override { return jobs_; }
  EventStore& events() override { return events_; }
  IntelStore& intel() override { return intel_; }
  AssetTable& assets() override { return assets_; }
  UserTable& users() override { return users_; }
  ReferenceStore& references() override { return references_; }
  AuditStore& audit() override { return audit_; }
  LeaseStore& leases() override { return leases_; }
  DispositionStore& dispositions() override { return dispositions_; }
  DeskStore& desk() override { return desk_; }
  RetentionStore& retention() override { return retention_; }

  Result<void> add_feedback(const Feedback& feedback) override {
    if (feedback.alert_id) TOCSIN_CHECK(alerts_.version(*feedback.alert_id));
    if (feedback.incident_id) {
      TOCSIN_TRY(incident, incidents_.find(*feedback.incident_id));
      if (!incident)
        return error(ErrorKind::kNotFound, "find incident",
                     "there is no incident " + feedback.incident_id->str());
    }
    return whole_.add_feedback(feedback);
  }
  Result<std::optional<std::string>> setting(std::string_view key) const override {
    return whole_.setting(key);
  }
  Result<void> set_setting(std::string_view key, std::string_view value) override {
    return whole_.set_setting(key, value);
  }
  Result<Counts> counts() const override;
  Result<RuleHistory> rule_history(std::string_view source, std::string_view type) const override {
    const auto& sources = scope_.sources;
    if (!sources.empty() && std::find(sources.begin(), sources.end(), source) == sources.end())
      return RuleHistory();
    return whole_.rule_history(source, type);
  }
  Result<std::optional<KeptAnswer>> kept_answer(std::string_view key) const override {
    return whole_.kept_answer(key);
  }
  Result<void> keep_answer(std::string_view key, const KeptAnswer& answer) override {
    return whole_.keep_answer(key, answer);
  }

 private:
  TenantStore& whole_;
  const model::AlertScope scope_;
  ScopedAlertStore alerts_;
  ScopedIncidentStore incidents_;
  RefusedDeadLetters dead_letters_;
  RefusedJobs jobs_;
  RefusedEvents events_;
  ReadOnlyIntel intel_;
  ReadOnlyTable<Asset> assets_;
  ReadOnlyTable<User> users_;
  ReadOnlyReferences references_;
  RefusedAudit audit_;
  RefusedLeases leases_;
  RefusedDispositions dispositions_;
  RefusedDesk desk_;
  ScopedRetention retention_;
};

Result<Counts> ScopedTenantStore::counts() const {
  TOCSIN_TRY(whole, whole_.counts());
  TOCSIN_TRY(figures, alerts_.figures({}));
  IncidentQuery query;
  query.limit = 1;
  TOCSIN_TRY(incidents, incidents_.list(query));
  query.statuses = {model::IncidentStatus::kOpen, model::IncidentStatus::kTriaged,
                    model::IncidentStatus::kInProgress};
  TOCSIN_TRY(open, incidents_.list(query));
  Counts counts;
  counts.alerts = figures.alerts;
  counts.incidents = incidents.total;
  counts.incidents_open = open.total;
  counts.search_behind = whole.search_behind;
  counts.correlation_behind = whole.correlation_behind;
  counts.alerts_by_severity = std::move(figures.by_severity);
  counts.alerts_by_status = std::move(figures.by_status);
  counts.alerts_by_source = std::move(figures.by_source);
  counts.in_part = figures.in_part || incidents.total_capped || open.total_capped;
  return counts;
}

}  // namespace

std::string out_of_scope_sentence(std::int64_t alerts) {
  if (alerts <= 0) return {};
  if (alerts == 1) return "1 alert outside your scope also belongs to this incident";
  return std::to_string(alerts) + " alerts outside your scope also belong to this incident";
}

std::shared_ptr<TenantStore> scoped_store(TenantStore& whole, model::AlertScope scope) {
  return std::make_shared<ScopedTenantStore>(whole, std::move(scope));
}

}  // namespace tocsin::store
