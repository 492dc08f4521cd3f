#include "app/doctor/doctor.h"

#include <array>

namespace tocsin::app::doctor {
namespace {

constexpr std::array<Check, 20> kChecks{{
    {"settings", "flags, environment, .env and settings file", check_settings},
    {"port", "whether the address to listen on is free", check_port},
    {"limits", "how many files the server may open", check_limits},
    {"clock", "the time of this machine", check_clock},
    {"console", "the pages inside the binary", check_console},
    {"certificates", "TLS certificates and their keys", check_certificates},
    {"data-directory", "that it is there, writable and nobody else's", check_directory},
    {"space", "free bytes and free inodes", check_space},
    {"file-system", "whether it can lock and share memory", check_file_system},
    {"leftovers", "of backups and restores that did not end", check_leftovers},
    {"keys", "who may read secret keys", check_keys},
    {"enrichment", "that files of facts can be read, and their age", check_enrichment},
    {"mappings", "sources that the organisation defined", check_mappings},
    {"playbooks", "playbooks that the organisation wrote", check_playbooks},
    {"database", "that SQLite finds it sound", check_database},
    {"schema", "its version, and that it is ours", check_schema},
    {"log", "the size of the write-ahead log", check_log},
    {"journal", "acknowledged alerts that are not in the database yet", check_journal},
    {"dead-letters", "input that could not be read", check_dead_letters},
    {"jobs", "background work that failed for good", check_jobs},
}};

}  // namespace

std::string_view to_text(Health health) {
  constexpr std::array<std::string_view, 3> kTexts{"ok", "note", "problem"};
  return kTexts[static_cast<std::size_t>(health)];
}

std::span<const Check> checks() {
  return kChecks;
}

std::vector<Finding> examine(const Installation& installation) {
  Findings findings;
  for (const auto& check : kChecks) {
    findings.of(check.name);
    check.run(installation, findings);
  }
  return findings.take();
}

}  // namespace tocsin::app::doctor
