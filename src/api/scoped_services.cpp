#include "api/scoped_services.h"

#include <algorithm>

#include "api/errors.h"
#include "store/scoped.h"

namespace tocsin::api {
namespace {

Error whole_tenant(const char* what) {
  return error(ErrorKind::kForbidden, what, "this concerns the whole tenant, and you work in a part of it",
               "Ask somebody whose role has no scope.");
}

class ScopedPipeline final : public Pipeline {
 public:
  explicit ScopedPipeline(Pipeline& whole) : whole_(whole) {}
  void ingest_alerts(Delivery, Done done) override { done(whole_tenant("hand in alerts")); }
  void ingest_payload(Delivery, Done done) override { done(whole_tenant("hand in alerts")); }
  Result<Reply> submit(std::vector<model::Alert>) override { return whole_tenant("hand in alerts"); }
  Result<Reply> replay(const DeadLetterId&) override { return whole_tenant("replay a dead letter"); }
  void rules_changed() override { whole_.rules_changed(); }

 private:
  Pipeline& whole_;
};

class ScopedCorrelation final : public Correlation {
 public:
  ScopedCorrelation(Correlation& whole, store::TenantStore& store) : whole_(whole), store_(store) {}
  Result<Report> rebuild(bool) override { return whole_tenant("rebuild incidents"); }
  Result<model::Incident> merge(const IncidentId&, const std::vector<IncidentId>&,
                                std::string_view) override {
    return whole_tenant("merge incidents");
  }
  Result<model::Incident> split(const IncidentId&, const std::vector<std::string>&,
                                std::string_view) override {
    return whole_tenant("split an incident");
  }
  Result<model::Incident> open(const std::vector<std::string>&, std::string_view) override {
    return whole_tenant("open an incident");
  }
  Result<model::Incident> describe(const IncidentId& id) override {
    TOCSIN_CHECK(seen(id));
    TOCSIN_CHECK(whole_.describe(id));
    return seen(id);
  }
  Result<void> catch_up() override { return whole_.catch_up(); }

 private:
  Result<model::Incident> seen(const IncidentId& id) const {
    TOCSIN_TRY(found, store_.incidents().find(id));
    if (!found) return not_found("incident", id.str());
    return *std::move(found);
  }

  Correlation& whole_;
  store::TenantStore& store_;
};

// Counts of a source are of all its alerts: a scope by assets shows none of them.
Result<std::vector<SourceStatus>> sources_in(const Services& whole, const model::AlertScope& scope) {
  if (!whole.settings.sources || !scope.asset_groups.empty()) return std::vector<SourceStatus>();
  TOCSIN_TRY(sources, whole.settings.sources());
  std::erase_if(sources, [&](const SourceStatus& source) {
    return std::find(scope.sources.begin(), scope.sources.end(), source.name) == scope.sources.end();
  });
  return sources;
}

Services::Settings settings_in(const Services& whole, const model::AlertScope& scope) {
  auto settings = whole.settings;
  settings.uploads = nullptr;
  settings.events = nullptr;
  settings.sources = [&whole, scope] { return sources_in(whole, scope); };
  return settings;
}

}  // namespace

ScopedServices::ScopedServices(Services& whole, const model::AlertScope& scope)
    : store_(store::scoped_store(whole.store, scope)),
      pipeline_(std::make_unique<ScopedPipeline>(whole.pipeline)),
      correlation_(std::make_unique<ScopedCorrelation>(whole.correlation, *store_)),
      services_{*store_, *pipeline_, *correlation_, whole.demo, whole.clock, settings_in(whole, scope)} {}

ScopedServices::~ScopedServices() = default;

}  // namespace tocsin::api
