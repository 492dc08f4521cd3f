#include "app/wiring.h"

#include <random>

#include "api/live.h"
#include "api/reasons.h"
#include "api/routes.h"
#include "app/commands/commands.h"
#include "app/correlation_service.h"
#include "app/demo_service.h"
#include "app/intake_service.h"
#include "app/metrics.h"
#include "app/source_list.h"
#include "app/upload_desk.h"
#include "base/embedded.h"
#include "enrich/library.h"
#include "http/assets.h"
#include "http/server.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "respond/playbook.h"
#include "store/sqlite/sqlite.h"
#include "triage/attack_fallback.h"
#include "triage/incident_view.h"
#include "triage/triage.h"

TOCSIN_EMBEDDED(console_pack)
TOCSIN_EMBEDDED(docs_pack)

namespace tocsin::app {
namespace {

constexpr std::chrono::milliseconds kStopDeadline{10'000};
// In the data directory:
constexpr std::string_view kSigningKeyFile = "signing_key.pem";
constexpr std::string_view kUploadFolder = "uploads";

// Scripts and styles only from the server itself; nothing may frame the console.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

triage::Weights to_weights(const config::ScoringWeights& w) {
  return {w.severity, w.business_context, w.threat_intel, w.confidence, w.freshness};
}

// By model::Severity.
std::array<int, 5> to_minutes(const config::FirstResponseMinutes& m) {
  return {m.info, m.low, m.medium, m.high, m.critical};
}

Result<std::unique_ptr<store::Database>> open_database(const config::Settings& settings, const Clock& clock) {
  if (settings.database_url != "sqlite:") {
    return error(ErrorKind::kInvalidInput, "open the database",
                 "'" + settings.database_url + "' is not supported yet",
                 "leave --db and DATABASE_URL unset for the database inside the data directory");
  }
  std::error_code trouble;
  std::filesystem::create_directories(settings.data_dir, trouble);
  if (trouble) {
    return error(ErrorKind::kUnavailable, "open the data directory",
                 settings.data_dir.string() + ": " + trouble.message(),
                 "name a writable directory with --data");
  }
  return store::open_sqlite({.file = (settings.data_dir / kDatabaseFile).string(),
                             .clock = &clock,
                             .dedup_window = settings.dedup_window});
}

Result<hunt::Links> read_links(const config::Settings& settings) {
  hunt::Links links{{}, settings.sentinel_workspace_id};
  for (int i = 0; i <= static_cast<int>(hunt::Platform::kAthena); ++i) {
    const auto platform = static_cast<hunt::Platform>(i);
    const auto found = settings.siem_links.find(std::string(to_text(platform)));
    if (found == settings.siem_links.end() || found->second.empty()) continue;
    const auto checked = hunt::check_link(found->second);
    if (!checked)
      return error(checked.error().kind, "read settings",
                   "siem.links." + found->first + " " + checked.error().message, checked.error().hint);
    links.templates[platform] = found->second;
  }
  return links;
}

api::AssetFinder finder(const http::StaticFiles& files) {
  return [&files](std::string_view path, const http::Request& request) -> std::optional<http::Response> {
    const auto* asset = files.find(path);
    if (asset == nullptr) return std::nullopt;
    return http::serve_asset(*asset, request);
  };
}

std::uint64_t random_secret() {
  std::random_device device;
  return (std::uint64_t{device()} << 32U) | device();
}

http::OpenModeRules open_mode_rules() {
  return {.port = 0,
          .extra_types = {{"/api/v1/webhooks/", {"text/plain", "message/rfc822"}},
                          {"/api/v1/uploads", {api::kUploadTypes.begin(), api::kUploadTypes.end()}},
                          {"/api/v1/assets", {"text/csv"}},
                          {"/api/v1/users", {"text/csv"}}}};
}

}  // namespace

// In the order of construction; destroyed in reverse, so that what borrows goes before what it borrows from.
struct Application::Parts {
  config::Settings settings;
  SystemClock clock;
  observe::Log log;
  observe::Metrics metrics;
  observe::RequestMetrics request_metrics{metrics};
  triage::Options scoring;
  hunt::Links siem_links;
  http::StaticFiles console;
  http::StaticFiles docs;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<enrich::Library> enrichment;
  api::LiveHub live{clock};
  std::unique_ptr<CorrelationService> correlation;
  std::unique_ptr<Pipeline> pipeline;
  std::unique_ptr<PipelineSink> sink;
  std::unique_ptr<SettingPositions> positions;
  std::unique_ptr<intake::Intake> intake;  // null when nothing is configured
  std::unique_ptr<SourceList> sources;
  std::unique_ptr<UploadDesk> uploads;
  std::unique_ptr<DemoService> demo;
  std::unique_ptr<api::Services> services;
  std::unique_ptr<http::Server> server;

