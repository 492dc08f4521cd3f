#include "app/commands/commands.h"

#include <CLI/CLI.hpp>
#include <memory>

namespace tocsin::app {
namespace {

constexpr std::string_view kDefaultData = "./data-dir";
constexpr int kMaxJobs = 256;

void add_serve(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("serve", "Run the server: API, console, workers");
  auto flags = std::make_shared<ServeFlags>();
  command->add_option("--listen", flags->listen,
                      "ADDRESS:PORT (default 127.0.0.1:8000; port 0 takes a free one)");
  command->add_option("--data", flags->data, "Data directory, made when absent (default ./data-dir)");
  command->add_option("--config", flags->config, "Settings file (TOML)")->check(CLI::ExistingFile);
  command->add_option("--db", flags->database,
                      "sqlite: (default, inside the data directory) or postgresql://USER@HOST/DATABASE");
  command->add_option("--rules", flags->rules, "Sigma rules: a file or a directory; may be given again")
      ->expected(1)
      ->take_all()
      ->check(CLI::ExistingPath);
  command->add_flag("--demo", flags->demo, "Load a believable company into an empty data directory");
  command->callback([flags, &exit_code] { exit_code = serve(*flags); });
}

void add_normalize(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("normalize", "Print what a vendor's payload becomes, one JSON object a line");
  auto source = std::make_shared<std::string>("auto");
  auto file = std::make_shared<std::string>();
  command->add_option("--source", *source, "Vendor, alias, or auto")->capture_default_str();
  command->add_option("FILE", *file, "Payload, JSON lines or log lines; - is stdin")->required();
  auto mappings = std::make_shared<std::string>(std::string(kDefaultData) + "/mappings");
  command->add_option("--mappings", *mappings, "Directory of sources defined by YAML files")
      ->capture_default_str();
  command->callback([=, &exit_code] { exit_code = normalize(*source, *file, *mappings); });
}

void add_backup(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand(
      "backup", "Write the data directory into one file; the server may be running meanwhile");
  auto flags = std::make_shared<BackupFlags>();
  flags->data = kDefaultData;
  command->add_option("--data", flags->data, "Data directory")->capture_default_str();
  command->add_flag("--with-keys", flags->with_keys, "Take secret key files along; keep such a file safe");
  command->add_flag("--list", flags->list, "Show what is in FILE and check every byte of it");
  command->add_option("FILE", flags->file, "The backup file; it must not exist yet")->required();
  command->callback([flags, &exit_code] { exit_code = backup(*flags); });
}

void add_restore(CLI::App& program, int& exit_code) {
  auto* command =
      program.add_subcommand("restore", "Put the backup FILE into a data directory, once it is checked");
  auto flags = std::make_shared<RestoreFlags>();
  flags->data = kDefaultData;
  command->add_option("--data", flags->data, "Data directory, absent or empty")->capture_default_str();
  command->add_flag("--force", flags->force,
                    "Move a data directory that is not empty aside; nothing is deleted");
  command->add_option("FILE", flags->file, "The backup file")->required();
  command->callback([flags, &exit_code] { exit_code = restore(*flags); });
}

void add_doctor(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("doctor", "Look for problems of this installation and explain them");
  auto flags = std::make_shared<DoctorFlags>();
  command->add_option("--data", flags->data, "Data directory (default: of the settings)");
  command->add_option("--config", flags->config, "Settings file (TOML)");
  command->add_option("--listen", flags->listen, "ADDRESS:PORT that the server will have");
  command->add_flag("--json", flags->json, "Print one JSON object");
  command->add_flag("--thorough", flags->thorough, "Check every row and index of the database");
  command->add_flag("--state-hash", flags->state_hash, "Print what the database says as one hash");
  command->callback([flags, &exit_code] { exit_code = run_doctor(*flags); });
}

void add_audit(CLI::App& program, int& exit_code) {
  auto* audit = program.add_subcommand("audit", "Check or print the record of every change");
  audit->require_subcommand(1);
  auto data = std::make_shared<std::string>(kDefaultData);
  auto heads = std::make_shared<std::string>();
  auto* verify = audit->add_subcommand(
      "verify", "Recompute every chain and say what was edited, deleted, moved, cut off or rolled back");
  verify->add_option("--data", *data, "Data directory")->capture_default_str();
  verify
      ->add_option("--heads", *heads,
                   "Signed heads that were kept elsewhere: what GET /api/v1/audit/heads "
                   "answered, or a copy of audit-heads.jsonl")
      ->check(CLI::ExistingFile);
  verify->callback([=, &exit_code] { exit_code = audit_verify(*data, *heads); });
  auto* lines = audit->add_subcommand("export", "Print every record, one JSON object a line");
  lines->add_option("--data", *data, "Data directory")->capture_default_str();
  lines->callback([=, &exit_code] { exit_code = audit_export(*data); });
}

void add_people(CLI::App& program, int& exit_code) {
  auto* people = program.add_subcommand("people", "People who may sign in; the server must not be running");
  people->require_subcommand(1);
  auto* command = people->add_subcommand("add", "Add a person and print the password made for them");
  auto flags = std::make_shared<AddPersonFlags>();
  command->add_option("LOGIN", flags->login, "Name to sign in with")->required();
  command->add_option("--name", flags->name, "Name for people");
  command
      ->add_option("--role", flags->role, "viewer, responder, analyst, senior, tenant-admin, admin, auditor")
      ->capture_default_str();
  command->add_option("--data", flags->data, "Data directory (default: of the settings)");
  command->add_option("--config", flags->config, "Settings file (TOML)");
  command->add_option("--db", flags->database, "sqlite: or postgresql://USER@HOST/NAME");
  command->add_flag("--unless-any", flags->unless_any, "Do nothing when somebody is known already");
  command->callback([flags, &exit_code] { exit_code = add_person(*flags); });
}

void add_secrets(CLI::App& program, int& exit_code) {
  auto* secrets = program.add_subcommand("secrets", "Secrets at rest; no server may be running on the data");
  secrets->require_subcommand(1);
  auto* command = secrets->add_subcommand("rotate", "Seal every secret anew under a new key");
  auto flags = std::make_shared<RotateSecretsFlags>();
  command->add_option("--data", flags->data, "Data directory (default: of the settings)");
  command->add_option("--config", flags->config, "Settings file (TOML)");
  command->add_option("--db", flags->database, "sqlite: or postgresql://USER@HOST/NAME");
  command->callback([flags, &exit_code] { exit_code = rotate_secrets(*flags); });
}

void add_tenant(CLI::App& program, int& exit_code) {
  auto* tenant = program.add_subcommand("tenant", "Hand over or delete what one tenant has");
  tenant->require_subcommand(1);
  auto flags = std::make_shared<TenantFlags>();
  const auto where = [&flags](CLI::App* command) {
    command->add_option("--data", flags->data, "Data directory (default: of the settings)");
    command->add_option("--config", flags->config, "Settings file (TOML)");
    command->add_option("--db", flags->database, "sqlite: or postgresql://USER@HOST/NAME");
  };
  auto* exported = tenant->add_subcommand("export", "Write its alerts, incidents and all else as JSON lines");
  where(exported);
  exported->add_option("TENANT", flags->tenant, "Its name")->required();
  exported->add_option("FILE", flags->file, "The archive; it must not exist yet")->required();
  exported->callback([flags, &exit_code] { exit_code = export_tenant(*flags); });
  auto* deleted = tenant->add_subcommand("delete", "Delete everything it has, in every table");
  where(deleted);
  deleted->add_option("TENANT", flags->tenant, "Its name")->required();
  deleted->add_option("--confirm", flags->confirm, "Its name again");
  deleted->callback([flags, &exit_code] { exit_code = delete_tenant(*flags); });
}

void add_rules(CLI::App& program, int& exit_code) {
  auto* rules = program.add_subcommand("rules", "Sigma rules");
  rules->require_subcommand(1);
  auto* check =
      rules->add_subcommand("check", "Print FILE:LINE:COL: reason for each rule that cannot be honoured");
  auto flags = std::make_shared<CheckRulesFlags>();
  check->add_option("PATH", flags->paths, "Rule files, or directories of them")->required();
  check->add_option("--placeholders", flags->placeholders, "YAML map of names to values, for |expand");
  check->callback([flags, &exit_code] { exit_code = check_rules(*flags); });
  auto* test = rules->add_subcommand(
      "test", "Run the tests that rules carry; print FILE:LINE:COL: reason for each that fails");
  auto test_flags = std::make_shared<CheckRulesFlags>();
  test->add_option("PATH", test_flags->paths, "Rule files, or directories of them; none: the bundled rules");
  test->add_option("--placeholders", test_flags->placeholders, "YAML map of names to values, for |expand");
  test->callback([test_flags, &exit_code] { exit_code = test_rules(*test_flags); });
}

void add_evaluate_history(CLI::App& evaluate, int& exit_code) {
  auto* command = evaluate.add_subcommand(
      "history", "What triage would have made of alerts that people have closed already");
  auto flags = std::make_shared<HistoryFlags>();
  command
      ->add_option("FILE", flags->files,
                   "Closed alerts with verdicts: CSV or JSON lines, also as gzip, xz or zstd; - is stdin")
      ->required();
  command->add_option("--source", flags->source, "The tool whose rows these are, or auto")
      ->capture_default_str();
  command->add_option("--bound", flags->bound, "The share of real alerts that may be hidden")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  command->add_option("--minutes", flags->minutes, "That an alert takes a person, where the rows do not say")
      ->check(CLI::Range(0.0, 1440.0))
      ->capture_default_str();
  command->add_option("--questions", flags->questions, "That triage may ask")
      ->check(CLI::Range(0, 100'000))
      ->capture_default_str();
  command->add_option("--format", flags->format, "text or json (default: text on a terminal, else json)")
      ->check(CLI::IsMember({"text", "json"}));
  command->add_option("--rejects", flags->rejects,
                      "Write rows that cannot be read to this file, as JSON lines");
  command->callback([flags, &exit_code] { exit_code = evaluate_history(*flags); });
}

void add_evaluate(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("evaluate", "Measure on labelled data how good answers are");
  command->require_subcommand(1);
  auto flags = std::make_shared<EvaluateFlags>();
  const auto add = [&](const char* name, const char* what, bool of_triage) {
    auto* of = command->add_subcommand(name, what);
    of->add_option("DIR", flags->directory, "Labelled alerts (docs/evaluation.md)")->required();
    of->add_option("--train", flags->train, "Labelled alerts that were seen before");
    of->add_option("--bound", flags->bound, "With --train: the share of real alerts that may be hidden")
        ->check(CLI::Range(0.0, 1.0));
    of->callback([flags, &exit_code, of_triage] { exit_code = evaluate(*flags, of_triage); });
  };
  add("triage", "Which alerts are real: JSON on stdout", true);
  add("correlation", "What belongs together: JSON on stdout", false);
  add_evaluate_history(*command, exit_code);
}

void add_scan(CLI::App& program, int& exit_code) {
  auto* command = program.add_subcommand("scan", "Print which Sigma rules match the events of files");
  auto flags = std::make_shared<ScanFlags>();
  command->add_option("FILE", flags->files, "JSON lines or JSON, also as gzip, xz or zstd; - is stdin")
      ->required();
  // One path each: the files that follow are no rules.
  command
      ->add_option("--rules", flags->rules,
                   "Rule file or directory, can be given several times (default: the bundled rules)")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command
      ->add_option("--format", flags->format, "jsonl or table (default: a table on a terminal, else jsonl)")
      ->check(CLI::IsMember({"jsonl", "table"}));
  command->add_option("--fail-on", flags->fail_on, "Exit with 1 when a match has this level or a higher one")
      ->check(CLI::IsMember({"informational", "low", "medium", "high", "critical"}));
  command->add_option("--jobs", flags->jobs, "Threads (default: one for each processor)")
      ->check(CLI::Range(1, kMaxJobs));
  command->add_option("--placeholders", flags->placeholders, "YAML map of names to values, for |expand");
  command->add_option("--log-sources", flags->log_sources,
                      "Directory of files that say where events come from, besides the built-in ones");
  command->add_option("--product", flags->product, "What the events are of, where they do not say: product");
  command->add_option("--service", flags->service, "The same: service");
  command->add_option("--category", flags->category, "The same: category");
  command->callback([flags, &exit_code] { exit_code = scan(*flags); });
}

}  // namespace

void add_commands(CLI::App& program, int& exit_code) {
  add_serve(program, exit_code);
  add_normalize(program, exit_code);
  add_backup(program, exit_code);
  add_restore(program, exit_code);
  add_tenant(program, exit_code);
  add_doctor(program, exit_code);
  add_audit(program, exit_code);
  add_people(program, exit_code);
  add_secrets(program, exit_code);
  add_rules(program, exit_code);
  add_scan(program, exit_code);
  add_evaluate(program, exit_code);
}

}  // namespace tocsin::app
