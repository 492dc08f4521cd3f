#pragma once
// Puts alerts into full-text search behind a watermark, on a connection and thread of its own. Of the
// processes that share a database one at a time does it.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>

#include "store/postgres/connection.h"
#include "store/sql/core.h"

namespace tocsin::store {

// The indexer's turn, until the end of the transaction at hand; waits for it. Take a tenant's row before.
Result<void> hold_search(Connection& db);

class SearchIndexer {
 public:
  explicit SearchIndexer(std::string url) : url_(std::move(url)) {}
  ~SearchIndexer() { close(); }
  SearchIndexer(const SearchIndexer&) = delete;
  SearchIndexer& operator=(const SearchIndexer&) = delete;

  void start();
  void wake();  // alerts were stored
  void close();

 private:
  void loop();
  bool wait();
  Result<bool> step();
  Result<bool> index_some();
  Result<bool> take_turn();
  Result<void> index(TenantId tenant, model::Seq from, model::Seq last);
  Result<void> add_words(TenantId tenant, std::span<const model::Seq> seqs);

  const std::string url_;
  std::unique_ptr<PgConnection> db_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool work_ = true;
  bool closed_ = false;
  std::thread thread_;
};

}  // namespace tocsin::store
