#include "store/sqlite/page_image.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <string>

// The layouts below are those of https://www.sqlite.org/walformat.html, which SQLite keeps compatible.

namespace tocsin::store {
namespace {

constexpr int kSharedRegionBytes = 32 * 1024;  // the first region of the log's shared index
constexpr std::uint32_t kLogHeadBytes = 32;
constexpr std::uint32_t kFrameHeadBytes = 24;
constexpr std::uint64_t kLockPageAt = 0x40000000;  // a page that holds nothing, and may not be in the file
constexpr std::uint32_t kPagesAtOnce = 128;
constexpr int kTries = 10'000;

// What the shared index says of the log: twice, so that a reader sees whether a writer was in between.
struct LogIndex {
  std::array<unsigned char, 48> head{};
  std::uint32_t backfilled = 0;  // frames that are in the database file already

  std::uint32_t last_frame() const { return word(16); }
  std::string_view salts() const { return {reinterpret_cast<const char*>(head.data()) + 32, 8}; }
  bool operator==(const LogIndex& other) const { return head == other.head; }

 private:
  std::uint32_t word(std::size_t at) const {
    std::uint32_t value = 0;
    std::memcpy(&value, head.data() + at, sizeof value);
    return value;
  }
};

sqlite3_file* file_of(SqliteConnection& db, int which) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(db.handle(), "main", which, &file);
  return file != nullptr && file->pMethods != nullptr ? file : nullptr;
}

Result<LogIndex> read_index(SqliteConnection& db) {
  auto* const file = file_of(db, SQLITE_FCNTL_FILE_POINTER);
  volatile void* region = nullptr;
  if (file == nullptr || file->pMethods->iVersion < 2 ||
      file->pMethods->xShmMap(file, 0, kSharedRegionBytes, 0, &region) != SQLITE_OK || region == nullptr) {
    return error(ErrorKind::kUnavailable, "read the database", "its log has no shared index");
  }
  const auto* const bytes = static_cast<const volatile unsigned char*>(region);
  for (int attempt = 0; attempt < kTries; ++attempt) {
    LogIndex index;
    std::array<unsigned char, 48> again{};
    for (std::size_t i = 0; i < again.size(); ++i) index.head[i] = bytes[i];
    for (std::size_t i = 0; i < again.size(); ++i) again[i] = bytes[48 + i];
    for (std::size_t i = 0; i < 4; ++i)
      reinterpret_cast<unsigned char*>(&index.backfilled)[i] = bytes[96 + i];
    if (index.head == again) return index;
  }
  return error(ErrorKind::kBusy, "read the database", "its log's index does not come to rest", "Try again");
}

Result<std::uint32_t> pragma_number(SqliteConnection& db, std::string_view sql) {
  auto row = db.prepare(sql);
  if (row.query().next()) return static_cast<std::uint32_t>(row.int64(0));
  TOCSIN_CHECK(row.status());
  return std::uint32_t{0};
}

Result<bool> uses_log(SqliteConnection& db) {
  auto row = db.prepare("PRAGMA journal_mode");
  const bool log = row.query().next() && row.text(0) == "wal";
  TOCSIN_CHECK(row.status());
  return log;
}

std::uint32_t big_endian(const unsigned char* bytes) {
  return std::uint32_t{bytes[0]} << 24 | std::uint32_t{bytes[1]} << 16 | std::uint32_t{bytes[2]} << 8 |
         bytes[3];
}

Result<void> read_at(sqlite3_file* file, void* to, std::size_t size, std::uint64_t offset, bool may_end) {
  const int code =
      file->pMethods->xRead(file, to, static_cast<int>(size), static_cast<sqlite3_int64>(offset));
  if (code == SQLITE_OK || (may_end && code == SQLITE_IOERR_SHORT_READ)) return {};
  return sqlite_error(nullptr, code, "read a page of the database");
}

}  // namespace

