#pragma once
// Hears what other processes changed: LISTEN on a connection and thread of its own.

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "store/notices.h"
#include "store/postgres/connection.h"

namespace tocsin::store {

class NoticeListener {
 public:
  // `origin` is how this process signs its own notices, which are passed over. `channel`: of letters, digits
  // and _.
  NoticeListener(std::string url, std::string channel, std::string origin);
  ~NoticeListener() { close(); }
  NoticeListener(const NoticeListener&) = delete;
  NoticeListener& operator=(const NoticeListener&) = delete;

  // Returns when it listens: what is committed afterwards is heard. Once.
  Result<void> start(NoticeHandler handler);
  void close();

 private:
  void loop();
  Result<void> connect();
  void wait(int timeout_ms);
  void hear();

  const std::string url_;
  const std::string channel_;
  const std::string origin_;
  NoticeHandler handler_;
  std::unique_ptr<PgConnection> db_;
  int closing_ = -1;  // eventfd
  std::atomic<bool> closed_{false};
  std::thread thread_;
};

}  // namespace tocsin::store