  Parts(const config::Settings& s, observe::Level level) : settings(s), log(level, clock) {}

  store::TenantStore& store() { return database->tenant(store::kDefaultTenant); }
  Result<void> open_files();
  void build_correlation();
  Result<void> build_enrichment();
  void build_pipeline();
  std::shared_ptr<const ingest::Mappings> load_mappings();
  std::shared_ptr<const respond::Library> load_playbooks();
  Result<void> build_intake();
  void build_services();
  void build_server();
  std::vector<std::string> not_ready() const;
};

Result<void> Application::Parts::open_files() {
  TOCSIN_TRY(console_files, http::StaticFiles::open(embedded_console_pack()));
  TOCSIN_TRY(docs_files, http::StaticFiles::open(embedded_docs_pack()));
  console = std::move(console_files);
  docs = std::move(docs_files);
  return {};
}

void Application::Parts::build_correlation() {
  CorrelationOptions options;
  options.correlate.window = settings.correlation_window;
  options.correlate.table_secret = random_secret();
  options.score.high_priority_threshold = settings.high_priority_threshold;
  options.live = settings.correlation_mode == config::CorrelationMode::kLive;
  CorrelationHooks hooks;
  hooks.title = [](const model::Alert& lead, const model::Incident& incident) {
    return triage::incident_title(lead, incident);
  };
  hooks.publish = [this](const std::vector<model::Incident>& changed) {
    for (const auto& incident : changed) live.incident_changed(incident);
  };
  hooks.on_error = [this](const Error& why) { log.error("correlation_failed", {{"why", to_string(why)}}); };
  correlation = std::make_unique<CorrelationService>(store(), clock, options, std::move(hooks));
}

Result<void> Application::Parts::build_enrichment() {
  const auto directory = settings.enrich_dir.empty() ? settings.data_dir / "enrichment"
                                                     : std::filesystem::path(settings.enrich_dir);
  enrichment = std::make_unique<enrich::Library>(store(), clock, directory);
  TOCSIN_CHECK(enrichment->load());
  for (const auto& part : enrichment->status())
    log.info("enrichment_loaded",
             {{"part", to_text(part.part)}, {"entries", part.entries}, {"note", part.note}});
  return {};
}

void Application::Parts::build_pipeline() {
  PipelineHooks hooks;
  hooks.judge = [this](model::Alert& alert, const store::TenantStore::RuleHistory& history) {
    enrich::apply(*enrichment->knowledge(), alert, alert.received_at);
    triage::apply_attack(alert);
    triage::apply(triage::score(alert, api::prior_of(history), scoring), alert);
  };
  hooks.explain = [this](const model::Alert& alert, const store::TenantStore::RuleHistory& history) {
    return triage::explain(alert, api::prior_of(history), scoring);
  };
  hooks.wants_alerts = [this] { return live.listening(); };
  hooks.on_stored = [this](std::vector<model::Alert> newest, std::size_t stored) {
    live.alerts_stored(std::move(newest), stored);
    correlation->notify();
  };
  pipeline = std::make_unique<Pipeline>(store(), clock, PipelineOptions{.mappings = load_mappings()},
                                        std::move(hooks));
}

// Sources that the organisation defined: DIR/mappings/*.yaml.
std::shared_ptr<const ingest::Mappings> Application::Parts::load_mappings() {
  auto mappings = std::make_shared<ingest::Mappings>(ingest::load_mappings(settings.data_dir / "mappings"));
  for (const auto& why : mappings->faults) log.error("mapping_left_out", {{"why", to_string(why)}});
  return mappings;
}

std::shared_ptr<const respond::Library> Application::Parts::load_playbooks() {
  if (settings.playbooks_dir.empty())
    return std::make_shared<const respond::Library>(respond::Library{respond::shipped_playbooks(), {}});
  auto library = std::make_shared<respond::Library>(respond::load_playbooks(settings.playbooks_dir));
  for (const auto& why : library->errors) log.error("playbook_left_out", {{"why", to_string(why)}});
  return library;
}

Result<void> Application::Parts::build_intake() {
  TOCSIN_TRY(options, to_intake_options(settings));
  if (intake::is_off(options)) return {};
  sink = std::make_unique<PipelineSink>(*pipeline);
  positions = std::make_unique<SettingPositions>(store());
  TOCSIN_TRY(made, intake::Intake::create(std::move(options), *sink, *positions, clock));
  intake = std::move(made);
  return {};
}

void Application::Parts::build_services() {
  sources = std::make_unique<SourceList>(store(), pipeline->sources(), intake.get());
  demo = std::make_unique<DemoService>(*pipeline, store(), clock);
  uploads = std::make_unique<UploadDesk>(*pipeline, store(), clock, settings.data_dir / kUploadFolder);
  services = std::make_unique<api::Services>(api::Services{
      .store = store(),
      .pipeline = *pipeline,
      .correlation = *correlation,
      .demo = *demo,
      .clock = clock,
      .settings = {.scoring = scoring,
                   .version = std::string(kVersion),
                   .sentinel_workspace_id = settings.sentinel_workspace_id,
                   .open_mode = true,
                   .signing_key = [file = settings.data_dir /
                                          kSigningKeyFile] { return exports::SigningKey::open(file); },
                   .siem_links = siem_links,
                   .playbooks = load_playbooks(),
                   .not_ready = [this] { return not_ready(); },
                   .sources = [this] { return sources->list(); },
                   .uploads = uploads.get(),
                   .enrichment = enrichment.get()}});
}

std::vector<std::string> Application::Parts::not_ready() const {
  std::vector<std::string> reasons;
  if (const auto trouble = database->trouble(); !trouble.empty()) reasons.push_back("database: " + trouble);
  return reasons;
}

void Application::Parts::build_server() {
  http::Router router;
  api::Site site{
      .console = finder(console), .docs = finder(docs), .more_metrics = [this] { return metrics.to_text(); }};
  api::register_routes(router, *services, live, std::move(site));
  http::ServerOptions options;
  options.address = settings.host;
  options.port = settings.port;
  options.max_body_bytes = settings.max_body_bytes;
  options.max_connections = settings.max_connections;
  options.html_csp = kContentSecurityPolicy;
  options.open_mode = open_mode_rules();
  options.hooks.on_request = [this](const http::RequestRecord& record) {
    request_metrics.record(record.pattern, http::to_text(record.method), record.status, record.duration);
    log.debug("request",
              {{"method", http::to_text(record.method)},
               {"route", record.pattern},
               {"status", record.status},
               {"us", record.duration.count()}},
              record.trace_id);
  };
  options.hooks.on_fault = [this](std::string_view event, std::string_view detail,
                                  std::string_view trace_id) {
    log.error(event, {{"detail", detail}}, trace_id);
  };
  server = std::make_unique<http::Server>(std::move(options), std::move(router));
  server->websocket("/ws", live.feed());
  server->websocket("/ws/alerts", live.alert_feed());
  register_gauges(metrics, *server, *pipeline);
}

Application::Application(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Application::~Application() {
  stop();
}

Result<std::unique_ptr<Application>> Application::create(const config::Settings& settings) {
  const auto level = observe::parse_level(settings.log_level).value_or(observe::Level::kInfo);
  auto parts = std::make_unique<Parts>(settings, level);
  TOCSIN_TRY(scoring,
             triage::Options::create(to_weights(settings.weights), settings.high_priority_threshold));
  parts->scoring = scoring;
  parts->scoring.first_response_minutes = to_minutes(settings.first_response_minutes);
  TOCSIN_TRY(links, read_links(settings));
  parts->siem_links = std::move(links);
  TOCSIN_CHECK(parts->open_files());
  TOCSIN_TRY(database, open_database(settings, parts->clock));
  parts->database = std::move(database);
  TOCSIN_CHECK(parts->build_enrichment());
  parts->build_correlation();
  parts->build_pipeline();
  TOCSIN_CHECK(parts->build_intake());
  parts->build_services();
  parts->build_server();
  return std::unique_ptr<Application>(new Application(std::move(parts)));
}

Result<std::string> Application::start() {
  parts_->live.start();
  parts_->correlation->start();
  parts_->uploads->start_reading();
  TOCSIN_CHECK(parts_->server->start());
  if (parts_->intake) {
    parts_->intake->start();
    for (const auto& channel : parts_->intake->report()) {
      parts_->log.info("intake_started", {{"name", channel.name},
                                          {"transport", channel.transport},
                                          {"address", channel.address},
                                          {"source", channel.source}});
    }
  }
  parts_->log.info("server_started", {{"address", parts_->server->address()},
                                      {"data", parts_->settings.data_dir.string()},
                                      {"version", kVersion}});
  return parts_->server->address();
}

void Application::load_demo() {
  parts_->demo->load([this](std::size_t sent, bool done) {
    parts_->log.info(done ? "demo_loaded" : "demo_loading", {{"deliveries", sent}});
  });
}

void Application::stop() {
  if (!parts_) return;
  parts_->log.info("server_stopping");
  if (parts_->server) parts_->server->stop(kStopDeadline);
  if (parts_->intake) parts_->intake->stop();
  if (parts_->demo) parts_->demo->stop();
  if (parts_->uploads) parts_->uploads->stop();
  if (parts_->pipeline) parts_->pipeline->close();
  if (parts_->correlation) parts_->correlation->stop();
  parts_->live.stop();
  if (parts_->database) parts_->database->close();
  parts_->log.info("server_stopped");
  parts_.reset();
}

}  // namespace tocsin::app
