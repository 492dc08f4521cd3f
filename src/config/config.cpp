#include "config/config.h"

#include <toml++/toml.h>

#include <charconv>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "config/intake_tables.h"
#include "config/role_table.h"
#include "config/toml_text.h"

namespace tocsin::config {
namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// How one setting is read from text. The message says what would be right.
using Apply = std::function<std::optional<std::string>(Settings&, std::string_view)>;

struct Setting {
  SettingHelp help;
  Apply apply;
  bool list = false;  // an array in the file; its text is the items with commas between
};

template <class T, class Store>
Apply ranged(T low, T high, Store store) {
  return [=](Settings& settings, std::string_view text) -> std::optional<std::string> {
    const auto value = number<T>(text);
    if (!value || *value < low || *value > high) {
      std::ostringstream message;
      message << "must be a number from " << low << " to " << high;
      return message.str();
    }
    store(settings, *value);
    return std::nullopt;
  };
}

template <class Store>
Apply text_setting(Store store) {
  return [=](Settings& settings, std::string_view text) -> std::optional<std::string> {
    store(settings, std::string(text));
    return std::nullopt;
  };
}

template <class Store>
Apply flag_setting(Store store) {
  return [=](Settings& settings, std::string_view text) -> std::optional<std::string> {
    if (text != "true" && text != "false") return "must be true or false";
    store(settings, text == "true");
    return std::nullopt;
  };
}

std::vector<std::string_view> items(std::string_view text) {
  std::vector<std::string_view> found;
  while (!text.empty()) {
    const auto item = trim(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(text.find(','), text.size() - 1) + 1);
    if (!item.empty()) found.push_back(item);
  }
  return found;
}

std::optional<std::string> apply_outbound_allow(Settings& settings, std::string_view text) {
  const auto found = items(text);
  settings.outbound.allow.assign(found.begin(), found.end());
  return std::nullopt;
}

std::optional<std::string> apply_rule_paths(Settings& settings, std::string_view text) {
  const auto found = items(text);
  settings.rule_paths.assign(found.begin(), found.end());
  return std::nullopt;
}

std::optional<std::string> apply_oidc_scopes(Settings& settings, std::string_view text) {
  const auto found = items(text);
  settings.oidc.scopes.assign(found.begin(), found.end());
  return std::nullopt;
}

Apply oidc_text(std::string OidcSettings::*member) {
  return text_setting([=](Settings& s, std::string v) { s.oidc.*member = std::move(v); });
}

std::optional<std::string> apply_outbound_ports(Settings& settings, std::string_view text) {
  settings.outbound.ports.clear();
  for (const auto item : items(text)) {
    const auto port = number<std::uint16_t>(item);
    if (!port || *port == 0) return "must be ports from 1 to 65535";
    settings.outbound.ports.push_back(*port);
  }
  return std::nullopt;
}

Apply weight(double ScoringWeights::*member) {
  return ranged<double>(0.0, 1.0, [=](Settings& s, double v) { s.weights.*member = v; });
}

Apply response_minutes(int FirstResponseMinutes::*member) {
  return ranged<int>(1, 10'080, [=](Settings& s, int v) { s.first_response_minutes.*member = v; });
}

std::optional<std::string> apply_mode(Settings& settings, std::string_view text) {
  if (text != "live" && text != "manual") return "must be live or manual";
  settings.correlation_mode = text == "live" ? CorrelationMode::kLive : CorrelationMode::kManual;
  return std::nullopt;
}

std::optional<std::string> apply_core_dumps(Settings& settings, std::string_view text) {
  if (text != "true" && text != "false") return "must be true or false";
  settings.core_dumps = text == "true";
  return std::nullopt;
}

std::optional<std::string> apply_log_level(Settings& settings, std::string_view text) {
  for (const std::string_view level : {"debug", "info", "warn", "error"}) {
    if (text == level) {
      settings.log_level = level;
      return std::nullopt;
    }
  }
  return "must be debug, info, warn or error";
}

Setting link_setting(const char* name, const char* help) {
  const std::string platform = std::string(name).substr(std::string_view("siem.links.").size());
  return {{name, "", help},
          text_setting([platform](Settings& s, std::string v) { s.siem_links[platform] = std::move(v); })};
}

const std::vector<Setting>& settings_table() {
  using std::chrono::minutes;
  static const std::vector<Setting> table{
      {{"listen.host", "HOST", "address to listen on"},
       text_setting([](Settings& s, std::string v) { s.host = std::move(v); })},
      {{"listen.port", "PORT", "port to listen on; 0 takes a free one"},
       ranged<std::uint32_t>(0, 65535,
                             [](Settings& s, std::uint32_t v) { s.port = static_cast<std::uint16_t>(v); })},
      {{"listen.max_body_bytes", "", "largest request body"},
       ranged<std::uint64_t>(1024, 1ULL << 30, [](Settings& s, std::uint64_t v) { s.max_body_bytes = v; })},
      {{"listen.max_connections", "", "connections open at once"},
       ranged<std::uint32_t>(1, 100'000, [](Settings& s, std::uint32_t v) { s.max_connections = v; })},
      {{"listen.certificate_file", "",
        "PEM file of the certificate and its chain; with key_file the server speaks TLS"},
       text_setting([](Settings& s, std::string v) { s.certificate_file = std::move(v); })},
      {{"listen.key_file", "", "PEM file of the certificate's key"},
       text_setting([](Settings& s, std::string v) { s.key_file = std::move(v); })},
      {{"listen.client_rate", "", "requests a second from one address; 0 takes any number"},
       ranged<double>(0, 1e6, [](Settings& s, double v) { s.client_rate = v; })},
      {{"listen.client_burst", "", "requests from one address that may come at once"},
       ranged<double>(1, 1e6, [](Settings& s, double v) { s.client_burst = v; })},
      {{"listen.key_rate", "", "requests a second with one key; 0 takes any number"},
       ranged<double>(0, 1e6, [](Settings& s, double v) { s.key_rate = v; })},
      {{"listen.tenant_rate", "",
        "requests a second of all people and keys of one tenant; 0 takes any number"},
       ranged<double>(0, 1e6, [](Settings& s, double v) { s.tenant_rate = v; })},
      {{"data.dir", "", "the data directory"},
       text_setting([](Settings& s, std::string v) { s.data_dir = std::move(v); })},
      {{"data.database_url", "DATABASE_URL",
        "sqlite: for the database inside the data directory, or postgresql://USER@HOST/DATABASE"},
       text_setting([](Settings& s, std::string v) { s.database_url = std::move(v); })},
      {{"log.level", "", "debug, info, warn or error"}, apply_log_level},
      {{"process.core_dumps", "", "true: a crash may write memory, secrets included, to disk"},
       apply_core_dumps},
      {{"correlation.window_minutes", "ALERT_CORRELATION_WINDOW",
        "how far apart two alerts may be and still link"},
       ranged<int>(1, 1440, [](Settings& s, int v) { s.correlation_window = minutes(v); })},
      {{"correlation.mode", "", "live (after each commit) or manual (only on rebuild)"}, apply_mode},
      {{"dedup.window_minutes", "", "a repeat inside it adds an occurrence instead of an alert"},
       ranged<int>(0, 10'080, [](Settings& s, int v) { s.dedup_window = minutes(v); })},
      {{"scoring.high_priority_threshold", "HIGH_PRIORITY_THRESHOLD",
        "priority from which a person must look"},
       ranged<int>(0, 100, [](Settings& s, int v) { s.high_priority_threshold = v; })},
      {{"scoring.weights.severity", "", "weight of severity"}, weight(&ScoringWeights::severity)},
      {{"scoring.weights.business_context", "", "weight of business context"},
       weight(&ScoringWeights::business_context)},
      {{"scoring.weights.threat_intel", "", "weight of threat intelligence"},
       weight(&ScoringWeights::threat_intel)},
      {{"scoring.weights.confidence", "", "weight of confidence"}, weight(&ScoringWeights::confidence)},
      {{"scoring.weights.freshness", "", "weight of freshness"}, weight(&ScoringWeights::freshness)},
      {{"sla.first_response_minutes.critical", "", "first look at a critical incident"},
       response_minutes(&FirstResponseMinutes::critical)},
      {{"sla.first_response_minutes.high", "", "first look at a high incident"},
       response_minutes(&FirstResponseMinutes::high)},
      {{"sla.first_response_minutes.medium", "", "first look at a medium incident"},
       response_minutes(&FirstResponseMinutes::medium)},
      {{"sla.first_response_minutes.low", "", "first look at a low incident"},
       response_minutes(&FirstResponseMinutes::low)},
      {{"sla.first_response_minutes.info", "", "first look at an informational incident"},
       response_minutes(&FirstResponseMinutes::info)},
      {{"respond.playbooks_dir", "", "directory of the organisation's own playbooks"},
       text_setting([](Settings& s, std::string v) { s.playbooks_dir = std::move(v); })},
      {{"detection.rules", "", "files and directories of Sigma rules"}, apply_rule_paths, true},
      {{"detection.watch", "",
        "false: files of rules are read again when they are asked for, not when they change"},
       flag_setting([](Settings& s, bool v) { s.watch_rules = v; })},
      {{"detection.bundled", "", "false: without the rules that ship with the program"},
       flag_setting([](Settings& s, bool v) { s.bundled_rules = v; })},
      {{"detection.placeholders", "", "YAML file of values for rules that use |expand"},
       text_setting([](Settings& s, std::string v) { s.rule_placeholders = std::move(v); })},
      {{"detection.log_sources", "", "directory of log source files, read before the built-in ones"},
       text_setting([](Settings& s, std::string v) { s.log_sources_dir = std::move(v); })},
      {{"detection.baselines", "", "directory of baseline files beside the built-in ones"},
       text_setting([](Settings& s, std::string v) { s.baselines_dir = std::move(v); })},
      {{"enrich.dir", "",
        "directory of geo databases, warning lists and the catalogue of exploited vulnerabilities"},
       text_setting([](Settings& s, std::string v) { s.enrich_dir = std::move(v); })},
      {{"outbound.allow", "OUTBOUND_ALLOW",
        "ranges, addresses and names that may be called though they are inside"},
       apply_outbound_allow,
       true},
      {{"outbound.ports", "", "the only ports that may be called; none: any"}, apply_outbound_ports, true},
      {{"outbound.allow_http", "", "true: services may be called without encryption"},
       flag_setting([](Settings& s, bool v) { s.outbound.allow_http = v; })},
      {{"outbound.ca_file", "", "PEM file of the authorities to trust instead of the system's"},
       text_setting([](Settings& s, std::string v) { s.outbound.ca_file = std::move(v); })},
      {{"auth.oidc.issuer", "OIDC_ISSUER", "the OpenID provider's address, as it writes it itself"},
       oidc_text(&OidcSettings::issuer)},
      {{"auth.oidc.client_id", "OIDC_CLIENT_ID", "this program's name at the provider"},
       oidc_text(&OidcSettings::client_id)},
      {{"auth.oidc.client_secret_file", "OIDC_CLIENT_SECRET_FILE", "file with the client secret, mode 0600"},
       oidc_text(&OidcSettings::client_secret_file)},
      {{"auth.oidc.redirect_url", "OIDC_REDIRECT_URL", "https://THIS-SERVER/api/v1/auth/oidc/callback"},
       oidc_text(&OidcSettings::redirect_url)},
      {{"auth.oidc.scopes", "", "what the provider is asked for; openid is among them"},
       apply_oidc_scopes,
       true},
      {{"auth.oidc.role_claim", "", "claim whose values give roles, or a path to it"},
       oidc_text(&OidcSettings::role_claim)},
      {{"auth.oidc.fallback_role", "", "role of people without such a value; none: they may not sign in"},
       oidc_text(&OidcSettings::fallback_role)},
      {{"auth.oidc.display_name", "", "what the sign-in page calls the provider; else the issuer's host"},
       oidc_text(&OidcSettings::display_name)},
      {{"auth.oidc.ask_userinfo", "", "true: claims are read from the userinfo endpoint too"},
       flag_setting([](Settings& s, bool v) { s.oidc.ask_userinfo = v; })},
      {{"siem.sentinel_workspace_id", "SENTINEL_WORKSPACE_ID", "workspace for open-in-Sentinel links"},
       text_setting([](Settings& s, std::string v) { s.sentinel_workspace_id = std::move(v); })},
      link_setting("siem.links.sentinel", "address that opens a query in Microsoft Sentinel"),
      link_setting("siem.links.defender", "address that opens a query in Microsoft Defender XDR"),
      link_setting("siem.links.splunk", "address that opens a query in Splunk"),
      link_setting("siem.links.elastic", "address that opens a query in Kibana"),
      link_setting("siem.links.athena", "address that opens a query in Amazon Athena"),
  };
  return table;
}

Result<void> apply_value(Settings& settings, const Setting& setting, std::string_view text,
                         std::string_view from) {
  const auto wrong = setting.apply(settings, text);
  if (!wrong) return {};
  return error(ErrorKind::kInvalidInput, "read settings",
               std::string(setting.help.name) + " = '" + std::string(text.substr(0, 100)) + "' " + *wrong,
               std::string(setting.help.help), std::string(from));
}

const Setting* find_setting(std::string_view name) {
  for (const auto& setting : settings_table()) {
    if (setting.help.name == name) return &setting;
  }
  return nullptr;
}

std::string list_text(const toml::array& items) {
  std::string text;
  for (const auto& item : items) text += scalar_text(item) + ",";
  return text;
}

Result<void> apply_table(Settings& settings, const toml::table& table, const std::string& prefix,
                         const std::filesystem::path& file) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    if (const auto* inner = node.as_table()) {
      TOCSIN_CHECK(apply_table(settings, *inner, name + ".", file));
      continue;
    }
    if (const auto* entries = node.as_array(); entries != nullptr && name.starts_with("intake.")) {
      TOCSIN_CHECK(apply_intake(settings, name, *entries, file));
      continue;
    }
    if (name.starts_with(kRoleTable)) {
      TOCSIN_CHECK(apply_role(settings, name.substr(kRoleTable.size()), node, file));
      continue;
    }
    const auto* setting = find_setting(name);
    if (setting == nullptr) {
      return error(ErrorKind::kInvalidInput, "read settings", "unknown setting '" + name + "'",
                   "docs/configuration.md lists all settings", place(file, node.source()));
    }
    if (node.is_array() != setting->list) {
      return error(ErrorKind::kInvalidInput, "read settings",
                   name + (setting->list ? " must be an array" : " must be one value"),
                   std::string(setting->help.help), place(file, node.source()));
    }
    const auto text = setting->list ? list_text(*node.as_array()) : scalar_text(node);
    TOCSIN_CHECK(apply_value(settings, *setting, text, place(file, node.source())));
  }
  return {};
}

Result<void> apply_file(Settings& settings, const std::filesystem::path& file) {
  if (file.empty()) return {};
  try {
    const auto table = toml::parse_file(file.string());
    return apply_table(settings, table, "", file);
  } catch (const toml::parse_error& wrong) {
    return error(ErrorKind::kInvalidInput, "read settings", std::string(wrong.description()),
                 "the file is TOML", place(file, wrong.source()));
  }
}

std::string_view unquote(std::string_view text) {
  const bool quoted =
      text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.back() == text.front();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

Result<void> check_weights(const ScoringWeights& w) {
  const double sum = w.severity + w.business_context + w.threat_intel + w.confidence + w.freshness;
  if (std::abs(sum - 1.0) < 1e-6) return {};
  return error(ErrorKind::kInvalidInput, "read settings",
               "scoring.weights sum to " + std::to_string(sum) + ", not 1",
               "change them together: severity, business_context, threat_intel, confidence, freshness");
}

Result<void> check_certificate(const Settings& settings) {
  if (settings.certificate_file.empty() == settings.key_file.empty()) return {};
  return error(ErrorKind::kInvalidInput, "read settings",
               "listen.certificate_file and listen.key_file come together", "set both for TLS, or neither");
}

}  // namespace

Environment process_environment() {
  return [](std::string_view name) -> std::optional<std::string> {
    const char* value = std::getenv(std::string(name).c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

Result<Values> parse_dotenv(std::string_view text, std::string_view file_name) {
  Values values;
  int line_number = 0;
  while (!text.empty()) {
    ++line_number;
    const auto end = std::min(text.find('\n'), text.size());
    auto line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("export ")) line = trim(line.substr(7));
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      return error(ErrorKind::kInvalidSyntax, "read settings", "a line is not KEY=VALUE",
                   "comment it out with #", std::string(file_name) + ":" + std::to_string(line_number));
    }
    values.insert_or_assign(std::string(trim(line.substr(0, equals))),
                            std::string(unquote(trim(line.substr(equals + 1)))));
  }
  return values;
}

Result<Values> parse_listen(std::string_view text) {
  const auto wrong = [&] {
    return error(ErrorKind::kInvalidInput, "read --listen", "'" + std::string(text) + "' is not ADDRESS:PORT",
                 "for instance 127.0.0.1:8000 or [::1]:8000");
  };
  const auto colon = text.rfind(':');
  std::string_view host = colon == std::string_view::npos ? "" : text.substr(0, colon);
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return wrong();
  }
  if (!number<std::uint16_t>(port)) return wrong();
  Values values{{"listen.port", std::string(port)}};
  if (!host.empty()) values.emplace("listen.host", std::string(host));
  return values;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

std::vector<SettingHelp> setting_help() {
  std::vector<SettingHelp> help;
  for (const auto& setting : settings_table()) help.push_back(setting.help);
  return help;
}

Result<Settings> load(const Values& flags, const Environment& environment, const Values& dotenv,
                      const std::filesystem::path& file) {
  Settings settings;
  TOCSIN_CHECK(apply_file(settings, file));
  for (const auto& setting : settings_table()) {
    const auto name = setting.help.environment;
    if (const auto it = dotenv.find(name); !name.empty() && it != dotenv.end()) {
      TOCSIN_CHECK(apply_value(settings, setting, it->second, ".env: " + std::string(name)));
    }
    if (const auto value = name.empty() ? std::nullopt : environment(name); value && !value->empty()) {
      TOCSIN_CHECK(apply_value(settings, setting, *value, "environment: " + std::string(name)));
    }
    if (const auto it = flags.find(setting.help.name); it != flags.end()) {
      TOCSIN_CHECK(apply_value(settings, setting, it->second, "flag"));
    }
  }
  TOCSIN_CHECK(check_weights(settings.weights));
  TOCSIN_CHECK(check_certificate(settings));
  return settings;
}

}  // namespace tocsin::config
