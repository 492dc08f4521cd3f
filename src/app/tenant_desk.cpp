#include "app/tenant_desk.h"

#include <algorithm>
#include <random>

#include "api/reasons.h"
#include "api/retention_settings.h"
#include "app/audit_heads.h"
#include "app/commands/commands.h"
#include "app/tenant_folder.h"
#include "triage/attack_fallback.h"
#include "triage/incident_view.h"

namespace tocsin::app {
namespace {

// In the data directory, or in the tenant's folder there:
constexpr std::string_view kUploadFolder = "uploads";
constexpr std::string_view kEnrichmentFolder = "enrichment";

// Another process on the same database takes a job whose lease ran out: what is left is for the next run.
constexpr auto kLeaseMargin = std::chrono::minutes(1);

std::uint64_t random_secret() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

}  // namespace

Result<std::unique_ptr<TenantDesk>> TenantDesk::open(const SharedParts& shared, store::TenantId tenant) {
  std::unique_ptr<TenantDesk> desk(new TenantDesk(shared, tenant));
  TOCSIN_CHECK(desk->build_enrichment());
  desk->build_correlation();
  desk->build_auto_closer();
  desk->build_sla_watch();
  desk->build_suppressor();
  desk->build_pipeline();
  desk->build_detection();
  TOCSIN_CHECK(desk->build_intake());
  desk->build_services();
  desk->build_jobs();
  return desk;
}

TenantDesk::TenantDesk(const SharedParts& shared, store::TenantId tenant)
    : shared_(shared),
      tenant_(tenant),
      store_(shared.database.tenant(tenant)),
      quota_(shared.clock),
      live_(shared.clock) {}

TenantDesk::~TenantDesk() {
  stop_taking();
  stop();
}

std::filesystem::path TenantDesk::folder() const {
  return tenant_folder(shared_.settings.data_dir, tenant_);
}

Result<void> TenantDesk::build_enrichment() {
  const bool elsewhere = is_default() && !shared_.settings.enrich_dir.empty();
  const auto files =
      elsewhere ? std::filesystem::path(shared_.settings.enrich_dir) : folder() / kEnrichmentFolder;
  enrichment_ = std::make_unique<enrich::Library>(store_, shared_.clock, files);
  TOCSIN_CHECK(enrichment_->load());
  for (const auto& part : enrichment_->status()) {
    shared_.log.info("enrichment_loaded", {{"tenant", tenant_.value},
                                           {"part", to_text(part.part)},
                                           {"entries", part.entries},
                                           {"note", part.note}});
  }
  return {};
}

void TenantDesk::build_correlation() {
  const auto& settings = shared_.settings;
  CorrelationOptions options;
  options.correlate.window = settings.correlation_window;
  options.correlate.table_secret = random_secret();
  options.score.high_priority_threshold = settings.high_priority_threshold;
  options.live = settings.correlation_mode == config::CorrelationMode::kLive;
  options.process = shared_.database.process();
  CorrelationHooks hooks;
  hooks.title = [](const model::Alert& lead, const model::Incident& incident) {
    return triage::incident_title(lead, incident);
  };
  hooks.publish = [this](const std::vector<model::Incident>& changed) {
    for (const auto& incident : changed) live_.incident_changed(incident);
  };
  hooks.on_error = [this](const Error& why) {
    shared_.log.error("correlation_failed", {{"tenant", tenant_.value}, {"why", to_string(why)}});
  };
  correlation_ = std::make_unique<CorrelationService>(store_, shared_.clock, options, std::move(hooks));
  foreign_changes_ =
      std::make_unique<ForeignChanges>(store_, tenant_, live_, [this] { correlation_->notify(); });
}

void TenantDesk::build_pipeline() {
  memory_ = std::make_unique<TriageMemory>(store_, random_secret(), [this](const Error& why) {
    shared_.log.error("triage_memory_failed", {{"tenant", tenant_.value}, {"why", to_string(why)}});
  });
  PipelineHooks hooks;
  hooks.admit = [this](std::size_t records) { return quota_.take(records); };
  hooks.judge = [this](model::Alert& alert, const store::TenantStore::RuleHistory& history) {
    enrich::apply(*enrichment_->knowledge(), alert, alert.received_at);
    triage::apply_attack(alert);
    alert.triage.habit = memory_->look(alert);
    triage::apply(triage::score(alert, api::prior_of(history), shared_.scoring), alert);
    suppressor_->judge(alert);
  };
  hooks.on_marked = [this](const std::vector<Suppressor::Marked>& marked) { suppressor_->settle(marked); };
  hooks.explain = [this](const model::Alert& alert, const store::TenantStore::RuleHistory& history) {
    return triage::explain(alert, api::prior_of(history), shared_.scoring);
  };
  hooks.wants_alerts = [this] { return live_.listening(); };
  hooks.on_said = [this] {
    suppressor_->changed();
    memory_->notify();
    auto_closer_->notify();
  };
  hooks.on_events = [this] { detection_->notify(); };
  hooks.on_stored = [this](std::vector<model::Alert> newest, std::size_t stored, model::Seq last) {
    live_.alerts_stored(std::move(newest), stored, last);
    correlation_->notify();
    memory_->notify();
    auto_closer_->notify();
  };
  pipeline_ = std::make_unique<Pipeline>(store_, shared_.clock, PipelineOptions{.mappings = shared_.mappings},
                                         std::move(hooks));
}

void TenantDesk::build_auto_closer() {
  AutoCloser::Hooks hooks;
  hooks.closed = [this](std::int64_t alerts) {
    live_.many_changed();
    shared_.log.info("auto_close_closed", {{"tenant", tenant_.value}, {"alerts", alerts}});
  };
  hooks.stopped = [this](const api::AutoCloseState::Stop& stop) {
    shared_.log.info("auto_close_stopped",
                     {{"tenant", tenant_.value}, {"reason", to_text(stop.reason)}, {"why", stop.sentence}});
  };
  hooks.on_error = [this](const Error& why) {
    shared_.log.error("auto_close_failed", {{"tenant", tenant_.value}, {"why", to_string(why)}});
  };
  auto_closer_ =
      std::make_unique<AutoCloser>(store_, shared_.clock, shared_.database.process(), std::move(hooks));
}

void TenantDesk::build_sla_watch() {
  SlaWatch::Hooks hooks;
  hooks.logged = [this](const model::ActionRecord& record) {
    live_.action_logged(record);
    shared_.log.info("sla", {{"tenant", tenant_.value},
                             {"incident", record.incident.str()},
                             {"action", record.action},
                             {"target", record.target}});
  };
  hooks.on_error = [this](const Error& why) {
    shared_.log.error("sla_watch_failed", {{"tenant", tenant_.value}, {"why", to_string(why)}});
  };
  sla_watch_ = std::make_unique<SlaWatch>(store_, shared_.clock, shared_.database.process(),
                                          shared_.scoring.first_response_minutes, std::move(hooks));
}

void TenantDesk::build_suppressor() {
  Suppressor::Hooks hooks;
  hooks.paused = [this](const std::string& id, const api::Pause& pause) {
    shared_.log.info(
        "suppression_paused",
        {{"tenant", tenant_.value}, {"id", id}, {"alert", pause.alert}, {"why", pause.sentence}});
  };
  hooks.on_error = [this](const Error& why) {
    shared_.log.error("suppression_failed", {{"tenant", tenant_.value}, {"why", to_string(why)}});
  };
  suppressor_ = std::make_unique<Suppressor>(store_, shared_.clock, hooks);
  if (const auto loaded = suppressor_->load(); !loaded) hooks.on_error(loaded.error());
}

void TenantDesk::build_detection() {
  detection_ = std::make_unique<DetectionService>(
      store_, *pipeline_, shared_.clock, shared_.rules, shared_.match_helpers, shared_.database.process(),
      [this](std::size_t events) { return quota_.take(events); },
      [this](const Error& why) {
        shared_.log.error("detection_failed", {{"tenant", tenant_.value}, {"why", to_string(why)}});
      });
}

// Listeners and followed files are configured for the installation and belong to its default tenant.
Result<void> TenantDesk::build_intake() {
  if (!is_default()) return {};
  TOCSIN_TRY(options, to_intake_options(shared_.settings));
  if (intake::is_off(options)) return {};
  sink_ = std::make_unique<PipelineSink>(*pipeline_);
  positions_ = std::make_unique<SettingPositions>(store_);
  TOCSIN_TRY(made, intake::Intake::create(std::move(options), *sink_, *positions_, shared_.clock));
  intake_ = std::move(made);
  return {};
}

void TenantDesk::build_services() {
  const auto& data = shared_.settings.data_dir;
  sources_ = std::make_unique<SourceList>(store_, pipeline_->sources(), intake_.get());
  demo_ = std::make_unique<DemoService>(*pipeline_, store_, shared_.clock);
  uploads_ = std::make_unique<UploadDesk>(*pipeline_, store_, shared_.clock, folder() / kUploadFolder);
  services_ = std::make_unique<api::Services>(api::Services{
      .store = store_,
      .pipeline = *pipeline_,
      .correlation = *correlation_,
      .demo = *demo_,
      .clock = shared_.clock,
      .settings = {
          .scoring = shared_.scoring,
          .version = std::string(kVersion),
          .sentinel_workspace_id = shared_.settings.sentinel_workspace_id,
          .open_mode = shared_.open_mode,
          .signing_key = [file = data / kSigningKeyFile] { return SigningKey::open(file); },
          .audit_heads =
              [file = data / kAuditHeadsFile] { return read_heads_file(file, std::string(kAuditHeadsFile)); },
          .siem_links = shared_.siem_links,
          .playbooks = shared_.playbooks,
          .not_ready = shared_.not_ready,
          .sources = [this] { return sources_->list(); },
          .uploads = uploads_.get(),
          .rules = &shared_.rules,
          .events = &detection_->events(),
          .enrichment = enrichment_.get()}});
}

void TenantDesk::build_jobs() {
  JobKind retention{.name = std::string(api::kRetentionJob), .every = std::chrono::minutes(60), .run = {}};
  const auto at_most = retention.lease - kLeaseMargin;
  retention.run = [this, at_most](const store::Job&, const std::stop_token& stop) -> Result<void> {
    const auto now = shared_.clock.now();
    const auto goes_on = [&] { return !stop.stop_requested() && shared_.clock.now() - now < at_most; };
    TOCSIN_TRY(removed, api::run_retention(store_, now, goes_on));
    if (removed.any()) live_.many_changed();
    if (removed.any())
      shared_.log.info("retention_run", {{"tenant", tenant_.value},
                                         {"alerts", removed.alerts},
                                         {"incidents", removed.incidents},
                                         {"events", removed.events},
                                         {"dead_letters", removed.dead_letters}});
    return {};
  };
  jobs_ =
      std::make_unique<JobRunner>(store_.jobs(), shared_.clock, std::vector<JobKind>{std::move(retention)},
                                  [this](const store::Job& job, const Error& why) {
                                    shared_.log.error("job_failed", {{"tenant", tenant_.value},
                                                                     {"kind", job.kind},
                                                                     {"attempt", job.attempts},
                                                                     {"why", to_string(why)}});
                                  });
}

void TenantDesk::hear(const store::Notice& notice) {
  const auto& keys = notice.settings;
  if (notice.everything || std::find(keys.begin(), keys.end(), api::kWaitedForKey) != keys.end())
    detection_->notify();
  const bool is_about_suppressions = std::any_of(
      keys.begin(), keys.end(), [](const std::string& key) { return key.starts_with("suppression."); });
  if (notice.everything || is_about_suppressions) suppressor_->settings_changed_elsewhere();
  if (notice.everything || notice.alerts_up_to > 0) suppressor_->alerts_stored_elsewhere();
  memory_->notify();
  auto_closer_->notify();
  foreign_changes_->hear(notice);
}

void TenantDesk::set_quota(std::int64_t alerts_per_second, std::int64_t storage_bytes) {
  quota_.set_rate(alerts_per_second);
  if (storage_bytes_.exchange(storage_bytes) != storage_bytes) measure();
}

void TenantDesk::measure() {
  const auto room = storage_bytes_.load();
  if (room == 0) return quota_.set_full(false);
  const auto newest = store_.retention().newest_within(room);
  if (newest) return quota_.set_full(newest->has_value());
  shared_.log.error("quota_not_measured", {{"tenant", tenant_.value}, {"why", to_string(newest.error())}});
}

void TenantDesk::start() {
  live_.start();
  correlation_->start();
  memory_->start();
  auto_closer_->start();
  sla_watch_->start();
  suppressor_->start();
  detection_->start();
  uploads_->start_reading();
  jobs_->start();
  if (!intake_) return;
  intake_->start();
  for (const auto& channel : intake_->report()) {
    shared_.log.info("intake_started", {{"name", channel.name},
                                        {"transport", channel.transport},
                                        {"address", channel.address},
                                        {"source", channel.source}});
  }
}

void TenantDesk::stop_taking() {
  if (intake_) intake_->stop();
  if (jobs_) jobs_->stop();
  if (demo_) demo_->stop();
  if (uploads_) uploads_->stop();
  if (detection_) detection_->stop();
  if (pipeline_) pipeline_->close();
}

void TenantDesk::stop() {
  if (suppressor_) suppressor_->stop();
  if (sla_watch_) sla_watch_->stop();
  if (auto_closer_) auto_closer_->stop();
  if (correlation_) correlation_->stop();
  if (memory_) memory_->stop();
  live_.stop();
}

}  // namespace tocsin::app