// The transaction begins at a moment at which the log's index did not change: so it sees exactly what the
// index says.
Result<PageImage> PageImage::open(SqliteConnection& db) {
  PageImage image(db);
  TOCSIN_CHECK(db.exec("BEGIN; SELECT 1 FROM sqlite_master LIMIT 1"));  // the log is open from here on
  TOCSIN_TRY(log, uses_log(db));
  if (!log) {
    TOCSIN_CHECK(image.measure());
    return image;
  }
  TOCSIN_CHECK(db.exec("COMMIT"));
  for (int attempt = 0; attempt < kTries; ++attempt) {
    TOCSIN_TRY(still, image.begin_between_commits());
    if (still) return image;
    TOCSIN_CHECK(db.exec("COMMIT"));
  }
  return error(ErrorKind::kBusy, "read the database", "writers left no moment between two commits",
               "Try again");
}

Result<bool> PageImage::begin_between_commits() {
  TOCSIN_TRY(before, read_index(*db_));
  TOCSIN_CHECK(db_->exec("BEGIN; SELECT 1 FROM sqlite_master LIMIT 1"));
  TOCSIN_TRY(after, read_index(*db_));
  if (!(before == after)) return false;
  TOCSIN_CHECK(measure());
  // All of it in the file: the log may begin anew under us, and is not needed. Else it cannot.
  if (after.backfilled >= after.last_frame()) return true;
  TOCSIN_CHECK(map_log(after.last_frame(), after.salts()));
  return true;
}

Result<void> PageImage::measure() {
  TOCSIN_TRY(page_bytes, pragma_number(*db_, "PRAGMA page_size"));
  TOCSIN_TRY(pages, pragma_number(*db_, "PRAGMA page_count"));
  page_bytes_ = page_bytes;
  pages_ = pages;
  return {};
}

Result<void> PageImage::map_log(std::uint32_t last_frame, std::string_view salts) {
  auto* const log = file_of(*db_, SQLITE_FCNTL_JOURNAL_POINTER);
  if (log == nullptr) return error(ErrorKind::kUnavailable, "read the database", "it has no log");
  frames_.clear();
  for (std::uint32_t frame = 1; frame <= last_frame; ++frame) {
    std::array<unsigned char, kFrameHeadBytes> head{};
    const auto at = kLogHeadBytes + std::uint64_t{frame - 1} * (kFrameHeadBytes + page_bytes_);
    TOCSIN_CHECK(read_at(log, head.data(), head.size(), at, false));
    if (std::memcmp(head.data() + 8, salts.data(), salts.size()) != 0) {
      return error(ErrorKind::kInternal, "read the database", "its log was begun anew under a reader");
    }
    frames_[big_endian(head.data())] = frame;
  }
  return {};
}

std::uint32_t PageImage::run_of_file_pages(std::uint32_t page) const {
  std::uint32_t count = 0;
  while (count < kPagesAtOnce && page + count <= pages_ && !frames_.contains(page + count)) ++count;
  return count;
}

Result<void> PageImage::read_file(std::uint32_t page, std::uint32_t count, std::string& to) const {
  const auto at = std::uint64_t{page - 1} * page_bytes_;
  to.resize(std::size_t{count} * page_bytes_);
  const bool has_lock_page = at <= kLockPageAt && kLockPageAt < at + to.size();
  return read_at(file_of(*db_, SQLITE_FCNTL_FILE_POINTER), to.data(), to.size(), at, has_lock_page);
}

Result<void> PageImage::read_frame(std::uint32_t frame, std::string& to) const {
  const auto at =
      kLogHeadBytes + std::uint64_t{frame - 1} * (kFrameHeadBytes + page_bytes_) + kFrameHeadBytes;
  to.resize(page_bytes_);
  return read_at(file_of(*db_, SQLITE_FCNTL_JOURNAL_POINTER), to.data(), to.size(), at, false);
}

Result<void> PageImage::read(const std::function<Result<void>(std::string_view)>& each) const {
  std::string piece;
  for (std::uint32_t page = 1; page <= pages_;) {
    const auto in_log = frames_.find(page);
    const auto count = in_log != frames_.end() ? 1 : run_of_file_pages(page);
    TOCSIN_CHECK(in_log != frames_.end() ? read_frame(in_log->second, piece) : read_file(page, count, piece));
    TOCSIN_CHECK(each(piece));
    page += count;
  }
  return {};
}

}  // namespace tocsin::store
