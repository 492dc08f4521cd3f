#pragma once
// What serves one tenant: the way in, what is known locally, correlation, files and the live feed. Tenants
// share the database's writer and what the operator configured, and nothing that was made of their data but
// what matching remembers of texts, which saves time and changes no answer (detect/engine/event_matcher.h).

#include <filesystem>
#include <functional>
#include <memory>

#include "api/live.h"
#include "api/routes.h"
#include "app/auto_closer.h"
#include "app/correlation_service.h"
#include "app/demo_service.h"
#include "app/detection_service.h"
#include "app/foreign_changes.h"
#include "app/ingest_quota.h"
#include "app/intake_service.h"
#include "app/job_runner.h"
#include "app/pipeline.h"
#include "app/sla_watch.h"
#include "app/source_list.h"
#include "app/suppressor.h"
#include "app/triage_memory.h"
#include "app/upload_desk.h"
#include "config/config.h"
#include "enrich/library.h"
#include "hunt/hunt.h"
#include "observe/log.h"
#include "respond/playbook.h"
#include "triage/triage.h"

namespace tocsin::app {

// What all tenants have in common; outlives their desks.
struct SharedParts {
  const config::Settings& settings;
  const Clock& clock;
  observe::Log& log;
  store::Database& database;
  detect::RuleLibrary& rules;
  WorkPool& match_helpers;
  triage::Options scoring{};
  hunt::Links siem_links{};
  std::shared_ptr<const ingest::Mappings> mappings{};
  std::shared_ptr<const respond::Library> playbooks{};
  std::function<bool()> open_mode{};
  std::function<std::vector<std::string>()> not_ready{};
};

// Thread-safe from open() on; start() and stop() once each.
class TenantDesk {
 public:
  // `number` names the tenant's folder, so that a new name does not lose its files. kInvalidInput for
  // settings that cannot be used; what the tenant's own files lack is logged and left out.
  static Result<std::unique_ptr<TenantDesk>> open(const SharedParts& shared, store::TenantId tenant);
  ~TenantDesk();

  void start();
  // Finishes what was accepted, in the order of the flow.
  void stop_taking();  // nothing new comes in
  void stop();

  api::Desk desk() { return {services_.get(), &live_}; }
  api::LiveHub& live() noexcept { return live_; }
  Pipeline& pipeline() noexcept { return *pipeline_; }
  DemoService& demo() noexcept { return *demo_; }
  // What another process on the same database committed for this tenant. One thread.
  void hear(const store::Notice& notice);
  // 0: no bound.
  void set_quota(std::int64_t alerts_per_second, std::int64_t storage_bytes);
  // Looks how much room its alerts take. Reads the store: not on an I/O thread.
  void measure();

 private:
  TenantDesk(const SharedParts& shared, store::TenantId tenant);
  bool is_default() const { return tenant_ == store::kDefaultTenant; }
  std::filesystem::path folder() const;
  Result<void> build_enrichment();
  void build_correlation();
  void build_pipeline();
  void build_detection();
  void build_auto_closer();
  void build_sla_watch();
  void build_suppressor();
  Result<void> build_intake();
  void build_services();
  void build_jobs();

  const SharedParts& shared_;
  const store::TenantId tenant_;
  store::TenantStore& store_;
  IngestQuota quota_;
  std::atomic<std::int64_t> storage_bytes_{0};
  std::unique_ptr<enrich::Library> enrichment_;
  api::LiveHub live_;
  std::unique_ptr<CorrelationService> correlation_;
  std::unique_ptr<ForeignChanges> foreign_changes_;
  std::unique_ptr<TriageMemory> memory_;
  std::unique_ptr<AutoCloser> auto_closer_;
  std::unique_ptr<SlaWatch> sla_watch_;
  std::unique_ptr<Suppressor> suppressor_;
  std::unique_ptr<Pipeline> pipeline_;
  std::unique_ptr<DetectionService> detection_;
  std::unique_ptr<PipelineSink> sink_;
  std::unique_ptr<SettingPositions> positions_;
  std::unique_ptr<intake::Intake> intake_;  // null when nothing is configured
  std::unique_ptr<SourceList> sources_;
  std::unique_ptr<UploadDesk> uploads_;
  std::unique_ptr<DemoService> demo_;
  std::unique_ptr<api::Services> services_;
  std::unique_ptr<JobRunner> jobs_;
};

}  // namespace tocsin::app
