#include "app/wiring.h"

#include <algorithm>
#include <thread>

#include "api/access.h"
#include "api/routes.h"
#include "api/verbs.h"
#include "app/access_log.h"
#include "app/audit_heads.h"
#include "app/commands/commands.h"
#include "app/database.h"
#include "app/desks.h"
#include "app/metrics.h"
#include "app/oidc_service.h"
#include "app/rule_watcher.h"
#include "auth/gate.h"
#include "auth/key_file.h"
#include "auth/refusal_log.h"
#include "auth/request_rates.h"
#include "auth/sodium.h"
#include "base/embedded.h"
#include "base/work_pool.h"
#include "http/assets.h"
#include "http/server.h"
#include "observe/log.h"
#include "observe/metrics.h"
#include "outbound/settings.h"

TOCSIN_EMBEDDED(console_pack)
TOCSIN_EMBEDDED(docs_pack)

namespace tocsin::app {
namespace {

constexpr std::chrono::milliseconds kStopDeadline{10'000};

// Scripts and styles only from the server itself; nothing may frame the console.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types default dompurify";

triage::Weights to_weights(const config::ScoringWeights& w) {
  return {w.severity, w.business_context, w.threat_intel, w.confidence, w.freshness};
}

// By model::Severity.
std::array<int, 5> to_minutes(const config::FirstResponseMinutes& m) {
  return {m.info, m.low, m.medium, m.high, m.critical};
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

// Not a cookie: a browser whose session is over refuses nobody's guess.
bool brings_token(const http::Request& request) {
  return !request.header("Authorization").empty() || !request.path_param("token").empty();
}

// One for each core that the thread that asks leaves; of many, some are for the rest of the program.
std::size_t match_helper_count() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, 16) - 1;
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
  AccessLog access_log{log, std::chrono::steady_clock::now()};
  http::StaticFiles console;
  http::StaticFiles docs;
  std::unique_ptr<store::Database> database;
  std::unique_ptr<AuditHeads> audit_heads;
  std::optional<auth::SecretBox> secrets;
  std::unique_ptr<auth::Directory> directory;
  auth::SignInThrottle throttle{clock};
  std::unique_ptr<detect::RuleLibrary> rules;
  std::unique_ptr<RuleWatcher> rule_watcher;  // null: nothing is watched
  WorkPool match_helpers{match_helper_count(), "match"};
  std::unique_ptr<SharedParts> shared;
  std::unique_ptr<Desks> desks;
  std::unique_ptr<auth::RefusalLog> refusals;
  std::unique_ptr<auth::SignIn> sign_in;
  std::unique_ptr<OidcService> oidc;  // null when no provider is set up
  std::unique_ptr<api::Access> access;
  std::unique_ptr<auth::Gate> gate;
  auth::RequestRates rates{{settings.key_rate, 2 * settings.key_rate},
                           {settings.tenant_rate, 2 * settings.tenant_rate}};
  auth::PasswordPool passwords;  // after what its work uses: it waits for it
  std::unique_ptr<http::Server> server;

  Parts(const config::Settings& s, observe::Level level) : settings(s), log(level, clock) {}

  Result<void> open_files();
  void build_audit();
  std::shared_ptr<const ingest::Mappings> load_mappings();
  std::shared_ptr<const respond::Library> load_playbooks();
  Result<void> load_rules();
  Result<void> build_access();
  Result<void> build_desks();
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

void Application::Parts::build_audit() {
  AuditHeads::Options options;
  options.file = settings.data_dir / kAuditHeadsFile;
  options.key = [file = settings.data_dir / kSigningKeyFile] { return SigningKey::open(file); };
  options.on_error = [this](const Error& why) { log.error("audit_head_missed", {{"why", to_string(why)}}); };
  audit_heads = std::make_unique<AuditHeads>(*database, clock, std::move(options));
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

// A rule that cannot be honoured is told and left out; the others work.
Result<void> Application::Parts::load_rules() {
  detect::RuleOrigins origins;
  for (const auto& path : settings.rule_paths) origins.paths.emplace_back(path);
  origins.bundled = settings.bundled_rules;
  origins.log_sources = settings.log_sources_dir;
  origins.baselines = settings.baselines_dir;
  origins.placeholders = settings.rule_placeholders;
  TOCSIN_TRY(library, detect::RuleLibrary::open(std::move(origins), clock.now()));
  rules = std::move(library);
  if (settings.watch_rules && !settings.rule_paths.empty())
    rule_watcher = std::make_unique<RuleWatcher>(*rules, clock, log);
  const auto catalog = rules->current();
  for (const auto& why : catalog->refusals()) log.error("rule_left_out", {{"why", to_string(why)}});
  log.info("rules_loaded", {{"watched", rule_watcher != nullptr},
                            {"rules", catalog->rules().size()},
                            {"correlations", catalog->correlations().size()},
                            {"refused", catalog->refusals().size()}});
  return {};
}

// Open mode is for loopback alone; elsewhere somebody must be able to sign in.
Result<void> Application::Parts::build_access() {
  const auto passphrase = config::process_environment()(kSecretsPassphrase);
  TOCSIN_TRY(box, auth::load_key_file(settings.data_dir / kSecretsKeyFile, passphrase));
  secrets = std::move(box);
  directory = std::make_unique<auth::Directory>(database->people(), clock);
  TOCSIN_CHECK(directory->load());
  const bool open_allowed = config::is_loopback(settings.host);
  if (!open_allowed && !directory->has_admin()) {
    return error(ErrorKind::kInvalidInput, "listen on " + settings.host,
                 "any address but loopback needs sign-in, and there is no admin who could",
                 "make one first: tocsin people add LOGIN --role admin --data " + settings.data_dir.string());
  }
  sign_in = std::make_unique<auth::SignIn>(*directory, passwords, throttle, *secrets, clock);
  access = std::make_unique<api::Access>(
      api::Access{*directory, *sign_in, passwords, *secrets, clock, open_allowed});
  TOCSIN_TRY(provider, OidcService::create(settings, *secrets, *directory, clock));
  oidc = std::move(provider);
  access->counts_of = [this](store::TenantId tenant) { return database->tenant(tenant).counts(); };
  access->oidc = oidc ? &oidc->sign_in() : nullptr;
  refusals =
      std::make_unique<auth::RefusalLog>(*directory, database->tenant(store::kDefaultTenant).audit(), clock,
                                         auth::hmac_sha256(secrets->keys().front().bytes, "refused names"));
  access->refusals = refusals.get();
  gate = std::make_unique<auth::Gate>(*directory, api::verb_of, open_allowed);
  return {};
}

Result<void> Application::Parts::build_desks() {
  TOCSIN_TRY(scoring,
             triage::Options::create(to_weights(settings.weights), settings.high_priority_threshold));
  scoring.first_response_minutes = to_minutes(settings.first_response_minutes);
  TOCSIN_TRY(links, read_links(settings));
  TOCSIN_CHECK(load_rules());
  shared = std::make_unique<SharedParts>(SharedParts{.settings = settings,
                                                     .clock = clock,
                                                     .log = log,
                                                     .database = *database,
                                                     .rules = *rules,
                                                     .match_helpers = match_helpers,
                                                     .scoring = scoring,
                                                     .siem_links = std::move(links),
                                                     .mappings = load_mappings(),
                                                     .playbooks = load_playbooks(),
                                                     .open_mode = [this] { return gate->is_open(); },
                                                     .not_ready = [this] { return not_ready(); }});
  desks = std::make_unique<Desks>(*shared, *directory);
  directory->on_change([this] { desks->tenants_changed(); });
  return desks->open();
}

std::vector<std::string> Application::Parts::not_ready() const {
  std::vector<std::string> reasons;
  if (const auto trouble = database->trouble(); !trouble.empty()) reasons.push_back("database: " + trouble);
  return reasons;
}

void Application::Parts::build_server() {
  http::Router router;
  api::Site site{.console = finder(console),
                 .docs = finder(docs),
                 .more_metrics = [this] { return metrics.to_text(); },
                 .access = access.get()};
  const auto find_desk = [this](store::TenantId tenant) -> Result<api::Desk> {
    TOCSIN_TRY(desk, desks->of(tenant));
    return desk->desk();
  };
  auto feeds = api::register_routes(router, find_desk, std::move(site));
  http::ServerOptions options;
  options.address = settings.host;
  options.port = settings.port;
  options.max_body_bytes = settings.max_body_bytes;
  options.max_connections = settings.max_connections;
  options.client_rate = {settings.client_rate, settings.client_burst};
  if (!settings.certificate_file.empty()) {
    options.tls = http::TlsFiles{settings.certificate_file, settings.key_file};
  }
  options.html_csp = kContentSecurityPolicy;
  options.open_mode = open_mode_rules();
  options.open_mode->applies = [this] { return gate->is_open(); };
  options.authorize = [this](http::Request& request, std::string_view pattern, bool websocket) {
    auto refusal = gate->admit(request, pattern, websocket);
    if (refusal && refusal->status == 401 && brings_token(request))
      refusals->add(auth::Refusal::kToken, {}, request.remote_address);
    return refusal ? std::move(refusal) : rates.refuse(request, std::chrono::steady_clock::now());
  };
  options.hooks.on_request = [this](const http::RequestRecord& record) {
    request_metrics.record(record.pattern, http::to_text(record.method), record.status, record.duration);
    access_log.note(record, std::chrono::steady_clock::now());
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
  options.hooks.on_notice = [this](std::string_view event, std::string_view detail) {
    log.info(event, {{"detail", detail}});
  };
  server = std::make_unique<http::Server>(std::move(options), std::move(router));
  server->websocket("/ws", std::move(feeds.all));
  server->websocket("/ws/alerts", std::move(feeds.alerts));
  register_gauges(metrics, *server, *desks);
}

Application::Application(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Application::~Application() {
  stop();
}

Result<std::unique_ptr<Application>> Application::create(const config::Settings& settings) {
  const auto level = observe::parse_level(settings.log_level).value_or(observe::Level::kInfo);
  auto parts = std::make_unique<Parts>(settings, level);
  if (auto outbound = outbound::client_options(settings); !outbound) return std::move(outbound).error();
  TOCSIN_CHECK(parts->open_files());
  TOCSIN_TRY(database, open_database(settings, parts->clock));
  parts->database = std::move(database);
  parts->build_audit();
  TOCSIN_CHECK(parts->build_access());
  TOCSIN_CHECK(parts->build_desks());
  parts->build_server();
  return std::unique_ptr<Application>(new Application(std::move(parts)));
}

Result<std::string> Application::start() {
  parts_->audit_heads->start();
  parts_->directory->start();
  parts_->refusals->start();
  if (parts_->rule_watcher) parts_->rule_watcher->start();
  TOCSIN_CHECK(parts_->desks->start());
  TOCSIN_CHECK(parts_->database->listen([this](const store::Notice& n) { parts_->desks->hear(n); }));
  TOCSIN_CHECK(parts_->server->start());
  parts_->log.info("server_started", {{"address", parts_->server->address()},
                                      {"data", parts_->settings.data_dir.string()},
                                      {"version", kVersion}});
  return parts_->server->address();
}

void Application::load_demo() {
  parts_->desks->default_desk().demo().load([this](std::size_t sent, bool done) {
    parts_->log.info(done ? "demo_loaded" : "demo_loading", {{"deliveries", sent}});
  });
}

void Application::stop() {
  if (!parts_) return;
  parts_->log.info("server_stopping");
  if (parts_->server) parts_->server->stop(kStopDeadline);
  parts_->passwords.stop();
  if (parts_->refusals) parts_->refusals->stop();
  if (parts_->directory) parts_->directory->stop();
  if (parts_->rule_watcher) parts_->rule_watcher->stop();
  if (parts_->desks) parts_->desks->stop_taking();
  if (parts_->desks) parts_->desks->stop();
  if (parts_->audit_heads) parts_->audit_heads->stop();
  if (parts_->database) parts_->database->close();
  parts_->log.info("server_stopped");
  parts_.reset();
}

}  // namespace tocsin::app
