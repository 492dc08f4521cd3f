#pragma once
// The pages of a database as one read transaction sees them, read beside SQLite so that a copy can be
// streamed while others write: neither a second file on disk nor the whole in memory.
//
// SQLite's own handles are used: a file of ours, closed, would drop every lock that this process holds on it.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/sqlite/connection.h"

namespace tocsin::store {

class PageImage {
 public:
  // Opens a read transaction on `db`, which stays open: it holds back nobody, but the log cannot begin anew
  // meanwhile. kBusy when writers left no moment between two commits.
  static Result<PageImage> open(SqliteConnection& db);

  std::uint64_t bytes() const { return std::uint64_t{pages_} * page_bytes_; }
  // All pages in order, some at a time. Stops at the first error of `each`.
  Result<void> read(const std::function<Result<void>(std::string_view)>& each) const;

 private:
  explicit PageImage(SqliteConnection& db) : db_(&db) {}
  Result<bool> begin_between_commits();
  Result<void> measure();
  Result<void> map_log(std::uint32_t last_frame, std::string_view salts);
  std::uint32_t run_of_file_pages(std::uint32_t page) const;
  Result<void> read_file(std::uint32_t page, std::uint32_t count, std::string& to) const;
  Result<void> read_frame(std::uint32_t frame, std::string& to) const;

  SqliteConnection* db_;
  std::uint32_t page_bytes_ = 0;
  std::uint32_t pages_ = 0;
  std::unordered_map<std::uint32_t, std::uint32_t> frames_;  // page -> frame of the log that holds it
};

}  // namespace tocsin::store
