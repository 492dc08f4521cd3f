#pragma once
// Settings of one process: flag > environment > .env > file > default.
//
// The file is TOML; its keys are those of kSettings (config.cpp), grouped by table. Unknown keys and wrong
// types are errors that name the place, so that a misspelt setting never silently does nothing.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::config {

struct ScoringWeights {
  double severity = 0.30;
  double business_context = 0.25;
  double threat_intel = 0.20;
  double confidence = 0.15;
  double freshness = 0.10;
};

// Within so many minutes of an incident's birth a person should have looked at it, by its severity.
struct FirstResponseMinutes {
  int critical = 15;
  int high = 30;
  int medium = 60;
  int low = 240;
  int info = 480;
};

enum class CorrelationMode { kLive, kManual };

// One [[intake.syslog]] table.
struct SyslogSettings {
  std::string name;
  std::string transport = "tcp";  // tcp, udp, tls
  std::string host;               // an address
  std::uint16_t port = 0;
  std::string framing = "auto";  // auto, octet_counting, lines
  std::string source = "auto";
  std::chrono::minutes zone{0};
  std::uint32_t max_message_bytes = 64 * 1024;
  std::uint32_t max_connections = 256;
  std::chrono::seconds idle{600};
  std::chrono::seconds expected_interval{0};  // zero: none is known
  std::string certificate_file;
  std::string key_file;
  std::string client_ca_file;
};

// One [[intake.file]] table.
struct FileSettings {
  std::string name;
  std::vector<std::string> paths;
  std::string source = "auto";
  std::string start = "end";  // end, begin: of files that were never read
  std::chrono::minutes zone{0};
  std::uint32_t max_line_bytes = 64 * 1024;
  std::chrono::seconds expected_interval{0};
};

// Whom this program may call beside public addresses (docs/security/outbound.md).
struct OutboundSettings {
  std::vector<std::string> allow;
  std::vector<std::uint16_t> ports;  // empty: any
  bool allow_http = false;
  std::string ca_file;  // empty: the system's certificates
};

// Sign-in through an OpenID provider (docs/security/oidc.md). Without an issuer there is none.
struct OidcSettings {
  std::string issuer;
  std::string client_id;
  std::string client_secret_file;  // empty: a public client
  std::string redirect_url;        // https://THIS-SERVER/api/v1/auth/oidc/callback
  std::vector<std::string> scopes{"openid", "profile", "email"};
  std::string role_claim = "groups";
  std::map<std::string, std::vector<std::string>> roles;  // values of the claim by the role that they give
  std::string fallback_role;                              // empty: who has no such value may not sign in
  bool ask_userinfo = false;
  std::string display_name;  // what the sign-in page calls the provider; empty: the host of the issuer
};

struct Settings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8000;
  std::filesystem::path data_dir = "./data-dir";
  std::string database_url = "sqlite:";
  std::string log_level = "info";  // debug info warn error
  bool core_dumps = false;         // a crash may write memory to disk, secrets included
  std::chrono::minutes correlation_window{15};
  CorrelationMode correlation_mode = CorrelationMode::kLive;
  std::chrono::minutes dedup_window{60};
  int high_priority_threshold = 80;  // 0..100
  ScoringWeights weights;            // sum to 1
  FirstResponseMinutes first_response_minutes;
  std::uint64_t max_body_bytes = 32ULL << 20;
  std::uint32_t max_connections = 1024;
  std::string certificate_file;  // of the listener, with key_file: TLS
  std::string key_file;
  double client_rate = 2'000;           // requests a second from one address; 0: any
  double client_burst = 4'000;          // at once
  double key_rate = 2'000;              // requests a second with one key; 0: any. Twice as many at once.
  double tenant_rate = 5'000;           // of all people and keys of one tenant
  std::string playbooks_dir;            // empty: only the built-in ones
  std::vector<std::string> rule_paths;  // Sigma rules: files and directories
  bool bundled_rules = true;            // those that ship with the program, too
  bool watch_rules = true;              // what changes in them is read again
  std::string rule_placeholders;        // file of values for |expand; empty: none
  std::string log_sources_dir;          // of log sources beside the built-in ones; empty: none
  std::string baselines_dir;            // of baselines beside the built-in ones; empty: none
  std::string enrich_dir;               // empty: "enrichment" in the data directory
  std::string sentinel_workspace_id;
  std::vector<SyslogSettings> syslog;
  std::vector<FileSettings> files;
  OutboundSettings outbound;
  OidcSettings oidc;
  std::map<std::string, std::string> siem_links;  // by platform ("splunk"): addresses that open a query
};

using Values = std::map<std::string, std::string, std::less<>>;

// Reads a variable; absent when it is not set.
using Environment = std::function<std::optional<std::string>(std::string_view name)>;
Environment process_environment();

// KEY=VALUE lines, '#' comments, optional quotes and `export`. A line that is none of these is an error with
// its number.
Result<Values> parse_dotenv(std::string_view text, std::string_view file_name);

// `flags` by setting name ("listen.port"); `file` may be empty. kInvalidInput names the source of a wrong
// value.
Result<Settings> load(const Values& flags, const Environment& environment, const Values& dotenv,
                      const std::filesystem::path& file);

// "127.0.0.1:8000", "[::1]:8000", ":8000" or "8000" into "listen.host" and "listen.port".
Result<Values> parse_listen(std::string_view text);

// True for 127.0.0.0/8, ::1 and "localhost".
bool is_loopback(std::string_view host);

struct SettingHelp {
  std::string_view name;         // in the file and for flags: "correlation.window_minutes"
  std::string_view environment;  // "ALERT_CORRELATION_WINDOW"; empty: none
  std::string_view help;
};
std::vector<SettingHelp> setting_help();

}  // namespace tocsin::config
