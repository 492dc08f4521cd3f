#pragma once
// The commands of the binary: what follows `tocsin` on the command line. Each returns the exit code: 0 done,
// 1 the answer is no, 2 bad usage or nothing to work on.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace tocsin::app {

inline constexpr std::string_view kVersion = "0.1.0";
// Inside the data directory:
inline constexpr std::string_view kDatabaseFile = "tocsin.db";
inline constexpr std::string_view kSigningKeyFile = "signing_key.pem";

// Adds every command to the program; the one that runs writes its exit code.
void add_commands(CLI::App& program, int& exit_code);

struct ServeFlags {
  std::string listen;  // "" : from the settings
  std::string data;
  std::string config;
  std::string database;
  std::vector<std::string> rules;  // files and directories of Sigma rules, beside those of the settings
  bool demo = false;
};
int serve(const ServeFlags& flags);

// One line of JSON per record on stdout, refusals on stderr. `file` "-" is stdin.
// `mappings` is a directory of mapping files; it may be missing.
int normalize(const std::string& source, const std::string& file, const std::filesystem::path& mappings);

struct AddPersonFlags {
  std::string data;
  std::string config;
  std::string database;
  std::string login;
  std::string name;
  std::string role = "admin";
  bool unless_any = false;  // do nothing when somebody is known already
};
// Adds a person to the data of a server that does not run, and prints the password made for them.
int add_person(const AddPersonFlags& flags);

// In the data directory; and the variable of the passphrase that its keys may be under.
inline constexpr std::string_view kSecretsKeyFile = "secrets.key";
inline constexpr std::string_view kSecretsPassphrase = "TOCSIN_SECRETS_PASSPHRASE";

struct RotateSecretsFlags {
  std::string data;
  std::string config;
  std::string database;
};
// A new key for the secrets of the data of servers that do not run.
int rotate_secrets(const RotateSecretsFlags& flags);

struct BackupFlags {
  std::string data;
  std::string file;
  bool with_keys = false;
  bool list = false;  // read and check the file instead of writing it
};
int backup(const BackupFlags& flags);

struct RestoreFlags {
  std::string data;
  std::string file;
  bool force = false;  // move aside what is there
};
int restore(const RestoreFlags& flags);

struct TenantFlags {
  std::string data;
  std::string config;
  std::string database;
  std::string tenant;   // its name
  std::string file;     // of an export
  std::string confirm;  // of a deletion: the name again
};
int export_tenant(const TenantFlags& flags);
int delete_tenant(const TenantFlags& flags);

struct DoctorFlags {
  std::string data;
  std::string config;
  std::string listen;
  bool json = false;
  bool thorough = false;
  bool state_hash = false;  // print what the database says as one hash, and check nothing
};
int run_doctor(const DoctorFlags& flags);

struct CheckRulesFlags {
  std::vector<std::string> paths;
  std::string placeholders;  // file of values for |expand; "" : none
};
// One line for each Sigma rule that cannot be honoured: FILE:LINE:COL: reason.
int check_rules(const CheckRulesFlags& flags);
// One line for each test of a rule that fails, and for each rule without tests; no paths: the bundled rules.
int test_rules(const CheckRulesFlags& flags);

struct ScanFlags {
  std::vector<std::string> rules;          // none: the bundled ones
  std::vector<std::string> files;          // "-" is stdin
  std::string format;                      // "jsonl", "table"; "": a table on a terminal
  std::string fail_on;                     // a level; "" : none
  std::string placeholders;                // file of values for |expand; "" : none
  std::string log_sources;                 // directory of files that say where events come from; "" : none
  std::string product, service, category;  // of the events, as far as they do not say it themselves
  std::size_t jobs = 0;                    // threads; 0: as many as there are processors
};
// Matches on stdout, all else on stderr. 1: one is as grave as `fail_on`.
int scan(const ScanFlags& flags);

struct EvaluateFlags {
  std::string directory;
  std::string train;  // "" : nothing was seen before
  double bound = 0.01;
};
// Figures as JSON on stdout.
int evaluate(const EvaluateFlags& flags, bool of_triage);  // or of correlation

struct HistoryFlags {
  std::vector<std::string> files;  // of closed alerts; "-" is stdin
  std::string source = "auto";
  std::string format;   // "text", "json"; "": text on a terminal
  std::string rejects;  // file for rows that cannot be read; "": none
  double bound = 0.01;
  double minutes = 5;
  std::size_t questions = 100;
};
// The report on stdout.
int evaluate_history(const HistoryFlags& flags);

// `heads_file`: signed heads that were kept elsewhere; empty: none.
int audit_verify(const std::filesystem::path& data_dir, const std::filesystem::path& heads_file);
int audit_export(const std::filesystem::path& data_dir);  // JSON lines on stdout

}  // namespace tocsin::app
