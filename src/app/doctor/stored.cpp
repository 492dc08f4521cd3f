// What is in the database, and beside it.

#include "app/doctor/doctor.h"

namespace tocsin::app::doctor {
namespace {

constexpr std::uint64_t kLargeLogBytes = std::uint64_t{512} << 20;
constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20;

constexpr const char* kRestore = "stop the server, keep a copy of the file, and restore the last backup";

bool has_facts(const Installation& installation) {
  return installation.facts.ok();
}

}  // namespace

void check_database(const Installation& installation, Findings& findings) {
  if (!installation.facts && installation.facts.error().kind == ErrorKind::kNotFound)
    return findings.good("no database yet; the first start makes it");
  if (!installation.facts) return findings.problem(to_string(installation.facts.error()), kRestore);
  const auto problems = store::check_sqlite(installation.database.string(), installation.thorough);
  if (!problems) return findings.problem(to_string(problems.error()), kRestore);
  if (!problems->empty()) return findings.problem("the database is damaged: " + *problems, kRestore);
  findings.good("the database is sound");
}

void check_schema(const Installation& installation, Findings& findings) {
  if (!has_facts(installation)) return;
  const auto& facts = *installation.facts;
  const auto version = "its schema is version " + std::to_string(facts.schema);
  if (facts.schema > store::newest_schema())
    return findings.problem(version + ", this program knows " + std::to_string(store::newest_schema()),
                            "a newer release wrote it: start that one, or restore a backup made before it");
  if (!facts.differences.empty()) {
    std::string text = version + ", but it differs: ";
    for (std::size_t i = 0; i < facts.differences.size() && i < 5; ++i)
      text += (i == 0 ? "" : ", ") + facts.differences[i];
    return findings.problem(text,
                            "somebody changed it by hand, or it is another program's: restore a backup");
  }
  if (facts.schema < store::newest_schema())
    return findings.note(version + "; the next start brings it to " + std::to_string(store::newest_schema()),
                         "take a backup before: there is no way back");
  findings.good(version);
}

void check_log(const Installation& installation, Findings& findings) {
  if (!has_facts(installation)) return;
  const auto text =
      "the write-ahead log has " + std::to_string(installation.facts->log_bytes / kMebibyte) + " MiB";
  if (installation.facts->log_bytes < kLargeLogBytes) return findings.good(text);
  findings.problem(text, installation.running
                             ? "something reads for very long, a backup say: end it, and the log is cut"
                             : "start the server: it writes the log into the database");
}

void check_journal(const Installation& installation, Findings& findings) {
  if (!has_facts(installation)) return;
  const auto& facts = *installation.facts;
  switch (facts.journal) {
    case store::JournalState::kEmpty:
      return findings.good("every acknowledged alert is in the database");
    case store::JournalState::kWaiting:
      return installation.running ? findings.good("the newest alerts are on their way into the database")
                                  : findings.note("alerts acknowledged before a crash wait in " +
                                                      installation.database.string() + "-ingest",
                                                  "start the server: it appends them");
    case store::JournalState::kForeign:
      return findings.problem(installation.database.string() + "-ingest does not belong to this database",
                              "it was left beside a restored or replaced one: move it away");
  }
}

void check_dead_letters(const Installation& installation, Findings& findings) {
  if (!has_facts(installation)) return;
  const auto letters = installation.facts->dead_letters;
  if (letters == 0) return findings.good("no dead letters");
  findings.problem(std::to_string(letters) + " deliveries could not be read and were not replayed",
                   "open /dead-letters in the console: each says why");
}

void check_jobs(const Installation& installation, Findings& findings) {
  if (!has_facts(installation)) return;
  const auto jobs = installation.facts->jobs_dead;
  if (jobs == 0) return findings.good("no job has failed for good");
  findings.problem(std::to_string(jobs) + " jobs failed for good",
                   "open /jobs?state=dead in the console: each says why, and can be retried or discarded");
}

}  // namespace tocsin::app::doctor
