#include "store/sqlite/inspect.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <memory>
#include <set>
#include <system_error>

#include "store/sqlite/connection.h"
#include "store/sqlite/ingest_journal.h"
#include "store/sqlite/migrations.h"

namespace tocsin::store {
namespace {

Error foreign(const std::string& file, const Error& why) {
  return error(ErrorKind::kInvalidInput, "read the database", why.message,
               "the file must be a database of ours", file);
}

Result<std::unique_ptr<SqliteConnection>> open_read_only(const std::string& file) {
  auto db = SqliteConnection::open(file, {.read_only = true});
  if (!db) return foreign(file, db.error());
  return *std::move(db);
}

Result<std::int64_t> number(Connection& db, std::string_view sql) {
  auto row = db.prepare(sql);
  const std::int64_t value = row.query().next() ? row.int64(0) : 0;
  TOCSIN_CHECK(row.status());
  return value;
}

// "table.column" of every table.
Result<std::set<std::string>> columns_of(Connection& db) {
  std::set<std::string> columns;
  auto rows = db.prepare(
      "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c "
      "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
  rows.query();
  while (rows.next()) columns.emplace(rows.text(0));
  TOCSIN_CHECK(rows.status());
  return columns;
}

// What a database of that version has, and what this one has.
Result<std::vector<std::string>> differences(Connection& db, int version) {
  TOCSIN_TRY(fresh, SqliteConnection::open(":memory:", {}));
  TOCSIN_CHECK(migrate(*fresh, static_cast<std::size_t>(version)));
  TOCSIN_TRY(wanted, columns_of(*fresh));
  TOCSIN_TRY(found, columns_of(db));
  std::vector<std::string> all;
  for (const auto& one : wanted)
    if (!found.contains(one)) all.push_back(one + " is missing");
  for (const auto& one : found)
    if (!wanted.contains(one)) all.push_back(one + " is not ours");
  return all;
}

Result<JournalState> journal_state(Connection& db, const std::string& file) {
  TOCSIN_TRY(journal, IngestJournal::copy(file));
  TOCSIN_TRY(applied, number(db, "SELECT seq FROM watermarks WHERE name = 'journal'"));
  const auto done = static_cast<std::uint64_t>(applied);
  if (journal.last <= done) return JournalState::kEmpty;
  return journal.first <= done + 1 ? JournalState::kWaiting : JournalState::kForeign;
}

std::uint64_t bytes_of(const std::string& file) {
  std::error_code absent;
  const auto bytes = std::filesystem::file_size(file, absent);
  return absent ? 0 : bytes;
}

Result<void> count(Connection& db, DatabaseFacts& facts) {
  TOCSIN_TRY(letters, number(db, "SELECT count(*) FROM dead_letters WHERE resolved = 0"));
  TOCSIN_TRY(jobs, number(db, "SELECT count(*) FROM jobs WHERE state = 3"));
  TOCSIN_TRY(newest, number(db, "SELECT received_at FROM alerts ORDER BY seq DESC LIMIT 1"));
  facts.dead_letters = letters;
  facts.jobs_dead = jobs;
  if (newest != 0) facts.newest_alert = from_unix_nanos(newest);
  return {};
}

}  // namespace

// A connection holds a lock on these bytes from its first read to its end (sqlite.org/lockingv3.html).
bool is_in_use(const std::string& file) {
  constexpr off_t kSharedFirst = 0x40000002;
  constexpr off_t kSharedBytes = 510;
  const int handle = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (handle < 0) return false;
  struct flock wanted {};
  wanted.l_type = F_WRLCK;
  wanted.l_whence = SEEK_SET;
  wanted.l_start = kSharedFirst;
  wanted.l_len = kSharedBytes;
  const bool told = fcntl(handle, F_GETLK, &wanted) == 0;
  ::close(handle);
  return told && wanted.l_type != F_UNLCK;
}

int newest_schema() {
  return static_cast<int>(migrations().size());
}

Result<std::string> check_sqlite(const std::string& file, bool thorough) {
  TOCSIN_TRY(db, open_read_only(file));
  auto lines = db->prepare(thorough ? "PRAGMA integrity_check(20)" : "PRAGMA quick_check(20)");
  std::string problems;
  lines.query();
  while (lines.next())
    if (lines.text(0) != "ok") problems += (problems.empty() ? "" : "; ") + std::string(lines.text(0));
  if (auto read = lines.status(); !read) return foreign(file, read.error());
  return problems;
}

Result<DatabaseFacts> inspect_sqlite(const std::string& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return error(ErrorKind::kNotFound, "read the database", "there is none", "", file);
  TOCSIN_TRY(db, open_read_only(file));
  DatabaseFacts facts;
  auto version = number(*db, "PRAGMA user_version");
  if (!version) return foreign(file, version.error());
  facts.schema = static_cast<int>(*version);
  facts.log_bytes = bytes_of(file + "-wal");
  if (facts.schema > newest_schema()) return facts;  // what is in it is not known here
  TOCSIN_TRY(differing, differences(*db, facts.schema));
  facts.differences = std::move(differing);
  if (!facts.differences.empty()) return facts;
  TOCSIN_TRY(journal, journal_state(*db, file + "-ingest"));
  facts.journal = journal;
  TOCSIN_CHECK(count(*db, facts));
  return facts;
}

}  // namespace tocsin::store
